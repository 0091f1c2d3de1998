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
  void unlock();
  /// Seats have other categories than before.
  void categories_moved();

 private:
  struct Area {
    std::uint32_t number = 0;   ///< In `SeatMap::free_rows`.
    std::vector<AreaRow> rows;  ///< The best first.
  };
  /// A zone or category as it is searched: first without accessible places and companions' seats,
  /// then with those that are not locked. The venue has none: the two are one.
  struct Place {
    Area usual, all;
  };
  /// Seats that do not count, a bit a seat; empty: all count.
  using Plane = std::vector<std::uint64_t>;

  void add_zone_places();
  void add_category_places();
  void add_row(Area& area, std::uint32_t row, std::span<const std::uint64_t> mask,
               const Plane& left_out);
  void arrange(Area& area);
  std::uint32_t passes() const { return special_.empty() ? 1 : 2; }
  const Area& area(const Place& place, std::uint32_t pass) const {
    return pass == 0 && !special_.empty() ? place.usual : place.all;
  }
  RowLook look(const AreaRow& row, std::vector<std::uint64_t>& scratch) const;
  template <class Visit>
  bool find_row(const Area& area, FreeRows::Asked asked, std::uint32_t quantity,
                Visit&& visit) const;

  std::optional<Found> find(const Place& place, std::uint32_t quantity, Together together) const;
  bool side_by_side(const Area& area, std::uint32_t quantity, SeatList& seats) const;
  bool adjacent_rows(const Area& area, std::uint32_t quantity, SeatList& seats) const;
  bool in_two_rows(const Area& area, const AreaRow& front, std::uint32_t in_front,
                   std::uint32_t behind, SeatList& seats) const;
  bool pairs(const Area& area, std::uint32_t quantity, SeatList& seats) const;
  bool same_row(const Area& area, std::uint32_t quantity, SeatList& seats) const;
  bool scattered(const Area& area, std::uint32_t quantity, SeatList& seats) const;
  bool gather(const Area& area, std::uint32_t quantity, SeatList& seats) const;
  void take_closest(const RowLook& row, std::uint32_t quantity, SeatList& seats) const;
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
  std::vector<Place> by_zone_, by_category_;
  Plane special_;  ///< Accessible and companion seats; empty: there are none.
  Plane locked_;   ///< Companion seats while they are locked; or empty.
  // Kept so that a search does not allocate.
  mutable std::vector<std::uint64_t> scratch_, other_scratch_;
  mutable std::vector<std::uint32_t> offsets_;
};

}  // namespace frontrow::engine
