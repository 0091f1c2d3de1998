// The shapes that pretix draws behind its seats, as polygons. For the import alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "round/object_reader.hpp"
#include "round/pretix_plan.hpp"

namespace frontrow::round {

struct PretixArea {
  std::vector<PretixPoint> outline;  ///< Empty: a text, or no shape that has an outline.
  std::string text;                  ///< Of a text.
  PretixPoint at;
};

/// {"x", "y"}, to be added to `origin`; names a mistake and returns nothing where it is none.
std::optional<PretixPoint> read_pretix_position(const Json& value, const JsonPath& path,
                                                Remarks& mistakes, ImportNotes& notes,
                                                PretixPoint origin);

/// Notes each key that `object` has and nobody has taken, under `where`.
void note_unknown(const ObjectReader& object, const std::string& where, ImportNotes& notes);

PretixArea read_pretix_area(const Json& value, const JsonPath& path, Remarks& mistakes,
                            ImportNotes& notes, PretixPoint origin);

}  // namespace frontrow::round
