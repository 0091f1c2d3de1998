// Keys for the rate limiter. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>

#include "frontrow/ids.hpp"

namespace frontrow::guard {

/// An IPv4 address (4 bytes) is a key whole; of an IPv6 address (16 bytes) the first 64 bits,
/// because whoever has one has all of them. An IPv4 address inside IPv6 (::ffff:a.b.c.d) counts
/// as the IPv4 address. Any other size: 0, one key for all such.
std::uint64_t rate_key_of_address(std::span<const std::uint8_t> address);
/// Never equal to an address's.
std::uint64_t rate_key_of_fan(FanId fan);

}  // namespace frontrow::guard
