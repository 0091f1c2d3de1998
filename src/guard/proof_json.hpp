// JSON as strangers send it: of proofs of work, of passes and their keys. For this folder.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "guard/proof_of_work.hpp"

namespace frontrow::guard {

/// A JSON object of at most `bytes_max` bytes that nests no deeper than `depth_max`.
std::optional<nlohmann::json> parse_proof_json(std::string_view text, std::size_t bytes_max,
                                               int depth_max = proof_json_depth_max);

/// The member as text; nothing where it is absent or of another type.
const std::string* text_member(const nlohmann::json& object, const char* name);
/// The member as a whole number from 0 to `max`; nothing where it is anything else.
std::optional<std::uint64_t> number_member(const nlohmann::json& object, const char* name,
                                           std::uint64_t max);
const nlohmann::json* object_member(const nlohmann::json& object, const char* name);

}  // namespace frontrow::guard
