#include <catch2/catch.hpp>

#include <cmath>
#include <cstdio>
#include <sstream>

#include "frontrow/limits.hpp"
#include "round/plan_picture.hpp"
#include "round/round_fixture.hpp"
#include "round/standing_places.hpp"
#include "round/venue_file.hpp"

namespace frontrow::round {
namespace {

struct Read {
  std::shared_ptr<const Plan> plan;
  std::vector<Remark> mistakes;
};

Read read(const Json& venue) {
  Remarks mistakes;
  const JsonPath root = JsonPath::of_file("hall.json");
  VenueRead venue_read = read_venue(venue, root, mistakes);
  return {venue_read.plan, std::move(mistakes).take()};
}

}  // namespace

TEST_CASE("a venue becomes a plan in the file's order, with names made where it gives none") {
  Json venue = small_venue();
  venue["zones"][0]["rows"][1]["id"] = "back";
  venue["zones"][0]["rows"][1]["seats"][3]["id"] = "the-last";
  const Read result = read(venue);
  CAPTURE(lines(result.mistakes));
  REQUIRE(result.plan);
  const Plan& plan = *result.plan;
  CHECK(plan.name == "Hall");
  CHECK(plan.capacity() == 13);
  REQUIRE(plan.stage);
  CHECK(plan.zones[0].focal_x == 10);
  CHECK(plan.zones[0].focal_y == 1);
  CHECK(plan.rows[0].id == "A1-1");
  CHECK(plan.rows[1].id == "back");
  // The file says how many seats come before the gap, the plan which is the last of them.
  CHECK(plan.rows[1].breaks == std::vector<std::uint32_t>{1});
  CHECK(plan.seats[0].id == "A1-1-1");
  CHECK(plan.seats[3].x == 6.5F);
  CHECK(plan.seats[4].accessible);
  CHECK(plan.seats[5].companion);
  CHECK(plan.seats[6].has_own_category);
  CHECK(plan.seats[6].category == CategoryIndex{1});
  CHECK(plan.seats[7].id == "the-last");
  CHECK(plan.seats[7].number == "4b");
  CHECK(plan.seats[7].restricted_view);
  CHECK(plan.zones[1].kind == ZoneKind::kStanding);
  CHECK(plan.rows[2].id == "S1-1");
  CHECK(plan.find_seat("S1-1-5") == SeatIndex{12});
}

TEST_CASE("without a stage or a focal point a zone looks at the plan's top centre") {
  Json venue = small_venue();
  venue.erase("stage");
  venue["zones"][1]["focal"] = {{"x", 3}, {"y", 4}};
  const Read result = read(venue);
  REQUIRE(result.plan);
  CHECK(result.plan->zones[0].focal_x == 10);
  CHECK(result.plan->zones[0].focal_y == 0);
  CHECK(result.plan->zones[1].focal_x == 3);
  CHECK(result.plan->zones[1].focal_y == 4);
}

TEST_CASE("each mistake of a venue is named with the file's name and its path") {
  struct Row {
    std::string pointer, value;  // value empty: the member is taken away
    std::string path, message;
  };
  const std::vector<Row> table = {
      {"/name", "", "name", "is missing"},
      {"/name", "7", "name", "must be a text"},
      {"/size", "", "size", "is missing"},
      {"/size/width", "0", "size.width", "must be a number from 1 to 2000"},
      {"/size/height", "\"20\"", "size.height", "must be a number"},
      {"/stage/x", "21", "stage.x", "must be a number from 0 to 20"},
      {"/categories", "[]", "categories", "must be an array of 1 to 200"},
      {"/categories/0/color", "\"red\"", "categories[0].color", "must be a colour"},
      {"/categories/1/id", "\"vip\"", "categories[1].id", "is given twice"},
      {"/categories/0/name", "{}", "categories[0].name.en", "is missing"},
      {"/zones", "{}", "zones", "must be an array of 1 to 2000"},
      {"/zones/0/id", "", "zones[0].id", "is missing"},
      {"/zones/0/id", "\"\"", "zones[0].id", "must not be empty"},
      {"/zones/1/id", "\"A1\"", "zones[1].id", "\"A1\" is given twice"},
      {"/zones/0/kind", "\"sitting\"", "zones[0].kind", "must be one of"},
      {"/zones/0/kind", "", "zones[0].kind", "is missing"},
      {"/zones/0/category", "\"gold\"", "zones[0].category", "\"gold\" is no category"},
      {"/zones/0/capacity", "5", "zones[0].capacity", "is not a known key"},
      {"/zones/0/focal", "{\"x\": 1}", "zones[0].focal.y", "is missing"},
      {"/zones/0/outline", "[[1, 1], [2, 2]]", "zones[0].outline", "3 to 200 points"},
      {"/zones/0/outline", "[[1, 1], [2, 2], [3]]", "zones[0].outline[2]", "a point [x, y]"},
      {"/zones/0/outline", "[[1, 1], [2, 2], [3, -1]]", "zones[0].outline[2][1]", "from 0 to 20"},
      {"/zones/0/rows", "[]", "zones[0].rows", "must be an array of 1"},
      {"/zones/0/rows/0/label", "", "zones[0].rows[0].label", "is missing"},
      {"/zones/0/rows/1/label", "\"1\"", "zones[0].rows[1]", "\"A1-1\" is given twice"},
      {"/zones/0/rows/0/seats", "[]", "zones[0].rows[0].seats", "must be an array of 1"},
      {"/zones/0/rows/0/seats/1", "[1, 5, 5]", "zones[0].rows[0].seats[1]",
       "\"A1-1-1\" is given twice"},
      {"/zones/0/rows/0/seats/1", "[1, 5]", "zones[0].rows[0].seats[1]", "must be [number, x, y]"},
      {"/zones/0/rows/0/seats/1", "[1, 5, 99]", "zones[0].rows[0].seats[1][2]", "from 0 to 20"},
      {"/zones/0/rows/0/seats/1", "[1, 5, null]", "zones[0].rows[0].seats[1][2]", "a number"},
      {"/zones/0/rows/0/seats/1", "[1, 5, 1e300]", "zones[0].rows[0].seats[1][2]", "a number"},
      {"/zones/0/rows/0/seats/1", "[1.5, 5, 5]", "zones[0].rows[0].seats[1][0]", "whole number"},
      {"/zones/0/rows/0/seats/1", "[\"\", 5, 5]", "zones[0].rows[0].seats[1][0]", "not be empty"},
      {"/zones/0/rows/0/seats/1", "[2, 5, 5, \"x\"]", "zones[0].rows[0].seats[1][3]", "\"a\""},
      {"/zones/0/rows/0/seats/1", "[2, 5, 5, \"aa\"]", "zones[0].rows[0].seats[1][3]", "\"a\""},
      {"/zones/0/rows/0/seats/1", "[2, 5, 5, \"\", \"gold\"]", "zones[0].rows[0].seats[1]",
       "\"gold\" is no category"},
      {"/zones/0/rows/0/seats/1", "7", "zones[0].rows[0].seats[1]", "must be an object or"},
      {"/zones/0/rows/1/seats/3/x", "", "zones[0].rows[1].seats[3].x", "is missing"},
      {"/zones/0/rows/1/seats/3/accessible", "1", "zones[0].rows[1].seats[3].accessible",
       "must be true or false"},
      {"/zones/0/rows/1/seats/3/price", "1", "zones[0].rows[1].seats[3].price", "not a known"},
      {"/zones/0/rows/1/seats/3/id", "\"A1-1-1\"", "zones[0].rows[1].seats[3]", "is given twice"},
      {"/zones/0/rows/1/breaks", "[0]", "zones[0].rows[1].breaks", "ascending"},
      {"/zones/0/rows/1/breaks", "[4]", "zones[0].rows[1].breaks", "ascending"},
      {"/zones/0/rows/1/breaks", "[3, 2]", "zones[0].rows[1].breaks", "ascending"},
      {"/zones/1/capacity", "0", "zones[1].capacity", "from 1 to 100000"},
      {"/zones/1/capacity", "", "zones[1].capacity", "is missing"},
      {"/zones/1/capacity", "99999", "zones[1].capacity", "find no room in the outline"},
      {"/zones/1/outline", "", "zones[1].outline", "is needed"},
      {"/zones/1/rows", "[]", "zones[1].rows", "is not a known key"},
      {"/zones/1", "7", "zones[1]", "must be an object"},
  };
  for (const Row& row : table) {
    INFO(row.pointer + " " + row.value);
    Json venue = small_venue();
    const Json::json_pointer pointer(row.pointer);
    if (row.value.empty())
      venue[pointer.parent_pointer()].erase(pointer.back());
    else
      venue[pointer] = Json::parse(row.value);
    const Read result = read(venue);
    CAPTURE(lines(result.mistakes));
    CHECK(has_line(result.mistakes, "hall.json: " + row.path, row.message));
    // And no other that merely follows from it; but who names a lost category is told.
    if (row.pointer != "/categories/1/id") CHECK(result.mistakes.size() == 1);
    CHECK(result.plan == nullptr);
  }
}

TEST_CASE("a venue of more seats than the bound is refused once, by the bound") {
  Json venue = small_venue();
  venue["size"] = {{"width", 2'000}, {"height", 2'000}};
  Json pen = venue["zones"][1];
  pen["outline"] = Json::parse("[[0, 0], [2000, 0], [2000, 2000], [0, 2000]]");
  pen["capacity"] = limits::seats_in_row_max;
  for (std::size_t n = 0; n <= limits::seats_max / limits::seats_in_row_max; ++n) {
    pen["id"] = "P" + std::to_string(n);
    venue["zones"].push_back(pen);
  }
  const Read result = read(venue);
  REQUIRE(result.mistakes.size() == 1);
  CHECK(result.mistakes[0].message == "hold more than 1000000 seats");
}

TEST_CASE("a venue of a thousand mistakes names the first and counts the rest") {
  Json venue = small_venue();
  for (int n = 0; n < 1'000; ++n) venue["zones"][0]["rows"][0]["seats"].push_back(n);
  const Read result = read(venue);
  CHECK(result.mistakes.size() == Remarks::named_max + 1);
  CHECK(result.mistakes.back().message == "and 900 more");
}

TEST_CASE("a plan written and read again is the same, and its text is stable") {
  Json venue = small_venue();
  venue["zones"][0]["rows"][1]["seats"][3]["id"] = "the-last";
  venue["zones"][0]["rows"][0]["id"] = "front";
  venue["zones"][0]["rows"][0]["seats"][0] = Json::parse(R"(["007", 0.1, 12.345678])");
  venue["zones"][0]["name"]["th"] = "แถว \"หน้า\"";
  const Read first = read(venue);
  CAPTURE(lines(first.mistakes));
  REQUIRE(first.plan);
  const std::string text = write_venue(*first.plan);
  const Read second = read(Json::parse(text));
  CAPTURE(text, lines(second.mistakes));
  REQUIRE(second.plan);
  CHECK(write_venue(*second.plan) == text);
  REQUIRE(second.plan->capacity() == first.plan->capacity());
  for (std::size_t n = 0; n < first.plan->seats.size(); ++n) {
    const PlanSeat& a = first.plan->seats[n];
    const PlanSeat& b = second.plan->seats[n];
    CHECK(a.id == b.id);
    CHECK(a.number == b.number);
    CHECK(a.x == b.x);
    CHECK(a.y == b.y);
    CHECK(a.category == b.category);
    CHECK(a.has_own_category == b.has_own_category);
    CHECK(a.accessible == b.accessible);
    CHECK(a.companion == b.companion);
    CHECK(a.restricted_view == b.restricted_view);
  }
}

TEST_CASE("a seat's two forms, and a number as text or number, are one seat") {
  Json venue = small_venue();
  const std::string text = write_venue(*read(venue).plan);
  venue["zones"][0]["rows"][0]["label"] = 1;
  venue["zones"][0]["rows"][0]["seats"][1] = Json::parse(R"({"number": "2", "x": 5.5, "y": 5.0})");
  venue["zones"][0]["rows"][1]["seats"][2] =
      Json::parse(R"({"number": 3, "x": 6, "y": 6, "category": "cat1", "accessible": false})");
  CHECK(write_venue(*read(venue).plan) == text);
}

TEST_CASE("standing places lie inside the outline, apart from one another, nearest rank first") {
  // An L, so that a rank is cut short by the outline and not by the box around it.
  const std::vector<PlanPoint> corner{{0, 0}, {10, 0}, {10, 4}, {4, 4}, {4, 10}, {0, 10}};
  for (const std::uint32_t capacity : {1U, 2U, 7U, 64U, 500U, 1'000U}) {
    const auto places = standing_places(corner, capacity, -5);
    INFO("capacity " << capacity);
    REQUIRE(places);
    REQUIRE(places->size() == capacity);
    for (std::size_t n = 0; n < places->size(); ++n) {
      const auto [x, y] = (*places)[n];
      CHECK((x > 0 && y > 0 && x < 10 && y < 10 && (x < 4 || y < 4)));
      if (n > 0) CHECK(y >= (*places)[n - 1].second);
      for (std::size_t m = 0; m < n; ++m)
        if (std::hypot(x - (*places)[m].first, y - (*places)[m].second) < 0.2F) FAIL("too close");
    }
  }
  CHECK(standing_places(corner, 20, 50)->front().second >
        standing_places(corner, 20, 50)->back().second);
  CHECK_FALSE(standing_places(corner, 5'000, -5));
  const std::vector<PlanPoint> line{{0, 0}, {10, 0}, {20, 0}};
  CHECK_FALSE(standing_places(line, 1, -5));
}

TEST_CASE(
    "the picture has every zone, row, kind of place and category, and no markup of the file") {
  Json venue = small_venue();
  venue["zones"][0]["id"] = "<script>";
  venue["zones"][0]["rows"][0]["label"] = "<b>";
  venue["name"] = "Rock & <Roll>";
  venue["categories"][1]["name"]["en"] = std::string(200, 'n');
  const std::string picture = plan_picture(*read(venue).plan);
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (auto at = picture.find(part); at != std::string::npos; at = picture.find(part, at + 1))
      ++found;
    return found;
  };
  CHECK(count("<g id=\"&lt;script&gt;\" class=\"zone\">") == 1);
  CHECK(count("<g id=\"S1\" class=\"zone\">") == 1);
  CHECK(count("<script") == 0);
  CHECK(count("<b>") == 0);
  CHECK(count("class=\"row\"") == 2);          // A standing zone's one row has no label.
  CHECK(count("<text") == 2 + 2 + 5 + 1 + 1);  // Rows, zones, the legend, the stage, the heading.
  CHECK(count("Rock &amp; &lt;Roll&gt;</") == 2);
  CHECK(count(">STAGE<") == 1);
  CHECK(count("#aa0000") > 5);
  CHECK(count(">VIP: 7<") == 1);
  CHECK(count(std::string(40, 'n') + "…: 6<") == 1);
  CHECK(count(">wheelchair places: 1<") == 1);
  CHECK(count(">companions' seats: 1<") + count(">companions&#39;") == 1);
  CHECK(count(">restricted view: 1<") == 1);
}

TEST_CASE("a stage at the very edge, and a zone smaller than its name, stay inside the picture") {
  Json venue = small_venue();
  venue["stage"] = {{"x", 0}, {"y", 0}};
  venue["zones"][1]["id"] = "a-very-long-name-of-a-zone";
  const std::string picture = plan_picture(*read(venue).plan);
  std::istringstream lines(picture);
  float left = 0, top = 0, width = 0, height = 0;
  const auto box = picture.find("viewBox=");
  REQUIRE(std::sscanf(picture.c_str() + box, "viewBox=\"%f %f %f %f\"", &left, &top, &width,
                      &height) == 4);
  std::size_t texts = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find("<text");
    float x = 0, y = 0;
    if (at == std::string::npos) continue;
    REQUIRE(std::sscanf(line.c_str() + line.find(" x=", at), " x=\"%f\" y=\"%f\"", &x, &y) == 2);
    CHECK((x >= left && x < left + width && y >= top && y < top + height));
    ++texts;
  }
  CHECK(texts == 11);
}

}  // namespace frontrow::round
