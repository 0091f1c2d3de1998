// Rates by the generic cell rate algorithm in a fixed table: one time a key, the theoretical
// arrival time of the next request, were they spaced evenly. A full set drops the key whose time
// is oldest, which is the one nearest to having no debt; so memory never grows and flooding the
// table with new keys loosens limits before it tightens them for anyone.
//
// Any thread: all threads of the front count together, whichever of them a connection falls to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "frontrow/round_definition.hpp"
#include "frontrow/time.hpp"

namespace frontrow::guard {

class RateLimiter {
 public:
  /// 16 bytes an entry, rounded up to a power of two.
  explicit RateLimiter(std::size_t entries_max);
  ~RateLimiter();

  struct Decision {
    bool allowed = true;
    std::uint32_t retry_after_seconds = 0;  ///< At least 1 where refused; for `Retry-After`.
    std::uint32_t remaining = 0;            ///< Requests that would pass at once after this one.
  };
  /// `per_second` requests a second in the long run, `burst` (at least 1) at once. 0 or less a
  /// second: no limit. A refused request costs nothing. `now` may run backwards: a key is then
  /// held up for no longer than its whole burst takes.
  Decision take(std::uint64_t key, double per_second, double burst, Instant now);

  std::size_t capacity() const { return set_count_ * ways; }

 private:
  // One set is one cache line.
  static constexpr std::size_t ways = 4;
  /// Each guards its share of the sets: two threads seldom want the same one at once.
  static constexpr std::size_t lock_count = 64;
  struct Set;
  std::size_t set_count_;
  std::unique_ptr<Set[]> sets_;
  std::unique_ptr<std::mutex[]> locks_;
  std::uint64_t secret_low_ = 0, secret_high_ = 0;  ///< Random, so that nobody can aim at a set.
};

}  // namespace frontrow::guard
