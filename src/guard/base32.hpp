// RFC 4648 section 6 without padding: capital letters and 2 to 7, all of which a QR code stores
// in its compact alphanumeric mode. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace frontrow::guard {

std::string to_base32(ByteView bytes);
/// Nothing on lower case, any other character, an impossible length or stray bits at the end.
std::optional<std::vector<std::uint8_t>> from_base32(std::string_view text);

}  // namespace frontrow::guard
