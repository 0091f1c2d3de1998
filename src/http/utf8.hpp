// Well-formed UTF-8, as Unicode table 3-7 has it.
#pragma once

#include <cstddef>
#include <string_view>

namespace frontrow::http {

/// Bytes of the character that begins at `at`; 0 where none does.
inline std::size_t utf8_length_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t n) -> unsigned {
    return at + n < text.size() ? static_cast<unsigned char>(text[at + n]) : 0U;
  };
  const auto continues = [&](std::size_t n, unsigned low = 0x80, unsigned high = 0xbf) {
    return byte(n) >= low && byte(n) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned low = first == 0xe0 ? 0xa0U : 0x80U;
    const unsigned high = first == 0xed ? 0x9fU : 0xbfU;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned low = first == 0xf0 ? 0x90U : 0x80U;
    const unsigned high = first == 0xf4 ? 0x8fU : 0xbfU;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace frontrow::http
