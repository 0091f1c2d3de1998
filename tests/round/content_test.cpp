// The venues and rounds in config/ are what they say they are.
#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <set>

#include "round/round_fixture.hpp"

namespace frontrow::round {
namespace {

const std::filesystem::path config = std::filesystem::path(FRONTROW_SOURCE_DIR) / "config";

RoundFile load_config(const std::string& name) {
  LoadResult result = load_round_file(config / name, {}, test_start);
  CAPTURE(name, lines(result.mistakes));
  REQUIRE(result.file);
  return std::move(*result.file);
}

/// Pairs of seats nearer than `least`, found by a grid of that pitch.
std::vector<std::string> too_close(const Plan& plan, float least) {
  std::map<std::pair<int, int>, std::vector<std::size_t>> cells;
  std::vector<std::string> found;
  for (std::size_t n = 0; n < plan.seats.size(); ++n) {
    const PlanSeat& seat = plan.seats[n];
    const int column = static_cast<int>(seat.x / least), line = static_cast<int>(seat.y / least);
    for (int x = column - 1; x <= column + 1; ++x)
      for (int y = line - 1; y <= line + 1; ++y) {
        const auto cell = cells.find({x, y});
        if (cell == cells.end()) continue;
        for (const std::size_t m : cell->second)
          if (std::hypot(seat.x - plan.seats[m].x, seat.y - plan.seats[m].y) < least)
            found.push_back(seat.id + " and " + plan.seats[m].id);
      }
    cells[{column, line}].push_back(n);
  }
  return found;
}

bool inside(const std::vector<std::pair<float, float>>& polygon, float x, float y) {
  bool is_inside = false;
  for (std::size_t n = 0, m = polygon.size() - 1; n < polygon.size(); m = n++) {
    const auto& [ax, ay] = polygon[n];
    const auto& [bx, by] = polygon[m];
    if ((ay > y) != (by > y) && x < ax + (y - ay) * (bx - ax) / (by - ay)) is_inside = !is_inside;
  }
  return is_inside;
}

}  // namespace

TEST_CASE("the stadium has exactly 50,000 places in rows that fit a word") {
  const RoundFile file = load_config("demo.json");
  const Plan& plan = *file.definition.plan;
  CHECK(plan.capacity() == 50'000);
  std::uint32_t standing = 0;
  for (const PlanZone& zone : plan.zones) {
    INFO(zone.id);
    CHECK(zone.name.contains("en"));
    CHECK(zone.name.contains("th"));
    if (zone.kind == ZoneKind::kStanding) {
      standing += zone.seat_count;
      CHECK(zone.seat_count >= 1'000);
      CHECK(zone.seat_count <= 2'500);
    } else {
      for (std::uint32_t n = 0; n < zone.row_count; ++n)
        CHECK(plan.rows[zone.first_row.value + n].seat_count <= 64);
    }
  }
  CHECK(standing == 10'000);
}

TEST_CASE("no two places are nearer than people are wide") {
  for (const std::string name : {"demo.json", "crowd-5000.json", "tiny.json"}) {
    INFO(name);
    CHECK(too_close(*load_config(name).definition.plan, 0.35F).empty());
  }
}

TEST_CASE("every seat lies in its own zone's outline and in no other") {
  for (const std::string name : {"demo.json", "crowd-5000.json", "tiny.json"}) {
    const RoundFile file = load_config(name);
    const Plan& plan = *file.definition.plan;
    std::vector<std::string> wrong;
    for (const PlanSeat& seat : plan.seats)
      for (std::size_t n = 0; n < plan.zones.size(); ++n)
        if (inside(plan.zones[n].outline, seat.x, seat.y) != (seat.zone.value == n))
          wrong.push_back(seat.id + " and " + plan.zones[n].id);
    INFO(name);
    CHECK(wrong == std::vector<std::string>{});
  }
}

TEST_CASE("wheelchair places have a companion's chair beside them, and few seats see badly") {
  const RoundFile file = load_config("demo.json");
  const Plan& plan = *file.definition.plan;
  std::size_t accessible = 0, restricted = 0;
  for (std::size_t n = 0; n < plan.seats.size(); ++n) {
    const PlanSeat& seat = plan.seats[n];
    if (seat.restricted_view) ++restricted;
    CHECK(seat.restricted_view == (plan.categories[seat.category.value].id == "restricted"));
    if (!seat.accessible) continue;
    ++accessible;
    REQUIRE(n + 1 < plan.seats.size());
    const PlanSeat& next = plan.seats[n + 1];
    CHECK(next.companion);
    CHECK(next.row == seat.row);
    CHECK(std::hypot(seat.x - next.x, seat.y - next.y) < 1.5F);
    // The pair is neighbours: no gap between them.
    const PlanRow& row = plan.row(seat.row);
    const auto offset = static_cast<std::uint32_t>(n) - row.first_seat.value;
    CHECK(std::count(row.breaks.begin(), row.breaks.end(), offset) == 0);
  }
  CHECK(accessible >= 50);
  CHECK(restricted > 0);
  CHECK(restricted < 3'000);
}

TEST_CASE("the two nights in Bangkok point at each other and are drawn with a beacon") {
  const RoundFile first = load_config("bangkok-1.json"), second = load_config("bangkok-2.json");
  CHECK(first.definition.starts_at + seconds(86'400) == second.definition.starts_at);
  for (const auto& [one, other] : {std::pair(&first, &second), std::pair(&second, &first)}) {
    REQUIRE(one->definition.other_rounds.size() == 1);
    CHECK(one->definition.other_rounds[0].title == other->definition.title);
    CHECK(one->definition.draw.beacon);
    CHECK(one->definition.currency == "THB");
    for (const Amount price : one->definition.price_by_category) {
      CHECK(price.minor >= 230'000);
      CHECK(price.minor <= 1'480'000);
    }
  }
}

TEST_CASE("the arena of the load tests has 5,000 places and no limits in the way") {
  const RoundFile file = load_config("crowd-5000.json");
  CHECK(file.definition.plan->capacity() == 5'000);
  CHECK(file.guard.requests_per_second == 0);
  CHECK(file.guard.joins_per_address_per_minute == 0);
  CHECK(file.guard.cost == 1);
  CHECK(load_config("tiny.json").definition.plan->capacity() == 60);
}

}  // namespace frontrow::round
