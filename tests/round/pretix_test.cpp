#include <catch2/catch.hpp>

#include <cmath>

#include "frontrow/limits.hpp"
#include "round/json_text.hpp"
#include "round/pretix_import.hpp"
#include "round/pretix_layout.hpp"
#include "round/round_fixture.hpp"
#include "round/venue_file.hpp"

namespace frontrow::round {
namespace {

Json seat(const std::string& guid, const std::string& number, double x,
          const std::string& category = "Stalls") {
  return {{"seat_guid", guid},
          {"seat_number", number},
          {"position", {{"x", x}, {"y", 0}}},
          {"category", category}};
}

/// Two zones; offsets at every level; a unit is a hundredth of a metre.
Json small_plan() {
  Json plan = Json::parse(R"({
    "name": "Hall", "size": {"width": 1000, "height": 800},
    "categories": [{"name": "Stalls", "color": "#336699"}, {"name": "Loge & Box", "color": "#fa0"}],
    "zones": [
      {"name": "Floor", "zone_id": "FL", "uuid": "u", "position": {"x": 100, "y": 200},
       "areas": [{"shape": "rectangle", "position": {"x": -50, "y": -50}, "rotation": 0,
                  "color": "#fff", "border_color": "#000",
                  "rectangle": {"width": 600, "height": 300}}],
       "rows": [{"row_number": "A", "position": {"x": 10, "y": 20}, "seats": []},
                {"row_number": "B", "row_number_position": "both", "seats": []}]},
      {"position": {"x": 100, "y": 600}, "rows": [{"row_number": "1", "seats": []}]}]})");
  for (int n = 0; n < 4; ++n) {
    plan["zones"][0]["rows"][0]["seats"].push_back(
        seat("a" + std::to_string(n), std::to_string(n + 1), 50 * n));
    plan["zones"][0]["rows"][1]["seats"].push_back(
        seat("b" + std::to_string(n), std::to_string(n + 1), 50 * n + (n > 1 ? 100 : 0)));
    plan["zones"][1]["rows"][0]["seats"].push_back(
        seat("c" + std::to_string(n), std::to_string(n + 1), 50 * n, "Loge & Box"));
  }
  return plan;
}

PretixImport import_text(const std::string& text, const PretixOptions& options = {}) {
  const TemporaryDirectory directory;
  return import_pretix(directory.write("plan.json", text), options);
}
PretixImport import_json(const Json& source, const PretixOptions& options = {}) {
  return import_text(source.dump(), options);
}

bool notes_have(const PretixImport& import, const std::string& part) {
  return std::any_of(import.notes.begin(), import.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

/// What a round would read from the venue file.
std::shared_ptr<const Plan> read_back(const PretixImport& import) {
  Remarks mistakes;
  const JsonPath root;
  Json venue;
  REQUIRE(parse_json(import.venue, root, mistakes, venue));
  const auto plan = read_venue(venue, root, mistakes).plan;
  CAPTURE(lines(std::move(mistakes).take()), import.venue);
  REQUIRE(plan);
  return plan;
}

PretixRow row_at(std::initializer_list<double> xs) {
  PretixRow row;
  for (const double x : xs) row.seats.push_back({std::to_string(x), "1", {x, 0}, 0});
  return row;
}

}  // namespace

TEST_CASE("a pretix plan becomes a venue: offsets add up, half a metre is the usual distance") {
  const PretixImport import = import_json(small_plan());
  CAPTURE(lines(import.mistakes), import.notes);
  REQUIRE(import.plan);
  const auto plan = read_back(import);
  CHECK(plan->name == "Hall");
  CHECK(plan->capacity() == 12);
  CHECK(plan->width == 10);
  CHECK(plan->height == 8);
  REQUIRE(plan->categories.size() == 2);
  CHECK(plan->categories[0].id == "stalls");
  CHECK(plan->categories[0].color == "#336699");
  CHECK(plan->categories[1].id == "loge-box");
  CHECK(plan->categories[1].color == "#ffaa00");
  CHECK(plan->categories[1].name.at("en") == "Loge & Box");
  REQUIRE(plan->zones.size() == 2);
  CHECK(plan->zones[0].id == "FL");
  CHECK(plan->zones[0].name.at("en") == "Floor");
  CHECK(plan->zones[1].id == "zone-2");
  CHECK(plan->zones[1].name.at("en") == "zone-2");
  CHECK(plan->zones[0].focal_x == 5);
  CHECK(plan->zones[0].focal_y == 0);
  CHECK(plan->zones[0].outline == std::vector<std::pair<float, float>>{
                                      {0.5F, 1.5F}, {6.5F, 1.5F}, {6.5F, 4.5F}, {0.5F, 4.5F}});
  CHECK(plan->rows[0].label == "A");
  CHECK(plan->rows[0].breaks.empty());
  CHECK(plan->rows[1].breaks == std::vector<std::uint32_t>{1});
  const PlanSeat& second = plan->seat(plan->find_seat("a1"));
  CHECK(second.number == "2");
  CHECK(second.x == 1.6F);
  CHECK(second.y == 2.2F);
  CHECK(plan->seat(plan->find_seat("c0")).category == CategoryIndex{1});
  CHECK_FALSE(plan->seat(plan->find_seat("c0")).has_own_category);
}

TEST_CASE("scale and stage may be given, and the stage is what zones look at") {
  PretixOptions options;
  options.metres_per_unit = 0.02;
  options.stage = {{500, 50}};
  const auto plan = read_back(import_json(small_plan(), options));
  CHECK(plan->width == 20);
  REQUIRE(plan->stage);
  CHECK(plan->stage->x == 10);
  CHECK(plan->stage->y == 1);
  CHECK(plan->zones[1].focal_x == 10);
  CHECK(plan->zones[1].focal_y == 1);
  CHECK(plan->seat(plan->find_seat("a1")).x == 3.2F);
}

TEST_CASE("without a size, or with seats outside of it, the frame is worked out from the seats") {
  Json plan = small_plan();
  SECTION("no size") { plan.erase("size"); }
  SECTION("a size that does not hold all") { plan["size"]["height"] = 300; }
  SECTION("seats left of nought") {
    for (Json& zone : plan["zones"]) zone["position"]["x"] = -5'000;
  }
  plan["zones"][0].erase("areas");
  const PretixImport import = import_json(plan);
  const auto made = read_back(import);
  CHECK(made->height == Approx(4 + 4).margin(0.011));
  CHECK(made->width == Approx(2.5 + 4).margin(0.011));
  CHECK(made->seat(made->find_seat("b0")).x == 2);
  CHECK(made->seat(made->find_seat("c0")).y == Approx(6));
}

TEST_CASE("names that are given twice, or not at all, are made unique and stay the same") {
  Json plan = small_plan();
  Json& zones = plan["zones"];
  zones[0].erase("zone_id");
  zones[0]["rows"][1]["row_number"] = "A";
  zones.push_back(zones[0]);
  zones.push_back(zones[1]);
  int n = 0;
  for (Json& zone : zones)
    for (Json& row : zone["rows"])
      for (Json& one : row["seats"]) one["seat_guid"] = "s" + std::to_string(n++);
  plan["categories"][0]["name"] = "loge-box";
  for (Json& row : zones[0]["rows"])
    for (Json& one : row["seats"]) one["category"] = "loge-box";
  for (Json& row : zones[2]["rows"])
    for (Json& one : row["seats"]) one["category"] = "loge-box";
  const PretixImport import = import_json(plan);
  CAPTURE(lines(import.mistakes));
  const auto made = read_back(import);
  CHECK(made->zones[0].id == "Floor");
  CHECK(made->zones[1].id == "zone-2");
  CHECK(made->zones[2].id == "Floor-2");
  CHECK(made->zones[2].name.at("en") == "Floor (2)");
  CHECK(made->zones[3].id == "zone-4");
  CHECK(made->rows[0].id == "Floor-A");
  CHECK(made->rows[1].id == "Floor-A-2");
  CHECK(made->rows[1].label == "A");
  CHECK(made->categories[0].id == "loge-box");
  CHECK(made->categories[1].id == "loge-box-2");
  CHECK(notes_have(import, "2 rows with the label of another one"));
  CHECK(import_json(plan).venue == import.venue);
}

TEST_CASE("names beyond ASCII stay what they are, and what is no name becomes a number") {
  Json plan = small_plan();
  plan["categories"][0]["name"] = "ที่นั่ง A";
  plan["categories"][1]["name"] = "***";
  plan["zones"][0]["zone_id"] = std::string(60, 'x') + "é";
  for (Json& zone : plan["zones"])
    for (Json& row : zone["rows"])
      for (Json& one : row["seats"])
        one["category"] = one["category"] == "Stalls" ? "ที่นั่ง A" : "***";
  const auto made = read_back(import_json(plan));
  CHECK(made->categories[0].id == "ที่นั่ง-a");
  CHECK(made->categories[1].id == "category-2");
  CHECK(made->zones[0].id == std::string(50, 'x'));
}

TEST_CASE("the zone's category is what most of its seats have, and the others keep their own") {
  Json plan = small_plan();
  plan["zones"][1]["rows"][0]["seats"][3]["category"] = "Stalls";
  const auto made = read_back(import_json(plan));
  CHECK(made->zones[1].category == CategoryIndex{1});
  CHECK(made->seat(made->find_seat("c3")).category == CategoryIndex{0});
  CHECK(made->seat(made->find_seat("c3")).has_own_category);
}

TEST_CASE("each mistake of a pretix plan is named with its path, and nothing is made") {
  struct Row {
    std::string pointer, value;  // value empty: the member is taken away
    std::string path, message;
  };
  const std::string a1 = "/zones/0/rows/0/seats/1";
  const std::string at_a1 = "zones[0].rows[0].seats[1]";
  const std::vector<Row> table = {
      {"/zones", "", "zones", "is missing"},
      {"/zones", "{}", "zones", "must be an array"},
      {"/zones", "[]", "zones", "hold no seats"},
      {"/zones/0", "7", "zones[0]", "must be an object"},
      {"/zones/1/position", "", "zones[1].position", "is missing"},
      {"/zones/1/position", "null", "zones[1].position", "must be an object"},
      {"/zones/1/position/x", "\"4\"", "zones[1].position.x", "must be a number"},
      {"/zones/1/position/y", "", "zones[1].position.y", "is missing"},
      {"/zones/1/rows", "", "zones[1].rows", "is missing"},
      {"/zones/1/seats", "[{}]", "zones[1].seats", "outside any row"},
      {"/rows", "[{}]", "rows", "outside any zone"},
      {"/seats", "[{}]", "seats", "outside any row"},
      {"/zones/0/rows/0/row_number", "", "zones[0].rows[0].row_number", "is missing"},
      {"/zones/0/rows/0/row_number", "\"\"", "zones[0].rows[0].row_number", "must not be empty"},
      {"/zones/0/rows/0/position/x", "1e9", "zones[0].rows[0].position.x", "must be a number"},
      {"/zones/0/rows/0/seats", "", "zones[0].rows[0].seats", "is missing"},
      {a1, "[1, 2]", at_a1, "must be an object"},
      {a1 + "/seat_guid", "", at_a1 + ".seat_guid", "is missing"},
      {a1 + "/seat_guid", "\"\"", at_a1 + ".seat_guid", "must not be empty"},
      {a1 + "/seat_guid", "5", at_a1 + ".seat_guid", "must be a text"},
      {a1 + "/seat_guid", "\"a0\"", "zones[0].rows[0].seats[0]",
       "the seat_guid \"a0\" is given 2 times: also " + at_a1},
      {a1 + "/seat_number", "", at_a1 + ".seat_number", "is missing"},
      {a1 + "/position", "", at_a1 + ".position", "is missing"},
      {a1 + "/position/x", "", at_a1 + ".position.x", "is missing"},
      {a1 + "/position/x", "null", at_a1 + ".position.x", "must be a number"},
      {a1 + "/category", "", at_a1 + ".category", "is missing"},
      {a1 + "/category", "\"Balcony\"", at_a1 + ".category", "\"Balcony\" is no category"},
      {"/categories", "", "categories", "is missing"},
      {"/categories/0/name", "\"\"", "categories[0].name", "must not be empty"},
      {"/categories/0/name", "\"Loge & Box\"", "categories[1].name", "is given twice"},
      {"/size/width", "0", "size.width", "must be a number above 0"},
      {"/size/height", "", "size.height", "is missing"},
      {"/zones/0/areas", "{}", "zones[0].areas", "must be an array"},
      {"/zones/0/areas/0/rectangle", "", "zones[0].areas[0].rectangle", "is missing"},
      {"/zones/0/areas/0/rectangle/width", "-1", "zones[0].areas[0].rectangle.width",
       "must be a number"},
      {"/zones/0/areas/0/rotation", "\"left\"", "zones[0].areas[0].rotation", "must be a number"},
  };
  for (const Row& row : table) {
    INFO(row.pointer + " " + row.value);
    Json plan = small_plan();
    const Json::json_pointer pointer(row.pointer);
    if (row.value.empty())
      plan[pointer.parent_pointer()].erase(pointer.back());
    else
      plan[pointer] = Json::parse(row.value);
    const PretixImport import = import_json(plan);
    CAPTURE(lines(import.mistakes));
    CHECK(has_line(import.mistakes, "plan.json: " + row.path, row.message));
    CHECK(import.plan == nullptr);
    CHECK(import.venue.empty());
  }
  CHECK(has_line(import_text(R"({"zones": [{"position": {"x": 1e999}}]})").mistakes, "plan.json",
                 "the number is out of range"));
  CHECK(has_line(import_text("[1]").mistakes, "plan.json", "must be an object"));
}

TEST_CASE("all mistakes are named in one run, up to a bound, and the rest are counted") {
  Json plan = small_plan();
  for (Json& one : plan["zones"][0]["rows"][0]["seats"]) one["seat_guid"] = "same";
  plan["zones"][0]["rows"][1]["seats"][0].erase("position");
  plan["zones"][0]["rows"][1]["seats"][1]["category"] = "Nowhere";
  plan["zones"][0]["rows"][1]["seats"][2]["category"] = "Nowhere";
  const PretixImport import = import_json(plan);
  CHECK(lines(import.mistakes) ==
        std::vector<std::string>{
            "plan.json: zones[0].rows[1].seats[0].position: is missing",
            "plan.json: zones[0].rows[0].seats[0]: the seat_guid \"same\" is given 4 times: also "
            "zones[0].rows[0].seats[1], zones[0].rows[0].seats[2], zones[0].rows[0].seats[3]",
            "plan.json: zones[0].rows[1].seats[1].category: \"Nowhere\" is no category of this "
            "plan; 2 seats name it"});
  Json& seats = plan["zones"][1]["rows"][0]["seats"];
  for (int n = 0; n < 1'500; ++n) {
    seats.push_back(seat("twice" + std::to_string(n), "1", 50 * n));
    seats.push_back(seats.back());
  }
  const PretixImport many = import_json(plan);
  REQUIRE(many.mistakes.size() == PretixImport::mistakes_named_max + 1);
  CHECK(many.mistakes.back().message == "and 503 more");
}

TEST_CASE("keys that the format does not have are told of once, with a count, and skipped") {
  Json plan = small_plan();
  const std::string clean = import_json(plan).venue;
  plan["generator"] = "an editor";
  for (Json& zone : plan["zones"]) {
    zone["displayed"] = true;
    for (Json& row : zone["rows"]) {
      row["seat_label"] = "Seat %s";
      row["section break"] = 1;
      for (Json& one : row["seats"]) one["status"] = "sold";
    }
  }
  plan["zones"][0]["areas"].push_back(Json::parse(
      R"({"shape": "text", "position": {"x": 5, "y": 6}, "text": {"text": "STAGE", "size": 9}})"));
  plan["zones"].push_back(
      Json::parse(R"({"name": "Bar", "position": {"x": 0, "y": 0}, "rows": []})"));
  const PretixImport import = import_json(plan);
  CHECK(import.venue == clean);
  for (const char* note :
       {"generator: skipped, 1 time", "zones[].displayed: skipped, 2 times",
        "zones[].rows[].seat_label: skipped, 3 times",
        "zones[].rows[][\"section break\"]: skipped, 3 times",
        "zones[].rows[].seats[].status: skipped, 12 times", "the text \"STAGE\" at 105,206",
        "zones[2] \"Bar\" has no seats and is skipped"}) {
    INFO(note);
    CHECK(notes_have(import, note));
  }
  Json odd = small_plan();
  for (int n = 0; n < 5'000; ++n) odd["key" + std::to_string(n)] = n;
  const PretixImport bounded = import_json(odd);
  CHECK(bounded.venue == clean);
  CHECK(bounded.notes.size() < ImportNotes::named_max + 10);
  CHECK(notes_have(bounded, "other keys: skipped, 4900 times"));
}

TEST_CASE("a plan of one seat, or of seats on one point, needs a scale and says so") {
  Json plan = small_plan();
  plan["zones"].erase(1);
  plan["zones"][0]["rows"].erase(1);
  for (Json& one : plan["zones"][0]["rows"][0]["seats"]) one["position"]["x"] = 0;
  const PretixImport refused = import_json(plan);
  REQUIRE(refused.mistakes.size() == 1);
  CHECK(refused.mistakes[0].message.find("--scale") != std::string::npos);
  PretixOptions options;
  options.metres_per_unit = 0.01;
  CHECK(import_json(plan, options).plan->capacity() == 4);
  options.metres_per_unit = 90;
  CHECK(has_line(import_json(small_plan(), options).mistakes, "plan.json", "more than 2000"));
}

TEST_CASE("a plan of more seats than the bound is refused by it") {
  std::string text = R"({"name": "x", "zones": [{"rows": [{"seats": [)";
  for (std::size_t n = 0; n <= limits::seats_max; ++n) text += n == 0 ? "1" : ",1";
  const PretixImport import = import_text(text + "]}]}]}");
  REQUIRE(import.mistakes.size() == 1);
  CHECK(import.mistakes[0].message == "holds more than 1000000 seats");
}

TEST_CASE("a text of more values than the bound is refused before they are all made") {
  Remarks mistakes;
  const JsonPath root;
  Json out;
  std::string text = "[[]";
  for (std::size_t n = 0; n < json_values_max; ++n) text += ",0";
  CHECK_FALSE(parse_json(text + "]", root, mistakes, out));
  CHECK(std::move(mistakes).take().at(0).message == "holds more than 20000000 values");
}

TEST_CASE("gaps are where neighbours are farther apart than 1.6 usual distances") {
  CHECK(gaps_of(row_at({0, 10, 20, 30, 40}), 10).empty());
  CHECK(gaps_of(row_at({0, 10, 20, 36, 46}), 10).empty());
  CHECK(gaps_of(row_at({0, 10, 20, 37, 47}), 10) == std::vector<std::uint32_t>{3});
  CHECK(gaps_of(row_at({0, 100, 110, 120, 220}), 10) == std::vector<std::uint32_t>{1, 4});
  // A short row has no usual distance of its own.
  CHECK(gaps_of(row_at({0, 50}), 10) == std::vector<std::uint32_t>{1});
  CHECK(gaps_of(row_at({0, 50}), 40).empty());
  CHECK(gaps_of(row_at({5}), 10).empty());
  // A row of wide armchairs is measured by itself.
  CHECK(gaps_of(row_at({0, 30, 60, 90}), 10).empty());
}

TEST_CASE("seats that the file gives to and fro are put in the order in which they stand") {
  PretixRow odd_and_even = row_at({50, 60, 40, 70, 30, 80});
  CHECK(put_in_order(odd_and_even));
  for (std::size_t n = 1; n < odd_and_even.seats.size(); ++n)
    CHECK(odd_and_even.seats[n].at.x > odd_and_even.seats[n - 1].at.x);
  PretixRow from_the_right = row_at({50, 40, 30, 20});
  CHECK_FALSE(put_in_order(from_the_right));
  CHECK(from_the_right.seats[0].at.x == 50);
  PretixRow round_a_table;
  for (int n = 0; n < 8; ++n)
    round_a_table.seats.push_back(
        {std::to_string(n), "1", {std::cos(n * 0.785), std::sin(n * 0.785)}, 0});
  CHECK_FALSE(put_in_order(round_a_table));
}

TEST_CASE("the zone's outline is the smallest sound area round its seats, else round most") {
  PretixZone zone;
  zone.rows.push_back(row_at({0, 10, 20, 30}));
  const auto box = [](double left, double right) {
    return std::vector<PretixPoint>{{left, -5}, {right, -5}, {right, 5}, {left, 5}};
  };
  CHECK_FALSE(outline_of(zone));
  zone.areas = {box(-100, 100)};
  CHECK(outline_of(zone)->front().x == -100);
  zone.areas = {box(-100, 100), box(-5, 35), box(-5, 25), box(200, 300)};
  CHECK(outline_of(zone)->front().x == -5);
  CHECK((*outline_of(zone))[1].x == 35);
  zone.areas = {box(200, 300), box(-5, 12)};
  CHECK((*outline_of(zone))[1].x == 12);
  zone.areas = {box(-5, 5), box(200, 300)};
  CHECK_FALSE(outline_of(zone));
  // A bow tie holds seats on both sides, but is no outline.
  CHECK_FALSE(is_sound({{-5, -5}, {35, 5}, {35, -5}, {-5, 5}}));
  CHECK_FALSE(is_sound({{0, 0}, {10, 0}, {20, 0}}));
  CHECK(is_sound(box(0, 1)));
}

TEST_CASE("polygons, ellipses, circles and turned rectangles become outlines") {
  const std::vector<std::pair<std::string, std::size_t>> table = {
      {R"({"shape": "polygon", "position": {"x": 0, "y": 0}, "polygon": {"points":
          [{"x": -60, "y": -60}, {"x": 600, "y": -60}, {"x": 600, "y": 90}, {"x": -60, "y": 90}]}})",
       4},
      {R"({"shape": "circle", "position": {"x": 150, "y": 0}, "circle": {"radius": 190}})", 32},
      {R"({"shape": "ellipse", "position": {"x": 150, "y": 0},
           "ellipse": {"radius": {"x": 250, "y": 60}}})",
       32},
      {R"({"shape": "rectangle", "position": {"x": 400, "y": -60}, "rotation": 90,
           "rectangle": {"width": 150, "height": 500}})",
       4},
      {R"({"position": {"x": -90, "y": -60}, "width": 500, "height": 150})", 4},
      {R"({"shape": "star", "position": {"x": 0, "y": 0}, "star": {}})", 0},
      {R"({"shape": "polygon", "polygon": {"points": [{"x": 0, "y": 0}]}})", 0},
      {R"({"shape": "circle", "position": {"x": 0, "y": 9000}, "circle": {"radius": 10}})", 0},
  };
  for (const auto& [area, points] : table) {
    INFO(area);
    Json plan = small_plan();
    plan["zones"][0]["areas"] = Json::array({Json::parse(area)});
    const PretixImport import = import_json(plan);
    CAPTURE(lines(import.mistakes), import.notes);
    REQUIRE(import.plan);
    CHECK(import.plan->zones[0].outline.size() == points);
  }
}

}  // namespace frontrow::round
