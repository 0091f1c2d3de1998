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
  CHECK(preferred.arrangement == Arrangement::kAdjacentRows);
  CHECK(names(driver, preferred.seats)[0].substr(0, 4) == "A-1-");
  CHECK(names(driver, preferred.seats)[2].substr(0, 4) == "A-2-");
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

TEST_CASE("what cannot be had in one row is relaxed step by step, and each step is told") {
  struct Line {
    const char* why;
    Names blocked;
    std::uint32_t quantity;
    Arrangement arrangement;
  };
  // Three rows of four.
  const Line table[] = {
      {"one row has them", {}, 4, Arrangement::kSideBySide},
      {"two rows, one behind the other",
       {"A-1-1", "A-2-4", "A-3-1"},
       4,
       Arrangement::kAdjacentRows},
      {"pairs in rows that are not neighbours",
       {"A-1-1", "A-1-2", "A-2-1", "A-2-3", "A-3-2"},
       4,
       Arrangement::kPairs},
      {"one row, but not side by side",
       {"A-1-2", "A-2-1", "A-2-2", "A-2-3", "A-2-4", "A-3-1", "A-3-3"},
       3,
       Arrangement::kNearby},
  };
  for (const Line& line : table) {
    INFO(line.why);
    SmallRound round;
    round.rows_of_a = 3;
    round.seats_in_row_of_a = 4;
    if (line.arrangement == Arrangement::kNearby) round.breaks_of_a = {2};
    Driver driver(round);
    const FanId fan = driver.shoppers(1)[0];
    BlockSeats block{"ops", {}};
    for (const auto& seat : line.blocked) block.seats.push_back(driver.seat(seat));
    driver.must(block);
    const auto order =
        std::get<OrderView>(driver.must(best(fan, line.quantity, Together::kPreferred)).body);
    CHECK(order.seats.size() == line.quantity);
    CHECK(order.arrangement == line.arrangement);
    driver.check();
  }
}

TEST_CASE("taken seats are named, with the nearest free ones of the same price") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  driver.hold(fans[0], {"A-2-5", "A-2-6"});
  const Reply reply = driver.send(driver.picking(fans[1], {"A-2-6", "A-2-7"}));
  CHECK(reply.rejection == Rejection::kSeatsUnavailable);
  const auto& conflict = std::get<ConflictView>(reply.body);
  CHECK(names(driver, conflict.seats) == Names{"A-2-6"});
  CHECK(names(driver, conflict.suggestions) == Names{"A-2-8"});
  CHECK(driver.engine.status().seats.held == 2);
  driver.check();
}

TEST_CASE("the orphan rule can be off for a zone") {
  SmallRound round;
  round.seating.orphan_rule = {0, 1, 1};
  Driver driver(round);
  const FanId fan = driver.shoppers(1)[0];
  CHECK(driver.refusal(driver.picking(fan, {"B-1-2", "B-1-3"})) == Rejection::kLeavesOrphan);
  driver.hold(fan, {"A-1-2", "A-1-3"});
}

TEST_CASE("a companion seat goes only with its accessible place until it opens") {
  SmallRound round;
  round.accessible_in_b = true;
  round.seating.companions_open_at = after_start(seconds(1'000));
  Driver driver(round);
  const auto fans = driver.shoppers(2);
  const Reply reply = driver.send(driver.picking(fans[0], {"B-1-2", "B-1-3"}));
  CHECK(reply.rejection == Rejection::kCompanionAlone);
  CHECK(names(driver, std::get<ConflictView>(reply.body).seats) == Names{"B-1-2"});
  CHECK(names(driver, std::get<ConflictView>(reply.body).suggestions) == Names{"B-1-1"});
  driver.hold(fans[0], {"B-1-1", "B-1-2"});
  // The best seats are never a locked companion's.
  const auto order = std::get<OrderView>(driver.must(best(fans[1], 4, Together::kAny, 1)).body);
  for (const auto& name : names(driver, order.seats))
    CHECK((name != "B-2-2" && name != "B-3-2" && name != "B-2-1"));
  driver.pass(seconds(1'000));
  CHECK(driver.refusal(driver.picking(fans[0], {"B-2-2", "B-2-3"})) != Rejection::kCompanionAlone);
  driver.check();
}

TEST_CASE("who has paid for the accessible place may fetch the companion's seat later") {
  SmallRound round;
  round.accessible_in_b = true;
  round.seating.companions_open_at = after_start(seconds(1'000));
  round.seating.orphan_rule = {1, 0, 1};
  Driver driver(round);
  const auto fans = driver.shoppers(2);
  const OrderView order = driver.hold(fans[0], {"B-1-1"});
  CHECK(driver.refusal(driver.picking(fans[0], {"B-1-2"})) == Rejection::kCompanionAlone);
  driver.pay(fans[0], order.id);
  CHECK(driver.refusal(driver.picking(fans[1], {"B-1-2"})) == Rejection::kCompanionAlone);
  driver.hold(fans[0], {"B-1-2"});
  driver.check();
}

TEST_CASE("seats can be withheld from the beginning, with the reason") {
  SmallRound round;
  round.seating.withheld = {{BlockReason::kSightLine, {SeatIndex{0}, SeatIndex{1}}}};
  Driver driver(round);
  CHECK(driver.engine.status().seats.blocked == 2);
  CHECK(driver.engine.block_reason(SeatIndex{1}) == BlockReason::kSightLine);
  driver.must(UnblockSeats{"ops", {SeatIndex{1}}});
  CHECK(driver.engine.status().seats.blocked == 1);
  driver.must(BlockSeats{"ops", {SeatIndex{1}}, BlockReason::kProduction, "camera"});
  CHECK(driver.engine.block_reason(SeatIndex{1}) == BlockReason::kProduction);
  driver.check();
}

TEST_CASE("a closed zone sells nothing, whatever comes free there, until it opens") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  const OrderView held = driver.hold(fans[0], {"A-1-1", "A-1-2"});
  driver.must(BlockSeats{"ops", {driver.seat("A-4-1")}, BlockReason::kSponsor, ""});
  driver.must(SetZoneOpen{"ops", ZoneIndex{0}, false, "wind"});
  CHECK(driver.engine.status().seats.blocked == 38);
  CHECK(driver.refusal(best(fans[1], 1, Together::kAny)) == Rejection::kNotEnoughSeats);
  driver.must(ReleaseOrder{fans[0], held.id});
  CHECK(driver.engine.status().seats.blocked == 40);
  driver.must(UnblockSeats{"ops", {driver.seat("A-4-1")}});
  CHECK(driver.engine.status().seats.blocked == 40);
  driver.must(BlockSeats{"ops", {driver.seat("A-4-2")}, BlockReason::kSponsor, ""});
  driver.check();
  driver.must(SetZoneOpen{"ops", ZoneIndex{0}, true, ""});
  CHECK(driver.engine.status().seats.blocked == 1);
  CHECK(driver.refusal(SetZoneOpen{"ops", ZoneIndex{9}, true, ""}) == Rejection::kUnknownZone);
  driver.check();
}

TEST_CASE("seats change their price category before the draw, and never after") {
  Driver driver;
  const MoveCategory move{
      "ops", {driver.seat("A-1-1"), driver.seat("A-1-2")}, CategoryIndex{1}, "obstructed"};
  driver.must(move);
  CHECK(driver.engine.seat_category(driver.seat("A-1-1")) == CategoryIndex{1});
  CHECK(driver.effects.moved.size() == 2);
  driver.check();
  const FanId fan = driver.shoppers(1)[0];
  CHECK(driver.hold(fan, {"A-1-1", "A-1-2"}).total == Amount{900'000});
  PlaceBestHold by_category{fan, {}, false, {}, CategoryIndex{1}, 1, Together::kAny};
  driver.must(by_category);
  CHECK(driver.refusal(move) == Rejection::kCategoryFixed);
  driver.check();
}

TEST_CASE("who holds seats again and again without buying waits longer each time") {
  Driver driver;
  driver.rules.shopping = seconds(80'000);
  driver.admit(10);
  const FanId fan = driver.shoppers(1)[0];
  std::vector<Duration> waits;
  for (int round = 0; round < 8; ++round) {
    Reply reply = driver.send(driver.picking(fan, {"A-1-1"}));
    if (reply.rejection == Rejection::kHoldTooSoon) {
      waits.push_back(std::get<RetryView>(reply.body).after);
      CHECK(driver.refusal(best(fan, 1, Together::kAny)) == Rejection::kHoldTooSoon);
      driver.pass(waits.back());
      reply = driver.send(driver.picking(fan, {"A-1-1"}));
    }
    REQUIRE(reply.rejection == Rejection::kNone);
    driver.pass(seconds(300));
  }
  CHECK(waits == std::vector<Duration>{seconds(150), seconds(300), seconds(450)});
  driver.check();
}

TEST_CASE("a choice that is changed at once costs nothing") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  for (int n = 0; n < 150; ++n) {
    const OrderView order = driver.hold(fan, {"A-1-1"});
    driver.pass(seconds(1));
    driver.must(ReleaseOrder{fan, order.id});
  }
  driver.hold(fan, {"A-1-1"});
}

TEST_CASE("an order has its own bound of seats, and seats elsewhere count") {
  SmallRound round;
  round.max_seats_per_order = 2;
  Driver driver(round);
  JoinQueue join;
  join.entry = bytes_of(99);
  join.subject = bytes_of(7);
  join.seats_elsewhere = 3;
  const FanId fan = std::get<JoinedView>(driver.must(join).body).fan;
  join.seats_elsewhere = 1;
  driver.must(join);  // An older pass takes nothing back.
  const auto fans = driver.shoppers(1);
  driver.must(EnterShop{fan});
  CHECK(driver.refusal(driver.picking(fans[0], {"A-1-1", "A-1-2", "A-1-3"})) ==
        Rejection::kLimitReached);
  driver.hold(fans[0], {"A-1-1", "A-1-2"});
  CHECK(driver.refusal(driver.picking(fan, {"A-2-1", "A-2-2"})) == Rejection::kLimitReached);
  driver.hold(fan, {"A-2-1"});
  driver.check();
}
