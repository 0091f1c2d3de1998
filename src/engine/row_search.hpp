// Seats of one row, chosen in its bits: side by side, in pairs, close together. What is left out
// (other categories, seats that are not for this search) has been masked away before.
//
// Private to src/engine. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/seat_map.hpp"

namespace frontrow::engine {

/// A row as a search sees it.
struct RowLook {
  SeatIndex first_seat;
  std::uint32_t seat_count = 0;
  bool standing = false;                 ///< Places without neighbours: any are together.
  std::span<const std::uint64_t> free;   ///< A bit a seat; words of this row alone.
  std::span<const std::uint64_t> links;  ///< As `SeatMap::link_word`.

  std::uint32_t count_free() const;
};

/// Where `quantity` neighbours begin that are all free, as near to `wanted` as can be; rather
/// farther away than so that a seat is left alone. Seated rows.
std::optional<std::uint32_t> best_start(const RowLook& row, std::uint32_t quantity,
                                        std::uint32_t wanted);
/// Where `quantity` seats in the middle of the row would begin.
inline std::uint32_t middle_start(const RowLook& row, std::uint32_t quantity) {
  return row.seat_count > quantity ? (row.seat_count - quantity) / 2 : 0;
}
/// The offsets of the `quantity` free seats that lie closest together; fewer where there are not
/// so many. Of a standing row the first ones.
void closest(const RowLook& row, std::uint32_t quantity, std::vector<std::uint32_t>& offsets);

}  // namespace frontrow::engine
