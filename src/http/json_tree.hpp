// Parses JSON that a stranger sent: bounded depth, no key twice, UTF-8 or nothing.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace frontrow::http {

/// Whole numbers too large for 64 bits become the largest one.
std::optional<nlohmann::json> parse_json(std::string_view text, std::size_t depth_max);

}  // namespace frontrow::http
