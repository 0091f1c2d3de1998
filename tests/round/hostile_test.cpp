// Files bent at random: whatever the bytes, loading ends with a round or with named mistakes.
#include <catch2/catch.hpp>

#include <random>

#include "round/json_text.hpp"
#include "round/pretix_import.hpp"
#include "round/round_fixture.hpp"
#include "round/venue_file.hpp"

namespace frontrow::round {
namespace {

/// Changes, drops, doubles or inserts a few bytes.
std::string bent(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t most) { return random() % most; };
  static const std::string spice = "{}[]\",:0-1e9.nulltrue\\u0000\xff\xc3 \n/";
  for (std::size_t times = below(4) + 1; times > 0 && !text.empty(); --times) {
    const std::size_t at = below(text.size());
    switch (below(4)) {
      case 0:
        text[at] = spice[below(spice.size())];
        break;
      case 1:
        text.erase(at, below(8) + 1);
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), below(40)));
        break;
      default:
        text.insert(at, 1, spice[below(spice.size())]);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a round file bent at random is loaded or refused with a reason") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Loader load;
  load.directory.write("hall.json", load.venue.dump());
  std::size_t refused = 0;
  for (int n = 0; n < 1'000; ++n) {
    const auto path = load.directory.write("bent.json", bent(small_round().dump(1), random));
    const LoadResult result = load_round_file(path, {}, test_start);
    REQUIRE(result.file.has_value() == result.mistakes.empty());
    refused += result.mistakes.empty() ? 0 : 1;
  }
  CHECK(refused > 500);
}

TEST_CASE("a venue bent at random gives a plan that reads back, or a reason") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Loader load;
  const auto path = load.directory.write("round.json", small_round().dump());
  for (int n = 0; n < 1'000; ++n) {
    load.directory.write("hall.json", bent(load.venue.dump(1), random));
    const LoadResult result = load_round_file(path, {}, test_start);
    REQUIRE(result.file.has_value() == result.mistakes.empty());
    if (!result.file) continue;
    std::string problem;
    const auto parsed = parse_definition(write_definition(*result.file, {}), problem);
    INFO(problem);
    REQUIRE(parsed);
    REQUIRE(parsed->plan->capacity() == result.file->definition.plan->capacity());
  }
}

TEST_CASE("a plan of pretix bent at random gives a venue that can be read, or a reason") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const nlohmann::json plan = nlohmann::json::parse(R"({
    "name": "Hall", "size": {"width": 100, "height": 90},
    "categories": [{"name": "Stalls", "color": "#369"}, {"name": "Loge"}],
    "zones": [{"name": "Floor", "zone_id": "FL", "position": {"x": 10, "y": 20},
      "areas": [{"shape": "circle", "position": {"x": 9, "y": 5}, "circle": {"radius": 30}},
                {"shape": "polygon", "rotation": 45, "polygon": {"points":
                  [{"x": -9, "y": -9}, {"x": 60, "y": -9}, {"x": 60, "y": 40}, {"x": -9, "y": 40}]}}],
      "rows": [{"row_number": "A", "position": {"x": 0, "y": 4}, "seats": [
        {"seat_guid": "a", "seat_number": "1", "category": "Stalls", "position": {"x": 0, "y": 0}},
        {"seat_guid": "b", "seat_number": "2", "category": "Loge", "position": {"x": 5, "y": 0}},
        {"seat_guid": "c", "seat_number": "3", "category": "Loge", "position": {"x": 20, "y": 1}}]}]}]})");
  const TemporaryDirectory directory;
  std::size_t good = 0, refused = 0;
  for (int n = 0; n < 2'000; ++n) {
    const auto path = directory.write("bent.json", bent(plan.dump(1), random));
    const PretixImport import = import_pretix(path, {});
    REQUIRE((import.plan != nullptr) == import.mistakes.empty());
    ++(import.plan == nullptr ? refused : good);
    if (import.plan == nullptr) continue;
    Remarks mistakes;
    const JsonPath root;
    Json venue;
    REQUIRE(parse_json(import.venue, root, mistakes, venue));
    const auto back = read_venue(venue, root, mistakes).plan;
    CAPTURE(import.venue, lines(std::move(mistakes).take()));
    REQUIRE(back);
    REQUIRE(back->capacity() == import.plan->capacity());
  }
  CHECK(good > 50);
  CHECK(refused > 500);
}

}  // namespace frontrow::round
