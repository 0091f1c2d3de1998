// Identifiers as the outside sees them: opaque strings to everyone else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "frontrow/ids.hpp"

namespace frontrow {

std::string to_text(FanId fan);      ///< "f17"
std::string to_text(OrderId order);  ///< "o4711"
/// Strict: exactly what `to_text` writes; nothing otherwise.
std::optional<FanId> parse_fan(std::string_view text);
std::optional<OrderId> parse_order(std::string_view text);

}  // namespace frontrow
