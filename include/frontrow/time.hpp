// Two clocks, two types. The wall's time is what commands carry; the sale's time is what
// deadlines are kept in: it stands still while the round is paused and while the server is down.
#pragma once

#include <compare>
#include <cstdint>

namespace frontrow {

/// A length of time in microseconds; may be negative.
struct Duration {
  std::int64_t microseconds = 0;

  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr Duration operator+(Duration a, Duration b) {
    return {a.microseconds + b.microseconds};
  }
  friend constexpr Duration operator-(Duration a, Duration b) {
    return {a.microseconds - b.microseconds};
  }
};

constexpr Duration microseconds(std::int64_t n) { return {n}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }

/// A point of one clock, in microseconds. For the wall: since 1970-01-01T00:00:00Z.
template <class Clock>
struct TimePoint {
  std::int64_t microseconds = 0;

  friend constexpr auto operator<=>(const TimePoint&, const TimePoint&) = default;
  friend constexpr TimePoint operator+(TimePoint t, Duration d) {
    return {t.microseconds + d.microseconds};
  }
  friend constexpr TimePoint operator-(TimePoint t, Duration d) {
    return {t.microseconds - d.microseconds};
  }
  friend constexpr Duration operator-(TimePoint a, TimePoint b) {
    return {a.microseconds - b.microseconds};
  }
};

/// Wall time, UTC.
using Instant = TimePoint<struct WallClock>;
/// The sale's time: equal to the wall's at the first command, later behind it by all pauses.
using SaleTime = TimePoint<struct SaleClock>;

}  // namespace frontrow
