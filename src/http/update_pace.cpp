#include "http/update_pace.hpp"

#include <algorithm>
#include <cmath>

#include "http/http_limits.hpp"
#include "http/queue_view.hpp"

namespace frontrow::http {
namespace {

/// From 0 to 1, a fan's own.
double own_part(const QueueView& view) { return static_cast<double>(view.entry[0]) / 255; }

/// About `wanted`, within a quarter to each side.
std::uint32_t spread(double wanted, const QueueView& view) {
  const double seconds = wanted * (0.75 + 0.5 * own_part(view));
  return static_cast<std::uint32_t>(
      std::clamp(std::lround(seconds), 1L, static_cast<long>(limits::update_seconds_max)));
}

/// Until an instant that everybody waits for: half of the time while it is far, then a moment of
/// one's own soon after it.
std::uint32_t until_common_moment(Duration left, const QueueView& view) {
  const double seconds = static_cast<double>(std::max(left.microseconds, std::int64_t{0})) / 1e6;
  const double after = limits::common_moment_spread_seconds * own_part(view);
  if (seconds + after > limits::update_seconds_max) return spread(limits::update_seconds_max, view);
  return std::max(1U, static_cast<std::uint32_t>(std::ceil(seconds + after)));
}

}  // namespace

std::uint32_t next_update_seconds(const QueueView& view, std::optional<Duration> until_window_end,
                                  const RoundStatus& status, Instant now) {
  if (view.banned) return limits::update_seconds_max;
  switch (view.fan_state) {
    case FanState::kCalled:
    case FanState::kShopping:
      return 1;
    case FanState::kEnded:
    case FanState::kLeft:
    case FanState::kMissed:
      return limits::update_seconds_max;
    case FanState::kLobby:
    case FanState::kWaiting:
      break;
  }
  // A small round tells everybody everything at once.
  if (view.waiting <= limits::near_front_fans) return 1;
  if (view.fan_state == FanState::kLobby) return until_common_moment(status.draw_at - now, view);
  if (view.ahead && *view.ahead <= limits::near_front_fans) return 1;
  if (until_window_end) return until_common_moment(*until_window_end, view);
  if (!view.wait) return spread(limits::update_seconds_max, view);
  // Ten words on the way, and never so late that the call could come in between.
  return spread(std::max(view.wait->low / 10.0, 1.0), view);
}

}  // namespace frontrow::http
