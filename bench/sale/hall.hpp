// The round that a scenario is sold in: a hall of its size with three price categories.
#pragma once

#include "frontrow/round_definition.hpp"
#include "sale/scenario.hpp"

namespace frontrow::sale {

/// When every simulated sale begins: 2027-01-15T08:00:00Z.
inline constexpr Instant sale_start{1'800'000'000'000'000};

RoundDefinition definition_of(const Scenario& scenario);

}  // namespace frontrow::sale
