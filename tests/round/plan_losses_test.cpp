#include "round/plan_losses.hpp"

#include <catch2/catch.hpp>

#include "round/round_fixture.hpp"

namespace frontrow::round {
namespace {

std::shared_ptr<const Plan> plan_of(const nlohmann::json& venue) {
  Loader load;
  load.venue = venue;
  const LoadResult result = load(small_round());
  CAPTURE(lines(result.mistakes));
  REQUIRE(result.file);
  return result.file->definition.plan;
}

/// The first seats of the plan held, those after them sold, the rest nobody's.
std::vector<std::string> losses(const nlohmann::json& changed, std::uint32_t held,
                                std::uint32_t sold, const nlohmann::json& before = small_venue()) {
  return plan_losses(*plan_of(before), *plan_of(changed), [&](SeatIndex seat) {
    return seat.value < held          ? SeatUse::kHeld
           : seat.value < held + sold ? SeatUse::kSold
                                      : SeatUse::kNobody;
  });
}

}  // namespace

TEST_CASE("a plan that leaves held and sold seats as they are loses nothing") {
  auto venue = small_venue();
  venue["name"] = "Hall 2";
  venue["zones"][0]["rows"][0]["seats"][0] = {1, 7.5, 7.5, "r"};
  venue["zones"][1]["capacity"] = 4;
  CHECK(losses(venue, 4, 8).empty());
  CHECK(losses(small_venue(), 13, 0).empty());
}

TEST_CASE("each held or sold seat that a plan drops or moves is named, with what becomes of it") {
  auto venue = small_venue();
  SECTION("a row is gone") {
    venue["zones"][0]["rows"].erase(0);
    CHECK(losses(venue, 1, 2) ==
          std::vector<std::string>{"venue: the new plan would drop or move 1 held and 2 sold seats",
                                   "venue: seat A1-1-1, held, is not in the new plan",
                                   "venue: seat A1-1-2, sold, is not in the new plan",
                                   "venue: seat A1-1-3, sold, is not in the new plan"});
  }
  SECTION("a standing zone has become smaller") {
    venue["zones"][1]["capacity"] = 3;
    CHECK(losses(venue, 0, 13) ==
          std::vector<std::string>{"venue: the new plan would drop or move 0 held and 2 sold seats",
                                   "venue: seat S1-1-4, sold, is not in the new plan",
                                   "venue: seat S1-1-5, sold, is not in the new plan"});
  }
  SECTION("a zone has another category, but one of its seats keeps its own") {
    venue["zones"][0]["category"] = "cat1";
    const auto found = losses(venue, 0, 8);
    REQUIRE(found.size() == 8);
    CHECK(found[1] == "venue: seat A1-1-1, sold, moves from category vip to cat1");
    for (const std::string& line : found) CHECK(line.find("A1-2-3") == std::string::npos);
  }
  SECTION("a seat of its own id moves to another zone, row and number") {
    auto before = small_venue();
    before["zones"][0]["rows"][0]["seats"][0] = {{"number", 1}, {"x", 5}, {"y", 5}, {"id", "mine"}};
    venue = before;
    auto zone = venue["zones"][0];
    zone["id"] = "B1";
    zone["rows"] = {{{"label", "9"}, {"seats", {zone["rows"][0]["seats"][0]}}}};
    zone["rows"][0]["seats"][0]["number"] = 7;
    venue["zones"][0]["rows"][0]["seats"].erase(0);
    venue["zones"].push_back(zone);
    CHECK(losses(venue, 1, 0, before).back() ==
          "venue: seat mine, held, moves from zone A1 to B1, from row 1 to 9, from number 1 to 7");
  }
}

TEST_CASE("of many lost seats the first are named and the rest counted") {
  auto before = small_venue();
  for (int n = 5; n < 50; ++n) before["zones"][0]["rows"][0]["seats"].push_back({n, 7, 7});
  auto after = before;
  after["zones"][0]["id"] = "other";
  const auto found = losses(after, 0, 49, before);
  REQUIRE(found.size() == plan_losses_named_max + 2);
  CHECK(found.front() == "venue: the new plan would drop or move 0 held and 49 sold seats");
  CHECK(found.back() == "venue: and 29 more held or sold seats");
}

}  // namespace frontrow::round
