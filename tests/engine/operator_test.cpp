#include "engine/driver.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

BlockSeats blocking(const Driver& driver, const std::vector<std::string>& ids) {
  BlockSeats command{"ops", {}};
  for (const auto& id : ids) command.seats.push_back(driver.seat(id));
  return command;
}

SetSchedule schedule(Duration opens, Duration draw, Duration closes) {
  return {"ops", after_start(opens), after_start(draw), after_start(closes)};
}

}  // namespace

TEST_CASE("a block of a held or sold seat is refused whole") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  driver.hold(fan, {"A-1-1", "A-1-2"});
  const Reply reply = driver.send(blocking(driver, {"A-1-2", "A-1-5"}));
  CHECK(reply.rejection == Rejection::kSeatsUnavailable);
  CHECK(std::get<ConflictView>(reply.body).seats == std::vector{driver.seat("A-1-2")});
  CHECK(driver.engine.status().seats.blocked == 0);
  driver.must(blocking(driver, {"A-1-5", "A-1-6", "A-1-5"}));
  driver.must(blocking(driver, {"A-1-5"}));
  CHECK(driver.engine.status().seats.blocked == 2);
  CHECK(driver.refusal(driver.picking(fan, {"A-1-5"})) == Rejection::kSeatsUnavailable);
  UnblockSeats unblock{"ops", {driver.seat("A-1-5"), driver.seat("A-1-7")}};
  CHECK(driver.refusal(unblock) == Rejection::kSeatInOtherState);
  unblock.seats.pop_back();
  driver.must(unblock);
  CHECK(driver.engine.status().seats.blocked == 1);
  CHECK(driver.refusal(BlockSeats{"ops", {SeatIndex{84}}}) == Rejection::kUnknownSeat);
  CHECK(driver.refusal(UnblockSeats{"ops", {SeatIndex::none()}}) == Rejection::kUnknownSeat);
  driver.check();
}

TEST_CASE("the phase changes only where it can") {
  Driver driver;
  CHECK(driver.refusal(SetPhase{"ops", RequestedPhase::kOnSale}) == Rejection::kPhaseRefused);
  driver.must(SetPhase{"ops", RequestedPhase::kPaused});
  CHECK(driver.engine.status().phase == Phase::kPaused);
  driver.must(SetPhase{"ops", RequestedPhase::kPaused});
  driver.must(SetPhase{"ops", RequestedPhase::kOnSale});
  CHECK(driver.engine.status().phase == Phase::kLobby);
  driver.must(SetPhase{"ops", RequestedPhase::kPaused});
  driver.must(SetPhase{"ops", RequestedPhase::kClosed});
  CHECK(driver.engine.status().phase == Phase::kClosed);
  CHECK(driver.engine.status().paused_at == Instant{});
  CHECK(driver.refusal(SetPhase{"ops", RequestedPhase::kOnSale}) == Rejection::kPhaseRefused);
  CHECK(driver.refusal(SetPhase{"ops", RequestedPhase::kPaused}) == Rejection::kPhaseRefused);
  driver.must(SetPhase{"ops", RequestedPhase::kClosed});
}

TEST_CASE("a round is sold out when nothing is free or still undecided") {
  SmallRound round;
  round.rows_of_a = round.rows_of_b = 0;
  round.places_of_s = 4;
  Driver driver(round);
  const FanId fan = driver.shoppers(1)[0];
  CHECK(driver.engine.status().phase == Phase::kOnSale);
  const OrderView order = driver.hold_standing(fan, 1, 4);
  CHECK(driver.engine.status().phase == Phase::kOnSale);
  driver.pay(fan, order.id);
  CHECK(driver.engine.status().phase == Phase::kSoldOut);
  driver.must(RefundOrder{"ops", order.id, "x"});
  CHECK(driver.engine.status().phase == Phase::kOnSale);
}

TEST_CASE("the schedule moves later only, and before the draw only") {
  Driver driver;
  CHECK(driver.refusal(schedule(seconds(0), seconds(59), seconds(7'200))) ==
        Rejection::kScheduleRefused);
  CHECK(driver.refusal(schedule(seconds(5), seconds(80), seconds(7'200))) ==
        Rejection::kScheduleRefused);  // The lobby is open already.
  CHECK(driver.refusal(schedule(seconds(0), seconds(8'000), seconds(7'200))) ==
        Rejection::kScheduleRefused);
  driver.must(schedule(seconds(0), seconds(90), seconds(8'000)));
  driver.join();
  driver.pass(seconds(89));
  CHECK_FALSE(driver.engine.status().drawn);
  driver.pass(seconds(1));
  CHECK(driver.engine.status().drawn);
  CHECK(driver.refusal(schedule(seconds(0), seconds(200), seconds(8'000))) ==
        Rejection::kScheduleRefused);
}

TEST_CASE("a ban releases what is held, keeps what is paid and cancels what is being paid") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  const OrderView held = driver.hold_standing(fan, 1);
  const OrderView paying = driver.hold_standing(fan, 2);
  const OrderView paid = driver.hold_standing(fan, 3);
  driver.pay(fan, paid.id);
  driver.start_paying(fan, paying.id);
  driver.must(BanFan{"ops", fan, "x"});
  driver.must(BanFan{"ops", fan, "x"});
  CHECK(driver.state(held.id) == OrderState::kReleased);
  CHECK(driver.state(paying.id) == OrderState::kPaying);
  CHECK(driver.state(paid.id) == OrderState::kPaid);
  CHECK(driver.told<CancelWanted>().size() == 1);
  CHECK(driver.engine.fan(fan).state == FanState::kEnded);
  CHECK(driver.engine.fan(fan).banned);
  CHECK(driver.engine.status().banned == 1);
  CHECK(driver.engine.answer(ListOrders{fan}).rejection == Rejection::kNone);
  driver.check();
  SECTION("cancelled") {
    driver.must(RecordPaymentFailure{paying.id, 1, PaymentFailure::kCancelled});
    CHECK(driver.state(paying.id) == OrderState::kReleased);
  }
  SECTION("captured after all") {
    driver.must(RecordPaymentSuccess{paying.id, 1, paying.total, "r"});
    CHECK(driver.state(paying.id) == OrderState::kPaid);
  }
  driver.check();
  CHECK(driver.refusal(BanFan{"ops", FanId{99}, ""}) == Rejection::kNotFound);
  CHECK(driver.refusal(UnbanFan{"ops", FanId{99}, ""}) == Rejection::kNotFound);
}

TEST_CASE("every change of a banned fan is refused") {
  Driver driver;
  const FanId fan = driver.shoppers(1)[0];
  const OrderView paid = driver.hold_standing(fan, 1);
  driver.pay(fan, paid.id);
  driver.must(BanFan{"ops", fan, "x"});
  const Command commands[] = {
      EnterShop{fan},
      LeaveQueue{fan},
      CreateRecovery{fan, bytes_of(1)},
      driver.picking(fan, {"A-1-1"}),
      PlaceBestHold{fan, {}, true, ZoneIndex{0}, CategoryIndex{0}, 1, Together::kAny},
      ReleaseOrder{fan, paid.id},
      StartPayment{fan, paid.id, {}},
      ReturnOrder{fan, paid.id, {}},
      JoinWaitlist{fan, {}, {}, 1, false},
      LeaveWaitlist{fan},
  };
  for (const Command& command : commands) CHECK(driver.refusal(command) == Rejection::kBanned);
  driver.check();
}

TEST_CASE("a fan whose ban is lifted waits where they stood, or last where they were passed") {
  Driver driver;
  driver.admit(1);
  const auto fans = driver.join_many(4);
  driver.draw();
  std::vector<FanId> by_rank(5);
  for (const FanId fan : fans) by_rank[driver.engine.fan(fan).rank] = fan;
  driver.must(BanFan{"ops", by_rank[2], "x"});
  driver.must(BanFan{"ops", by_rank[4], "x"});
  driver.pass(milliseconds(10));
  driver.admit(2);
  driver.pass(seconds(1));
  CHECK(driver.engine.fan(by_rank[3]).state == FanState::kCalled);
  driver.must(UnbanFan{"ops", by_rank[2], "x"});
  driver.must(UnbanFan{"ops", by_rank[4], "x"});
  driver.must(UnbanFan{"ops", by_rank[4], "x"});
  CHECK(driver.engine.fan(by_rank[4]).slot == LineSlot{6});
  CHECK(driver.engine.fan(by_rank[2]).slot > LineSlot{6});
  CHECK(driver.engine.fan(by_rank[2]).state == FanState::kWaiting);
  driver.check();
}

TEST_CASE("a notice is told, and erased data is forgotten") {
  Driver driver;
  driver.must(PostNotice{"ops", {{"en", "Doors at seven"}}});
  REQUIRE(driver.told<NoticePosted>().size() == 1);
  JoinQueue join;
  join.entry = bytes_of(1);
  join.subject = bytes_of(2);
  const FanId fan = std::get<JoinedView>(driver.must(join).body).fan;
  driver.must(CreateRecovery{fan, bytes_of(3)});
  driver.must(ErasePersonalData{"ops", fan});
  CHECK(driver.refusal(RedeemRecovery{bytes_of(3)}) == Rejection::kRecoveryUnknown);
  join.entry = bytes_of(4);
  CHECK(std::get<JoinedView>(driver.must(join).body).created);
  CHECK(driver.refusal(ErasePersonalData{"ops", FanId{99}}) == Rejection::kNotFound);
  driver.check();
}
