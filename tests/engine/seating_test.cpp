#include "engine/driver.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

PlaceBestHold best(FanId fan, std::uint32_t quantity, Together together, std::uint16_t zone = 0) {
  return {fan, {}, true, ZoneIndex{zone}, CategoryIndex{}, quantity, together};
}

std::vector<std::string> names(const Driver& driver, const SeatList& seats) {
  std::vector<std::string> found;
  for (const SeatIndex seat : seats)
    found.push_back(driver.engine.definition().plan->seat(seat).id);
  return found;
}
std::vector<std::string> names(const Driver& driver, const std::vector<SeatIndex>& seats) {
  return names(driver, SeatList(seats.begin(), seats.end()));
}
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a choice that leaves a seat alone is refused with one that does not") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  const Reply reply = driver.send(driver.picking(fan, {"A-1-2", "A-1-3"}));
  CHECK(reply.rejection == Rejection::kLeavesOrphan);
  const auto& conflict = std::get<ConflictView>(reply.body);
  CHECK(names(driver, conflict.seats) == Names{"A-1-1"});
  CHECK(names(driver, conflict.suggestions) == Names{"A-1-1", "A-1-2"});
  CHECK(driver.engine.status().seats.held == 0);
  driver.hold(fan, {"A-1-1", "A-1-2"});
  driver.check();
}

TEST_CASE("what counts as leaving a seat alone") {
  struct Line {
    const char* why;
    Names taken, asked;
    bool refused;
  };
  // Rows of ten with an aisle behind the fifth seat.
  const Line table[] = {
      {"a gap of one between two picked seats", {}, {"A-1-7", "A-1-9"}, true},
      {"a gap of two", {}, {"A-1-6", "A-1-9", "A-1-10"}, false},
      {"the end of the row", {}, {"A-1-8", "A-1-9"}, true},
      {"the aisle on the left", {}, {"A-1-4", "A-1-3"}, true},
      {"up to the aisle", {}, {"A-1-4", "A-1-5"}, false},
      {"behind the aisle", {}, {"A-1-7", "A-1-8"}, true},
      {"beside a taken seat", {"A-1-1", "A-1-2"}, {"A-1-4", "A-1-5"}, true},
      {"a seat that was alone before stays alone", {"A-1-1", "A-1-2"}, {"A-1-3", "A-1-4"}, true},
      {"the whole of what is left", {"A-1-1", "A-1-2"}, {"A-1-3", "A-1-4", "A-1-5"}, false},
      {"a standing zone knows no neighbours", {}, {"S-1-2", "S-1-4"}, false},
  };
  for (const Line& line : table) {
    INFO(line.why);
    SmallRound round;
    round.breaks_of_a = {4};
    Driver driver(round);
    const auto fans = driver.shoppers(2);
    if (!line.taken.empty()) driver.hold(fans[0], line.taken);
    CHECK(driver.refusal(driver.picking(fans[1], line.asked)) ==
          (line.refused ? Rejection::kLeavesOrphan : Rejection::kNone));
    driver.check();
  }
}

TEST_CASE("a choice that cannot but leave a seat alone is allowed") {
  SmallRound round;
  round.rows_of_a = 1;
  round.seats_in_row_of_a = 3;
  Driver driver(round);
  const FanId fan = driver.shoppers(1)[0];
  // Two of three leave one alone whichever they are.
  driver.hold(fan, {"A-1-1", "A-1-2"});
  driver.check();
}

TEST_CASE("best seats are in the row nearest the stage and the middle of it") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  const auto order = std::get<OrderView>(driver.must(best(fan, 2, Together::kRequired)).body);
  CHECK(names(driver, order.seats) == Names{"A-1-5", "A-1-6"});
  CHECK(order.arrangement == Arrangement::kAsAsked);
  driver.check();
}

TEST_CASE("together means side by side, across no aisle and in one row, or not at all") {
  SmallRound round;
  round.rows_of_a = 2;
  round.seats_in_row_of_a = 4;
  round.breaks_of_a = {1};
  Driver driver(round);
  const auto fans = driver.shoppers(2);
  CHECK(driver.refusal(best(fans[0], 3, Together::kRequired)) == Rejection::kNotEnoughSeats);
  const auto preferred =
      std::get<OrderView>(driver.must(best(fans[0], 3, Together::kPreferred)).body);
  CHECK(preferred.arrangement == Arrangement::kNearby);
  CHECK(names(driver, preferred.seats)[0].substr(0, 4) == "A-1-");
  const auto side_by_side =
      std::get<OrderView>(driver.must(best(fans[1], 2, Together::kPreferred)).body);
  CHECK(side_by_side.arrangement == Arrangement::kSideBySide);
  driver.check();
}

TEST_CASE("best seats avoid leaving one alone where the row allows it") {
  SmallRound round;
  round.rows_of_a = 1;
  round.seats_in_row_of_a = 5;
  Driver driver(round);
  const FanId fan = driver.shoppers(1)[0];
  const auto order = std::get<OrderView>(driver.must(best(fan, 3, Together::kRequired)).body);
  // The middle three would leave both ends alone.
  CHECK((names(driver, order.seats) == Names{"A-1-1", "A-1-2", "A-1-3"} ||
         names(driver, order.seats) == Names{"A-1-3", "A-1-4", "A-1-5"}));
}

TEST_CASE("scattered seats are the last resort, and too few are too few") {
  SmallRound round;
  round.rows_of_a = 3;
  round.seats_in_row_of_a = 2;
  Driver driver(round);
  const auto fans = driver.shoppers(3);
  driver.must(BlockSeats{
      "ops",
      {driver.seat("A-1-1"), driver.seat("A-2-1"), driver.seat("A-2-2"), driver.seat("A-3-1")}});
  const auto order = std::get<OrderView>(driver.must(best(fans[0], 2, Together::kPreferred)).body);
  CHECK(order.arrangement == Arrangement::kScattered);
  CHECK(driver.refusal(best(fans[1], 1, Together::kAny)) == Rejection::kNotEnoughSeats);
  CHECK(driver.refusal(best(fans[1], 0, Together::kAny)) == Rejection::kNotEnoughSeats);
  CHECK(driver.refusal(best(fans[1], 5, Together::kAny)) == Rejection::kLimitReached);
  CHECK(driver.refusal(best(fans[1], 4'000'000'000U, Together::kAny)) == Rejection::kLimitReached);
  CHECK(driver.refusal(best(fans[1], 1, Together::kAny, 9)) == Rejection::kUnknownZone);
  PlaceBestHold by_category{fans[1], {}, false, {}, CategoryIndex{9}, 1, Together::kAny};
  CHECK(driver.refusal(by_category) == Rejection::kUnknownCategory);
  by_category.category = CategoryIndex{2};
  by_category.quantity = 3;
  by_category.together = Together::kRequired;
  const auto standing = std::get<OrderView>(driver.must(by_category).body);
  CHECK(standing.total == Amount{900'000});
  driver.check();
}

TEST_CASE("runs and orphans are found across the words of a long row") {
  SmallRound round;
  round.rows_of_a = 1;
  round.seats_in_row_of_a = 130;
  Driver driver(round);
  const auto fans = driver.shoppers(3);
  // Seats 64 and 65 lie in two words.
  CHECK(driver.refusal(driver.picking(fans[0], {"A-1-64", "A-1-66"})) == Rejection::kLeavesOrphan);
  driver.hold(fans[0], {"A-1-62", "A-1-63"});
  CHECK(driver.refusal(driver.picking(fans[1], {"A-1-65", "A-1-66"})) == Rejection::kLeavesOrphan);
  const auto order = std::get<OrderView>(driver.must(best(fans[1], 4, Together::kRequired)).body);
  CHECK(order.seats[3].value == order.seats[0].value + 3);
  driver.check();
}
