// What the rows of an area (a zone, a price category) have to offer, as bits in the order in which
// the area is searched: where so many neighbours are free, where so many seats, where so many in
// two rows one behind the other. A search goes straight to the first row that has what is asked
// for, sixty-four rows at a time, however full the house is.
//
// Private to src/engine. Knows nothing of orders; `SeatMap` tells it of every row that changes.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "frontrow/plan.hpp"

namespace frontrow::engine {

/// A row as an area has it, with the seats of it that count where not all do.
struct AreaRow {
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  SeatIndex first_seat;
  std::uint32_t seat_count = 0;
  std::uint32_t first_word = 0;
  std::uint32_t word_count = 0;
  std::uint32_t mask = none;    ///< As `FreeRows::mask`; none: every seat.
  std::uint32_t behind = none;  ///< In the area: the next row of the same zone.
  std::uint32_t row = 0;        ///< In the plan.
  float distance = 0;
  bool standing = false;
};

class FreeRows {
 public:
  /// Quantities up to this one are told apart; for larger ones the bits are those of this one, and
  /// a row that has them must be looked at.
  static constexpr std::uint32_t told_max = 8;

  /// What is asked of a row. A row that has not the bit has not what is asked for; up to `told_max`
  /// one that has it does.
  enum class Asked : std::uint8_t {
    kRun,      ///< So many side by side; in a standing row any.
    kCount,    ///< So many, wherever they are.
    kTwoRows,  ///< Half of so many side by side, and the others so in the row behind.
  };

  /// `free` and `links` are planes of the seat map, `free_in_row` counts free seats by row; all of
  /// them must outlive this.
  FreeRows(const Plan& plan, const std::vector<std::uint64_t>& free,
           const std::vector<std::uint64_t>& links, const std::vector<std::uint32_t>& free_in_row);

  /// Words of a row with a bit for each seat that counts. Kept until its area is dropped.
  std::uint32_t add_mask(std::span<const std::uint64_t> words);
  std::uint64_t mask(std::uint32_t word) const { return masks_[word]; }
  /// An area whose rows are these, in this order. Returns its number. Masks are added before their
  /// area, and after the area before it.
  std::uint32_t add_area(std::span<const AreaRow> rows);
  /// Forgets all areas from number `first` on, with their masks.
  void drop_areas(std::uint32_t first);

  /// Seats of this row have become free or are free no more.
  void changed(std::uint32_t row);

  /// Calls `visit(n)` for the rows of the area that have what is asked for, in order, from row
  /// `from` of the area on, until it says true. True where it did.
  template <class Visit>
  bool find(std::uint32_t area, Asked asked, std::uint32_t quantity, std::uint32_t from,
            Visit&& visit) const {
    const Area& its = areas_[area];
    const std::uint64_t* const words =
        planes_.data() + its.first_word + plane_of(asked, quantity) * its.word_count;
    std::uint64_t mask = ~std::uint64_t{0} << from % 64;
    for (std::uint32_t word = from / 64; word < its.word_count; ++word) {
      for (std::uint64_t left = words[word] & mask; left != 0; left &= left - 1)
        if (visit(word * 64 + static_cast<std::uint32_t>(std::countr_zero(left)))) return true;
      mask = ~std::uint64_t{0};
    }
    return false;
  }
  /// True where the bits are what the rows say when they are looked at anew. Slow.
  bool agrees() const;

  bool any(std::uint32_t area, Asked asked, std::uint32_t quantity) const {
    return find(area, asked, quantity, 0, [](std::uint32_t) { return true; });
  }

 private:
  // A plane for runs of 1 to told_max, then for counts of 2 to told_max (one free seat is a run of
  // one), then for two rows from 2 to told_max.
  static constexpr std::uint32_t plane_count = told_max + 2 * (told_max - 1);
  static std::uint32_t plane_of(Asked asked, std::uint32_t quantity) {
    const std::uint32_t told = quantity < told_max ? quantity : told_max;
    if (asked == Asked::kRun || told < 2) return told == 0 ? 0 : told - 1;
    return told_max + told - 2 + (asked == Asked::kCount ? 0 : told_max - 1);
  }

  /// What a row has, each at most `told_max`.
  struct Offer {
    std::uint8_t run = 0, count = 0;
    bool operator==(const Offer&) const = default;
  };
  struct Area {
    std::uint32_t first_row = 0;  ///< In `offers_`, `behind_` and `front_of_`.
    std::uint32_t row_count = 0;
    std::uint32_t first_word = 0;  ///< In `planes_`, plane after plane.
    std::uint32_t word_count = 0;  ///< Of one plane.
    std::uint32_t masks_end = 0;   ///< In `masks_`: where those added for it end.
  };
  /// Where a row of the plan stands in an area.
  struct Place {
    std::uint32_t area = 0;
    std::uint32_t n = 0;
    std::uint32_t mask = AreaRow::none;
  };

  Offer offer_of(std::uint32_t row, std::uint32_t mask) const;
  void update(const Place& place, Offer offer);
  void set_bit(const Area& area, std::uint32_t plane, std::uint32_t n, bool value);
  void update_two_rows(const Area& area, std::uint32_t n);

  const Plan& plan_;
  const std::vector<std::uint64_t>& free_;
  const std::vector<std::uint64_t>& links_;
  const std::vector<std::uint32_t>& free_in_row_;
  std::vector<Area> areas_;
  std::vector<std::uint64_t> planes_, masks_;
  std::vector<Offer> offers_;
  std::vector<std::uint32_t> behind_, front_of_;
  std::vector<std::vector<Place>> places_;  ///< By row of the plan.
};

}  // namespace frontrow::engine
