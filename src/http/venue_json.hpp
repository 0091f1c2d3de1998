// `GET /venue`: the geometry, which never changes while the program runs, with the price
// categories, which operators may move before the draw. Any thread.
#pragma once

#include <string>

#include "base/published.hpp"
#include "frontrow/round_definition.hpp"

namespace frontrow::http {

std::string venue_json(const RoundDefinition& round, const Published& published);

}  // namespace frontrow::http
