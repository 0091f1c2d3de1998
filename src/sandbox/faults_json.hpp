// The faults as `GET` and `PUT /faults` speak of them. For this folder; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sandbox/faults.hpp"

namespace frontrow::sandbox {

std::string to_json(const Faults& faults);
/// `faults` with what `text` names in place of what was there. Nothing, and what is wrong in one
/// line, where `text` is not such an object.
std::optional<Faults> changed_by(Faults faults, std::string_view text, std::string& problem);
/// Nothing where all numbers are within their bounds.
std::optional<std::string> problem_of(const Faults& faults);

}  // namespace frontrow::sandbox
