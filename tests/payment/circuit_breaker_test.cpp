#include "payment/circuit_breaker.hpp"

#include <catch2/catch.hpp>

namespace frontrow::payment {
namespace {

struct Breaker {
  BreakerRules rules;
  CircuitBreaker breaker{rules};
  Instant now{1'000'000'000};

  void pass(Duration time) { now = now + time; }
  void record(bool answered, int times = 1) {
    for (int n = 0; n < times; ++n) breaker.record(answered, now, now);
  }
  BreakerState state() const { return breaker.state(now); }
  void open_it() {
    record(false, static_cast<int>(rules.run_max));
    REQUIRE(state() == BreakerState::kOpen);
  }
};

}  // namespace

TEST_CASE("a breaker lets everything through while the gateway answers") {
  Breaker test;
  for (int n = 0; n < 1'000; ++n) {
    CHECK(test.breaker.allows(test.now));
    test.record(true);
    test.pass(milliseconds(10));
  }
  CHECK(test.state() == BreakerState::kClosed);
  CHECK(test.breaker.times_opened() == 0);
}

TEST_CASE("a breaker opens after a run of unanswered calls, and not before") {
  Breaker test;
  test.record(false, static_cast<int>(test.rules.run_max) - 1);
  CHECK(test.state() == BreakerState::kClosed);
  test.record(true);
  test.record(false, static_cast<int>(test.rules.run_max) - 1);
  CHECK(test.state() == BreakerState::kClosed);
  test.record(false);
  CHECK(test.state() == BreakerState::kOpen);
  CHECK_FALSE(test.breaker.allows(test.now));
  CHECK(test.breaker.times_opened() == 1);
}

TEST_CASE("a breaker opens where a share of the window's calls is unanswered") {
  Breaker test;
  // Every other one: no run, but a half.
  for (std::uint32_t n = 0; n + 1 < test.rules.outcomes_min; ++n) {
    test.record(n % 2 == 0);
    CHECK(test.state() == BreakerState::kClosed);
  }
  test.record(false);
  CHECK(test.state() == BreakerState::kOpen);
}

TEST_CASE("what is older than the window does not count") {
  Breaker test;
  for (int n = 0; n < 10; ++n) {
    test.record(false, 2);
    test.record(true);
    test.pass(seconds(20));
  }
  CHECK(test.state() == BreakerState::kClosed);
}

TEST_CASE("a few in a hundred unanswered leave it closed") {
  Breaker test;
  for (int n = 0; n < 2'000; ++n) test.record(n % 20 != 0);
  CHECK(test.state() == BreakerState::kClosed);
}

TEST_CASE("after a time a few probes are let through, and their answers close it") {
  Breaker test;
  test.open_it();
  test.pass(test.rules.open_first - microseconds(1));
  CHECK_FALSE(test.breaker.would_allow(test.now));
  test.pass(microseconds(1));
  CHECK(test.state() == BreakerState::kHalfOpen);
  for (std::uint32_t n = 0; n < test.rules.probes_max; ++n) CHECK(test.breaker.allows(test.now));
  CHECK_FALSE(test.breaker.allows(test.now));
  test.record(true, static_cast<int>(test.rules.probes_good) - 1);
  CHECK(test.state() == BreakerState::kHalfOpen);
  test.record(true);
  CHECK(test.state() == BreakerState::kClosed);
  CHECK(test.breaker.allows(test.now));
  // What was before is forgotten.
  test.record(false, static_cast<int>(test.rules.run_max) - 1);
  CHECK(test.state() == BreakerState::kClosed);
}

TEST_CASE("a probe that is not answered opens it again, for longer and longer") {
  Breaker test;
  test.open_it();
  Duration expected = test.rules.open_first;
  for (int n = 0; n < 8; ++n) {
    test.pass(expected - microseconds(1));
    CHECK_FALSE(test.breaker.allows(test.now));
    test.pass(microseconds(1));
    REQUIRE(test.breaker.allows(test.now));
    test.record(false);
    CHECK(test.state() == BreakerState::kOpen);
    expected = std::min(expected + expected, test.rules.open_longest);
  }
  CHECK(expected == test.rules.open_longest);
}

TEST_CASE("probes whose outcome is lost do not keep it half open for ever") {
  Breaker test;
  test.open_it();
  test.pass(test.rules.open_first);
  for (std::uint32_t n = 0; n < test.rules.probes_max; ++n) REQUIRE(test.breaker.allows(test.now));
  test.pass(test.rules.probe_patience);
  CHECK(test.breaker.allows(test.now));
}

TEST_CASE("calls that began before it changed say nothing about it") {
  Breaker test;
  const Instant before = test.now;
  test.open_it();
  test.pass(test.rules.open_first);
  REQUIRE(test.breaker.allows(test.now));
  test.breaker.record(false, before, test.now);
  CHECK(test.state() == BreakerState::kHalfOpen);
  test.breaker.record(true, before, test.now);
  test.record(true, static_cast<int>(test.rules.probes_good));
  CHECK(test.state() == BreakerState::kClosed);
  for (std::uint32_t n = 0; n < test.rules.run_max; ++n)
    test.breaker.record(false, before, test.now);
  CHECK(test.state() == BreakerState::kClosed);
}

TEST_CASE("outcomes while it is open change nothing") {
  Breaker test;
  test.open_it();
  test.record(true, 100);
  CHECK(test.state() == BreakerState::kOpen);
  test.record(false, 100);
  test.pass(test.rules.open_first);
  CHECK(test.state() == BreakerState::kHalfOpen);
  CHECK(test.breaker.times_opened() == 1);
}

}  // namespace frontrow::payment
