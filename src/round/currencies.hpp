// The currencies of ISO 4217 that a price can be in, and how many decimals each has.
#pragma once

#include <optional>
#include <string_view>

namespace frontrow::round {

/// Decimals of the minor unit; nothing where there is no such currency.
std::optional<int> currency_decimals(std::string_view code);

}  // namespace frontrow::round
