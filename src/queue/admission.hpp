// How fast fans are called: a bucket of calls that fills at `per_second` in the sale's time.
//
// Pure; used by one thread at a time. Integers only: a millionth of a call is the unit.
#pragma once

#include <algorithm>
#include <cstdint>

#include "frontrow/time.hpp"

namespace frontrow::queue {

class CallBucket {
 public:
  /// Calls that may be made at once after a quiet while.
  static std::uint32_t burst_of(std::uint32_t per_second) {
    return std::max<std::uint32_t>(1, per_second / 20);
  }

  /// From `now` on at another rate; what has been saved up stays, within the new bound.
  void set_rate(SaleTime now, std::uint32_t per_second) {
    level_ = level_at(now);
    at_ = now;
    per_second_ = per_second;
    level_ = std::min(level_, bound());
  }
  void fill(SaleTime now) {
    at_ = now;
    level_ = bound();
  }
  std::uint32_t calls_at(SaleTime now) const {
    return static_cast<std::uint32_t>(level_at(now) / one_call);
  }
  void take(SaleTime now, std::uint32_t calls) {
    level_ = level_at(now) - std::int64_t{calls} * one_call;
    at_ = now;
  }
  /// When the bucket holds `calls`, which is at most the burst. Precondition: the rate is not 0.
  SaleTime time_of(std::uint32_t calls) const {
    const std::int64_t missing = std::int64_t{calls} * one_call - level_;
    if (missing <= 0) return at_;
    return at_ + Duration{(missing + per_second_ - 1) / per_second_};
  }
  std::uint32_t burst() const { return burst_of(per_second_); }
  std::uint32_t per_second() const { return per_second_; }
  std::int64_t level() const { return level_; }
  SaleTime at() const { return at_; }

 private:
  static constexpr std::int64_t one_call = 1'000'000;

  std::int64_t bound() const { return per_second_ == 0 ? 0 : std::int64_t{burst()} * one_call; }
  std::int64_t level_at(SaleTime now) const {
    if (per_second_ == 0) return level_;
    const std::int64_t to_full = (bound() - level_) / per_second_ + 1;
    const std::int64_t passed = (now - at_).microseconds;
    // A long quiet while would overflow the product.
    return passed >= to_full ? bound() : level_ + passed * per_second_;
  }

  SaleTime at_;
  std::int64_t level_ = 0;
  std::uint32_t per_second_ = 0;
};

}  // namespace frontrow::queue
