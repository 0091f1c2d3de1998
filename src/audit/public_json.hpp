// Strict reading of the public files' JSON: what is not exactly as it is published is refused.
// Inside this folder alone. Any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/public_entry.hpp"

namespace frontrow::audit {

using Json = nlohmann::json;

/// What a person is told; caught where the file is parsed.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void fill_from_hex(const Json& value, const std::string& name, std::span<std::uint8_t> out);
const Json& member(const Json& object, const std::string& name);
/// Nothing where it is absent, null or empty.
const Json* optional_member(const Json& object, const std::string& name);
std::uint64_t whole_number(const Json& object, const std::string& name);
std::optional<std::uint64_t> optional_number(const Json& object, const std::string& name);
std::string optional_text(const Json& object, const std::string& name);
Bytes32 bytes32(const Json& object, const std::string& name);
std::optional<Bytes32> optional_bytes32(const Json& object, const std::string& name);
std::vector<std::uint8_t> optional_bytes(const Json& object, const std::string& name);
/// `where` names it in what a person is told.
PublicEntry entry_of(const Json& value, const std::string& where);

}  // namespace frontrow::audit
