#include "proof/note_text.hpp"

#include <cstdint>
#include <optional>

namespace frontrow::proof {
namespace {

/// Takes one character off the front; nothing where the bytes are no UTF-8: overlong forms,
/// surrogates and what lies past U+10FFFF included.
std::optional<char32_t> take_character(std::string_view& text) {
  const auto byte = [&](std::size_t n) { return static_cast<std::uint8_t>(text[n]); };
  const std::uint8_t first = byte(0);
  std::size_t size = 1;
  char32_t value = first;
  char32_t smallest = 0;
  if (first >= 0xf0 && first <= 0xf4) {
    size = 4;
    value = first & 0x07U;
    smallest = 0x10000;
  } else if (first >= 0xe0 && first < 0xf0) {
    size = 3;
    value = first & 0x0fU;
    smallest = 0x800;
  } else if (first >= 0xc0 && first < 0xe0) {
    size = 2;
    value = first & 0x1fU;
    smallest = 0x80;
  } else if (first >= 0x80) {
    return std::nullopt;
  }
  if (text.size() < size) return std::nullopt;
  for (std::size_t n = 1; n < size; ++n) {
    if ((byte(n) & 0xc0) != 0x80) return std::nullopt;
    value = value << 6 | (byte(n) & 0x3fU);
  }
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < smallest || value > 0x10ffff || surrogate) return std::nullopt;
  text.remove_prefix(size);
  return value;
}

/// Unicode's White_Space, which is what a space is in a key's name.
bool is_space(char32_t c) {
  return c == 0x20 || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

}  // namespace

bool is_note_text(std::string_view text) {
  while (!text.empty()) {
    const auto character = take_character(text);
    if (!character || (*character < 0x20 && *character != '\n')) return false;
  }
  return true;
}

bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > key_name_bytes_max) return false;
  while (!name.empty()) {
    const auto character = take_character(name);
    if (!character || *character < 0x20 || *character == '+' || is_space(*character)) return false;
  }
  return true;
}

}  // namespace frontrow::proof
