// Bounds that the engine, the round file and the front agree on. What concerns connections
// alone is in `src/http/http_limits.hpp`.
#pragma once

#include <cstddef>
#include <cstdint>

namespace frontrow::limits {

/// Seats of a venue. A larger venue file is refused by this name.
inline constexpr std::uint32_t seats_max = 1'000'000;
inline constexpr std::uint32_t zones_max = 2'000;
inline constexpr std::uint32_t categories_max = 200;
inline constexpr std::uint32_t seats_in_row_max = 100'000;  ///< A standing zone is one row.
/// Bytes of a venue file that are read at all.
inline constexpr std::size_t venue_file_bytes_max = std::size_t{256} << 20;
inline constexpr std::size_t round_file_bytes_max = std::size_t{4} << 20;

/// Fans of a round. A join past it is refused as `round-full`.
inline constexpr std::uint32_t fans_max = 4'000'000;
/// Orders of a round, ended ones included; a hold past it is refused as `round-full`.
inline constexpr std::uint32_t orders_max = 64'000'000;
/// Upper bound of `sale.max_seats_per_fan` in a round file.
inline constexpr std::uint32_t seats_per_fan_max = 1'000;
/// Upper bound of `sale.max_open_orders_per_fan`.
inline constexpr std::uint32_t open_orders_per_fan_max = 1'000;
/// Seats that one command may name. A fan's command names at most `seats_per_fan_max + 1` (the
/// front cuts longer lists there: they are refused as past the limit whatever follows); an
/// operator's may name all.
inline constexpr std::uint32_t seats_per_command_max = seats_max;
/// Idempotency keys remembered for each fan; the oldest goes first.
inline constexpr std::uint32_t idempotency_keys_per_fan = 64;
/// Orders shown by one listing: all open ones, then the youngest ended ones.
inline constexpr std::uint32_t orders_listed_max = 200;
/// Price of one seat in minor units: a full venue stays far inside 64 bits.
inline constexpr std::int64_t price_minor_max = 1'000'000'000'000;
/// Bytes of a text inside a command (a reason, a notice, a gateway's reference or QR data).
inline constexpr std::size_t text_bytes_max = 16'384;
/// Bytes of the name of a payment gateway inside a command.
inline constexpr std::size_t gateway_name_bytes_max = 64;
/// Orders that one question for unsettled ones looks at, and charges judged by one question.
inline constexpr std::uint32_t unsettled_looked_at_max = 16'384;
inline constexpr std::size_t charges_judged_max = 256;
/// Bytes of the definition inside `OpenRound`: the round file and its venue, rewritten.
inline constexpr std::size_t definition_bytes_max = std::size_t{384} << 20;
/// Languages of one text inside a command, and bytes of a language tag.
inline constexpr std::uint32_t languages_max = 64;
inline constexpr std::size_t language_tag_bytes_max = 64;
/// Zones that one waitlist entry may name.
inline constexpr std::uint32_t waitlist_zones_max = 200;

}  // namespace frontrow::limits
