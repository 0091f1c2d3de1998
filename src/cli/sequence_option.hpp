// Sequence numbers on the command line, for every command that takes one.
#pragma once

#include <string>

#include "frontrow/ids.hpp"

namespace frontrow::cli {

/// For `check` of an option: what is wrong with `text`, or nothing. Signs and other bases, which
/// the library would take and turn into another number, are refused.
std::string sequence_problem(const std::string& text);

}  // namespace frontrow::cli
