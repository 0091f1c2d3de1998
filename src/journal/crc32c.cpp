#include "journal/crc32c.hpp"

#include <array>
#include <cstring>

#if defined(__SSE4_2__)
#include <nmmintrin.h>
#endif

namespace frontrow::journal {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  constexpr std::uint32_t polynomial = 0x82f63b78;  // reflected
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ ((value & 1) != 0 ? polynomial : 0);
    table[byte] = value;
  }
  return table;
}
constexpr auto table = make_table();

}  // namespace

std::uint32_t crc32c_by_table(std::span<const std::uint8_t> data) {
  std::uint32_t crc = ~std::uint32_t{0};
  for (const std::uint8_t byte : data) crc = crc >> 8 ^ table[(crc ^ byte) & 0xff];
  return ~crc;
}

#if defined(__SSE4_2__)

std::uint32_t crc32c(std::span<const std::uint8_t> data) {
  std::uint64_t crc = ~std::uint32_t{0};
  const std::uint8_t* at = data.data();
  std::size_t left = data.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    crc = _mm_crc32_u64(crc, word);
  }
  auto narrow = static_cast<std::uint32_t>(crc);
  for (; left > 0; --left, ++at) narrow = _mm_crc32_u8(narrow, *at);
  return ~narrow;
}

#else

std::uint32_t crc32c(std::span<const std::uint8_t> data) { return crc32c_by_table(data); }

#endif

}  // namespace frontrow::journal
