#include "guard/recovery_code.hpp"

#include <array>
#include <cstring>

#include "base/digest.hpp"

namespace frontrow::guard {
namespace {

/// Crockford's 32 characters: none is taken for another in handwriting.
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t characters = 15, group = 5;
static_assert(alphabet.size() == 32);

/// What a code is hashed as: its characters alone, in one spelling.
std::string normalised(std::string_view code) {
  std::string out;
  for (std::size_t n = 0; n < code.size(); ++n) {
    const auto byte = static_cast<unsigned char>(code[n]);
    if (byte == ' ' || byte == '-' || byte == '_' || byte == '.' || byte == '\t' || byte == '\r' ||
        byte == '\n')
      continue;
    // Dashes that a phone's keyboard makes of a hyphen (U+2010 to U+2015) and the no-break space.
    if (byte == 0xE2 && n + 2 < code.size() && static_cast<unsigned char>(code[n + 1]) == 0x80 &&
        static_cast<unsigned char>(code[n + 2]) >= 0x90 &&
        static_cast<unsigned char>(code[n + 2]) <= 0x95) {
      n += 2;
      continue;
    }
    if (byte == 0xC2 && n + 1 < code.size() && static_cast<unsigned char>(code[n + 1]) == 0xA0) {
      ++n;
      continue;
    }
    char c = code[n];
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    out += c;
  }
  return out;
}

}  // namespace

std::string make_recovery_code() {
  const auto random = random_array<std::array<std::uint8_t, characters>>();
  std::string code;
  for (std::size_t n = 0; n < characters; ++n) {
    if (n > 0 && n % group == 0) code += '-';
    code += alphabet[random[n] & 31];  // 256 is a multiple of 32: every character as likely.
  }
  return code;
}

Bytes16 recovery_digest(const Bytes32& key, std::string_view code) {
  const std::string text =
      code.size() <= recovery_input_characters_max ? normalised(code) : std::string();
  const Bytes32 whole = hmac_sha256(key, as_bytes(text));
  Bytes16 digest;
  std::memcpy(digest.data(), whole.data(), digest.size());
  return digest;
}

}  // namespace frontrow::guard
