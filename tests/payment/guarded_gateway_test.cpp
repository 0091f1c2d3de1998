#include "payment/guarded_gateway.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>

#include "payment/fake_gateway.hpp"

namespace frontrow::payment {
namespace {

struct Guarded {
  explicit Guarded(std::vector<std::string> names = {"sandbox"}, std::size_t calls_max = 100)
      : board(std::make_shared<GatewayHealthBoard>(names)) {
    std::vector<std::unique_ptr<Gateway>> gateways;
    for (std::size_t n = 0; n < names.size(); ++n) {
      auto fake = std::make_unique<FakeGateway>();
      fakes.push_back(fake.get());
      gateways.push_back(std::move(fake));
    }
    GuardedGateway::Settings settings;
    settings.calls_max = calls_max;
    settings.now = [this] { return now; };
    settings.on_health = [this](PaymentMethod method, GatewayHealth health,
                                const std::string& its_name) {
      told.emplace_back(method, health, its_name);
    };
    gateway.emplace(std::move(gateways), board, context, std::move(settings));
  }

  boost::asio::io_context context{1};
  Instant now{1'000'000'000};
  std::shared_ptr<GatewayHealthBoard> board;
  std::vector<FakeGateway*> fakes;
  std::vector<std::tuple<PaymentMethod, GatewayHealth, std::string>> told;
  std::optional<GuardedGateway> gateway;
  std::vector<ChargeOutcome> answers;

  Gateway::Callback keep() {
    return [this](const ChargeOutcome& answer) { answers.push_back(answer); };
  }
  void create(const std::string& reference, PaymentMethod method = PaymentMethod::kCard) {
    gateway->create({reference, {100}, "THB", method, "tok_x", {}}, keep());
  }
  void run() {
    context.restart();
    context.run_for(std::chrono::milliseconds(2));
  }
  /// So many charges of card that nobody answers.
  void break_it(std::size_t fake = 0) {
    for (std::uint32_t n = 0; n < BreakerRules{}.run_max; ++n) {
      create("broken-" + std::to_string(fake) + "-" + std::to_string(n));
      fakes[fake]->answer(outcome(ChargeState::kUnreachable));
    }
    answers.clear();
  }
};

}  // namespace

TEST_CASE("an open breaker fails new charges at once and unsent, and lets the rest go on") {
  Guarded test;
  test.break_it();
  REQUIRE(test.told.size() == 1);
  CHECK(test.told[0] ==
        std::tuple(PaymentMethod::kCard, GatewayHealth::kFailing, std::string("sandbox")));
  const std::size_t calls = test.fakes[0]->calls.size();
  test.create("new");
  CHECK(test.answers.empty());  // never from within the call
  test.run();
  REQUIRE(test.answers.size() == 1);
  CHECK(test.answers[0].state == ChargeState::kFailed);
  CHECK(test.answers[0].failure == PaymentFailure::kGatewayUnavailable);
  CHECK(test.fakes[0]->calls.size() == calls);
  const auto& row = test.board->rows()[0].by_method[0];
  CHECK(row.state.load() == BreakerState::kOpen);
  CHECK(row.refused.load() == 1);
  CHECK(row.times_opened.load() == 1);

  // One that was sent before is asked about by sending it again.
  test.create("broken-0-0");
  CHECK(test.fakes[0]->last().reference == "broken-0-0");
  test.gateway->look_up("broken-0-1", test.keep());
  CHECK(test.fakes[0]->last().name == "look_up");
  test.gateway->cancel("broken-0-1", test.keep());
  CHECK(test.fakes[0]->last().name == "cancel");
  test.gateway->refund("broken-0-1", {100}, test.keep());
  CHECK(test.fakes[0]->last().name == "refund");
  test.gateway->confirm({"evt", "broken-0-1"}, test.keep());
  CHECK(test.fakes[0]->last().name == "confirm");
}

TEST_CASE("a method that fails leaves the others alone") {
  Guarded test;
  test.break_it();
  test.create("qr", PaymentMethod::kPromptPay);
  CHECK(test.fakes[0]->last().reference == "qr");
}

TEST_CASE("after a time the gateway is tried, and told good when it answers") {
  Guarded test;
  test.break_it();
  test.now = test.now + BreakerRules{}.open_first;
  for (std::uint32_t n = 0; n < BreakerRules{}.probes_good; ++n) {
    test.create("probe-" + std::to_string(n));
    CHECK(test.fakes[0]->last().reference == "probe-" + std::to_string(n));
    test.fakes[0]->answer(outcome(ChargeState::kPending));
  }
  REQUIRE(test.told.size() >= 2);
  CHECK(std::get<1>(test.told.back()) == GatewayHealth::kGood);
  CHECK(test.board->rows()[0].by_method[0].state.load() == BreakerState::kClosed);
}

TEST_CASE("a look-up that is answered counts for the method of its charge") {
  Guarded test;
  test.create("waiting");
  test.fakes[0]->answer(outcome(ChargeState::kPending));
  for (std::uint32_t n = 0; n < BreakerRules{}.run_max; ++n) {
    test.gateway->look_up("waiting", test.keep());
    test.fakes[0]->answer(outcome(ChargeState::kUnreachable));
  }
  REQUIRE(test.told.size() == 1);
  CHECK(std::get<1>(test.told[0]) == GatewayHealth::kFailing);
}

TEST_CASE("calls past the bound wait their turn, and a new charge that waited too long fails") {
  Guarded test({"sandbox"}, 2);
  for (int n = 0; n < 5; ++n) test.create("c-" + std::to_string(n));
  CHECK(test.fakes[0]->calls.size() == 2);
  CHECK(test.board->rows()[0].waiting.load() == 3);
  test.fakes[0]->calls[0].done(outcome(ChargeState::kPending));
  CHECK(test.fakes[0]->calls.size() == 3);
  CHECK(test.fakes[0]->calls[2].reference == "c-2");
  // It breaks while the others wait.
  for (std::uint32_t n = 0; n < BreakerRules{}.run_max; ++n) {
    test.gateway->look_up("c-0", test.keep());
  }
  const std::size_t before = test.answers.size();
  while (test.told.empty()) {
    const auto calls = test.fakes[0]->calls.size();
    for (std::size_t n = 1; n < calls; ++n) {
      auto done = std::exchange(test.fakes[0]->calls[n].done, nullptr);
      if (done) done(outcome(ChargeState::kUnreachable));
    }
  }
  test.run();
  CHECK(test.answers.size() > before);
  test.create("late");
  test.run();
  CHECK(test.answers.back().failure == PaymentFailure::kGatewayUnavailable);
}

TEST_CASE("with a second gateway new charges go there while the first does not answer") {
  Guarded test({"sandbox", "stripe"});
  test.break_it();
  // Cards work all the same, so that nobody is told otherwise.
  CHECK(test.told.empty());
  test.create("new");
  CHECK(test.fakes[1]->last().reference == "new");
  test.fakes[1]->answer(outcome(ChargeState::kPending));
  // From then on only that one is asked about it.
  const std::size_t calls = test.fakes[0]->calls.size();
  test.gateway->look_up("new", test.keep());
  test.gateway->cancel("new", test.keep());
  CHECK(test.fakes[1]->last().name == "cancel");
  CHECK(test.fakes[0]->calls.size() == calls);
  // And a charge that the first may have is never sent to the second.
  test.create("broken-0-0");
  CHECK(test.fakes[0]->last().reference == "broken-0-0");

  test.break_it(1);
  REQUIRE(test.told.size() == 1);
  CHECK(std::get<1>(test.told[0]) == GatewayHealth::kFailing);
  test.create("nowhere");
  test.run();
  CHECK(test.answers.back().failure == PaymentFailure::kGatewayUnavailable);
}

TEST_CASE("a method that only the second gateway has goes there") {
  Guarded test({"stripe", "omise"});
  test.create("wallet", PaymentMethod::kTrueMoney);
  CHECK(test.fakes[0]->calls.empty());
  CHECK(test.fakes[1]->last().reference == "wallet");
}

TEST_CASE("after a start both gateways are asked, and the weightier word counts") {
  struct Row {
    ChargeState first, second, both;
  };
  using S = ChargeState;
  const Row row = GENERATE(values<Row>({
      {S::kNotFound, S::kNotFound, S::kNotFound},
      {S::kCaptured, S::kNotFound, S::kCaptured},
      {S::kNotFound, S::kCaptured, S::kCaptured},
      {S::kFailed, S::kCaptured, S::kCaptured},
      {S::kUnreachable, S::kCaptured, S::kCaptured},
      {S::kNotFound, S::kUnreachable, S::kUnreachable},
      {S::kUnreachable, S::kFailed, S::kUnreachable},
      {S::kPending, S::kUnreachable, S::kPending},
      {S::kAction, S::kNotFound, S::kAction},
      {S::kNotFound, S::kFailed, S::kFailed},
  }));
  Guarded test({"sandbox", "stripe"});
  if (GENERATE(true, false)) {
    test.gateway->look_up("old", test.keep());
  } else {
    test.gateway->cancel("old", test.keep());
  }
  REQUIRE(test.fakes[0]->calls.size() == 1);
  REQUIRE(test.fakes[1]->calls.size() == 1);
  test.fakes[0]->answer(outcome(row.first));
  CHECK(test.answers.empty());
  test.fakes[1]->answer(outcome(row.second));
  REQUIRE(test.answers.size() == 1);
  CHECK(test.answers[0].state == row.both);
}

TEST_CASE("a refund after a start goes to the gateway that has captured") {
  Guarded test({"sandbox", "stripe"});
  test.gateway->refund("old", {100}, test.keep());
  CHECK(test.fakes[0]->last().name == "look_up");
  test.fakes[0]->answer(outcome(ChargeState::kNotFound));
  SECTION("the second has it") {
    test.fakes[1]->answer(outcome(ChargeState::kCaptured));
    CHECK(test.answers.empty());  // captured is not refunded
    CHECK(test.fakes[1]->last().name == "refund");
    CHECK(test.fakes[0]->calls.size() == 1);
    test.fakes[1]->answer(outcome(ChargeState::kCaptured));
    CHECK(test.answers.at(0).state == ChargeState::kCaptured);
  }
  SECTION("the second does not answer") {
    test.fakes[1]->answer(outcome(ChargeState::kUnreachable));
    CHECK(test.answers.at(0).state == ChargeState::kUnreachable);
  }
  SECTION("nobody has it") {
    test.fakes[1]->answer(outcome(ChargeState::kNotFound));
    CHECK(test.answers.at(0).state == ChargeState::kNotFound);
  }
}

TEST_CASE("the record of both gateways is one list") {
  Guarded test({"sandbox", "stripe"});
  std::vector<GatewayRecordPage> pages;
  const auto ask = [&](const std::string& from) {
    test.gateway->list(from, [&](GatewayRecordPage&& page) { pages.push_back(std::move(page)); });
  };
  const auto answer = [&](std::size_t fake, std::string next) {
    GatewayRecordPage page;
    page.good = true;
    page.next = std::move(next);
    test.fakes[fake]->pages.back().second(std::move(page));
  };
  ask("");
  CHECK(test.fakes[0]->pages.back().first.empty());
  answer(0, "cursor:1");
  ask(pages.back().next);
  CHECK(test.fakes[0]->pages.back().first == "cursor:1");
  answer(0, "");
  ask(pages.back().next);
  REQUIRE(test.fakes[1]->pages.size() == 1);
  CHECK(test.fakes[1]->pages.back().first.empty());
  answer(1, "pi_9");
  ask(pages.back().next);
  CHECK(test.fakes[1]->pages.back().first == "pi_9");
  answer(1, "");
  CHECK(pages.back().next.empty());
  CHECK(pages.size() == 4);
}

}  // namespace frontrow::payment
