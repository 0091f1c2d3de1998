// Best available seats, by the rules of docs/seating.md: rows are tried in the order of their
// distance from what their zone looks at, in a row the seats nearest to its middle; what cannot be
// had side by side is relaxed step by step.
//
// Accessible places and their companions' seats are given away last, companions' seats not at all
// while they are locked.
//
// Private to src/engine. Reads the seat map and changes nothing of it but which areas it keeps
// account of.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/row_search.hpp"
#include "engine/seat_map.hpp"
#include "frontrow/view.hpp"

namespace frontrow::engine {

class SeatSearch {
 public:
  struct Found {
    SeatList seats;
    Arrangement arrangement = Arrangement::kAsAsked;
  };

  /// `locked`: companions' seats that are locked for now.
  SeatSearch(SeatMap& map, SeatSpan locked);

  std::optional<Found> in_zone(ZoneIndex zone, std::uint32_t quantity, Together together) const;
  std::optional<Found> in_category(CategoryIndex category, std::uint32_t quantity,
                                   Together together) const;
  /// In any of the zones, or of the categories where no zones are named; neither: in the whole
  /// house. Side by side where it can be had.
  std::optional<Found> in_any(std::span<const ZoneIndex> zones,
                              std::span<const CategoryIndex> categories, std::uint32_t quantity,
                              bool together) const;

  /// For each of the seats `taken` a free one of its category, none twice and none of `wanted`: the
  /// nearest to the middle of `wanted`, so that the choice stays together. Fewer where there are no
  /// more.
  std::vector<SeatIndex> nearest(SeatSpan taken, SeatSpan wanted) const;

  bool has_locked_seats() const { return !locked_.empty(); }
  bool is_locked(SeatIndex seat) const {
    return !locked_.empty() && (locked_[map_.word_of(seat)] & map_.mask_of(seat)) != 0;
  }
  /// From now on companions' seats are as free as any.
  void unlock() { locked_.clear(); }
  /// Seats have other categories than before.
  void categories_moved();

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// A row, with the seats of it that count where not all do.
  struct AreaRow {
    SeatIndex first_seat;
    std::uint32_t seat_count = 0;
    std::uint32_t first_word = 0;
    std::uint32_t word_count = 0;
    std::uint32_t mask = none;    ///< First word in `masks_`; none: every seat.
    std::uint32_t behind = none;  ///< In the area: the next row of the same zone.
    std::uint32_t row = 0;
    float distance = 0;
    bool standing = false;
  };
  struct Area {
    std::uint32_t number = 0;   ///< In `SeatMap::free_rows`.
    std::vector<AreaRow> rows;  ///< The best first.
  };
  /// One search through an area, with these seats left out. A bit a seat; null: none.
  struct Pass {
    const Area& area;
    const std::uint64_t* left_out = nullptr;
  };

  AreaRow area_row(std::uint32_t row, std::uint32_t mask) const;
  void add_category_areas();
  void arrange(Area& area);
  std::uint32_t passes() const { return special_.empty() ? 1 : 2; }
  Pass pass(const Area& area, std::uint32_t number) const;
  RowLook look(const Pass& pass, const AreaRow& row, std::vector<std::uint64_t>& scratch) const;
  template <class Visit>
  bool find_row(const Pass& pass, Visit&& visit) const;

  std::optional<Found> find(const Area& area, std::uint32_t quantity, Together together) const;
  bool side_by_side(const Pass& pass, std::uint32_t quantity, SeatList& seats) const;
  bool adjacent_rows(const Pass& pass, std::uint32_t quantity, SeatList& seats) const;
  bool in_two_rows(const Pass& pass, const AreaRow& front, std::uint32_t in_front,
                   std::uint32_t behind, SeatList& seats) const;
  bool pairs(const Pass& pass, std::uint32_t quantity, SeatList& seats) const;
  bool same_row(const Pass& pass, std::uint32_t quantity, SeatList& seats) const;
  bool scattered(const Pass& pass, std::uint32_t quantity, SeatList& seats) const;
  /// What stands in for taken seats is looked for.
  struct Replacement {
    SeatSpan wanted;
    float x = 0, y = 0;            ///< The middle of `wanted`.
    std::vector<SeatIndex> given;  ///< Found so far.
    bool may_be(SeatIndex seat) const;
  };
  std::optional<SeatIndex> nearest_in_row(const PlanRow& row, CategoryIndex category,
                                          const Replacement& search, float& distance) const;
  std::optional<SeatIndex> nearest_to(SeatIndex taken, const Replacement& search) const;

  SeatMap& map_;
  std::vector<Area> by_zone_, by_category_;
  std::vector<std::uint64_t> masks_;
  std::vector<std::uint64_t> special_;  ///< Accessible and companion seats; empty: there are none.
  std::vector<std::uint64_t> locked_;   ///< Companion seats while they are locked; or empty.
  // Kept so that a search does not allocate.
  mutable std::vector<std::uint64_t> scratch_, other_scratch_;
  mutable std::vector<std::uint32_t> offsets_;
};

}  // namespace frontrow::engine
