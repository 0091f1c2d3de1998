// Hex and base64, strict on reading.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace frontrow {

/// Lower case.
std::string to_hex(std::span<const std::uint8_t> bytes);
/// Nothing on an odd length or a character that is no hex digit.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);
/// Fills `out` exactly, or returns false and leaves it unspecified.
bool from_hex(std::string_view text, std::span<std::uint8_t> out);

/// RFC 4648 section 4, padded.
std::string to_base64(std::span<const std::uint8_t> bytes);
/// RFC 4648 section 5, not padded.
std::string to_base64url(std::span<const std::uint8_t> bytes);
/// Standard alphabet, padding required; nothing on any other character or stray bits.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);
/// URL alphabet, padding refused.
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

}  // namespace frontrow
