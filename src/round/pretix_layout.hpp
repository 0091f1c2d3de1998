// From a seating plan in units of nobody knows what to metres: the scale, the order of a row's
// seats, its gaps, its zone's outline, the frame. Pure. docs/venue-format.md has the rules.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "round/pretix_plan.hpp"

namespace frontrow::round {

/// What the usual distance of two neighbours in a row is taken for, in metres.
inline constexpr double usual_seat_metres = 0.5;
/// Neighbours farther apart than so many usual distances have a gap between them.
inline constexpr double gap_distances = 1.6;
/// A row of fewer distances than this is measured by the whole plan's usual one.
inline constexpr std::size_t own_distances_min = 3;

/// Puts the seats into the order in which they stand, where the file's order goes to and fro.
/// True where it did.
bool put_in_order(PretixRow& row);

/// From each seat to the next.
std::vector<double> neighbour_distances(const PretixRow& row);

/// The lower one of two middles; 0 where there is none above 0.
double median_distance(std::vector<double> distances);

/// How many seats come before each gap, ascending.
std::vector<std::uint32_t> gaps_of(const PretixRow& row, double usual_in_plan);

/// The smallest of the zone's areas around all of its seats; where there is none, the one around
/// most of them, if that is half or more. Nothing where no such area is sound: a polygon with room
/// inside, whose edges do not cross.
std::optional<std::vector<PretixPoint>> outline_of(const PretixZone& zone);

bool is_sound(const std::vector<PretixPoint>& polygon);

}  // namespace frontrow::round
