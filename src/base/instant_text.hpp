// Instants as RFC 3339 text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "frontrow/time.hpp"

namespace frontrow {

/// UTC with milliseconds: "2027-02-13T12:00:00.000Z".
std::string to_rfc3339(Instant instant);
/// Strict RFC 3339 with any offset and any fraction (cut to microseconds).
std::optional<Instant> parse_rfc3339(std::string_view text);

}  // namespace frontrow
