// Codes by which a fan takes their place to another device: short enough to write down, too many
// to guess. Only a keyed hash of one is ever stored. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "frontrow/round_definition.hpp"

namespace frontrow::guard {

/// Characters of a code handed in that are looked at; what is longer matches no code.
inline constexpr std::size_t recovery_input_characters_max = 64;

/// Three groups of five, "7XK2M-9QWRT-4HJ8P": 75 bits, of digits and capital letters without
/// I, L, O and U.
std::string make_recovery_code();

/// The same for every way of writing a code: lower case, spaces, any dashes or none, O for 0,
/// I and L for 1.
Bytes16 recovery_digest(const Bytes32& key, std::string_view code);

}  // namespace frontrow::guard
