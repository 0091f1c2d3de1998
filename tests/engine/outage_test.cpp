// A payment that an outage of its gateway has cost time gets it back: once, up to a bound.
#include "engine/driver.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

constexpr PaymentMethod card = PaymentMethod::kCard, promptpay = PaymentMethod::kPromptPay;

/// A fan who pays a hold; the round gives 300 seconds for it and at most 120 for outages.
struct Paying : Driver {
  explicit Paying(Duration outage_max = seconds(120)) : Driver(round_with(outage_max)) {
    fan = shoppers(1)[0];
    order = hold(fan, {"A-1-1"}).id;
    began = now;
    start_paying(fan, order);
  }
  static SmallRound round_with(Duration outage_max) {
    SmallRound round;
    round.payment_outage = outage_max;
    return round;
  }
  void tell(GatewayHealth health, PaymentMethod method = card) {
    must(RecordGatewayHealth{method, health, "sandbox"});
  }
  /// An outage from `from` to `to`, in seconds after the payment began.
  void outage(std::int64_t from, std::int64_t to, PaymentMethod method = card) {
    pass_to(from);
    tell(GatewayHealth::kFailing, method);
    pass_to(to);
    tell(GatewayHealth::kGood, method);
  }
  void pass_to(std::int64_t second) { pass(began + seconds(second) - now); }
  std::size_t cancelled() const { return told<CancelWanted>().size(); }
  /// Seconds after the payment began at which it is cancelled; 0 where nothing is within an hour.
  std::int64_t cancelled_after() {
    const std::size_t before = cancelled();
    for (std::int64_t second = (now - began).microseconds / 1'000'000; second <= 3'600; ++second) {
      pass_to(second);
      if (cancelled() != before) return second;
    }
    return 0;
  }

  FanId fan;
  OrderId order;
  Instant began;
};

}  // namespace

TEST_CASE("a payment without an outage is cancelled when its time has run out") {
  Paying round;
  CHECK(round.cancelled_after() == 300);
  CHECK_FALSE(round.told<CancelWanted>().empty());
  round.check();
}

TEST_CASE("a payment is prolonged by what overlapped of outages that are over") {
  struct Row {
    std::vector<std::pair<std::int64_t, std::int64_t>> outages;
    std::int64_t cancelled_after;
  };
  const Row rows[] = {
      {{{10, 50}}, 340},
      {{{10, 50}, {60, 80}}, 360},
      {{{10, 200}}, 420},             // the bound
      {{{280, 299}}, 319},            // nearly until the end
      {{{10, 50}, {310, 320}}, 340},  // one more in the time given back counts no more
      {{{50, 50}}, 300},              // no length
  };
  for (const Row& row : rows) {
    Paying round;
    for (const auto& [from, to] : row.outages) round.outage(from, to);
    INFO("the first outage from " << row.outages[0].first << " to " << row.outages[0].second);
    CHECK(round.cancelled_after() == row.cancelled_after);
    CHECK(round.cancelled() == 1);
    round.check();
  }
}

TEST_CASE("while the outage goes on a payment is prolonged by the whole bound, once") {
  Paying round;
  round.pass_to(100);
  round.tell(GatewayHealth::kFailing);
  round.pass_to(300);
  // The fan is told, and sees until when.
  CHECK(round.engine.order(round.order).held_until == round.began + seconds(420));
  CHECK(round.told<OrderChanged>().back().order.held_until == round.began + seconds(420));
  CHECK(round.cancelled_after() == 420);
  round.check();
}

TEST_CASE("an outage goes on while the gateway is only tried") {
  Paying round;
  round.pass_to(10);
  round.tell(GatewayHealth::kFailing);
  round.pass_to(40);
  round.tell(GatewayHealth::kTrying);
  round.pass_to(70);
  round.tell(GatewayHealth::kGood);
  CHECK(round.cancelled_after() == 360);
}

TEST_CASE("a gateway that is tried without having failed makes no outage") {
  Paying round;
  round.tell(GatewayHealth::kTrying);
  round.pass_to(100);
  round.tell(GatewayHealth::kGood);
  CHECK(round.cancelled_after() == 300);
}

TEST_CASE("an outage before the payment, or of another method, gives nothing") {
  Paying before;
  before.must(RecordPaymentFailure{before.order, 1, PaymentFailure::kDeclined});
  before.outage(10, 60);
  before.began = before.now;
  before.start_paying(before.fan, before.order);
  CHECK(before.cancelled_after() == 300);

  Paying other;
  other.outage(10, 60, promptpay);
  CHECK(other.cancelled_after() == 300);
}

TEST_CASE("a round that gives nothing for outages cancels in time") {
  Paying round(seconds(0));
  round.tell(GatewayHealth::kFailing);
  CHECK(round.cancelled_after() == 300);
}

TEST_CASE("a pause of the round is no part of an outage") {
  Paying round;
  round.pass_to(10);
  round.tell(GatewayHealth::kFailing);
  round.must(SetPhase{"ops", RequestedPhase::kPaused});
  round.pass(seconds(1'000));
  round.must(SetPhase{"ops", RequestedPhase::kOnSale});
  round.pass(seconds(20));
  round.tell(GatewayHealth::kGood);
  CHECK(round.cancelled_after() == 300 + 1'000 + 20);
}

TEST_CASE("a start ends what outages there were, for it knows nothing of the gateway") {
  Paying round;
  round.pass_to(10);
  round.tell(GatewayHealth::kFailing);
  round.tell(GatewayHealth::kTrying, promptpay);
  CHECK(round.engine.status().gateway_health[0] == GatewayHealth::kFailing);
  CHECK(round.engine.status().gateway_health[1] == GatewayHealth::kTrying);
  round.pass_to(40);
  round.must(Resume{});
  for (const GatewayHealth health : round.engine.status().gateway_health)
    CHECK(health == GatewayHealth::kGood);
  CHECK(round.cancelled_after() == 330);
  round.check();
}

TEST_CASE("a decline in the time given back leaves the hold its grace, and the next try its time") {
  Paying round;
  round.outage(0, 100);
  round.pass_to(350);
  round.must(RecordPaymentFailure{round.order, 1, PaymentFailure::kDeclined});
  CHECK(round.state(round.order) == OrderState::kHeld);
  CHECK(round.engine.order(round.order).held_until == round.began + seconds(410));
  round.check();
  // The next attempt has the whole time, but nothing is given back a second time.
  round.began = round.now;
  round.start_paying(round.fan, round.order);
  round.outage(10, 60);
  CHECK(round.cancelled_after() == 300);
}

TEST_CASE("money that comes in the time given back buys the seats") {
  Paying round;
  round.outage(0, 100);
  round.pass_to(390);
  const OrderView order = round.engine.order(round.order);
  round.must(RecordPaymentSuccess{round.order, 1, order.total, "ref"});
  CHECK(round.state(round.order) == OrderState::kPaid);
  round.check();
}

TEST_CASE("payments of many methods come to their ends in the right order") {
  Driver driver;
  const auto fans = driver.shoppers(20);
  std::vector<OrderId> orders;
  for (std::uint32_t n = 0; n < 20; ++n) {
    const OrderId order = driver.hold_standing(fans[n], n + 1).id;
    driver.must(StartPayment{fans[n], order, {}, static_cast<PaymentMethod>(n % 3)});
    orders.push_back(order);
    driver.pass(seconds(5));
  }
  // The card fails for 70 seconds, PromptPay for 20, and then goes on failing.
  driver.must(RecordGatewayHealth{card, GatewayHealth::kFailing, "a"});
  driver.pass(seconds(50));
  driver.must(RecordGatewayHealth{promptpay, GatewayHealth::kFailing, "a"});
  driver.pass(seconds(20));
  driver.must(RecordGatewayHealth{card, GatewayHealth::kGood, "a"});
  driver.must(RecordGatewayHealth{promptpay, GatewayHealth::kGood, "a"});
  driver.pass(seconds(140));
  driver.must(RecordGatewayHealth{promptpay, GatewayHealth::kFailing, "a"});
  for (int step = 0; step < 60; ++step) {
    driver.pass(seconds(5));
    driver.check();
  }
  CHECK(driver.told<CancelWanted>().size() == orders.size());
}

TEST_CASE("of very many outages the oldest are forgotten, and the hash agrees") {
  Paying round;
  for (std::int64_t n = 0; n < 50; ++n) round.outage(2 * n, 2 * n + 1);
  round.check();
  // 32 of a second each are left.
  CHECK(round.cancelled_after() == 332);
  round.check();
}
