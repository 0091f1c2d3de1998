// `GET /venue`: the geometry, which never changes while the program runs. Pure; any thread.
#pragma once

#include <string>

#include "frontrow/round_definition.hpp"

namespace frontrow::http {

std::string venue_json(const RoundDefinition& round);

}  // namespace frontrow::http
