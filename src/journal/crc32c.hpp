// CRC32C (Castagnoli), as in RFC 3720, with the processor's instruction where there is one.
// Any thread.
#pragma once

#include <cstdint>
#include <span>

namespace frontrow::journal {

/// Of the whole of `data`; the check value of "123456789" is 0xe3069283.
std::uint32_t crc32c(std::span<const std::uint8_t> data);

/// The same by table, for machines without the instruction; also its oracle in tests.
std::uint32_t crc32c_by_table(std::span<const std::uint8_t> data);

}  // namespace frontrow::journal
