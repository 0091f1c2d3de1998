#include "payment/payment_desk.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>

#include "payment/fake_gateway.hpp"

namespace frontrow::payment {
namespace {

constexpr OrderId order{7};

struct Desk {
  boost::asio::io_context context{1};
  TimerQueue timers{context};
  FakeGateway gateway;
  std::vector<std::pair<std::uint64_t, Command>> reports;
  std::vector<std::string> log;
  PaymentDesk desk{gateway, timers,
                   DeskSettings{"bkk-1", "THB",
                                RetryRules{microseconds(1), microseconds(50), 3, microseconds(1)}},
                   [this](std::uint64_t correlation, Command&& command) {
                     reports.emplace_back(correlation, std::move(command));
                   },
                   [this](const std::string& line) { log.push_back(line); }};

  void charge(std::string token = "tok_x") {
    desk.charge({order, 1, PaymentMethod::kCard, {450'000}}, std::move(token));
  }
  void notice() { desk.notice({"evt_1", "bkk-1-o7-1"}); }
  /// Every timer that is set comes due in that time.
  void run_for_a_while() {
    context.restart();
    context.run_for(std::chrono::milliseconds(5));
  }
  /// Runs timers until the gateway has been called `count` times in all.
  void await_calls(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (gateway.calls.size() < count && std::chrono::steady_clock::now() < deadline) {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(100));
    }
    REQUIRE(gateway.calls.size() == count);
  }
  template <class Reported>
  const Reported& only_report() {
    REQUIRE(reports.size() == 1);
    REQUIRE(std::holds_alternative<Reported>(reports[0].second));
    return std::get<Reported>(reports[0].second);
  }
  void answer_report() {
    REQUIRE(!reports.empty());
    desk.answered(reports.back().first, Rejection::kNone);
  }
};

}  // namespace

TEST_CASE("a charge is made under its reference with its token and reported when captured") {
  Desk test;
  test.charge("tok_secret");
  CHECK(test.gateway.last().name == "create");
  CHECK(test.gateway.last().reference == "bkk-1-o7-1");
  CHECK(test.gateway.last().card_token == "tok_secret");
  CHECK(test.gateway.last().amount == Amount{450'000});
  CHECK(test.reports.empty());

  test.gateway.answer(outcome(ChargeState::kCaptured));
  const auto& success = test.only_report<RecordPaymentSuccess>();
  CHECK(success.order == order);
  CHECK(success.attempt == 1);
  CHECK(success.amount == Amount{450'000});
  CHECK(success.gateway_reference == "charge-at-gateway");
  CHECK(test.desk.cases() == 1);
  test.answer_report();
  CHECK(test.desk.cases() == 0);
}

TEST_CASE("a failed charge is reported with its reason") {
  const PaymentFailure failure = GENERATE(
      PaymentFailure::kDeclined, PaymentFailure::kInsufficientFunds, PaymentFailure::kExpiredCard,
      PaymentFailure::kFraudSuspected, PaymentFailure::kInvalidToken);
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kFailed, failure));
  CHECK(test.only_report<RecordPaymentFailure>().failure == failure);
}

TEST_CASE("a pending charge is looked up until its outcome is known") {
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kPending));
  for (std::size_t calls = 2; calls < 6; ++calls) {
    test.await_calls(calls);
    CHECK(test.gateway.last().name == "look_up");
    test.gateway.answer(
        outcome(calls % 2 == 0 ? ChargeState::kUnreachable : ChargeState::kPending));
  }
  test.await_calls(6);
  CHECK(test.reports.empty());
  test.gateway.answer(outcome(ChargeState::kCaptured));
  test.only_report<RecordPaymentSuccess>();
}

TEST_CASE("an action is reported once, and the charge goes on") {
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kAction));
  CHECK(test.only_report<RecordPaymentAction>().action == R"({"type":"qr","data":"scan me"})");
  test.await_calls(2);
  test.gateway.answer(outcome(ChargeState::kAction));
  CHECK(test.reports.size() == 1);
  test.notice();
  test.gateway.answer(outcome(ChargeState::kCaptured));
  REQUIRE(test.reports.size() == 2);
  CHECK(std::holds_alternative<RecordPaymentSuccess>(test.reports[1].second));
}

TEST_CASE("a notice about a charge that waits is asked about at once, and settles the case") {
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kPending));
  test.notice();
  REQUIRE(test.gateway.calls.size() == 2);
  CHECK(test.gateway.last().name == "confirm");
  CHECK(test.gateway.last().reference == "bkk-1-o7-1");
  test.gateway.answer(outcome(ChargeState::kCaptured));
  test.only_report<RecordPaymentSuccess>();
  // The timer of the look-up is still set; it must find nothing to do.
  test.run_for_a_while();
  CHECK(test.gateway.calls.size() == 2);
}

TEST_CASE("a notice during a call is asked about after its answer, however often it comes") {
  Desk test;
  test.charge();
  test.notice();
  test.notice();
  CHECK(test.gateway.calls.size() == 1);
  SECTION("the answer left it open") {
    test.gateway.answer(outcome(ChargeState::kPending));
    REQUIRE(test.gateway.calls.size() == 2);
    CHECK(test.gateway.last().name == "confirm");
    test.gateway.answer(outcome(ChargeState::kCaptured));
    test.only_report<RecordPaymentSuccess>();
  }
  SECTION("the answer was the notice's own content") {
    test.gateway.answer(outcome(ChargeState::kCaptured));
    test.only_report<RecordPaymentSuccess>();
    CHECK(test.gateway.calls.size() == 1);
  }
  SECTION("the answer said failed: it is asked whether money moved after all") {
    test.gateway.answer(outcome(ChargeState::kFailed, PaymentFailure::kDeclined));
    REQUIRE(test.gateway.calls.size() == 2);
    CHECK(test.gateway.last().name == "confirm");
    test.gateway.answer(outcome(ChargeState::kFailed, PaymentFailure::kDeclined));
    test.only_report<RecordPaymentFailure>();
  }
}

TEST_CASE("a notice that the gateway does not bear out changes nothing, and the case goes on") {
  const ChargeState state = GENERATE(ChargeState::kUnreachable, ChargeState::kNotFound);
  Desk test;
  SECTION("while it is being sent: it is sent as often as without") {
    test.charge();
    for (std::size_t n = 0; n < 8; ++n) {
      test.notice();
      if (n == 0) test.gateway.answer(outcome(ChargeState::kUnreachable));
      CHECK(test.gateway.last().name == "confirm");
      test.gateway.answer(outcome(state));
    }
    const std::size_t before = test.gateway.calls.size();
    test.await_calls(before + 1);
    CHECK(test.gateway.last().name == "create");
  }
  SECTION("while it is being cancelled: what is not found may still be captured") {
    test.charge();
    test.gateway.answer(outcome(ChargeState::kPending));
    test.desk.cancel({order, 1});
    test.notice();
    test.gateway.answer(outcome(ChargeState::kUnreachable));
    CHECK(test.gateway.last().name == "confirm");
    test.gateway.answer(outcome(state));
    CHECK(test.reports.empty());
    test.await_calls(4);
    CHECK(test.gateway.last().name == "cancel");
  }
  SECTION("after a start: what a notice speaks of is not called missing") {
    test.desk.settle({order, 1, false, false, {450'000}, PaymentMethod::kCard});
    test.notice();
    test.gateway.answer(outcome(ChargeState::kNotFound));
    CHECK(test.gateway.last().name == "confirm");
    test.gateway.answer(outcome(state));
    CHECK(test.reports.empty());
    test.await_calls(3);
    CHECK(test.gateway.last().name == "look_up");
  }
}

TEST_CASE("a cancellation that is wanted during a question about a notice comes after it") {
  const ChargeState state =
      GENERATE(ChargeState::kUnreachable, ChargeState::kNotFound, ChargeState::kPending);
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kPending));
  test.notice();
  test.desk.cancel({order, 1});
  CHECK(test.gateway.calls.size() == 2);
  test.gateway.answer(outcome(state));
  REQUIRE(test.gateway.calls.size() == 3);
  CHECK(test.gateway.last().name == "cancel");
}

TEST_CASE("repeats of a notice after the end are not asked about") {
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kCaptured));
  test.notice();
  test.answer_report();
  test.notice();
  CHECK(test.gateway.calls.size() == 1);
  CHECK(test.reports.size() == 1);
  CHECK(test.desk.cases() == 0);
}

TEST_CASE("money that moved after a failure was told is reported all the same") {
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kFailed, PaymentFailure::kDeclined));
  const bool engine_has_answered = GENERATE(false, true);
  if (engine_has_answered) test.answer_report();
  test.notice();
  REQUIRE(test.gateway.calls.size() == 2);
  CHECK(test.gateway.last().name == "confirm");
  test.gateway.answer(outcome(ChargeState::kCaptured));
  REQUIRE(test.reports.size() == 2);
  CHECK(std::holds_alternative<RecordPaymentSuccess>(test.reports[1].second));
  test.notice();
  CHECK(test.gateway.calls.size() == 2);
}

TEST_CASE("a notice for which no case is open is asked about, and money that moved is reported") {
  Desk test;
  test.notice();
  CHECK(test.gateway.last().name == "confirm");
  SECTION("captured") {
    test.gateway.answer(outcome(ChargeState::kCaptured));
    test.only_report<RecordPaymentSuccess>();
    test.answer_report();
  }
  SECTION("anything else") {
    const ChargeState state = GENERATE(ChargeState::kFailed, ChargeState::kPending,
                                       ChargeState::kUnreachable, ChargeState::kNotFound);
    test.gateway.answer(outcome(state));
    CHECK(test.reports.empty());
  }
  SECTION("another notice meanwhile is asked about after it") {
    test.notice();
    CHECK(test.gateway.calls.size() == 1);
    test.gateway.answer(outcome(ChargeState::kPending));
    REQUIRE(test.gateway.calls.size() == 2);
    test.gateway.answer(outcome(ChargeState::kCaptured));
    test.only_report<RecordPaymentSuccess>();
    test.answer_report();
  }
  CHECK(test.desk.cases() == 0);
  CHECK(test.desk.asides() == 0);
}

TEST_CASE("questions about notices without a case are bounded") {
  Desk test;
  const std::size_t most = PaymentDesk::asides_max;
  for (std::size_t n = 0; n < most + 50; ++n) {
    test.desk.notice({"evt", "bkk-1-o" + std::to_string(n) + "-1"});
  }
  CHECK(test.gateway.calls.size() == most);
  test.gateway.answer(outcome(ChargeState::kPending));
  test.desk.notice({"evt", "bkk-1-o9999-1"});
  CHECK(test.gateway.calls.size() == most + 1);
}

TEST_CASE("a notice under a reference that is not of this round is left alone") {
  Desk test;
  for (const char* reference : {"bkk-2-o7-1", "bkk-1-o07-1", "bkk-1-o7-01", "bkk-1-o7", "",
                                "bkk-1-", "bkk-1-o7-1 ", "bkk-1-o7-4294967295"}) {
    test.desk.notice({"evt", reference});
  }
  CHECK(test.gateway.calls.empty());
  CHECK(test.reports.empty());
}

TEST_CASE("the engine may ask for the same charge twice") {
  Desk test;
  test.charge();
  test.charge();
  CHECK(test.gateway.calls.size() == 1);
  test.gateway.answer(outcome(ChargeState::kCaptured));
  test.charge();
  CHECK(test.gateway.calls.size() == 1);
}

TEST_CASE("cancelling waits for the answer that is under way, then says what stands") {
  Desk test;
  test.charge();
  test.desk.cancel({order, 1});
  CHECK(test.gateway.calls.size() == 1);

  SECTION("captured before the cancellation") {
    test.gateway.answer(outcome(ChargeState::kCaptured));
    test.only_report<RecordPaymentSuccess>();
  }
  SECTION("pending: cancelled") {
    test.gateway.answer(outcome(ChargeState::kPending));
    REQUIRE(test.gateway.calls.size() == 2);
    CHECK(test.gateway.last().name == "cancel");
    test.gateway.answer(outcome(ChargeState::kUnreachable));
    test.await_calls(3);
    CHECK(test.gateway.last().name == "cancel");
    test.gateway.answer(outcome(ChargeState::kFailed, PaymentFailure::kCancelled));
    CHECK(test.only_report<RecordPaymentFailure>().failure == PaymentFailure::kCancelled);
  }
  SECTION("pending, but captured when the cancellation came") {
    test.gateway.answer(outcome(ChargeState::kPending));
    test.gateway.answer(outcome(ChargeState::kCaptured));
    test.only_report<RecordPaymentSuccess>();
  }
  SECTION("unreachable: never sent again, cancelled") {
    test.gateway.answer(outcome(ChargeState::kUnreachable));
    REQUIRE(test.gateway.calls.size() == 2);
    CHECK(test.gateway.last().name == "cancel");
    test.gateway.answer(outcome(ChargeState::kNotFound));
    CHECK(test.only_report<RecordPaymentFailure>().failure == PaymentFailure::kCancelled);
  }
}

TEST_CASE("cancelling a charge that waits for its next look-up is done at once") {
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kPending));
  test.desk.cancel({order, 1});
  CHECK(test.gateway.last().name == "cancel");
  test.gateway.answer(outcome(ChargeState::kFailed, PaymentFailure::kCancelled));
  test.answer_report();
  // The timer of the look-up is still set; it must find nothing to do.
  test.run_for_a_while();
  CHECK(test.gateway.calls.size() == 2);
}

TEST_CASE("cancelling a charge whose outcome was told already tells it again") {
  Desk test;
  test.charge();
  test.gateway.answer(outcome(ChargeState::kCaptured));
  test.answer_report();
  test.desk.cancel({order, 1});
  CHECK(test.gateway.last().name == "cancel");
  test.gateway.answer(outcome(ChargeState::kCaptured));
  REQUIRE(test.reports.size() == 2);
  CHECK(std::holds_alternative<RecordPaymentSuccess>(test.reports[1].second));
}

TEST_CASE("a gateway that cannot be reached is tried a few times, then the charge is cancelled") {
  Desk test;
  test.charge();
  for (std::size_t calls = 1; calls <= 3; ++calls) {
    test.await_calls(calls);
    CHECK(test.gateway.last().name == "create");
    CHECK(test.gateway.last().card_token == "tok_x");
    test.gateway.answer(outcome(ChargeState::kUnreachable));
  }
  CHECK(test.reports.empty());  // what the gateway did is not known yet
  for (std::size_t calls = 4; calls <= 8; ++calls) {
    test.await_calls(calls);
    CHECK(test.gateway.last().name == "cancel");
    if (calls < 8) test.gateway.answer(outcome(ChargeState::kUnreachable));
  }
  SECTION("nothing had arrived there") {
    test.gateway.answer(outcome(ChargeState::kNotFound));
    CHECK(test.only_report<RecordPaymentFailure>().failure == PaymentFailure::kGatewayUnavailable);
  }
  SECTION("it had arrived and is cancelled") {
    test.gateway.answer(outcome(ChargeState::kFailed, PaymentFailure::kCancelled));
    CHECK(test.only_report<RecordPaymentFailure>().failure == PaymentFailure::kGatewayUnavailable);
  }
  SECTION("it had arrived and the money has moved") {
    test.gateway.answer(outcome(ChargeState::kCaptured));
    test.only_report<RecordPaymentSuccess>();
  }
}

TEST_CASE("a refund is asked for until it is made, and reported once") {
  Desk test;
  test.desk.refund({order, 2, {450'000}});
  test.desk.refund({order, 2, {450'000}});
  std::size_t calls = 1;
  for (const ChargeState state : {ChargeState::kUnreachable, ChargeState::kPending,
                                  ChargeState::kFailed, ChargeState::kNotFound}) {
    test.await_calls(calls);
    CHECK(test.gateway.last().name == "refund");
    CHECK(test.gateway.last().reference == "bkk-1-o7-2");
    CHECK(test.gateway.last().amount == Amount{450'000});
    test.gateway.answer(outcome(state));
    CHECK(test.reports.empty());
    ++calls;
  }
  CHECK(test.log.size() == 2);  // the two refusals
  test.await_calls(calls);
  test.gateway.answer(outcome(ChargeState::kCaptured));
  CHECK(test.only_report<RecordRefund>().order == order);
  test.answer_report();
  CHECK(test.desk.cases() == 0);
}

TEST_CASE("after a start an order in payment is looked up, never charged") {
  Desk test;
  const bool cancel_wanted = GENERATE(false, true);
  test.desk.settle({order, 3, false, cancel_wanted, {450'000}, PaymentMethod::kCard});
  CHECK(test.gateway.last().name == "look_up");
  CHECK(test.gateway.last().reference == "bkk-1-o7-3");

  SECTION("captured") {
    test.gateway.answer(outcome(ChargeState::kCaptured));
    test.only_report<RecordPaymentSuccess>();
  }
  SECTION("failed") {
    test.gateway.answer(outcome(ChargeState::kFailed, PaymentFailure::kExpiredCard));
    CHECK(test.only_report<RecordPaymentFailure>().failure == PaymentFailure::kExpiredCard);
  }
  SECTION("not found: barred, as what was sent may still be on its way") {
    test.gateway.answer(outcome(ChargeState::kNotFound));
    REQUIRE(test.reports.empty());
    CHECK(test.gateway.last().name == "cancel");
    const bool known_by_now = GENERATE(false, true);
    test.gateway.answer(known_by_now ? outcome(ChargeState::kFailed, PaymentFailure::kCancelled)
                                     : outcome(ChargeState::kNotFound));
    CHECK(test.only_report<RecordPaymentFailure>().failure == PaymentFailure::kNotFoundAtGateway);
  }
  SECTION("pending: waited for, or cancelled where that is wanted") {
    test.gateway.answer(outcome(ChargeState::kPending));
    test.await_calls(2);
    CHECK(test.gateway.last().name == (cancel_wanted ? "cancel" : "look_up"));
  }
  SECTION("unreachable: asked again") {
    test.gateway.answer(outcome(ChargeState::kUnreachable));
    test.await_calls(2);
    CHECK(test.gateway.last().name == (cancel_wanted ? "cancel" : "look_up"));
  }
  for (const auto& call : test.gateway.calls) CHECK(call.name != "create");
}

TEST_CASE("after a start a refund under way is asked for again") {
  Desk test;
  test.desk.settle({order, 1, true, false, {450'000}, PaymentMethod::kCard});
  CHECK(test.gateway.last().name == "refund");
  test.gateway.answer(outcome(ChargeState::kCaptured));
  test.only_report<RecordRefund>();
}

TEST_CASE("a capture that the engine does not await is logged, without its token") {
  Desk test;
  test.charge("tok_secret");
  test.gateway.answer(outcome(ChargeState::kCaptured));
  test.desk.answered(test.reports.back().first, Rejection::kPaymentUnknown);
  REQUIRE(test.log.size() == 1);
  CHECK(test.log[0].find("bkk-1-o7-1") != std::string::npos);
  CHECK(test.log[0].find("tok_secret") == std::string::npos);
}

TEST_CASE("waits between attempts double up to the longest, and differ by half") {
  const Duration first = milliseconds(200), longest = seconds(30);
  const std::int64_t whole[] = {200'000, 400'000, 800'000, 1'600'000};
  for (std::uint32_t tries = 1; tries <= 4; ++tries) {
    for (const std::uint32_t random : {0u, 1u, 12'345u, 4'000'000'000u}) {
      const auto delay = retry_delay(first, longest, tries, random).microseconds;
      CHECK(delay >= whole[tries - 1] / 2);
      CHECK(delay <= whole[tries - 1]);
    }
  }
  CHECK(retry_delay(first, longest, 4'000'000'000u, 0) == seconds(15));
  CHECK(retry_delay(first, longest, 1, 0) != retry_delay(first, longest, 1, 77));
}

}  // namespace frontrow::payment
