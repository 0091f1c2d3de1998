// The life of a payment: a test for each row of the table in docs/payments.md, by its name.
#include <algorithm>
#include <optional>

#include "payment/payment_world.hpp"

namespace frontrow::payment {
namespace {

/// A fan with a hold of A-1-1, in a round that can end and go on.
struct Life {
  Life() { begin(); }
  void begin() { process.emplace(journal, side, small); }
  /// The process ends here and now, and another one goes on with the journal.
  void die() {
    const Instant now = process->round.now;
    process.reset();
    begin();
    process->round.now = std::max(process->round.now, now);
  }
  test::Driver& round() { return process->round; }

  void hold() {
    fans = round().shoppers(2);
    order = round().hold(fans[0], {"A-1-1"}).id;
    total = process->order(order).total;
  }
  void start(PaymentMethod method = PaymentMethod::kCard) {
    if (fans.empty()) hold();
    round().must(StartPayment{fans[0], order, {}, method, accept_alternative});
  }
  void pay() {
    start();
    process->run_until_done();
    REQUIRE(state() == OrderState::kPaid);
  }
  /// The payment's time runs out and the gateway cancels it.
  void run_out() {
    side.ends = ChargeState::kPending;
    start();
    process->run_until([&] { return side.charges.contains(reference()); });
    process->pass(seconds(301));
    process->run_until_done();
    REQUIRE(state() == OrderState::kExpired);
  }
  /// Then the gateway captures it all the same, and says so.
  void capture_late() {
    side.capture(reference());
    notice();
    process->run_until_done();
  }
  void notice() { process->desk.notice({"evt", reference()}); }

  PaymentReference reference(std::uint32_t attempt = 1) const {
    return make_reference("small-1", {order, attempt});
  }
  OrderState state() const { return process->order(order).state; }
  PaymentView payment() const { return process->order(order).payment; }
  GatewaySide::Charge& charge(std::uint32_t attempt = 1) {
    return side.charges.at(reference(attempt));
  }
  /// Whether the fan was told of the order in this state.
  bool told(OrderState wanted) {
    const auto changes = round().told<OrderChanged>();
    return std::any_of(changes.begin(), changes.end(), [&](const OrderChanged& change) {
      return change.order.id == order && change.order.state == wanted;
    });
  }
  bool seat_is_free(const std::string& seat) {
    return !round().engine.seat_order(round().seat(seat)).exists();
  }

  test::SmallRound small;
  PaymentProcess::Journal journal;
  GatewaySide side;
  std::optional<PaymentProcess> process;
  std::vector<FanId> fans;
  OrderId order;
  Amount total;
  bool accept_alternative = false;
};

}  // namespace

TEST_CASE("life of a payment: success") {
  Life life;
  life.pay();
  CHECK(life.payment().state == PaymentState::kSucceeded);
  CHECK(life.charge().captures == 1);
  CHECK(life.charge().amount == life.total);
  CHECK(life.told(OrderState::kPaid));
  life.round().check();
}

TEST_CASE("life of a payment: decline, the hold goes on") {
  Life life;
  life.side.ends = ChargeState::kFailed;
  life.side.with = PaymentFailure::kInsufficientFunds;
  life.hold();
  life.process->pass(seconds(290));
  life.start();
  life.process->pass(seconds(280));
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kHeld);
  CHECK(life.payment().failure == PaymentFailure::kInsufficientFunds);
  // Twenty seconds were left; sixty are.
  CHECK(life.process->order(life.order).held_until == life.round().now + seconds(60));
  CHECK(life.told(OrderState::kHeld));
  // Another try is another attempt.
  life.side.ends = ChargeState::kCaptured;
  life.side.with = PaymentFailure::kNone;
  life.pay();
  CHECK(life.charge(2).captures == 1);
  CHECK(life.charge(1).captures == 0);
}

TEST_CASE("life of a payment: action needed") {
  Life life;
  life.side.ends = ChargeState::kAction;
  life.start(PaymentMethod::kPromptPay);
  life.process->run_until([&] { return life.payment().state == PaymentState::kAction; });
  CHECK(life.state() == OrderState::kPaying);
  CHECK(life.payment().action == R"({"type":"qr","data":"scan"})");
  CHECK(life.told(OrderState::kPaying));
  life.side.capture(life.reference());
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
}

TEST_CASE("life of a payment: time-out") {
  Life life;
  life.side.ends = ChargeState::kPending;
  life.start();
  life.process->run_until([&] { return life.side.charges.contains(life.reference()); });
  life.process->pass(seconds(301));
  // The seats are the fan's until the gateway has said that nothing will be taken.
  CHECK(life.state() == OrderState::kPaying);
  CHECK_FALSE(life.seat_is_free("A-1-1"));
  life.process->run_until_done();
  CHECK(life.charge().failure == PaymentFailure::kCancelled);
  CHECK(life.state() == OrderState::kExpired);
  CHECK(life.seat_is_free("A-1-1"));
  CHECK(life.told(OrderState::kExpired));
}

TEST_CASE("life of a payment: captured while it was being cancelled") {
  Life life;
  life.side.ends = ChargeState::kPending;
  life.start();
  life.process->run_until([&] { return life.side.charges.contains(life.reference()); });
  life.side.capture(life.reference());
  life.process->pass(seconds(301));
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
}

TEST_CASE("life of a payment: late success, the same seats") {
  Life life;
  life.run_out();
  life.capture_late();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.round().engine.seat_order(life.round().seat("A-1-1")) == life.order);
  CHECK(life.told(OrderState::kPaid));
  life.round().check();
}

TEST_CASE("life of a payment: late success, as good seats") {
  Life life;
  life.accept_alternative = true;
  life.run_out();
  life.round().hold(life.fans[1], {"A-1-1", "A-1-2"});
  life.capture_late();
  CHECK(life.state() == OrderState::kPaid);
  const OrderView order = life.process->order(life.order);
  REQUIRE(order.seats.size() == 1);
  CHECK(order.seats[0] != life.round().seat("A-1-1"));
  CHECK(order.total == life.total);
  CHECK(life.charge().refunds == 0);
  CHECK(life.told(OrderState::kPaid));
  life.round().check();
}

TEST_CASE("life of a payment: late success, given back") {
  Life life;
  life.run_out();
  life.round().hold(life.fans[1], {"A-1-1", "A-1-2"});
  life.capture_late();
  CHECK(life.state() == OrderState::kRefunded);
  CHECK(life.charge().refunded == life.total);
  CHECK(life.charge().refunds == 1);
  CHECK(life.told(OrderState::kRefunding));
  CHECK(life.told(OrderState::kRefunded));
  life.round().check();
}

TEST_CASE("life of a payment: an older attempt is captured after all") {
  Life life;
  life.side.ends = ChargeState::kFailed;
  life.start();
  life.process->run_until_done();
  life.side.ends = ChargeState::kCaptured;
  life.pay();
  life.side.capture(life.reference(1));
  life.notice();
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.charge(1).refunded == life.total);
  CHECK(life.charge(2).refunded == Amount{});
}

TEST_CASE("life of a payment: duplicate notices") {
  Life life;
  life.side.ends = ChargeState::kPending;
  life.start();
  life.process->run_until([&] { return life.side.charges.contains(life.reference()); });
  life.side.capture(life.reference());
  for (int n = 0; n < 20; ++n) life.notice();
  life.process->run_until_done();
  const auto commands = life.round().commands.size();
  for (int n = 0; n < 20; ++n) life.notice();
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.charge().captures == 1);
  // No second effect: not even a command.
  CHECK(life.round().commands.size() == commands);
}

TEST_CASE("life of a payment: notices in the wrong order") {
  Life life;
  life.side.ends = ChargeState::kAction;
  life.start(PaymentMethod::kPromptPay);
  life.process->run_until([&] { return life.payment().state == PaymentState::kAction; });
  life.side.capture(life.reference());
  life.notice();  // of the capture
  life.process->run_until_done();
  life.notice();  // of the action, late: it makes us ask, and the capture stands
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.payment().state == PaymentState::kSucceeded);
}

TEST_CASE("life of a payment: a notice before the answer") {
  Life life;
  life.start();
  life.process->take();
  REQUIRE(life.process->gateway.waiting() == 1);  // the call is under way
  life.side.charges[life.reference()].amount = life.total;
  life.side.capture(life.reference());
  life.notice();
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.charge().captures == 1);
}

TEST_CASE("life of a payment: the answer is lost") {
  Life life;
  life.side.answers_to_lose = 2;
  life.pay();
  CHECK(life.side.creates == 3);
  CHECK(life.charge().captures == 1);
}

TEST_CASE("life of a payment: the gateway cannot be reached") {
  Life life;
  life.side.down = true;
  life.start();
  life.process->run_until([&] { return life.side.creates >= 3; });
  // Nothing may be called failed while the charge could still be made.
  CHECK(life.state() == OrderState::kPaying);
  life.side.down = false;
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kHeld);
  CHECK(life.payment().failure == PaymentFailure::kGatewayUnavailable);
  CHECK(life.side.captures() == 0);
}

TEST_CASE("life of a payment: an outage while the fan pays") {
  Life life;
  life.side.ends = ChargeState::kPending;
  life.start();
  life.process->run_until([&] { return life.side.charges.contains(life.reference()); });
  life.process->pass(seconds(200));
  life.round().must(RecordGatewayHealth{PaymentMethod::kCard, GatewayHealth::kFailing, "sandbox"});
  life.process->pass(seconds(60));
  life.round().must(RecordGatewayHealth{PaymentMethod::kCard, GatewayHealth::kGood, "sandbox"});
  life.process->pass(seconds(90));
  CHECK(life.process->order(life.order).held_until == life.round().now + seconds(10));
  life.side.capture(life.reference());
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
}

TEST_CASE("life of a payment: a refund that fails is tried again") {
  Life life;
  life.pay();
  life.side.refunds_to_refuse = 4;
  life.round().must(ReturnOrder{life.fans[0], life.order, {}});
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kRefunded);
  CHECK(life.side.refunds_asked == 5);
  CHECK(life.charge().refunds == 1);
  CHECK(life.told(OrderState::kRefunded));
}

TEST_CASE("life of a payment: a charge without an order") {
  Life life;
  life.hold();
  const PaymentReference stray = make_reference("small-1", {OrderId{77}, 1});
  life.side.charges[stray].amount = life.total;
  life.side.capture(stray);
  life.process->strays.begin();
  life.process->run_until_done();
  CHECK(life.side.charges[stray].refunded == life.total);
  CHECK(life.process->strays.counts().found == 1);
  CHECK(life.process->strays.counts().refunded == 1);
  REQUIRE(life.process->lines.size() == 1);
  CHECK(life.process->lines[0].find(stray) != std::string::npos);
  // Once is enough.
  life.process->strays.begin();
  life.process->run_until_done();
  CHECK(life.side.charges[stray].refunds == 1);
}

TEST_CASE("life of a payment: a capture that nobody has told of") {
  Life life;
  life.run_out();
  life.side.capture(life.reference());  // and no notice comes
  life.process->strays.begin();
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.process->strays.counts().untold == 1);
}

TEST_CASE("life of a payment: the process dies before the call") {
  Life life;
  life.start();
  life.process->take();
  REQUIRE(life.process->gateway.waiting() == 1);  // not made yet
  life.die();
  life.process->run_until_done();
  // The card token is gone, so that the charge can never be made.
  CHECK(life.side.creates == 0);
  CHECK(life.state() == OrderState::kHeld);
  CHECK(life.payment().failure == PaymentFailure::kNotFoundAtGateway);
  life.pay();
  CHECK(life.side.captures() == 1);
}

TEST_CASE("life of a payment: the process dies after the call") {
  Life life;
  life.side.answers_to_lose = 1'000;
  life.start();
  life.process->run_until([&] { return life.side.creates == 1; });
  life.die();
  life.side.answers_to_lose = 0;
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.side.creates == 1);
  CHECK(life.charge().captures == 1);
}

TEST_CASE("life of a payment: the process dies before the report is on disk") {
  Life life;
  life.hold();
  life.process->deaf = true;
  life.start();
  life.process->run_until([&] { return life.side.captures() == 1; });
  CHECK(life.state() == OrderState::kPaying);
  life.die();
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.charge().captures == 1);
}

TEST_CASE("life of a payment: the process dies after the report is on disk") {
  Life life;
  life.pay();
  life.die();
  const auto commands = life.round().commands.size();
  life.notice();
  life.process->run_until_done();
  CHECK(life.state() == OrderState::kPaid);
  CHECK(life.charge().captures == 1);
  CHECK(life.charge().refunds == 0);
  // The repeat is told once more at most, and changes nothing.
  CHECK(life.round().commands.size() <= commands + 1);
  life.round().check();
}

TEST_CASE("life of a payment: the process dies while it is being cancelled") {
  Life life;
  life.side.ends = ChargeState::kPending;
  life.start();
  life.process->run_until([&] { return life.side.charges.contains(life.reference()); });
  life.process->pass(seconds(301));
  life.die();
  life.process->run_until_done();
  CHECK(life.charge().failure == PaymentFailure::kCancelled);
  CHECK(life.state() == OrderState::kExpired);
}

TEST_CASE("life of a payment: the process dies while a refund is under way") {
  // Before the call, after the call, and before the report is on disk.
  for (const int step : {0, 1, 2}) {
    INFO("step " << step);
    Life life;
    life.pay();
    if (step == 1) life.side.answers_to_lose = 1'000;
    if (step == 2) life.process->deaf = true;
    life.round().must(ReturnOrder{life.fans[0], life.order, {}});
    life.process->take();
    if (step > 0) life.process->run_until([&] { return life.charge().refunds == 1; });
    life.die();
    life.side.answers_to_lose = 0;
    life.process->run_until_done();
    CHECK(life.state() == OrderState::kRefunded);
    CHECK(life.charge().refunds == 1);
    CHECK(life.charge().refunded == life.total);
    life.round().check();
  }
}

}  // namespace frontrow::payment
