#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "guard/client_address.hpp"
#include "guard/rate_limiter.hpp"

using namespace frontrow;
using guard::RateLimiter;

namespace {

constexpr Instant start{1'800'000'000'000'000};

}  // namespace

TEST_CASE("a key may burst, then is held to its rate") {
  RateLimiter limiter(64);
  for (std::uint32_t n = 0; n < 5; ++n) {
    const auto decision = limiter.take(1, 2, 5, start);
    CHECK(decision.allowed);
    CHECK(decision.remaining == 4 - n);
  }
  const auto refused = limiter.take(1, 2, 5, start);
  CHECK_FALSE(refused.allowed);
  CHECK(refused.remaining == 0);
  CHECK(refused.retry_after_seconds == 1);
  CHECK_FALSE(limiter.take(1, 2, 5, start + milliseconds(490)).allowed);
  CHECK(limiter.take(1, 2, 5, start + milliseconds(500)).allowed);
  CHECK_FALSE(limiter.take(1, 2, 5, start + milliseconds(500)).allowed);
}

TEST_CASE("a refused request costs nothing") {
  RateLimiter limiter(64);
  CHECK(limiter.take(1, 1, 1, start).allowed);
  for (int n = 0; n < 1'000; ++n) CHECK_FALSE(limiter.take(1, 1, 1, start).allowed);
  CHECK(limiter.take(1, 1, 1, start + seconds(1)).allowed);
}

TEST_CASE("after the time told a request passes") {
  const struct {
    double per_second, burst;
    std::uint32_t retry_after_seconds;
  } rows[] = {{20, 20, 1}, {1, 1, 1}, {0.5, 1, 2}, {60 / 60.0, 60, 1}, {1 / 60.0, 3, 60}};
  for (const auto& row : rows) {
    CAPTURE(row.per_second, row.burst);
    RateLimiter limiter(64);
    RateLimiter::Decision decision;
    for (int n = 0; n < 100 && decision.allowed; ++n)
      decision = limiter.take(1, row.per_second, row.burst, start);
    REQUIRE_FALSE(decision.allowed);
    CHECK(decision.retry_after_seconds == row.retry_after_seconds);
    CHECK(limiter.take(1, row.per_second, row.burst, start + seconds(row.retry_after_seconds))
              .allowed);
  }
}

TEST_CASE("requests at exactly the rate all pass") {
  for (const double per_second : {1.0, 3.0, 7.0, 20.0, 1'000.0}) {
    CAPTURE(per_second);
    RateLimiter limiter(64);
    int passed = 0;
    for (int n = 0; n < 1'000; ++n) {
      const auto offset = static_cast<std::int64_t>(n * 1'000'000.0 / per_second);
      if (limiter.take(1, per_second, 1, start + microseconds(offset)).allowed) ++passed;
    }
    CHECK(passed == 1'000);
  }
}

TEST_CASE("no limit and odd limits") {
  RateLimiter limiter(64);
  for (int n = 0; n < 1'000; ++n) {
    CHECK(limiter.take(1, 0, 1, start).allowed);
    CHECK(limiter.take(2, -1, 1, start).allowed);
  }
  CHECK(limiter.take(3, 1, 0, start).allowed);  // A burst below 1 is 1.
  CHECK_FALSE(limiter.take(3, 1, 0, start).allowed);
  CHECK(limiter.take(4, 1e-300, 1, start).allowed);
  CHECK_FALSE(limiter.take(4, 1e-300, 1, start + seconds(1'000)).allowed);
  CHECK(limiter.take(5, 1e300, 1e300, start).allowed);
  CHECK(limiter.take(5, 1e300, 1e300, start).allowed);
}

TEST_CASE("a clock that runs backwards holds nobody up for longer than a burst takes") {
  RateLimiter limiter(64);
  for (int n = 0; n < 5; ++n) limiter.take(1, 1, 5, start);
  const Instant back = start - seconds(86'400);
  CHECK_FALSE(limiter.take(1, 1, 5, back).allowed);
  CHECK(limiter.take(1, 1, 5, back + seconds(5)).allowed);
}

TEST_CASE("a limit that is raised or lowered counts at once") {
  RateLimiter limiter(64);
  for (int n = 0; n < 10; ++n) limiter.take(1, 1, 10, start);
  CHECK_FALSE(limiter.take(1, 1, 10, start).allowed);
  CHECK(limiter.take(1, 1, 20, start).allowed);
  CHECK_FALSE(limiter.take(1, 1, 2, start).allowed);
  CHECK(limiter.take(1, 1, 2, start + seconds(2)).allowed);
}

TEST_CASE("keys do not count for each other") {
  RateLimiter limiter(1'024);
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::map<std::uint64_t, int> passed;
  for (std::uint64_t key = 0; key < 64; ++key)
    for (int n = 0; n < 10; ++n)
      if (limiter.take(key, 1, 3, start).allowed) ++passed[key];
  for (const auto& [key, count] : passed) {
    CAPTURE(key);
    CHECK(count == 3);
  }
}

TEST_CASE("memory is fixed, and a flood of keys loosens the limit, never tightens it") {
  RateLimiter limiter(256);
  CHECK(limiter.capacity() == 256);
  for (std::uint64_t key = 0; key < 100'000; ++key) CHECK(limiter.take(key, 1, 1, start).allowed);
  CHECK(limiter.capacity() == 256);
}

TEST_CASE("a flood of keys with little debt does not wash out one with much") {
  RateLimiter limiter(64);
  for (int n = 0; n < 100; ++n) limiter.take(1, 1, 100, start);
  REQUIRE_FALSE(limiter.take(1, 1, 100, start).allowed);
  for (std::uint64_t key = 2; key < 10'000; ++key) limiter.take(key, 1, 100, start);
  CHECK_FALSE(limiter.take(1, 1, 100, start).allowed);
}

TEST_CASE("the limiter agrees with a bucket that leaks") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  RateLimiter limiter(64);
  constexpr double rate = 4, burst = 7;
  double level = 0;
  Instant now = start, before = start;
  for (int n = 0; n < 20'000; ++n) {
    now = now + microseconds(static_cast<std::int64_t>(random() % 500) * 1'000);
    level = std::max(0.0, level - rate * static_cast<double>((now - before).microseconds) / 1e6);
    before = now;
    const bool expected = level + 1 <= burst + 1e-5;
    REQUIRE(limiter.take(7, rate, burst, now).allowed == expected);
    if (expected) level += 1;
  }
}

TEST_CASE("an address is a key whole in IPv4 and by its first half in IPv6") {
  using guard::rate_key_of_address;
  const std::array<std::uint8_t, 4> a = {192, 0, 2, 1}, b = {192, 0, 2, 2};
  std::array<std::uint8_t, 16> v6 = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
  CHECK(rate_key_of_address(a) != rate_key_of_address(b));
  const auto key = rate_key_of_address(v6);
  v6[15] = 2;
  v6[8] = 9;
  CHECK(rate_key_of_address(v6) == key);
  v6[7] = 2;
  CHECK(rate_key_of_address(v6) != key);
  const std::array<std::uint8_t, 16> mapped = {0, 0, 0,    0,    0,   0, 0, 0,
                                               0, 0, 0xff, 0xff, 192, 0, 2, 1};
  CHECK(rate_key_of_address(mapped) == rate_key_of_address(a));
  CHECK(rate_key_of_address({}) == 0);
  CHECK(guard::rate_key_of_fan(FanId(3)) != rate_key_of_address(a));
  CHECK(guard::rate_key_of_fan(FanId(3)) != guard::rate_key_of_fan(FanId(4)));
}
