// The orphan rule for picked seats: a choice may not leave a free seat without a free neighbour
// that had one before, where as many seats of that row could be picked without doing so.
//
// Private to src/engine. Pure.
#pragma once

#include <functional>
#include <optional>

#include "engine/seat_map.hpp"

namespace frontrow::engine {

struct OrphanFinding {
  std::vector<SeatIndex> orphans;      ///< What the choice would leave alone.
  std::vector<SeatIndex> suggestions;  ///< A whole choice in its stead, near to it.
};

/// Runs of one row that are weighed up against one another; in a row with more, the nearest ones.
inline constexpr std::size_t orphan_runs_max = 512;

/// Nothing where the choice is fine. `applies` says in which zones the rule holds. Precondition:
/// the seats are free, each named once.
std::optional<OrphanFinding> find_orphans(const SeatMap& map, SeatSpan picked,
                                          const std::function<bool(ZoneIndex)>& applies);

}  // namespace frontrow::engine
