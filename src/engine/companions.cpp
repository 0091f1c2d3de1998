#include "engine/companions.hpp"

#include <algorithm>

namespace frontrow::engine {

Companions::Companions(const Plan& plan) {
  for (const PlanRow& row : plan.rows) {
    const std::uint32_t first = row.first_seat.value, end = first + row.seat_count;
    for (std::uint32_t seat = first; seat < end; ++seat) {
      if (!plan.seats[seat].companion) continue;
      std::uint32_t best = end;
      for (std::uint32_t other = first; other < end; ++other) {
        if (!plan.seats[other].accessible) continue;
        const auto away = [&](std::uint32_t n) { return n > seat ? n - seat : seat - n; };
        if (best == end || away(other) < away(best)) best = other;
      }
      if (best != end) pairs_.push_back({SeatIndex{seat}, SeatIndex{best}});
    }
  }
}

SeatIndex Companions::accessible_of(SeatIndex seat) const {
  const auto found =
      std::lower_bound(pairs_.begin(), pairs_.end(), seat,
                       [](const Pair& pair, SeatIndex wanted) { return pair.companion < wanted; });
  return found != pairs_.end() && found->companion == seat ? found->accessible : SeatIndex::none();
}

}  // namespace frontrow::engine
