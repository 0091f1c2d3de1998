#include "guard/rate_limiter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/assert.hpp"
#include "base/digest.hpp"

namespace frontrow::guard {
namespace {

constexpr double nanoseconds_in_second = 1e9;
/// A longer debt than a year is kept as a year, which keeps every sum inside 64 bits.
constexpr double debt_nanoseconds_max = 366.0 * 86'400 * nanoseconds_in_second;

/// One tick of the clock, so that rounding never refuses a request that is on time.
constexpr double slack_nanoseconds = 1'000;

/// SipHash-2-4 of one 64-bit word.
std::uint64_t sip_hash(std::uint64_t low, std::uint64_t high, std::uint64_t word) {
  std::uint64_t a = low ^ 0x736f6d6570736575, b = high ^ 0x646f72616e646f6d;
  std::uint64_t c = low ^ 0x6c7967656e657261, d = high ^ 0x7465646279746573;
  const auto round = [&] {
    a += b;
    c += d;
    b = std::rotl(b, 13) ^ a;
    d = std::rotl(d, 16) ^ c;
    a = std::rotl(a, 32);
    c += b;
    a += d;
    b = std::rotl(b, 17) ^ c;
    d = std::rotl(d, 21) ^ a;
    c = std::rotl(c, 32);
  };
  const auto take = [&](std::uint64_t block) {
    d ^= block;
    round();
    round();
    a ^= block;
  };
  take(word);
  take(std::uint64_t{8} << 56);  // The message's length.
  c ^= 0xff;
  for (int n = 0; n < 4; ++n) round();
  return a ^ b ^ c ^ d;
}

}  // namespace

struct alignas(64) RateLimiter::Set {
  struct Entry {
    std::uint64_t tag = 0;     ///< The key's hash; 0 is an empty entry.
    std::int64_t arrival = 0;  ///< Theoretical arrival time, nanoseconds since 1970.
  };
  Entry entries[ways];
};

RateLimiter::RateLimiter(std::size_t entries_max)
    : set_count_(std::bit_ceil(std::max<std::size_t>(1, (entries_max + ways - 1) / ways))),
      sets_(std::make_unique<Set[]>(set_count_)),
      locks_(std::make_unique<std::mutex[]>(lock_count)) {
  static_assert(sizeof(Set) == 64);
  const auto secret = random_array<Bytes16>();
  std::memcpy(&secret_low_, secret.data(), sizeof secret_low_);
  std::memcpy(&secret_high_, secret.data() + sizeof secret_low_, sizeof secret_high_);
}

RateLimiter::~RateLimiter() = default;

RateLimiter::Decision RateLimiter::take(std::uint64_t key, double per_second, double burst,
                                        Instant now) {
  if (!(per_second > 0)) return {true, 0, std::numeric_limits<std::uint32_t>::max()};
  const double interval = std::min(nanoseconds_in_second / per_second, debt_nanoseconds_max);
  // What a key may owe: a request is let through while it leaves no greater debt.
  const double debt_max = std::min(interval * std::max(burst, 1.0), debt_nanoseconds_max);

  const std::uint64_t hashed = sip_hash(secret_low_, secret_high_, key);
  const std::uint64_t tag = hashed == 0 ? 1 : hashed;
  Set& set = sets_[hashed & (set_count_ - 1)];
  const std::lock_guard guard(locks_[hashed % lock_count]);
  Set::Entry* entry = &set.entries[0];
  for (Set::Entry& candidate : set.entries) {
    if (candidate.tag == tag) {
      entry = &candidate;
      break;
    }
    if (candidate.arrival < entry->arrival) entry = &candidate;
  }

  const std::int64_t time = now.microseconds * 1'000;
  double debt = 0;
  if (entry->tag == tag) {
    // Larger only where the clock ran backwards or the limit was lowered meanwhile.
    debt = std::clamp(static_cast<double>(entry->arrival - time), 0.0, debt_max);
  }
  Decision decision;
  if (debt + interval > debt_max + slack_nanoseconds) {
    const double wait = debt + interval - debt_max;
    decision.allowed = false;
    decision.retry_after_seconds =
        static_cast<std::uint32_t>(std::max(1.0, std::ceil(wait / nanoseconds_in_second)));
  } else {
    debt += interval;
    decision.remaining = static_cast<std::uint32_t>(
        std::clamp((debt_max - debt + slack_nanoseconds) / interval, 0.0,
                   static_cast<double>(std::numeric_limits<std::uint32_t>::max())));
  }
  entry->tag = tag;
  entry->arrival = time + static_cast<std::int64_t>(debt);
  return decision;
}

}  // namespace frontrow::guard
