#include "base/encoding.hpp"

#include <array>

namespace frontrow {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string encode(std::span<const std::uint8_t> bytes, std::string_view alphabet, bool padded) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t n = 0;
  for (; n + 3 <= bytes.size(); n += 3) {
    const unsigned group = unsigned{bytes[n]} << 16 | unsigned{bytes[n + 1]} << 8 | bytes[n + 2];
    for (int shift = 18; shift >= 0; shift -= 6) out += alphabet[group >> shift & 63];
  }
  const std::size_t rest = bytes.size() - n;
  if (rest > 0) {
    unsigned group = unsigned{bytes[n]} << 16;
    if (rest == 2) group |= unsigned{bytes[n + 1]} << 8;
    out += alphabet[group >> 18 & 63];
    out += alphabet[group >> 12 & 63];
    if (rest == 2) out += alphabet[group >> 6 & 63];
    if (padded) out.append(3 - rest, '=');
  }
  return out;
}

constexpr std::array<std::int8_t, 256> reverse(std::string_view alphabet) {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t n = 0; n < alphabet.size(); ++n)
    table[static_cast<unsigned char>(alphabet[n])] = static_cast<std::int8_t>(n);
  return table;
}
constexpr auto standard_values = reverse(standard_alphabet);
constexpr auto url_values = reverse(url_alphabet);

std::optional<std::vector<std::uint8_t>> decode(std::string_view text,
                                                const std::array<std::int8_t, 256>& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::vector<std::uint8_t> out;
  out.reserve(text.size() / 4 * 3 + 2);
  unsigned group = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    group = (group << 6 | static_cast<unsigned>(value)) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(group >> bits));
    }
  }
  if ((group & ((1U << bits) - 1)) != 0) return std::nullopt;  // bits that nothing reads
  return out;
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
  return out;
}

bool from_hex(std::string_view text, std::span<std::uint8_t> out) {
  if (text.size() != out.size() * 2) return false;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const int high = hex_value(text[2 * n]);
    const int low = hex_value(text[2 * n + 1]);
    if (high < 0 || low < 0) return false;
    out[n] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  std::vector<std::uint8_t> out(text.size() / 2);
  if (text.size() % 2 != 0 || !from_hex(text, out)) return std::nullopt;
  return out;
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
  return encode(bytes, standard_alphabet, true);
}
std::string to_base64url(std::span<const std::uint8_t> bytes) {
  return encode(bytes, url_alphabet, false);
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  return decode(text, standard_values);
}
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
  return decode(text, url_values);
}

}  // namespace frontrow
