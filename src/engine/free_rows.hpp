// Which rows of an area (a zone, a price category) have any free seat, as bits in the order in
// which the area is searched: a search of an almost sold-out house skips the full rows sixty-four
// at a time.
//
// Private to src/engine.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"

namespace frontrow::engine {

class FreeRows {
 public:
  explicit FreeRows(std::size_t row_count) : places_(row_count) {}

  /// An area whose rows are these, in this order; all of them count as having free seats until
  /// `mark` says otherwise. Returns its number.
  template <class RowOf>
  std::uint32_t add_area(std::uint32_t row_count, RowOf&& row_of) {
    const auto first = static_cast<std::uint32_t>(words_.size());
    words_.resize(words_.size() + (row_count + 63) / 64);
    for (std::uint32_t n = 0; n < row_count; ++n) {
      const std::uint32_t bit = first * 64 + n;
      places_[row_of(n)].push_back(bit);
      words_[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
    areas_.push_back({first, row_count});
    return static_cast<std::uint32_t>(areas_.size() - 1);
  }
  /// Forgets all areas from number `first` on.
  void drop_areas(std::uint32_t first) {
    if (first >= areas_.size()) return;
    const std::uint32_t end = areas_[first].first_word * 64;
    for (auto& bits : places_) std::erase_if(bits, [&](std::uint32_t bit) { return bit >= end; });
    words_.resize(areas_[first].first_word);
    areas_.resize(first);
  }
  void mark(std::uint32_t row, bool any_free) {
    for (const std::uint32_t bit : places_[row]) {
      const std::uint64_t mask = std::uint64_t{1} << bit % 64;
      if (any_free)
        words_[bit / 64] |= mask;
      else
        words_[bit / 64] &= ~mask;
    }
  }
  /// Calls `visit(n)` for the rows of the area that have free seats, in order, until it says true.
  /// True where it did.
  template <class Visit>
  bool find(std::uint32_t area, Visit&& visit) const {
    const Area& its = areas_[area];
    const std::uint32_t words = (its.row_count + 63) / 64;
    for (std::uint32_t word = 0; word < words; ++word)
      for (std::uint64_t left = words_[its.first_word + word]; left != 0; left &= left - 1)
        if (visit(word * 64 + static_cast<std::uint32_t>(std::countr_zero(left)))) return true;
    return false;
  }

 private:
  struct Area {
    std::uint32_t first_word = 0;
    std::uint32_t row_count = 0;
  };
  std::vector<Area> areas_;
  std::vector<std::uint64_t> words_;
  std::vector<std::vector<std::uint32_t>> places_;  ///< By row: its bits.
};

}  // namespace frontrow::engine
