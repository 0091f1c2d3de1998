// The geometry of a venue as all folders see it. Made once by `src/round`, immutable after.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontrow/ids.hpp"

namespace frontrow {

/// Text by language tag ("en", "th"); "en" is there in every checked file.
using LocalizedText = std::map<std::string, std::string>;

enum class ZoneKind : std::uint8_t { kSeated, kStanding };

struct PlanCategory {
  std::string id;
  LocalizedText name;
  std::string color;  ///< "#rrggbb" or empty.
};

struct PlanSeat {
  std::string id;      ///< Unique in the venue: "A1-3-12".
  std::string number;  ///< What is printed on the chair.
  float x = 0, y = 0;  ///< Metres from the plan's upper left corner.
  RowIndex row;
  ZoneIndex zone;
  CategoryIndex category;
  bool has_own_category = false;  ///< The venue file names a category for this very seat.
  bool accessible = false;
  bool companion = false;
  bool restricted_view = false;
};

/// A row. Its seats stand side by side in the bit planes, beginning at bit 0 of `first_word`:
/// the seat with offset n is bit n % 64 of word first_word + n / 64. Words are never shared
/// between rows, so no run of up to 64 seats of a row of up to 64 crosses a word.
struct PlanRow {
  std::string id;
  std::string label;
  ZoneIndex zone;
  SeatIndex first_seat;
  std::uint32_t seat_count = 0;
  std::uint32_t first_word = 0;
  std::uint32_t word_count = 0;
  /// Offsets, ascending: n says that a gap or aisle parts the row's seats n and n + 1 (from 0).
  std::vector<std::uint32_t> breaks;
};

struct PlanZone {
  std::string id;
  LocalizedText name;
  ZoneKind kind = ZoneKind::kSeated;
  CategoryIndex category;
  RowIndex first_row;
  std::uint32_t row_count = 0;
  SeatIndex first_seat;
  std::uint32_t seat_count = 0;
  std::uint32_t first_word = 0;
  std::uint32_t word_count = 0;
  float focal_x = 0, focal_y = 0;                ///< What the zone looks at, in metres.
  std::vector<std::pair<float, float>> outline;  ///< A polygon for the overview; may be empty.
};

/// Where the show plays, for the picture; the zones' focal points are what the engine looks at.
struct PlanStage {
  float x = 0, y = 0;                            ///< The point that most eyes are on, in metres.
  std::vector<std::pair<float, float>> outline;  ///< A polygon; may be empty.
};

struct Plan {
  std::string name;
  float width = 0, height = 0;     ///< Metres.
  std::optional<PlanStage> stage;  ///< Nothing where the venue file names none.
  std::vector<PlanCategory> categories;
  std::vector<PlanZone> zones;
  std::vector<PlanRow> rows;
  std::vector<PlanSeat> seats;
  std::uint32_t word_count = 0;               ///< Words of one bit plane.
  std::vector<ZoneIndex> zone_of_word;        ///< By word.
  std::vector<SeatIndex> first_seat_of_word;  ///< By word: the seat of its bit 0.

  std::unordered_map<std::string_view, SeatIndex> seat_by_id;  ///< Views into `seats`.
  std::unordered_map<std::string_view, ZoneIndex> zone_by_id;
  std::unordered_map<std::string_view, CategoryIndex> category_by_id;

  Plan() = default;
  Plan(Plan&&) = default;
  Plan& operator=(Plan&&) = default;
  Plan(const Plan&) = delete;  // the look-up tables view into the vectors
  Plan& operator=(const Plan&) = delete;

  std::uint32_t capacity() const { return static_cast<std::uint32_t>(seats.size()); }
  const PlanSeat& seat(SeatIndex index) const { return seats[index.value]; }
  const PlanRow& row(RowIndex index) const { return rows[index.value]; }
  const PlanZone& zone(ZoneIndex index) const { return zones[index.value]; }

  std::uint32_t word_of(SeatIndex index) const {
    const PlanRow& its_row = row(seat(index).row);
    return its_row.first_word + (index.value - its_row.first_seat.value) / 64;
  }
  std::uint32_t bit_of(SeatIndex index) const {
    return (index.value - row(seat(index).row).first_seat.value) % 64;
  }
  SeatIndex seat_at(std::uint32_t word, std::uint32_t bit) const {
    return SeatIndex{first_seat_of_word[word].value + bit};
  }

  template <class IndexMap>
  static auto find(const IndexMap& map, std::string_view id) -> typename IndexMap::mapped_type {
    const auto found = map.find(id);
    return found == map.end() ? typename IndexMap::mapped_type{} : found->second;
  }
  /// `none()` where there is no such thing.
  SeatIndex find_seat(std::string_view id) const { return find(seat_by_id, id); }
  ZoneIndex find_zone(std::string_view id) const { return find(zone_by_id, id); }
  CategoryIndex find_category(std::string_view id) const { return find(category_by_id, id); }
};

}  // namespace frontrow
