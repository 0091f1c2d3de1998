// How soon the next word about a fan's place is worth while: the live socket's pushes follow it,
// and a client that polls is asked to. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "frontrow/time.hpp"
#include "frontrow/view.hpp"

namespace frontrow::http {

struct QueueView;

/// In seconds, at least 1. One second near the front, when called and when shopping; more for those
/// who wait for long; in the lobby by the time to the draw. Whoever waits gets a number of their
/// own, by the bytes of their entry: the same each time, but not the same for all, so that a
/// hundred thousand do not ask in the same second.
std::uint32_t next_update_seconds(const QueueView& view, std::optional<Duration> until_window_end,
                                  const RoundStatus& status, Instant now);

}  // namespace frontrow::http
