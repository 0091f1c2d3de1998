// The admission controller in whole sales: shoppers near the bound and never past it, calls that
// follow the gateway, and seats that are spoken for. Each property has a run that lacks it.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sale/sale.hpp"

using namespace frontrow;
using namespace frontrow::sale;

namespace {

constexpr std::uint64_t first_seed = 41;
constexpr std::uint64_t seeds = 3;
constexpr std::uint32_t places = 500;

constexpr Duration slow_from = seconds(600), outage_from = seconds(1'500),
                   outage_to = seconds(1'800);

/// An hour that does not run out of seats, with seven of ten called fans coming.
Scenario busy_hour(std::uint64_t seed) {
  Scenario scenario;
  scenario.seed = seed;
  scenario.seats = 14'000;
  scenario.habits.fans = 24'000;
  scenario.admission.max_shoppers = places;
  return scenario;
}

/// The same hour with a gateway that slows down, fails for five minutes and recovers.
Scenario troubled_hour(std::uint64_t seed) {
  Scenario scenario = busy_hour(seed);
  GatewayPhase slow, outage, back;
  slow.from = slow_from;
  slow.per_second = 0.8;
  slow.latency = {3, 0.6};
  outage.from = outage_from;
  outage.answers = false;
  back.from = outage_to;
  back.per_second = 50;
  scenario.gateway = {GatewayPhase{}, slow, outage, back};
  return scenario;
}

bool said(const Report& report, PaceReason reason, Duration from, Duration to) {
  for (const PaceChange& change : report.paces)
    if (change.pace.reason == reason && change.at >= report.draw_at + from &&
        change.at < report.draw_at + to)
      return true;
  return false;
}

bool ever_said(const Report& report, PaceReason reason) {
  return said(report, reason, seconds(0), seconds(86'400));
}

double refused_share(const Report& report) {
  return static_cast<double>(report.shop_full) / static_cast<double>(report.enters);
}

std::uint32_t shopping(const Engine& engine) {
  return engine.status().fans_by_state[static_cast<std::size_t>(FanState::kShopping)];
}

}  // namespace

TEST_CASE("shoppers never pass the bound, at no command of an hour of trouble") {
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    CAPTURE(seed);
    std::uint32_t most = 0;
    std::uint64_t commands = 0;
    Hooks hooks;
    hooks.after_command = [&](Instant, const Command&, const Reply&, const Effects&,
                              const Engine& engine) {
      most = std::max(most, shopping(engine));
      ++commands;
    };
    const Report report = simulate(troubled_hour(seed), hooks);
    CHECK(most <= places);
    CHECK(most > places * 9 / 10);
    CHECK(commands == report.commands);
    for (const auto& violation : report.violations) FAIL_CHECK(violation);
  }
}

TEST_CASE("in good times the shop is nearly full and hardly anybody finds it full") {
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    CAPTURE(seed);
    Scenario scenario = busy_hour(seed);
    const Report report = simulate(scenario);
    const double occupancy = report.occupancy(seconds(300), seconds(3'000), places);
    CAPTURE(occupancy, report.shop_full, report.enters, report.paces.size());
    CHECK(occupancy >= 0.85);
    CHECK(refused_share(report) < 0.01);
    // A change in two seconds would be 1,800: it is said where it matters.
    CHECK(report.paces.size() < 200);
    CHECK_FALSE(ever_said(report, PaceReason::kGatewayFailing));
    CHECK_FALSE(ever_said(report, PaceReason::kGatewaySlow));

    scenario.controlled = false;
    CHECK(simulate(scenario).occupancy(seconds(300), seconds(3'000), places) < 0.80);
  }
}

TEST_CASE("however many come, the shop is used and seldom found full") {
  for (const double turn_up : {1.0, 0.9, 0.5, 0.3}) {
    Scenario scenario = busy_hour(first_seed);
    scenario.habits.turn_up = turn_up;
    const Report report = simulate(scenario);
    const double occupancy = report.occupancy(seconds(300), seconds(3'000), places);
    CAPTURE(turn_up, occupancy, report.shop_full, report.enters);
    CHECK(occupancy >= 0.80);
    CHECK(refused_share(report) < 0.01);
    for (const PaceChange& change : report.paces) CHECK(change.pace.outstanding_max <= 2 * places);
  }
}

TEST_CASE("the calls follow a gateway that slows down, fails and recovers") {
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    CAPTURE(seed);
    const Report report = simulate(troubled_hour(seed));

    // Slow: no more are called than can pay, so the calls fall well below those of before.
    const auto before = report.calls(seconds(100), seconds(600));
    const auto slow = report.calls(slow_from + seconds(100), outage_from);
    CAPTURE(before, slow);
    CHECK(slow < before);  // In 800 s fewer than in 500 s before.
    CHECK(said(report, PaceReason::kGatewaySlow, slow_from, outage_from));

    // Failing: within a minute nobody is called any more, as long as it lasts.
    CHECK(report.calls(outage_from + seconds(60), outage_to) == 0);
    CHECK(said(report, PaceReason::kGatewayFailing, outage_from, outage_from + seconds(60)));

    // Recovering: within a minute fans are called again, within five the shop is full again.
    CHECK(report.calls(outage_to, outage_to + seconds(60)) > 0);
    CHECK(said(report, PaceReason::kGatewayRecovering, outage_to, outage_to + seconds(60)));
    CHECK(report.occupancy(outage_to + seconds(300), outage_to + seconds(900), places) >= 0.85);
    CHECK(refused_share(report) < 0.02);
    for (const auto& violation : report.violations) FAIL_CHECK(violation);
  }
}

TEST_CASE("told of an outage, the calls stop within seconds, sooner than silence would tell") {
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    CAPTURE(seed);
    Scenario scenario = busy_hour(seed);
    GatewayPhase outage, back;
    outage.from = outage_from;
    outage.answers = false;
    back.from = outage_to;
    scenario.gateway = {GatewayPhase{}, outage, back};
    const Report untold = simulate(scenario);
    scenario.told_health = {{outage_from + seconds(3), GatewayHealth::kFailing},
                            {outage_from + seconds(60), GatewayHealth::kTrying},
                            {outage_from + seconds(61), GatewayHealth::kFailing},
                            {outage_to, GatewayHealth::kTrying},
                            {outage_to + seconds(2), GatewayHealth::kGood}};
    const Report told = simulate(scenario);
    const auto until_silence = seconds(20);
    CHECK(said(told, PaceReason::kGatewayFailing, outage_from, outage_from + seconds(6)));
    CHECK(told.calls(outage_from + seconds(6), outage_to) == 0);
    CHECK(untold.calls(outage_from + seconds(6), outage_from + until_silence) > 0);
    // It recovers as it does by itself.
    CHECK(said(told, PaceReason::kGatewayRecovering, outage_to, outage_to + seconds(60)));
    CHECK(told.occupancy(outage_to + seconds(300), outage_to + seconds(900), places) >= 0.85);
    for (const auto& violation : told.violations) FAIL_CHECK(violation);
  }
}

TEST_CASE("without a controller fans are called into the outage") {
  Scenario scenario = troubled_hour(first_seed);
  scenario.controlled = false;
  const Report report = simulate(scenario);
  CHECK(report.calls(outage_from + seconds(60), outage_to) > 100);
  CHECK(report.paces.empty());
}

TEST_CASE("calls stop when the seats that are left are spoken for, and no seat stays unsold") {
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    CAPTURE(seed);
    Scenario scenario = busy_hour(seed);
    scenario.seats = 5'000;
    scenario.habits.fans = 12'000;
    const Report report = simulate(scenario);
    CHECK(report.status.seats.sold == scenario.seats);
    CHECK(report.samples.back().waiting > 1'000);
    CHECK(ever_said(report, PaceReason::kSeatsSpokenFor));
    // Seats were still free when the calls first stopped.
    for (const PaceChange& change : report.paces) {
      if (change.pace.reason != PaceReason::kSeatsSpokenFor) continue;
      const Sample& then = report.at(change.at - report.draw_at);
      CHECK(then.free > 50);
      CHECK(then.waiting > 1'000);
      break;
    }
    for (const auto& violation : report.violations) FAIL_CHECK(violation);
  }
}

TEST_CASE("fewer fans are called for nothing than by a controller that knows nothing of seats") {
  Scenario scenario = busy_hour(first_seed);
  scenario.seats = 5'000;
  scenario.habits.fans = 12'000;
  const auto in_vain = [&](const Report& report) {
    return report.status.counts.entered * 10'000 / report.status.seats.sold;
  };
  const Report controlled = simulate(scenario);
  scenario.controlled = false;
  const Report uncontrolled = simulate(scenario);
  CHECK(in_vain(controlled) < in_vain(uncontrolled));
}

TEST_CASE("a controller that is made anew goes on where the last one stood") {
  Scenario scenario = troubled_hour(first_seed);
  scenario.control_restarts = {seconds(400), seconds(900), outage_from + seconds(120),
                               outage_to + seconds(10), seconds(2'400)};
  const Report report = simulate(scenario);
  CHECK(report.calls(outage_from + seconds(60), outage_to) == 0);
  CHECK(report.calls(outage_to, outage_to + seconds(90)) > 0);
  CHECK(report.occupancy(seconds(2'100), seconds(2'400), places) >= 0.85);
  CHECK(report.occupancy(seconds(2'700), seconds(3'500), places) >= 0.85);
  CHECK(refused_share(report) < 0.02);
}

TEST_CASE("banks that decline half of the payments are no reason to call fewer") {
  Scenario scenario = busy_hour(first_seed);
  scenario.gateway[0].declined = 0.5;
  const Report report = simulate(scenario);
  CHECK_FALSE(ever_said(report, PaceReason::kGatewayFailing));
  CHECK_FALSE(ever_said(report, PaceReason::kGatewaySlow));
  CHECK(report.occupancy(seconds(300), seconds(3'000), places) >= 0.85);
}

TEST_CASE("a gateway that fails every payment itself stops the calls") {
  Scenario scenario = busy_hour(first_seed);
  GatewayPhase broken, back;
  broken.from = seconds(600);
  broken.failing = 1.0;
  back.from = seconds(1'200);
  scenario.gateway = {GatewayPhase{}, broken, back};
  const Report report = simulate(scenario);
  CHECK(said(report, PaceReason::kGatewayFailing, seconds(600), seconds(660)));
  CHECK(report.calls(seconds(1'500), seconds(1'800)) > 100);
  CHECK(report.occupancy(seconds(1'800), seconds(3'000), places) >= 0.85);
}

TEST_CASE("an outage that outlasts every turn is found to be over by the few who are let in") {
  Scenario scenario = busy_hour(first_seed);
  scenario.admission.shopping = seconds(120);
  scenario.habits.choosing = {30, 0.4};
  scenario.habits.deciding = {15, 0.4};
  GatewayPhase outage, back;
  outage.from = seconds(600);
  outage.answers = false;
  back.from = seconds(1'800);
  scenario.gateway = {GatewayPhase{}, outage, back};
  const Report report = simulate(scenario);
  CHECK(report.calls(seconds(660), seconds(1'800)) <= 200);
  CHECK(report.calls(seconds(660), seconds(1'800)) > 0);
  CHECK(report.calls(seconds(1'800), seconds(2'100)) > 300);
}

TEST_CASE("every change of pace is in the journal with its reason and what it came from") {
  std::vector<SetPace> journaled;
  Hooks hooks;
  hooks.after_command = [&](Instant, const Command& command, const Reply& reply, const Effects&,
                            const Engine& engine) {
    const auto* pace = std::get_if<SetPace>(&command);
    if (pace == nullptr) return;
    CHECK(static_cast<int>(reply.rejection) == 0);
    CHECK(engine.status().pace == pace->pace);
    journaled.push_back(*pace);
  };
  const Report report = simulate(troubled_hour(first_seed), hooks);
  REQUIRE(journaled.size() == report.paces.size());
  REQUIRE(journaled.size() > 10);
  Instant last;
  bool stop_before = false;
  for (std::size_t n = 0; n < journaled.size(); ++n) {
    CAPTURE(journaled[n].measured);
    CHECK(journaled[n].measured.size() > 20);
    CHECK(journaled[n].measured.find('\n') == std::string::npos);
    const bool stop = journaled[n].pace.calls_per_second == 0 && !stop_before;
    if (!stop) CHECK(report.paces[n].at - last >= seconds(2));
    stop_before = journaled[n].pace.calls_per_second == 0;
    last = report.paces[n].at;
  }
}

TEST_CASE("a pinned admission is left alone") {
  Scenario scenario = troubled_hour(first_seed);
  scenario.admission.pinned = true;
  const Report report = simulate(scenario);
  CHECK(report.paces.empty());
  CHECK(report.calls(outage_from + seconds(60), outage_to) > 100);
}
