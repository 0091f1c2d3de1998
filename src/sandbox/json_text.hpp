// JSON from outside, which may be anything, and JSON to the outside. For this folder; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace frontrow::sandbox {

using Json = nlohmann::json;

/// Nothing where `text` is not one JSON value, or one nested deeper than `limits::json_depth_max`.
std::optional<Json> parse_json(std::string_view text);
/// Bytes that are no UTF-8 are replaced, so that every value can be written.
std::string to_text(const Json& value);

/// The text under `name`; empty where there is none or it is something else.
std::string text_of(const Json& object, const char* name);
/// A whole number under `name`, as a number or as the text of one.
std::optional<std::int64_t> whole_number_of(const Json& object, const char* name);
/// Digits alone, with or without a sign.
std::optional<std::int64_t> parse_whole_number(std::string_view text);

}  // namespace frontrow::sandbox
