// The simulated sale itself: it obeys the engine's rules, and a scenario is one sale for good.
#include "sale/sale.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "sale/hall.hpp"

using namespace frontrow;
using namespace frontrow::sale;

namespace {

constexpr std::uint64_t seed = 20'270'115;

Scenario small_sale() {
  Scenario scenario;
  scenario.seed = seed;
  scenario.seats = 1'200;
  scenario.habits.fans = 3'000;
  scenario.admission.max_shoppers = 150;
  scenario.length = seconds(2'400);
  return scenario;
}

}  // namespace

TEST_CASE("a simulated sale breaks no invariant and sells its seats") {
  CAPTURE(seed);
  const Scenario scenario = small_sale();
  const Report report = simulate(scenario);
  for (const auto& violation : report.violations) FAIL_CHECK(violation);
  CHECK(report.status.seats.sold == scenario.seats);
  CHECK(report.most_shopping <= scenario.admission.max_shoppers);
  CHECK(report.rejections[static_cast<std::size_t>(Rejection::kNone)] > scenario.habits.fans);
  for (const Rejection never : {Rejection::kNotFound, Rejection::kUnknownSeat, Rejection::kNotDue,
                                Rejection::kLimitReached, Rejection::kSeatsUnavailable}) {
    CAPTURE(static_cast<int>(never));
    CHECK(report.rejections[static_cast<std::size_t>(never)] == 0);
  }
  CHECK(report.samples.size() > 2'390);
  CHECK(report.first_called.size() == scenario.habits.fans);
}

TEST_CASE("the same scenario is the same sale, another seed another") {
  CAPTURE(seed);
  Scenario scenario = small_sale();
  const Report first = simulate(scenario);
  const Report second = simulate(scenario);
  CHECK(first.commands == second.commands);
  CHECK(first.state_hash == second.state_hash);
  ++scenario.seed;
  CHECK_FALSE(simulate(scenario).state_hash == first.state_hash);
}

TEST_CASE("the commands of a simulated sale give the same state when they are replayed") {
  CAPTURE(seed);
  const Scenario scenario = small_sale();
  std::vector<std::pair<Instant, Command>> commands;
  Hooks hooks;
  hooks.after_command = [&](Instant now, const Command& command, const Reply&, const Effects&,
                            const Engine&) { commands.emplace_back(now, command); };
  const Report report = simulate(scenario, hooks);
  Engine again(definition_of(scenario));
  Effects effects;
  Sequence sequence = 0;
  for (const auto& [at, command] : commands) {
    effects.clear();
    again.apply(++sequence, at, command, effects);
  }
  CHECK(sequence == report.commands);
  CHECK(again.state_hash() == report.state_hash);
}
