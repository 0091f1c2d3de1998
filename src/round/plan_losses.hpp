// What another plan would do to the seats of a round that has begun: which of those that somebody
// holds or has bought it drops, or makes into other seats. Pure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "frontrow/plan.hpp"

namespace frontrow::round {

enum class SeatUse { kNobody, kHeld, kSold };

/// Seats that are named; the rest are counted.
inline constexpr std::size_t plan_losses_named_max = 20;

/// How many there are in the first line, then a line for each, in the order of the journal's plan.
/// Nothing where no held or sold seat is touched.
std::vector<std::string> plan_losses(const Plan& journal, const Plan& file,
                                     const std::function<SeatUse(SeatIndex)>& use_of);

}  // namespace frontrow::round
