// The faults: what a seed gives, and what the switches take.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sandbox/fault_dice.hpp"
#include "sandbox/faults_json.hpp"

namespace frontrow::sandbox {
namespace {

std::vector<bool> declines(Faults faults, int count) {
  FaultDice dice(std::move(faults));
  std::vector<bool> drawn;
  for (int n = 0; n < count; ++n) drawn.push_back(dice.declines());
  return drawn;
}

}  // namespace

TEST_CASE("latency has the median and the 99th percentile that were asked for") {
  Faults faults;
  faults.latency_median = milliseconds(800);
  faults.latency_p99 = milliseconds(4'000);
  faults.seed = 42;
  FaultDice dice(faults);
  std::vector<std::int64_t> drawn(100'000);
  for (auto& latency : drawn) latency = dice.latency().microseconds;
  std::sort(drawn.begin(), drawn.end());
  CHECK(drawn.front() > 0);
  // The seed is fixed: these are the same numbers every time.
  CHECK(std::abs(drawn[50'000] - 800'000) < 16'000);
  CHECK(std::abs(drawn[99'000] - 4'000'000) < 160'000);
}

TEST_CASE("no median: at once; a percentile below the median: always the median") {
  FaultDice none{Faults{}};
  CHECK(none.latency() == Duration{});
  Faults faults;
  faults.latency_median = milliseconds(5);
  FaultDice steady(faults);
  for (int n = 0; n < 100; ++n) CHECK(steady.latency() == milliseconds(5));
}

TEST_CASE("a rate of 0 never hits, of 1 always, of a tenth as often as a tenth") {
  Faults faults;
  faults.seed = 3;
  CHECK(std::ranges::count(declines(faults, 1'000), true) == 0);
  faults.decline_rate = 1;
  CHECK(std::ranges::count(declines(faults, 1'000), true) == 1'000);
  faults.decline_rate = 0.1;
  const auto hits = std::ranges::count(declines(faults, 10'000), true);
  CHECK(hits > 900);
  CHECK(hits < 1'100);
}

TEST_CASE("the same seed declines the same charges, whatever else is turned on") {
  Faults faults;
  faults.seed = 7;
  faults.decline_rate = 0.3;
  const auto alone = declines(faults, 500);
  CHECK(declines(faults, 500) == alone);

  faults.dropped_answer_rate = 0.5;
  faults.latency_median = milliseconds(1);
  faults.latency_p99 = milliseconds(9);
  FaultDice dice(faults);
  std::vector<bool> beside;
  for (int n = 0; n < 500; ++n) {
    dice.latency();
    dice.drops_answer();
    beside.push_back(dice.declines());
  }
  CHECK(beside == alone);

  faults.seed = 8;
  CHECK(declines(faults, 500) != alone);
}

TEST_CASE("a change of the switches goes on with the chances, a new seed begins them anew") {
  Faults faults;
  faults.seed = 7;
  faults.decline_rate = 0.3;
  const auto expected = declines(faults, 20);
  FaultDice dice(faults);
  for (int n = 0; n < 10; ++n) dice.declines();
  faults.outage = true;
  dice.set(faults);
  for (std::size_t n = 10; n < 20; ++n) CHECK(dice.declines() == expected[n]);
  faults.seed = 8;
  dice.set(faults);
  faults.seed = 7;
  dice.set(faults);
  for (const bool hit : expected) CHECK(dice.declines() == hit);
}

TEST_CASE("an outage lasts from its beginning to before its end") {
  Faults faults;
  faults.outages = {{seconds(10), seconds(5)}, {seconds(30), seconds(1)}};
  FaultDice dice(faults);
  CHECK_FALSE(dice.outage(seconds(9)));
  CHECK(dice.outage(seconds(10)));
  CHECK(dice.outage(milliseconds(14'999)));
  CHECK_FALSE(dice.outage(seconds(15)));
  CHECK(dice.outage(milliseconds(30'500)));
  faults.outage = true;
  dice.set(faults);
  CHECK(dice.outage(seconds(1'000)));
}

TEST_CASE("what is told of the faults can be put back as it is") {
  Faults faults;
  faults.latency_median = milliseconds(800);
  faults.latency_p99 = milliseconds(4'000);
  faults.decline_rate = 0.125;
  faults.outages = {{seconds(10), milliseconds(5'500)}};
  faults.notices = false;
  faults.approve_by_hand = true;
  faults.seed = UINT64_MAX;
  std::string problem;
  const auto again = changed_by(Faults{}, to_json(faults), problem);
  REQUIRE(again);
  CHECK(to_json(*again) == to_json(faults));
  CHECK(to_json(*again) != to_json(Faults{}));
}

TEST_CASE("what is not named stays as it is") {
  Faults faults;
  faults.decline_rate = 0.5;
  std::string problem;
  const auto changed = changed_by(faults, R"({"outage":true})", problem);
  REQUIRE(changed);
  CHECK(changed->outage);
  CHECK(changed->decline_rate == 0.5);
}

TEST_CASE("values that a switch cannot have are refused by its name") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "object"},
      {"[]", "object"},
      {R"({"decline_rate":)", "object"},
      {R"({"decline_rate":2})", "decline_rate"},
      {R"({"decline_rate":-0.1})", "decline_rate"},
      {R"({"decline_rate":"0.1"})", "decline_rate"},
      {R"({"latency_median_milliseconds":-1})", "latency_median_milliseconds"},
      {R"({"latency_p99_milliseconds":9000000000000000000})", "latency_p99_milliseconds"},
      {R"({"latency_p99_milliseconds":1.5})", "latency_p99_milliseconds"},
      {R"({"outage":1})", "outage"},
      {R"({"outages":{}})", "outages"},
      {R"({"outages":[{"begin_milliseconds":1}]})", "outages"},
      {R"({"outages":[{"begin_milliseconds":1,"length_milliseconds":-1}]})", "outages"},
      {R"({"seed":-1})", "seed"},
      {R"({"colour":"red"})", "colour"},
  };
  for (const auto& [text, named] : cases) {
    CAPTURE(text);
    std::string problem;
    CHECK_FALSE(changed_by(Faults{}, text, problem));
    CHECK_THAT(problem, Catch::Contains(named));
  }
}

}  // namespace frontrow::sandbox
