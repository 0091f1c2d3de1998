// The contract's bitmap of a zone: one bit a seat, rows then seats without padding between rows,
// least significant bit first, the last byte filled with zeros. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "frontrow/plan.hpp"

namespace frontrow::http {

/// `words`: the zone's words of a plane, from its `first_word`.
std::vector<std::uint8_t> pack_bitmap(const Plan& plan, ZoneIndex zone,
                                      std::span<const std::uint64_t> words);
/// The same in standard base64.
std::string bitmap_text(const Plan& plan, ZoneIndex zone, std::span<const std::uint64_t> words);

}  // namespace frontrow::http
