// The small values that a venue is made of: identifiers, labels, points, one seat. For the venue
// reader alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "round/json_fwd.hpp"
#include "round/object_reader.hpp"
#include "round/standing_places.hpp"

namespace frontrow::round {

/// A plan larger than this is in other units than metres.
inline constexpr float plan_metres_max = 2'000;
inline constexpr std::size_t outline_points_max = 200;
inline constexpr std::size_t id_bytes_max = 100;
inline constexpr std::size_t label_bytes_max = 40;

/// How far coordinates reach.
struct PlanSize {
  float width = 0, height = 0;
};

/// A seat as the file gives it, before its row and zone are known.
struct SeatText {
  std::string number, id;  ///< `id` empty: the default.
  std::string category;    ///< Empty: the zone's.
  float x = 0, y = 0;
  bool accessible = false, companion = false, restricted_view = false;
};

/// Names a mistake and returns false where the number is none, or not from `least` to `most`.
bool read_metres(const Json& value, const JsonPath& path, Remarks& mistakes, float least,
                 float most, float& out);

/// [x, y] inside the plan.
std::optional<PlanPoint> read_point(const Json& value, const JsonPath& path, Remarks& mistakes,
                                    PlanSize size);

/// The member `key`, a polygon; empty where absent or wrong.
std::vector<PlanPoint> read_outline(ObjectReader& object, std::string_view key, Remarks& mistakes,
                                    PlanSize size);

/// The member `key`, a text of 1 to `bytes_max` bytes; empty where absent or wrong.
std::string read_id(ObjectReader& object, std::string_view key, Remarks& mistakes);

/// A label or number: a text, or a whole number in its stead.
std::string read_label(const Json& value, const JsonPath& path, Remarks& mistakes);

/// {"number": …, "x": …, …} or [number, x, y, flags, category].
std::optional<SeatText> read_seat(const Json& value, const JsonPath& path, Remarks& mistakes,
                                  PlanSize size);

}  // namespace frontrow::round
