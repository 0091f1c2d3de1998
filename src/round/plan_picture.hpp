// A plan as a picture (SVG), for people to look at: stage, zones, rows, every place coloured by
// its category, and a legend.
#pragma once

#include <string>

#include "frontrow/plan.hpp"

namespace frontrow::round {

std::string plan_picture(const Plan& plan);

}  // namespace frontrow::round
