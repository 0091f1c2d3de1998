// The drand chains whose clocks are known, so that a beacon's time can be checked offline.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "frontrow/time.hpp"

namespace frontrow::round {

/// When `round` of the chain with this hash (lower-case hex) is made; nothing where the chain is
/// not known. Round r is made at genesis + (r - 1) × period.
std::optional<Instant> drand_round_time(std::string_view chain, std::uint64_t round);

/// The first round of a known chain that is made at `instant` or later.
std::optional<std::uint64_t> drand_round_at(std::string_view chain, Instant instant);

/// Rounds up to here have a time inside our range of instants, on every known chain.
inline constexpr std::int64_t drand_round_max = 100'000'000'000;

}  // namespace frontrow::round
