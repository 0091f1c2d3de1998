#include "engine/driver.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

/// One fan with one order, brought into a state.
struct Paying {
  explicit Paying(const SmallRound& round = {}) : driver(round) {
    fans = driver.shoppers(3);
    fan = fans[0];
    order = driver.hold(fan, {"A-1-1", "A-1-2"});
  }
  void bring_to(OrderState state) {
    switch (state) {
      case OrderState::kHeld:
        break;
      case OrderState::kPaying:
        driver.start_paying(fan, order.id);
        break;
      case OrderState::kPaid:
        driver.pay(fan, order.id);
        break;
      case OrderState::kReleased:
        driver.must(ReleaseOrder{fan, order.id});
        break;
      case OrderState::kExpired:
        driver.pass(seconds(300));
        break;
      case OrderState::kRefunding:
        driver.pay(fan, order.id);
        driver.must(RefundOrder{"ops", order.id, "x"});
        break;
      case OrderState::kRefunded:
        driver.pay(fan, order.id);
        driver.must(RefundOrder{"ops", order.id, "x"});
        driver.must(RecordRefund{order.id, "r"});
        break;
    }
    REQUIRE(driver.state(order.id) == state);
  }
  Rejection success(std::uint32_t attempt) {
    return driver.refusal(RecordPaymentSuccess{order.id, attempt, order.total, "ref"});
  }
  Rejection failure(std::uint32_t attempt) {
    return driver.refusal(RecordPaymentFailure{order.id, attempt, PaymentFailure::kDeclined});
  }
  /// Declined once, then expired, so that attempt 1 may still turn out to have been captured.
  void expire_after_attempt(bool accept_alternative = false) {
    StartPayment start{fan, order.id, {}, PaymentMethod::kCard, accept_alternative};
    driver.must(start);
    REQUIRE(failure(1) == Rejection::kNone);
    driver.pass(seconds(300));
    REQUIRE(driver.state(order.id) == OrderState::kExpired);
  }

  Driver driver;
  std::vector<FanId> fans;
  FanId fan;
  OrderView order;
};

}  // namespace

TEST_CASE("what may be done with an order in each state") {
  using S = OrderState;
  using R = Rejection;
  struct Line {
    S from;
    R release, pay, give_back, refund, refunded;
    R failed;
  };
  const Line table[] = {
      {S::kHeld, R::kNone, R::kNone, R::kOrderNotPaid, R::kOrderNotPaid, R::kPaymentUnknown,
       R::kPaymentUnknown},
      {S::kPaying, R::kOrderNotHeld, R::kOrderNotPayable, R::kOrderNotPaid, R::kOrderNotPaid,
       R::kPaymentUnknown, R::kNone},
      {S::kPaid, R::kOrderNotHeld, R::kOrderNotPayable, R::kNone, R::kNone, R::kPaymentUnknown,
       R::kPaymentUnknown},
      {S::kReleased, R::kOrderNotHeld, R::kOrderNotPayable, R::kOrderNotPaid, R::kOrderNotPaid,
       R::kPaymentUnknown, R::kPaymentUnknown},
      {S::kExpired, R::kOrderNotHeld, R::kOrderNotPayable, R::kOrderNotPaid, R::kOrderNotPaid,
       R::kPaymentUnknown, R::kPaymentUnknown},
      {S::kRefunding, R::kOrderNotHeld, R::kOrderNotPayable, R::kOrderNotPaid, R::kOrderNotPaid,
       R::kNone, R::kPaymentUnknown},
      {S::kRefunded, R::kOrderNotHeld, R::kOrderNotPayable, R::kOrderNotPaid, R::kOrderNotPaid,
       R::kPaymentUnknown, R::kPaymentUnknown},
  };
  for (const Line& line : table) {
    const auto tried = [&](auto&& command_of) {
      Paying test;
      test.bring_to(line.from);
      const Rejection rejection = test.driver.refusal(command_of(test));
      test.driver.check();
      return rejection;
    };
    INFO("from state " << static_cast<int>(line.from));
    CHECK(tried([](Paying& t) { return ReleaseOrder{t.fan, t.order.id}; }) == line.release);
    CHECK(tried([](Paying& t) { return StartPayment{t.fan, t.order.id, {}}; }) == line.pay);
    CHECK(tried([](Paying& t) { return ReturnOrder{t.fan, t.order.id, {}}; }) == line.give_back);
    CHECK(tried([](Paying& t) { return RefundOrder{"ops", t.order.id, ""}; }) == line.refund);
    CHECK(tried([](Paying& t) { return RecordRefund{t.order.id, "r"}; }) == line.refunded);
    CHECK(tried([](Paying& t) {
            return RecordPaymentFailure{t.order.id, 1, PaymentFailure::kDeclined};
          }) == line.failed);
  }
}

TEST_CASE("paying gives a new deadline and asks for the charge once") {
  Paying test;
  test.driver.pass(seconds(250));
  const OrderView paying = test.driver.start_paying(test.fan, test.order.id);
  CHECK(paying.state == OrderState::kPaying);
  CHECK(paying.held_until == test.driver.now + seconds(300));
  CHECK(paying.payment.state == PaymentState::kPending);
  const auto wanted = test.driver.told<ChargeWanted>();
  REQUIRE(wanted.size() == 1);
  CHECK(wanted[0].attempt == 1);
  CHECK(wanted[0].amount == test.order.total);
  test.driver.check();
}

TEST_CASE("a captured payment makes the order paid, once") {
  Paying test;
  test.bring_to(OrderState::kPaying);
  CHECK(test.success(1) == Rejection::kNone);
  CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  CHECK(test.driver.engine.status().revenue == test.order.total);
  CHECK(test.driver.engine.status().seats.sold == 2);
  const auto events = test.driver.events.size();
  CHECK(test.success(1) == Rejection::kNone);
  CHECK(test.driver.events.size() == events);
  CHECK(test.driver.told<RefundWanted>().empty());
  test.driver.pass(seconds(10'000));
  CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  test.driver.check();
}

TEST_CASE("an outcome that nobody awaits changes nothing") {
  Paying test;
  test.bring_to(OrderState::kPaying);
  CHECK(test.success(0) == Rejection::kPaymentUnknown);
  CHECK(test.success(2) == Rejection::kPaymentUnknown);
  CHECK(test.failure(2) == Rejection::kPaymentUnknown);
  Driver& driver = test.driver;
  CHECK(driver.refusal(RecordPaymentSuccess{test.order.id, 1, Amount{1}, ""}) ==
        Rejection::kPaymentUnknown);
  CHECK(driver.refusal(RecordPaymentSuccess{OrderId{50}, 1, Amount{1}, ""}) ==
        Rejection::kPaymentUnknown);
  CHECK(driver.refusal(RecordPaymentFailure{OrderId{50}, 1}) == Rejection::kPaymentUnknown);
  CHECK(driver.refusal(RecordPaymentAction{test.order.id, 2, "{}"}) == Rejection::kPaymentUnknown);
  CHECK(driver.refusal(RecordPaymentAction{OrderId{50}, 1, "{}"}) == Rejection::kPaymentUnknown);
  CHECK(driver.refusal(RecordRefund{OrderId{50}, ""}) == Rejection::kPaymentUnknown);
  CHECK(driver.state(test.order.id) == OrderState::kPaying);
  driver.check();
}

TEST_CASE("a decline leads back to held with what is left of the time, at least a minute") {
  const auto left_after = [](Duration waited) {
    Paying test;
    test.bring_to(OrderState::kPaying);
    test.driver.pass(waited);
    CHECK(test.failure(1) == Rejection::kNone);
    const OrderView order = test.driver.engine.order(test.order.id);
    CHECK(order.state == OrderState::kHeld);
    CHECK(order.payment.state == PaymentState::kFailed);
    CHECK(order.payment.failure == PaymentFailure::kDeclined);
    test.driver.check();
    const Duration left = order.held_until - test.driver.now;
    test.driver.pass(left - microseconds(1));
    CHECK(test.driver.state(test.order.id) == OrderState::kHeld);
    test.driver.pass(microseconds(1));
    CHECK(test.driver.state(test.order.id) == OrderState::kExpired);
    return left;
  };
  CHECK(left_after(seconds(10)) == seconds(290));
  CHECK(left_after(seconds(299)) == seconds(60));
}

TEST_CASE("after a decline the fan can pay again, with another attempt") {
  Paying test;
  test.bring_to(OrderState::kPaying);
  test.failure(1);
  const OrderView again = test.driver.start_paying(test.fan, test.order.id);
  CHECK(again.payment.attempt == 2);
  CHECK(test.failure(1) == Rejection::kPaymentUnknown);
  CHECK(test.success(2) == Rejection::kNone);
  CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  test.driver.check();
}

TEST_CASE("an action is shown until the payment is decided") {
  Paying test;
  test.bring_to(OrderState::kPaying);
  test.driver.must(RecordPaymentAction{test.order.id, 1, R"({"type":"qr"})"});
  CHECK(test.driver.engine.order(test.order.id).payment.action == R"({"type":"qr"})");
  CHECK(test.driver.engine.order(test.order.id).payment.state == PaymentState::kAction);
  test.driver.check();
  test.success(1);
  CHECK(test.driver.engine.order(test.order.id).payment.action.empty());
  test.driver.check();
}

TEST_CASE("time that runs out cancels at the gateway before the seats are free") {
  Paying test;
  test.bring_to(OrderState::kPaying);
  test.driver.pass(seconds(300));
  CHECK(test.driver.state(test.order.id) == OrderState::kPaying);
  CHECK(test.driver.engine.seat_state(test.order.seats[0]) == Engine::SeatState::kHeld);
  REQUIRE(test.driver.told<CancelWanted>().size() == 1);
  const auto unsettled = test.driver.engine.unsettled_orders();
  REQUIRE(unsettled.size() == 1);
  CHECK(unsettled[0].cancel_wanted);
  test.driver.check();
  SECTION("cancelled: expired, and the seats are free") {
    test.failure(1);
    CHECK(test.driver.state(test.order.id) == OrderState::kExpired);
    CHECK(test.driver.engine.seat_state(test.order.seats[0]) == Engine::SeatState::kFree);
  }
  SECTION("captured after all: paid") {
    test.success(1);
    CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  }
  test.driver.check();
}

TEST_CASE("late money finds the same seats where they are free") {
  Paying test;
  test.expire_after_attempt();
  CHECK(test.success(1) == Rejection::kNone);
  CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  CHECK(test.driver.engine.seat_order(test.order.seats[0]) == test.order.id);
  test.driver.check();
}

TEST_CASE("late money for seats that are gone goes back, or buys as good ones where agreed") {
  for (const bool agreed : {false, true}) {
    Paying test;
    test.expire_after_attempt(agreed);
    test.driver.hold(test.fans[1], {"A-1-1", "A-1-2"});
    CHECK(test.success(1) == Rejection::kNone);
    const OrderView order = test.driver.engine.order(test.order.id);
    if (agreed) {
      CHECK(order.state == OrderState::kPaid);
      CHECK(order.total == test.order.total);
      CHECK(order.seats.size() == 2);
      CHECK(order.seats != test.order.seats);
      CHECK(test.driver.engine.seat_order(order.seats[0]) == order.id);
    } else {
      CHECK(order.state == OrderState::kRefunding);
      const auto refunds = test.driver.told<RefundWanted>();
      REQUIRE(refunds.size() == 1);
      CHECK(refunds[0].attempt == 1);
    }
    test.driver.check();
  }
}

TEST_CASE("late money does not take a fan past their limit") {
  Paying test;
  test.expire_after_attempt(true);
  test.driver.hold_standing(test.fan, 1, 3);
  CHECK(test.success(1) == Rejection::kNone);
  CHECK(test.driver.state(test.order.id) == OrderState::kRefunding);
  test.driver.check();
}

TEST_CASE("late money of a banned fan goes back") {
  Paying test;
  test.bring_to(OrderState::kPaying);
  test.failure(1);
  test.driver.must(BanFan{"ops", test.fan, "x"});
  CHECK(test.driver.state(test.order.id) == OrderState::kReleased);
  CHECK(test.success(1) == Rejection::kNone);
  CHECK(test.driver.state(test.order.id) == OrderState::kRefunding);
  test.driver.check();
}

TEST_CASE("a second capture goes back without touching the order") {
  Paying test;
  test.bring_to(OrderState::kPaying);
  test.failure(1);
  test.driver.start_paying(test.fan, test.order.id);
  SECTION("while the other attempt is open") {
    CHECK(test.success(1) == Rejection::kNone);
    CHECK(test.driver.state(test.order.id) == OrderState::kPaying);
    CHECK(test.success(2) == Rejection::kNone);
  }
  SECTION("after the other attempt has paid") {
    CHECK(test.success(2) == Rejection::kNone);
    CHECK(test.success(1) == Rejection::kNone);
  }
  CHECK(test.success(1) == Rejection::kNone);
  CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  const auto refunds = test.driver.told<RefundWanted>();
  REQUIRE(refunds.size() == 1);
  CHECK(refunds[0].attempt == 1);
  CHECK(test.driver.engine.unsettled_orders().size() == 1);
  test.driver.check();
  test.driver.must(RecordRefund{test.order.id, "r"});
  CHECK(test.driver.engine.unsettled_orders().empty());
  CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  CHECK(test.driver.refusal(RecordRefund{test.order.id, "r"}) == Rejection::kPaymentUnknown);
  test.driver.check();
}

TEST_CASE("money that was said to be declined but arrives while seats are held pays for them") {
  Paying test;
  test.bring_to(OrderState::kPaying);
  test.failure(1);
  CHECK(test.success(1) == Rejection::kNone);
  CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  test.driver.check();
}

TEST_CASE("a returned order gives up its seats and codes at once") {
  Paying test;
  test.bring_to(OrderState::kPaid);
  const auto reply = test.driver.must(ReturnOrder{test.fan, test.order.id, {}});
  const auto order = std::get<OrderView>(reply.body);
  CHECK(order.state == OrderState::kRefunding);
  CHECK(order.tickets_void);
  CHECK(test.driver.engine.seat_state(test.order.seats[0]) == Engine::SeatState::kFree);
  CHECK(test.driver.engine.status().revenue == Amount{0});
  REQUIRE(test.driver.told<RefundWanted>().size() == 1);
  CHECK(test.driver.told<RefundWanted>()[0].amount == test.order.total);
  test.driver.check();
  test.driver.must(RecordRefund{test.order.id, "r"});
  CHECK(test.driver.state(test.order.id) == OrderState::kRefunded);
  test.driver.check();
}

TEST_CASE("nothing is returned after the time for returns") {
  SmallRound round;
  round.returns_until_after = seconds(120);
  Paying test(round);
  test.bring_to(OrderState::kPaid);
  test.driver.pass(seconds(60));
  CHECK(test.driver.refusal(ReturnOrder{test.fan, test.order.id, {}}) == Rejection::kReturnClosed);
  CHECK(test.driver.refusal(ReturnOrder{test.fans[1], test.order.id, {}}) == Rejection::kNotFound);
  CHECK(test.driver.refusal(RefundOrder{"ops", OrderId{50}, ""}) == Rejection::kNotFound);
  test.driver.must(RefundOrder{"ops", test.order.id, ""});
}

TEST_CASE("paying goes on while the round is paused and after it has closed") {
  Paying test;
  test.driver.must(SetPhase{"ops", RequestedPhase::kPaused});
  test.driver.start_paying(test.fan, test.order.id);
  test.failure(1);
  test.driver.must(SetPhase{"ops", RequestedPhase::kClosed});
  test.driver.pay(test.fan, test.order.id);
  CHECK(test.driver.state(test.order.id) == OrderState::kPaid);
  test.driver.check();
}

TEST_CASE("a payment's key repeats its answer") {
  Paying test;
  const Idempotency key{bytes_of(1, 9), 1};
  test.driver.must(StartPayment{test.fan, test.order.id, key});
  const Reply again = test.driver.must(StartPayment{test.fan, test.order.id, key});
  CHECK(again.repeated);
  CHECK(test.driver.told<ChargeWanted>().size() == 1);
  test.success(1);
  const Idempotency other{bytes_of(2, 9), 1};
  test.driver.must(ReturnOrder{test.fan, test.order.id, other});
  CHECK(test.driver.must(ReturnOrder{test.fan, test.order.id, other}).repeated);
  CHECK(test.driver.told<RefundWanted>().size() == 1);
}
