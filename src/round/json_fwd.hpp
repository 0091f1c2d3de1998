// The JSON values that the round's readers look at, by name alone: the library's full header is
// slow to compile and stays in the sources.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace frontrow::round {

using Json = nlohmann::json;

}  // namespace frontrow::round
