// Lengths of time by chance, from the crowd's own generator.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "crowd/random.hpp"
#include "sale/scenario.hpp"

namespace frontrow::sale {

using crowd::Random;

/// No length of a simulated sale is longer.
inline constexpr double longest_seconds = 86'400;

inline Duration from_seconds(double length) {
  return {static_cast<std::int64_t>(std::clamp(length, 0.0, longest_seconds) * 1e6)};
}

/// A draw of the standard normal distribution (Box and Muller's way).
inline double normal(Random& random) {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - random.unit()));
  return radius * std::cos(2.0 * std::numbers::pi * random.unit());
}

inline Duration draw(const Spread& spread, Random& random) {
  return from_seconds(spread.median_seconds * std::exp(spread.sigma * normal(random)));
}

}  // namespace frontrow::sale
