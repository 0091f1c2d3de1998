// A sequencer without thread, disk or clock of its own: tests move time and turn the loop by hand.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/command_codec.hpp"
#include "journal/journal_reader.hpp"
#include "journal/memory_journal.hpp"
#include "sequencer/recovery.hpp"
#include "sequencer/sequencer.hpp"
#include "sequencer/start_commands.hpp"
#include "support/small_round.hpp"

namespace frontrow::test {

class ManualClock final : public Clock {
 public:
  Instant now() override { return now_; }
  void set(Instant now) { now_ = now; }
  void advance(Duration by) { now_ = now_ + by; }

 private:
  Instant now_ = small_round_start;
};

/// Everyone may shop at once.
inline AdmissionRules open_admission() {
  AdmissionRules rules;
  rules.max_shoppers = 1'000;
  rules.per_second = 1'000;
  rules.shopping = seconds(6'000);
  return rules;
}

/// The channels of a fixture: the first for fans, the second for payments.
class Round {
 public:
  explicit Round(RoundDefinition definition = small_round(), std::size_t in_flight_max = 64)
      : engine(definition),
        published(definition.plan),
        fans(in_flight_max, {.fans = true}),
        payments(in_flight_max, {.payments = true}),
        sequencer({engine,
                   journal,
                   published,
                   clock,
                   {&fans, &payments},
                   [this](const std::string& line) { failures.push_back(line); }}) {}

  void open() {
    REQUIRE(sequencer.begin(first_start_commands("{}", open_admission())));
    turn();
    // The opening publishes the draw's commitment; what follows is what tests are about.
    REQUIRE(events_in<DrawPublished>(receive(fans)).size() == 1);
  }

  void submit(Channel& channel, std::variant<Command, Query> what, std::string card_token = {}) {
    REQUIRE(channel.try_submit({next_correlation++, std::move(what), std::move(card_token)}));
  }
  void turn() {
    while (sequencer.run_once()) {
    }
  }
  std::vector<Outgoing> receive(Channel& channel) {
    std::vector<Outgoing> received;
    channel.receive(100'000, [&](Outgoing& one) { received.push_back(std::move(one)); });
    return received;
  }
  static std::vector<Answer> answers_in(const std::vector<Outgoing>& received) {
    std::vector<Answer> answers;
    for (const auto& one : received)
      if (const auto* answer = std::get_if<Answer>(&one)) answers.push_back(*answer);
    return answers;
  }
  template <class Kind>
  static std::vector<Kind> events_in(const std::vector<Outgoing>& received) {
    std::vector<Kind> events;
    for (const auto& one : received)
      if (const auto* delivery = std::get_if<EventDelivery>(&one))
        if (const auto* event = std::get_if<Kind>(&delivery->event)) events.push_back(*event);
    return events;
  }
  /// One command by a fan's channel, carried out; the channel must have had nothing waiting.
  Reply ask(std::variant<Command, Query> what, std::string card_token = {}) {
    submit(fans, std::move(what), std::move(card_token));
    turn();
    const auto answers = answers_in(receive(fans));
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].correlation == next_correlation - 1);
    return answers[0].reply;
  }
  /// `count` fans who are shopping.
  void let_in(std::uint32_t count) {
    for (std::uint32_t n = 0; n < count; ++n) {
      JoinQueue join;
      join.entry = bytes_of(n);
      REQUIRE(ask(join).rejection == Rejection::kNone);
    }
    clock.advance(seconds(70));
    turn();
    receive(fans);
    for (std::uint32_t n = 0; n < count; ++n)
      REQUIRE(ask(EnterShop{FanId{n}}).rejection == Rejection::kNone);
  }

  ManualClock clock;
  journal::MemoryJournal journal;
  Engine engine;
  Published published;
  Channel fans;
  Channel payments;
  std::vector<std::string> failures;
  Sequencer sequencer;
  std::uint64_t next_correlation = 100;
};

inline PlaceHold hold(std::uint32_t fan, SeatList seats) {
  PlaceHold command;
  command.fan = FanId{fan};
  command.seats = std::move(seats);
  return command;
}

inline EngineMaker maker_of(const RoundDefinition& definition) {
  return [definition](
             const OpenRound&) -> boost::system::result<std::unique_ptr<Engine>, std::string> {
    return std::make_unique<Engine>(definition);
  };
}

/// Replays what a journal in memory holds.
inline journal::Result<Recovered> replay(const journal::MemoryJournal& journal,
                                         const RoundDefinition& definition = small_round(),
                                         const RecoveryOptions& options = {}) {
  Replayer replayer(maker_of(definition), options);
  journal::BlockVerifier verifier(
      [&](const journal::Block& block) { return replayer.apply(block); });
  for (const auto& entry : journal.entries())
    if (const auto accepted = verifier.accept(entry.key, entry.value); accepted.has_error())
      return accepted.error();
  return std::move(replayer).finish(verifier.summary());
}

/// The names of all journaled commands, block by block.
inline std::vector<std::vector<std::string>> journaled(const journal::MemoryJournal& journal) {
  std::vector<std::vector<std::string>> names;
  journal::BlockVerifier verifier([&](const journal::Block& block) -> journal::Result<void> {
    names.emplace_back();
    for (const Command& command : block.commands) names.back().emplace_back(command_name(command));
    return {};
  });
  for (const auto& entry : journal.entries())
    REQUIRE(verifier.accept(entry.key, entry.value).has_value());
  return names;
}

}  // namespace frontrow::test
