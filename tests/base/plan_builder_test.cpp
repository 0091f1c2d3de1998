#include "base/plan_builder.hpp"

#include <catch2/catch.hpp>

#include "support/small_round.hpp"

namespace frontrow {
namespace {

TEST_CASE("seats are counted in the order of the venue, and every look-up leads back") {
  const auto plan = test::SmallRound{}.plan();
  CHECK(plan->capacity() == 4 * 10 + 3 * 8 + 20);
  CHECK(plan->zones.size() == 3);
  for (std::uint32_t n = 0; n < plan->capacity(); ++n) {
    const SeatIndex seat{n};
    INFO(plan->seat(seat).id);
    CHECK(plan->find_seat(plan->seat(seat).id) == seat);
    CHECK(plan->seat_at(plan->word_of(seat), plan->bit_of(seat)) == seat);
    const PlanRow& row = plan->row(plan->seat(seat).row);
    CHECK(seat.value >= row.first_seat.value);
    CHECK(seat.value < row.first_seat.value + row.seat_count);
    CHECK(plan->zone_of_word[plan->word_of(seat)] == plan->seat(seat).zone);
  }
}

TEST_CASE("rows never share a word") {
  test::SmallRound round;
  round.seats_in_row_of_a = 65;
  const auto plan = round.plan();
  std::uint32_t next = 0;
  for (const PlanRow& row : plan->rows) {
    CHECK(row.first_word == next);
    CHECK(row.word_count == (row.seat_count + 63) / 64);
    next += row.word_count;
  }
  CHECK(plan->word_count == next);
  std::uint32_t in_zones = 0;
  for (const PlanZone& zone : plan->zones) {
    CHECK(zone.first_word == in_zones);
    in_zones += zone.word_count;
  }
  CHECK(in_zones == next);
}

TEST_CASE("a seat has its zone's category unless it has its own") {
  PlanBuilder builder("hall", 1, 1);
  const auto near = builder.add_category("near", {{"en", "Near"}});
  const auto far = builder.add_category("far", {{"en", "Far"}});
  builder.open_zone("A", {{"en", "A"}}, ZoneKind::kSeated, near);
  builder.open_row("A-1", "1");
  PlanSeat plain;
  plain.id = "A-1-1";
  builder.add_seat(plain);
  PlanSeat own;
  own.id = "A-1-2";
  own.category = far;
  own.has_own_category = true;
  builder.add_seat(own);
  const auto plan = std::move(builder).build();
  CHECK(plan->seat(SeatIndex{0}).category == near);
  CHECK(plan->seat(SeatIndex{1}).category == far);
}

TEST_CASE("what a plan does not have is none") {
  const auto plan = test::SmallRound{}.plan();
  CHECK_FALSE(plan->find_seat("A-9-9").exists());
  CHECK_FALSE(plan->find_zone("Z").exists());
  CHECK_FALSE(plan->find_category("vvip").exists());
  CHECK(plan->find_category("cat1") == CategoryIndex{1});
}

}  // namespace
}  // namespace frontrow
