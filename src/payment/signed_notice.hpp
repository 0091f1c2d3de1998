// Signatures of notices: an HMAC-SHA-256 over the time of sending and the body as it came. Pure;
// any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/gateway.hpp"
#include "frontrow/time.hpp"

namespace frontrow::payment {

/// How far the time in a notice may be from ours, either way.
inline constexpr Duration notice_tolerance = seconds(300);
/// Bytes of a notice and of its signature that are looked at, and signatures in it.
inline constexpr std::size_t notice_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t signature_bytes_max = 4'096;
inline constexpr std::size_t signatures_max = 16;
/// Bytes of the names that a notice gives.
inline constexpr std::size_t notice_name_bytes_max = 255;

/// "t=1700000000,v1=HEX,v1=HEX": parts of other names are skipped.
struct SignatureFields {
  std::string_view timestamp;
  std::vector<std::string_view> signatures;
};
std::optional<SignatureFields> read_signature_fields(std::string_view header);

/// Whether one of `signatures` (hex) is that of "timestamp.body" under one of `keys`. Looks at all
/// of them in constant time.
bool is_signed(std::string_view timestamp, std::string_view body,
               const std::vector<std::string_view>& signatures,
               const std::vector<std::string>& keys);

/// Digits alone, as seconds since 1970.
std::optional<Instant> read_timestamp(std::string_view text);
bool is_fresh(Instant sent, Instant now);

/// The checks in their order, of a header such as Stripe's: there, made of its parts, signed,
/// fresh.
NoticeFault check_signature_header(std::string_view header, std::string_view body,
                                   const std::vector<std::string>& keys, Instant now);

}  // namespace frontrow::payment
