// When each fan comes. The plan is made before the first answer and does not bend to any: a
// slow server meets the same crowd as a fast one, and its slowness shows in the latencies.
#pragma once

#include <cstdint>

#include "crowd/options.hpp"

namespace frontrow::crowd {

/// Microseconds after the start at which fan `fan` of `options.fans` comes: in
/// [0, arrive_over). Depends on seed, number and shape alone, so that every worker can work
/// out its own fans' moments.
std::int64_t arrival_microseconds(const Options& options, std::uint32_t fan);

}  // namespace frontrow::crowd
