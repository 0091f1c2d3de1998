#include "engine/driver.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

Idempotency key(std::uint64_t number, std::uint64_t request = 1) {
  return {bytes_of(number, 3), request};
}

}  // namespace

TEST_CASE("a hold takes all its seats and costs what they cost") {
  Driver driver;
  const auto fans = driver.shoppers(1);
  const OrderView order = driver.hold(fans[0], {"A-1-1", "A-1-2", "S-1-1"});
  CHECK(order.state == OrderState::kHeld);
  CHECK(order.total == Amount{2 * 680'000 + 300'000});
  CHECK(order.held_until == driver.now + seconds(300));
  CHECK(driver.engine.seat_order(driver.seat("A-1-2")) == order.id);
  CHECK(driver.engine.status().seats.held == 3);
  CHECK(driver.engine.status().seats.free == 84 - 3);
  driver.check();
}

TEST_CASE("one seat that is taken refuses the whole hold and names it") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  driver.hold(fans[0], {"A-1-1", "A-1-2"});
  const StateHash before = driver.engine.state_hash();
  const Reply reply = driver.send(driver.picking(fans[1], {"A-1-2", "A-1-3", "A-1-4"}));
  CHECK(reply.rejection == Rejection::kSeatsUnavailable);
  CHECK(std::get<ConflictView>(reply.body).seats == std::vector{driver.seat("A-1-2")});
  CHECK(driver.effects.words.empty());
  CHECK(driver.effects.events.empty());
  CHECK(driver.engine.status().seats.held == 2);
  CHECK_FALSE(before == driver.engine.state_hash());  // The sequence number is part of it.
  driver.check();
}

TEST_CASE("a seat named twice in one hold is refused") {
  Driver driver;
  const auto fans = driver.shoppers(1);
  CHECK(driver.refusal(driver.picking(fans[0], {"A-1-1", "A-1-1"})) ==
        Rejection::kSeatsUnavailable);
  driver.check();
}

TEST_CASE("a hold expires at its deadline, not before, and its seats are free") {
  Driver driver;
  const auto fans = driver.shoppers(1);
  const OrderView order = driver.hold(fans[0], {"A-1-1", "A-1-2"});
  driver.pass(seconds(300) - microseconds(1));
  CHECK(driver.state(order.id) == OrderState::kHeld);
  driver.pass(microseconds(1));
  CHECK(driver.state(order.id) == OrderState::kExpired);
  CHECK(driver.engine.order(order.id).seats.size() == 2);
  CHECK(driver.engine.seat_state(driver.seat("A-1-1")) == Engine::SeatState::kFree);
  CHECK(driver.engine.order(order.id).held_until == Instant{});
  driver.check();
}

TEST_CASE("a released order frees its seats at once") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  const OrderView order = driver.hold(fans[0], {"A-1-1", "A-1-2"});
  driver.must(ReleaseOrder{fans[0], order.id});
  CHECK(driver.state(order.id) == OrderState::kReleased);
  driver.hold(fans[1], {"A-1-1", "A-1-2"});
  CHECK(driver.refusal(ReleaseOrder{fans[0], order.id}) == Rejection::kOrderNotHeld);
  CHECK(driver.refusal(ReleaseOrder{fans[1], order.id}) == Rejection::kNotFound);
  CHECK(driver.refusal(ReleaseOrder{fans[0], OrderId{77}}) == Rejection::kNotFound);
  driver.check();
}

TEST_CASE("what is wrong with a hold is told in the order of the contract") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  const FanId fan = fans[0];
  driver.must([&] {
    auto command = driver.picking(fan, {"A-1-1", "A-1-2"});
    command.idempotency = key(1);
    return command;
  }());
  PlaceHold bad;  // Wrong in every way that a hold can be wrong in.
  bad.fan = fan;
  bad.seats.assign(9, SeatIndex::none());

  driver.must(BanFan{"ops", fan, "x"});
  CHECK(driver.refusal(bad) == Rejection::kBanned);
  driver.must(UnbanFan{"ops", fan, "x"});

  bad.idempotency = key(1, 99);
  CHECK(driver.refusal(bad) == Rejection::kIdempotencyKeyReused);
  bad.idempotency = key(2);
  driver.must(SetPhase{"ops", RequestedPhase::kPaused});
  CHECK(driver.refusal(bad) == Rejection::kRoundPaused);
  driver.must(SetPhase{"ops", RequestedPhase::kOnSale});
  // The ban ended the turn.
  CHECK(driver.refusal(bad) == Rejection::kNotShopping);
  bad.fan = fans[1];
  CHECK(driver.refusal(bad) == Rejection::kUnknownSeat);
  bad.seats.assign(9, driver.seat("A-1-1"));
  CHECK(driver.refusal(bad) == Rejection::kLimitReached);
  driver.hold(fans[1], {"A-2-1", "A-2-2"});
  bad.seats.assign(1, driver.seat("A-2-1"));
  CHECK(driver.refusal(bad) == Rejection::kSeatsUnavailable);
  driver.must(SetPhase{"ops", RequestedPhase::kClosed});
  CHECK(driver.refusal(bad) == Rejection::kRoundClosed);
  bad.fan = FanId{99};
  CHECK(driver.refusal(bad) == Rejection::kNotFound);
  driver.check();
}

TEST_CASE("seats held and owned count against a fan's limit, and so do open orders") {
  SmallRound round;
  round.max_open_orders_per_fan = 2;
  Driver driver(round);
  const FanId fan = driver.shoppers(1)[0];
  const OrderView first = driver.hold_standing(fan, 1);
  const OrderView second = driver.hold_standing(fan, 2);
  CHECK(driver.refusal(driver.picking(fan, {"S-1-3"})) == Rejection::kLimitReached);
  driver.pay(fan, first.id);
  driver.hold_standing(fan, 3, 2);
  CHECK(driver.refusal(driver.picking(fan, {"S-1-9"})) == Rejection::kLimitReached);
  driver.must(ReleaseOrder{fan, second.id});
  CHECK(driver.refusal(driver.picking(fan, {"S-1-9", "S-1-10"})) == Rejection::kLimitReached);
  driver.hold_standing(fan, 9);
  driver.check();
}

TEST_CASE("the same key and request give the same order as it is now") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  auto command = driver.picking(fan, {"A-1-1", "A-1-2"});
  command.idempotency = key(5);
  const auto first = std::get<OrderView>(driver.must(command).body);
  driver.must(ReleaseOrder{fan, first.id});
  const Reply again = driver.must(command);
  CHECK(again.repeated);
  CHECK(std::get<OrderView>(again.body).id == first.id);
  CHECK(std::get<OrderView>(again.body).state == OrderState::kReleased);
  CHECK(driver.engine.order_count() == 1);
  command.idempotency.request = 2;
  CHECK(driver.refusal(command) == Rejection::kIdempotencyKeyReused);
}

TEST_CASE("a refused command does not use its key up") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  const OrderView other = driver.hold(fans[1], {"A-1-1", "A-1-2"});
  auto command = driver.picking(fans[0], {"A-1-1", "A-1-2"});
  command.idempotency = key(5);
  CHECK(driver.refusal(command) == Rejection::kSeatsUnavailable);
  driver.must(ReleaseOrder{fans[1], other.id});
  CHECK_FALSE(driver.must(command).repeated);
}

TEST_CASE("the last 64 keys of a fan are remembered, and one fan's key is not another's") {
  SmallRound round;
  round.closes_after = seconds(100'000);
  Driver driver(round);
  driver.rules.shopping = seconds(90'000);
  driver.admit(10);
  const auto fans = driver.shoppers(2);
  const auto hold_and_release = [&](FanId fan, std::uint64_t number) {
    auto command = driver.picking(fan, {"S-1-1"});
    command.idempotency = key(number);
    const Reply reply = driver.must(command);
    if (!reply.repeated) driver.must(ReleaseOrder{fan, std::get<OrderView>(reply.body).id});
    return reply.repeated;
  };
  for (std::uint64_t n = 0; n < 70; ++n) CHECK_FALSE(hold_and_release(fans[0], n));
  driver.check();
  for (std::uint64_t n = 6; n < 70; ++n) CHECK(hold_and_release(fans[0], n));
  CHECK_FALSE(hold_and_release(fans[0], 5));
  CHECK_FALSE(hold_and_release(fans[1], 69));
  driver.check();
}

TEST_CASE("orders that are still alive are listed before those that ended") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  const OrderView first = driver.hold_standing(fans[0], 1);
  const OrderView second = driver.hold_standing(fans[0], 2);
  driver.must(ReleaseOrder{fans[0], second.id});
  const OrderView third = driver.hold_standing(fans[0], 3);
  const Reply reply = driver.engine.answer(ListOrders{fans[0]});
  std::vector<OrderId> ids;
  for (const OrderView& order : std::get<OrderListView>(reply.body).orders) ids.push_back(order.id);
  CHECK(ids == std::vector{third.id, first.id, second.id});
  CHECK(driver.engine.answer(GetOrder{fans[1], first.id}).rejection == Rejection::kNotFound);
  CHECK(driver.engine.answer(GetOrder{FanId::none(), first.id}).rejection == Rejection::kNone);
  CHECK(driver.engine.answer(ListOrders{FanId{99}}).rejection == Rejection::kNotFound);

  FindOrders by_seat;
  by_seat.seat = driver.seat("S-1-2");
  const auto found = std::get<OrderListView>(driver.engine.answer(by_seat).body).orders;
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == second.id);
  FindOrders held;
  held.fan = fans[0];
  held.state = static_cast<std::uint8_t>(OrderState::kHeld);
  CHECK(std::get<OrderListView>(driver.engine.answer(held).body).orders.size() == 2);
}

TEST_CASE("deadlines stand still while the round is paused and while the server is down") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  const OrderView order = driver.hold_standing(fan, 1);
  driver.pass(seconds(100));
  driver.must(SetPhase{"ops", RequestedPhase::kPaused});
  driver.pass(seconds(1'000));
  CHECK(driver.state(order.id) == OrderState::kHeld);
  CHECK(driver.engine.order(order.id).held_until == driver.engine.time() + seconds(200));
  CHECK(driver.refusal(driver.picking(fan, {"S-1-2"})) == Rejection::kRoundPaused);
  driver.must(SetPhase{"ops", RequestedPhase::kOnSale});
  driver.pass(seconds(100));
  driver.now = driver.now + seconds(3'000);
  driver.must(Resume{seconds(3'000)});
  CHECK(driver.engine.order(order.id).held_until == driver.now + seconds(100));
  driver.pass(seconds(99));
  CHECK(driver.state(order.id) == OrderState::kHeld);
  driver.pass(seconds(1));
  CHECK(driver.state(order.id) == OrderState::kExpired);
  driver.check();
}

TEST_CASE("a restart during a pause does not count its gap twice") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  const OrderView order = driver.hold_standing(fan, 1);
  driver.must(SetPhase{"ops", RequestedPhase::kPaused});
  driver.now = driver.now + seconds(500);
  driver.must(Resume{seconds(500)});
  driver.must(SetPhase{"ops", RequestedPhase::kOnSale});
  CHECK(driver.engine.order(order.id).held_until == driver.now + seconds(300));
  driver.must(Resume{seconds(1'000'000)});
  CHECK(driver.engine.order(order.id).held_until == driver.now + seconds(300));
}

TEST_CASE("events and changed words tell of each change") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  const OrderView order = driver.hold(fan, {"A-1-1", "A-1-2"});
  REQUIRE(driver.effects.words.size() == 1);
  CHECK(driver.effects.words[0].sequence == driver.sequence);
  CHECK(driver.engine.free_word(driver.effects.words[0].word) == 0b1111111100);
  REQUIRE(driver.effects.events.size() == 1);
  CHECK(std::get<OrderChanged>(driver.effects.events[0]).order.id == order.id);
  driver.must(ReleaseOrder{fan, order.id});
  CHECK(driver.effects.words.size() == 1);
  CHECK(std::get<OrderChanged>(driver.effects.events.back()).order.state == OrderState::kReleased);
}

TEST_CASE("a second OpenRound and acts that are not due are refused") {
  Driver driver;
  CHECK(driver.refusal(OpenRound{}) == Rejection::kAlreadyOpen);
  driver.settle();
  CHECK(driver.refusal(Tick{}) == Rejection::kNotDue);
  CHECK(driver.refusal(CloseLobby{}) == Rejection::kNotDue);
  CHECK(driver.refusal(DrawLine{}) == Rejection::kNotDue);
  CHECK(driver.refusal(CloseLateWindow{}) == Rejection::kNotDue);
}
