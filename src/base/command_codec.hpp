// The journal's one codec: a command to bytes and back. Documented in docs/journal-format.md;
// golden bytes for every command stand in tests/base/command_codec_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "frontrow/command.hpp"

namespace frontrow {

/// Appends number (16 bits), length of the body (32 bits) and body.
void encode_command(const Command& command, std::vector<std::uint8_t>& out);

/// Takes one command off the front of `in`. Nothing, and `in` unspecified, where the bytes are
/// not exactly one known command: unknown number, a length that does not fit, a value out of range.
std::optional<Command> decode_command(std::span<const std::uint8_t>& in);

/// Permanent number of a command, and its name ("PlaceHold") for logs and metrics.
std::uint16_t command_number(const Command& command);
std::string_view command_name(const Command& command);
std::string_view command_name_of_number(std::uint16_t number);  ///< Empty where unknown.

}  // namespace frontrow
