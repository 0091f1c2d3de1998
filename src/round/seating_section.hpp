// The member "seating" of a round file: how seats may be chosen, and which are not for sale. Bound
// by the journal.
#pragma once

#include "round/bound_sections.hpp"
#include "round/json_writer.hpp"

namespace frontrow::round {

/// Reads it against the venue, whose names it uses. `plan` null: the venue has mistakes, and names
/// are not looked up.
void read_seating(ObjectReader& root, Source source, const Plan* plan, Remarks& mistakes,
                  BoundDraft& draft);

/// In the one form that equal rules have.
void write_seating(JsonWriter& out, const BoundDraft& draft);

}  // namespace frontrow::round
