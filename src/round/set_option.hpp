// `--set key.path=value`: a change to the round file for one start.
#pragma once

#include <string_view>

#include "round/json_fwd.hpp"
#include "round/remarks.hpp"

namespace frontrow::round {

/// Puts the value (JSON, or else a string) where the path says, making objects on the way.
/// A number as a step is an index where an array stands, a key elsewhere; the index after the
/// last appends. A mistake has the option's path.
void apply_set(std::string_view option, Json& document, Remarks& mistakes);

}  // namespace frontrow::round
