#include "round/instant_rule.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/instant_text.hpp"

namespace frontrow::round {
namespace {

constexpr std::int64_t microseconds_in_second = 1'000'000;
constexpr std::int64_t relative_seconds_max = std::int64_t{100} * 366 * 86'400;

}  // namespace

std::string to_exact_rfc3339(Instant instant) {
  const std::int64_t below_milli = ((instant.microseconds % 1'000) + 1'000) % 1'000;
  std::string text = to_rfc3339(instant);
  if (below_milli != 0) text.insert(text.size() - 1, fmt::format("{:03}", below_milli));
  return text;
}

std::string InstantRule::text() const {
  if (relative) return fmt::format("{:+}s", microseconds / microseconds_in_second);
  return to_exact_rfc3339(Instant{microseconds});
}

std::optional<InstantRule> parse_instant_rule(std::string_view text, bool with_past) {
  if (!text.starts_with('+') && !(with_past && text.starts_with('-'))) {
    const auto instant = parse_rfc3339(text);
    if (!instant) return std::nullopt;
    return InstantRule{false, instant->microseconds};
  }
  if (text.size() < 3) return std::nullopt;
  std::int64_t unit = 1;
  switch (text.back()) {
    case 's':
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3'600;
      break;
    default:
      return std::nullopt;
  }
  const std::string_view digits = text.substr(1, text.size() - 2);
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  const std::int64_t seconds = count * unit;
  if (seconds > relative_seconds_max) return std::nullopt;
  return InstantRule{true, (text.front() == '-' ? -seconds : seconds) * microseconds_in_second};
}

}  // namespace frontrow::round
