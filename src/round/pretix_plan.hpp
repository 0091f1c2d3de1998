// A seating plan as pretix writes one, read and checked but not yet a venue: positions are worked
// out (zone + row + seat), lengths are still in the plan's own units. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "round/import_notes.hpp"
#include "round/json_fwd.hpp"
#include "round/remarks.hpp"

namespace frontrow::round {

/// Units from the plan's origin past which a position is a mistake, not a place.
inline constexpr double pretix_units_max = 10'000'000;
/// Areas that are looked at for outlines, in the whole plan; those after them are skipped.
inline constexpr std::size_t pretix_areas_max = 2'000;

struct PretixPoint {
  double x = 0, y = 0;
};

struct PretixSeat {
  std::string guid, number;
  PretixPoint at;
  std::uint32_t category = 0;  ///< Its index in `PretixPlan::categories`.
};

struct PretixRow {
  std::string label;
  std::vector<PretixSeat> seats;  ///< At least one, in the file's order.
};

struct PretixZone {
  std::string id, name;  ///< Either may be empty: what the file says.
  std::vector<PretixRow> rows;
  std::vector<std::vector<PretixPoint>> areas;  ///< Shapes as polygons.
};

struct PretixCategory {
  std::string name, color;  ///< Colour "#rrggbb" or empty.
};

struct PretixPlan {
  std::string name;                 ///< Empty: the file has none.
  std::optional<PretixPoint> size;  ///< Width and height.
  std::vector<PretixCategory> categories;
  std::vector<PretixZone> zones;  ///< Those with seats.
};

/// Names every mistake; what it returns counts only where there are none.
PretixPlan read_pretix_plan(const Json& plan, const JsonPath& root, Remarks& mistakes,
                            ImportNotes& notes);

}  // namespace frontrow::round
