// The crowd's own chance: the same seed gives the same crowd on every machine and library.
// One generator a fan; used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"

namespace frontrow::crowd {

/// SplitMix64: small enough to lie in every fan, good enough to choose seats.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  /// A stream of its own for each `stream` of one `seed`.
  Random(std::uint64_t seed, std::uint64_t stream) : state_(seed) {
    state_ = next() ^ (stream * 0x9E3779B97F4A7C15ULL);
    next();
  }

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
  }

  /// In [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// In [low, high).
  double between(double low, double high) { return low + (high - low) * unit(); }
  /// In [0, bound); `bound` is not 0.
  std::size_t below(std::size_t bound) {
    FRONTROW_ASSERT(bound > 0);
    return static_cast<std::size_t>(next() % bound);
  }
  bool chance(double share) { return unit() < share; }

  /// An index of `weights`, each as likely as its weight; `weights.size()` where all are 0.
  std::size_t weighted(std::span<const double> weights) {
    double total = 0;
    for (const double weight : weights) total += weight;
    if (total <= 0) return weights.size();
    double rest = unit() * total;
    std::size_t last = 0;
    for (std::size_t n = 0; n < weights.size(); ++n) {
      if (weights[n] <= 0) continue;
      last = n;
      if (rest < weights[n]) return n;
      rest -= weights[n];
    }
    return last;  // Rounding took the last step past the end.
  }

 private:
  std::uint64_t state_;
};

}  // namespace frontrow::crowd
