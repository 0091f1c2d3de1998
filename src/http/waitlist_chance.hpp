// How likely a place on the waitlist leads to seats: what has come free so far, carried on. Pure;
// any thread.
#pragma once

#include <string>

#include "frontrow/view.hpp"

namespace frontrow::http {

/// From 0 to 1. Seats that are held now come back in the share in which held ones did so far; sold
/// ones are given back until `returns_until` at the pace at which they were since the draw. Whether
/// they suit this very wish is not asked, so it is an upper bound for narrow ones.
double waitlist_chance(const WaitlistView& place, const RoundStatus& status, Instant returns_until,
                       Instant now);
/// With two decimals, as JSON.
std::string waitlist_chance_text(const WaitlistView& place, const RoundStatus& status,
                                 Instant returns_until, Instant now);

}  // namespace frontrow::http
