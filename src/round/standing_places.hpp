// Where the numbered places of a standing zone lie: on an even grid over its outline. Whole
// millimetres throughout, so that every machine works out the same places: the best-available
// choice hangs on them, and so does replay.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace frontrow::round {

using PlanPoint = std::pair<float, float>;

/// Places closer than this are no places for people.
inline constexpr std::int64_t standing_pitch_millimetres_min = 200;

/// `capacity` points inside the polygon, rank by rank from the side nearer to `focal_y`, each
/// rank from left to right. Nothing where the outline has no room for so many.
std::optional<std::vector<PlanPoint>> standing_places(const std::vector<PlanPoint>& outline,
                                                      std::uint32_t capacity, float focal_y);

}  // namespace frontrow::round
