// An instant of the round file as it was written: absolute, or so and so long after the round's
// first start. The journal binds the rule, not what it came to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "frontrow/time.hpp"

namespace frontrow::round {

struct InstantRule {
  bool relative = false;
  std::int64_t microseconds = 0;  ///< Since 1970, or after the first start.

  static constexpr InstantRule after_first_start(Duration delay) {
    return {true, delay.microseconds};
  }
  Instant resolve(Instant first_start) const {
    return Instant{microseconds + (relative ? first_start.microseconds : 0)};
  }
  /// "+90s" (always in seconds), or RFC 3339 in UTC to the microsecond: one text for one rule.
  std::string text() const;
  friend bool operator==(const InstantRule&, const InstantRule&) = default;
};

/// RFC 3339, or "+90s", "+5m", "+2h"; at most 100 years ahead. `with_past`: "-90s" as well,
/// which only a default that our own writer worked out can come to.
std::optional<InstantRule> parse_instant_rule(std::string_view text, bool with_past = false);

/// RFC 3339 in UTC, to the microsecond: nothing is lost on the way through the journal.
std::string to_exact_rfc3339(Instant instant);

}  // namespace frontrow::round
