// What goes to whom: events, card tokens, and channels that do not take what they are sent.
#include "sequencer/group_limits.hpp"
#include "sequencer_fixture.hpp"

namespace frontrow {
namespace {

using namespace test;

std::vector<std::string> card_tokens(const std::vector<Outgoing>& received) {
  std::vector<std::string> tokens;
  for (const auto& one : received)
    if (const auto* delivery = std::get_if<EventDelivery>(&one))
      tokens.push_back(delivery->card_token);
  return tokens;
}

StartPayment pay(std::uint32_t fan, std::uint32_t order) {
  StartPayment command;
  command.fan = FanId{fan};
  command.order = OrderId{order};
  return command;
}

TEST_CASE("orders are told to the fans' channel, charges to the payments' channel") {
  Round round;
  round.open();
  round.let_in(1);
  round.receive(round.payments);
  round.submit(round.fans, hold(0, {SeatIndex{0}}));
  round.submit(round.fans, pay(0, 0), "tok_ok");
  round.turn();
  const auto to_fans = round.receive(round.fans);
  const auto to_payments = round.receive(round.payments);
  CHECK(Round::events_in<OrderChanged>(to_fans).size() == 2);
  CHECK(Round::events_in<ChargeWanted>(to_fans).empty());
  CHECK(Round::events_in<OrderChanged>(to_payments).empty());
  const auto charges = Round::events_in<ChargeWanted>(to_payments);
  REQUIRE(charges.size() == 1);
  CHECK(charges[0].amount == Amount{680'000});
}

TEST_CASE("each card token goes with its own charge, to the payments' channel alone") {
  Round round;
  round.open();
  round.let_in(3);
  for (std::uint32_t n = 0; n < 3; ++n) round.submit(round.fans, hold(n, {SeatIndex{n * 10}}));
  round.submit(round.fans, pay(0, 0), "tok_a");
  round.submit(round.fans, pay(0, 99), "tok_refused");  // no such order
  round.submit(round.fans, pay(1, 1));                  // none given
  round.submit(round.fans, pay(2, 2), "tok_c");
  round.submit(round.fans, LeaveQueue{FanId{2}}, "tok_misplaced");
  round.turn();
  CHECK(card_tokens(round.receive(round.payments)) ==
        std::vector<std::string>{"tok_a", "", "tok_c"});
  for (const auto& token : card_tokens(round.receive(round.fans))) CHECK(token.empty());
}

TEST_CASE("a repeated payment charges nothing again and drops its token") {
  Round round;
  round.open();
  round.let_in(1);
  round.ask(hold(0, {SeatIndex{0}}));
  StartPayment command = pay(0, 0);
  command.idempotency = {bytes_of(1), 5};
  round.ask(command, "tok_ok");
  CHECK(card_tokens(round.receive(round.payments)) == std::vector<std::string>{"tok_ok"});
  CHECK(round.ask(command, "tok_again").repeated);
  CHECK(round.receive(round.payments).empty());
}

TEST_CASE("no card token is ever journaled") {
  Round round;
  round.open();
  round.let_in(1);
  round.ask(hold(0, {SeatIndex{0}}));
  round.ask(pay(0, 0), "tok_very_secret");
  for (const auto& entry : round.journal.entries()) {
    const std::string value(entry.value.begin(), entry.value.end());
    CHECK(value.find("tok_very_secret") == std::string::npos);
  }
}

TEST_CASE("answers that find a ring full are held back and come later, all and in order") {
  Round round(small_round(), 8'192);
  round.open();
  // Nobody receives: notices fill the ring and what is behind it, until events are dropped.
  std::uint64_t sent = 0;
  while (round.sequencer.statistics().events_dropped.value() == 0) {
    for (int n = 0; n < 100; ++n, ++sent)
      round.submit(round.payments, PostNotice{"ops", {{"en", std::to_string(sent)}}});
    round.turn();
    round.receive(round.payments);
    REQUIRE(sent < 100'000);
  }
  for (std::uint64_t n = 0; n < 8'192; ++n)
    REQUIRE(round.fans.try_submit({n, Query{GetFan{FanId{0}}}, {}}));
  round.turn();
  CHECK(round.sequencer.statistics().held_back.value() > 0);

  std::vector<std::uint64_t> correlations;
  std::uint64_t notices = 0;
  for (int turns = 0; turns < 100 && correlations.size() < 8'192; ++turns) {
    for (const auto& one : round.receive(round.fans)) {
      if (const auto* answer = std::get_if<Answer>(&one))
        correlations.push_back(answer->correlation);
      else
        ++notices;
    }
    round.turn();
  }
  REQUIRE(correlations.size() == 8'192);
  CHECK(std::is_sorted(correlations.begin(), correlations.end()));
  const auto& counted = round.sequencer.statistics();
  CHECK(notices + counted.events_dropped.value() == sent);
  CHECK(notices >= group_limits::events_held_back_max);
}

TEST_CASE("the payments' channel gets every event, however late it takes them") {
  Round round(small_round(), 1);
  round.open();
  round.let_in(1);
  // Hold, pay, declined, pay, declined, …: each time a charge that nobody takes.
  round.ask(hold(0, {SeatIndex{0}}));
  constexpr std::uint32_t attempts = 6'000;  // more than ring and room behind it hold together
  std::uint32_t charged = 0;
  Engine& engine = round.engine;
  for (std::uint32_t n = 0; n < attempts; ++n) {
    if (round.ask(pay(0, 0)).rejection != Rejection::kNone) break;
    ++charged;
    RecordPaymentFailure failure;
    failure.order = OrderId{0};
    failure.attempt = engine.order(OrderId{0}).payment.attempt;
    if (round.ask(failure).rejection != Rejection::kNone) break;
  }
  REQUIRE(charged > 4'200);
  std::uint32_t received = 0;
  std::uint32_t last_attempt = 0;
  for (int turns = 0; turns < 10; ++turns) {
    for (const auto& charge : Round::events_in<ChargeWanted>(round.receive(round.payments))) {
      CHECK(charge.attempt > last_attempt);
      last_attempt = charge.attempt;
      ++received;
    }
    round.turn();
  }
  CHECK(received == charged);
  CHECK(round.sequencer.statistics().events_dropped.value() == 0);
}

}  // namespace
}  // namespace frontrow
