// The admission controller's word as the engine takes it, and what it counts for it.
#include "engine/driver.hpp"

using namespace frontrow;
using frontrow::test::Driver;

namespace {

std::uint32_t in(const Driver& driver, FanState state) {
  return driver.engine.status().fans_by_state[static_cast<std::size_t>(state)];
}

}  // namespace

TEST_CASE("a pace slows the calls, and never makes them faster than the rules") {
  Driver driver;
  driver.admit(100, 10);
  driver.join_many(50);
  driver.draw();
  driver.must(SetPace{{0, 0, PaceReason::kGatewayFailing}, "nothing succeeds"});
  const std::uint32_t before = in(driver, FanState::kCalled);
  driver.pass(seconds(10));
  CHECK(in(driver, FanState::kCalled) == before);
  driver.must(SetPace{{2, 0, PaceReason::kGatewayRecovering}, "some succeed"});
  driver.pass(seconds(5));
  CHECK(in(driver, FanState::kCalled) > before);
  CHECK(in(driver, FanState::kCalled) <= before + 11);
  const std::uint32_t slow = in(driver, FanState::kCalled);
  driver.must(SetPace{{1'000, 0, PaceReason::kAsConfigured}, "as the rules say"});
  driver.pass(seconds(1));
  CHECK(in(driver, FanState::kCalled) <= slow + 11);
  CHECK(driver.engine.status().pace.calls_per_second == 1'000);
  driver.check();
}

TEST_CASE("more may be called than there is room for, but no more enter") {
  Driver driver;
  driver.admit(10, 1'000);
  const auto fans = driver.join_many(60);
  driver.must(SetPace{{1'000, 15, PaceReason::kTurnUp}, "two of three come"});
  driver.draw();
  driver.pass(seconds(2));
  CHECK(in(driver, FanState::kCalled) == 15);
  std::uint32_t entered = 0;
  for (const FanId fan : fans) {
    if (driver.engine.fan(fan).state != FanState::kCalled) continue;
    const Rejection refused = driver.refusal(EnterShop{fan});
    if (refused == Rejection::kNone)
      ++entered;
    else
      CHECK(refused == Rejection::kShopFull);
  }
  CHECK(entered == 10);
  CHECK(in(driver, FanState::kShopping) == 10);
  driver.must(SetPace{{1'000, 1'000, PaceReason::kTurnUp}, "hardly anybody comes"});
  driver.pass(seconds(2));
  CHECK(in(driver, FanState::kCalled) + in(driver, FanState::kShopping) == 20);
  driver.check();
}

TEST_CASE("a pinned admission keeps to its own numbers and refuses the controller's") {
  Driver driver;
  driver.admit(5, 10);
  driver.join_many(20);
  driver.must(SetPace{{0, 0, PaceReason::kGatewayFailing}, "nothing succeeds"});
  driver.rules.pinned = true;
  driver.admit(5, 10);
  driver.draw();
  driver.pass(seconds(5));
  CHECK(in(driver, FanState::kCalled) == 5);
  CHECK(driver.refusal(SetPace{{1, 0, PaceReason::kAsConfigured}, ""}) == Rejection::kNotDue);
  driver.check();
}

TEST_CASE("what an operator sets ends the overbooking that was worked out for other rules") {
  Driver driver;
  driver.admit(10, 1'000);
  driver.join_many(60);
  driver.must(SetPace{{1'000, 20, PaceReason::kTurnUp}, "half of them come"});
  driver.admit(12, 1'000);
  driver.draw();
  driver.pass(seconds(2));
  CHECK(in(driver, FanState::kCalled) == 12);
  driver.check();
}

TEST_CASE("calls, turns and payments are counted with the time they took") {
  Driver driver;
  driver.admit(2);
  const auto fans = driver.join_many(3);
  driver.draw();
  driver.pass(seconds(1));
  std::vector<FanId> called;
  for (const FanId fan : fans)
    if (driver.engine.fan(fan).state == FanState::kCalled) called.push_back(fan);
  REQUIRE(called.size() == 2);
  driver.pass(seconds(9));
  driver.must(EnterShop{called[0]});
  driver.pass(seconds(30));
  const OrderView order = driver.hold(called[0], {"A-1-1", "A-1-2"});
  const OrderView paying = driver.start_paying(called[0], order.id);
  driver.pass(seconds(4));
  driver.must(RecordPaymentFailure{order.id, paying.payment.attempt, PaymentFailure::kDeclined});
  const OrderView again = driver.start_paying(called[0], order.id);
  driver.pass(seconds(6));
  driver.must(RecordPaymentSuccess{order.id, again.payment.attempt, order.total, "r"});
  driver.must(LeaveQueue{called[0]});
  driver.pass(seconds(100));  // The other one misses the turn.
  const SaleCounts counts = driver.engine.status().counts;
  CHECK(counts.called >= 3);
  CHECK(counts.entered == 1);
  CHECK(counts.missed >= 1);
  CHECK(counts.entering_microseconds > seconds(8).microseconds);
  CHECK(counts.entering_microseconds < seconds(12).microseconds);
  CHECK(counts.turns_ended == 1);
  CHECK(counts.turn_microseconds == seconds(40).microseconds);
  CHECK(counts.turn_seats == 2);
  CHECK(counts.payments_started == 2);
  CHECK(counts.payments_failed == 1);
  CHECK(counts.payments_succeeded == 1);
  CHECK(counts.payment_microseconds == seconds(6).microseconds);
  CHECK(counts.payments_answered == 2);
  CHECK(counts.payments_unanswered == 0);
}

TEST_CASE("a payment counts once as answered or as not, whatever becomes of it") {
  Driver driver;
  const auto fans = driver.shoppers(4);
  const auto paying = [&](std::size_t fan, const std::string& seat) {
    const OrderView order = driver.hold(fans[fan], {seat});
    driver.start_paying(fans[fan], order.id);
    return order;
  };
  const OrderView captured = paying(0, "A-1-1");
  const OrderView scanned = paying(1, "A-2-1");
  const OrderView refused = paying(2, "A-3-1");
  const OrderView silent = paying(3, "A-4-1");
  const auto counted = [&](std::uint64_t answered, std::uint64_t unanswered) {
    const SaleCounts counts = driver.engine.status().counts;
    CHECK(counts.payments_started == 4);
    CHECK(counts.payments_answered == answered);
    CHECK(counts.payments_unanswered == unanswered);
  };
  counted(0, 0);
  driver.must(RecordPaymentSuccess{captured.id, 1, captured.total, "r"});
  counted(1, 0);
  driver.must(RecordPaymentAction{scanned.id, 1, "{}"});
  counted(2, 0);
  driver.must(RecordPaymentAction{scanned.id, 1, "{}"});
  driver.must(RecordPaymentSuccess{scanned.id, 1, scanned.total, "r"});
  counted(2, 0);
  driver.must(RecordPaymentFailure{refused.id, 1, PaymentFailure::kExpiredCard});
  counted(3, 0);
  driver.must(RecordPaymentFailure{silent.id, 1, PaymentFailure::kGatewayUnavailable});
  counted(3, 1);
  driver.check();
}
