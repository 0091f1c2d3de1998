// Best available seats: rows are tried in the order of their distance from what their zone looks
// at, and in a row the seats nearest to its middle.
//
// Private to src/engine. Reads the seat map and changes nothing.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/seat_map.hpp"
#include "frontrow/view.hpp"

namespace frontrow::engine {

class SeatSearch {
 public:
  struct Found {
    SeatList seats;
    Arrangement arrangement = Arrangement::kAsAsked;
  };

  explicit SeatSearch(const SeatMap& map);

  std::optional<Found> in_zone(ZoneIndex zone, std::uint32_t quantity, Together together) const;
  std::optional<Found> in_category(CategoryIndex category, std::uint32_t quantity,
                                   Together together) const;
  /// In any of the zones; none named: in the whole house. Side by side where it can be had.
  std::optional<Found> in_zones(std::span<const ZoneIndex> zones, std::uint32_t quantity,
                                bool together) const;

 private:
  /// A row, with the seats of it that count where not all do.
  struct AreaRow {
    RowIndex row;
    std::uint32_t mask = ~std::uint32_t{0};  ///< First word in `masks_`; all ones: every seat.
    float distance = 0;
    std::uint32_t behind = ~std::uint32_t{0};  ///< In the area: the next row of the same zone.
  };
  /// Rows, the best first.
  using Area = std::vector<AreaRow>;

  std::uint64_t free_word(const AreaRow& area_row, const PlanRow& row, std::uint32_t n) const {
    const std::uint64_t free = map_.free_word(row.first_word + n);
    return area_row.mask == ~std::uint32_t{0} ? free : free & masks_[area_row.mask + n];
  }
  void arrange(Area& area) const;
  std::uint32_t free_in(const AreaRow& row) const;
  std::optional<Found> find(const Area& area, std::uint32_t quantity, Together together) const;
  bool side_by_side(const Area& area, std::uint32_t quantity, SeatList& seats) const;
  bool side_by_side_in(const AreaRow& row, std::uint32_t quantity, SeatList& seats) const;
  bool nearby(const Area& area, std::uint32_t quantity, SeatList& seats) const;
  std::uint32_t take_compact(const AreaRow& row, std::uint32_t quantity, SeatList& seats) const;
  std::uint32_t take_any(const Area& area, std::uint32_t quantity, SeatList& seats) const;

  const SeatMap& map_;
  std::vector<Area> by_zone_, by_category_;
  std::vector<std::uint64_t> masks_;
  mutable std::vector<std::uint32_t> scratch_;  ///< Kept so that a search does not allocate.
};

}  // namespace frontrow::engine
