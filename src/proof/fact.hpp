// The journal's facts that become leaves of the log, and their one encoding, which is public and
// permanent. No fact names a fan: who waits appears as the public entry, who bought as a
// commitment. Pure; any thread; bytes that are read may be hostile.
//
// All numbers are big-endian. Every fact begins with
//   kind       1 byte   the number of its type below
//   sequence   8 bytes  the journaled command that made it so
//   instant    8 bytes  that command's time, milliseconds since 1970-01-01T00:00:00Z
// and goes on with the fields of its type, in their order here, without anything between:
//   entry      16 bytes
//   tier       1 byte
//   rank       4 bytes
//   commitment 32 bytes
//   seat       2 bytes of length, then the seat's id in UTF-8
// The leaf's hash is SHA-256(0x00 || encoding).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "frontrow/ids.hpp"
#include "frontrow/limits.hpp"
#include "frontrow/time.hpp"

namespace frontrow::proof {

/// An entry came into the lobby, or late.
struct Joined {
  static constexpr std::uint8_t kind = 1;
  Bytes16 entry{};
  std::uint8_t tier = 1;
  friend bool operator==(const Joined&, const Joined&) = default;
};
/// The draw, or that of a late window, gave an entry its rank.
struct Drawn {
  static constexpr std::uint8_t kind = 2;
  Bytes16 entry{};
  std::uint32_t rank = 1;  ///< From 1.
  friend bool operator==(const Drawn&, const Drawn&) = default;
};
/// An entry's turn came.
struct Called {
  static constexpr std::uint8_t kind = 3;
  Bytes16 entry{};
  friend bool operator==(const Called&, const Called&) = default;
};
/// A seat was paid for. One fact a seat.
struct Sold {
  static constexpr std::uint8_t kind = 4;
  Bytes32 commitment{};  ///< See proof/sale_commitment.hpp.
  std::string seat;
  friend bool operator==(const Sold&, const Sold&) = default;
};
/// A seat that was sold is free again: given back, or refunded. The commitment is that of its sale.
struct Returned {
  static constexpr std::uint8_t kind = 5;
  Bytes32 commitment{};
  std::string seat;
  friend bool operator==(const Returned&, const Returned&) = default;
};

using FactBody = std::variant<Joined, Drawn, Called, Sold, Returned>;

struct Fact {
  Sequence sequence = 0;
  Instant at;  ///< Encoded without what is finer than a millisecond.
  FactBody body;
  friend bool operator==(const Fact&, const Fact&) = default;
};

/// Bytes of a seat's id.
inline constexpr std::size_t fact_seat_bytes_max = limits::text_bytes_max;
static_assert(fact_seat_bytes_max <= 0xffff, "its length is encoded in two bytes");

/// Replaces what is in `out`, which the caller owns and reuses. The instant must lie between 1970
/// and the end of 9999, the seat must be named within the bound.
void encode_fact(const Fact& fact, std::vector<std::uint8_t>& out);
std::vector<std::uint8_t> encode_fact(const Fact& fact);
/// Strict: nothing but what `encode_fact` writes.
std::optional<Fact> decode_fact(ByteView bytes);

/// "joined", "drawn", "called", "sold", "returned".
std::string_view fact_name(const Fact& fact);

}  // namespace frontrow::proof
