// Money in minor units. No floating point comes near it.
#pragma once

#include <compare>
#include <cstdint>

namespace frontrow {

/// An amount in the minor unit of the round's one currency (satang for THB). 0 or more for
/// prices; limits on prices (`limits.hpp`) keep every sum in a round inside 64 bits.
struct Amount {
  std::int64_t minor = 0;

  friend constexpr auto operator<=>(const Amount&, const Amount&) = default;
  friend constexpr Amount operator+(Amount a, Amount b) { return {a.minor + b.minor}; }
  friend constexpr Amount operator-(Amount a, Amount b) { return {a.minor - b.minor}; }
};

}  // namespace frontrow
