#include "http/place_teller.hpp"

#include <algorithm>

namespace frontrow::http {
namespace {

std::uint32_t in_state(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}

std::uint32_t seconds_of(Duration duration) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(duration.microseconds, 0) / 1'000'000);
}

}  // namespace

PlaceTeller::PlaceTeller(const RoundDefinition& round, const Published& published)
    : round_(round),
      published_(published),
      chance_(*round.plan),
      category_free_(round.plan->categories.size()) {}

void PlaceTeller::look(const RoundStatus& status, Instant now) {
  wait_.observe(status, now);
  for (std::size_t n = 0; n < category_free_.size(); ++n)
    category_free_[n] =
        published_.category_free(CategoryIndex{static_cast<CategoryIndex::Value>(n)});
  chance_.observe(status, category_free_,
                  {wait_.turn_up(), wait_.seats_a_turn(round_.sale.max_seats_per_fan)});
}

std::optional<QueueView> PlaceTeller::view(FanId fan, Instant now) {
  const auto place = published_.read_fan(fan);
  if (!place) return std::nullopt;
  const RoundStatus status = published_.read_status();
  if (wait_.wants(status, now)) look(status, now);
  const bool waits = place->state == FanState::kWaiting && !place->banned;
  return make_queue_view(*place, waits ? standing_of(*place, status, now) : Standing{}, status,
                         now);
}

Standing PlaceTeller::standing_of(const FanView& fan, const RoundStatus& status, Instant now) {
  if (!fan.slot.exists()) return standing_in_window(fan, status, now);
  Standing standing;
  const std::uint32_t ahead = published_.waiting_before(fan.slot);
  standing.ahead = ahead;
  standing.wait = wait_.range(ahead);
  standing.chance = chance_.text(wait_.staying(ahead));
  return standing;
}

Standing PlaceTeller::standing_in_window(const FanView& fan, const RoundStatus& status,
                                         Instant now) {
  Standing standing;
  const Duration length = std::max(round_.draw.late_window, seconds(1));
  const Duration after_draw = std::max(fan.joined_at - status.draw_at, Duration{0});
  const Instant began = status.draw_at + Duration{after_draw.microseconds / length.microseconds *
                                                  length.microseconds};
  const std::uint32_t waiting = in_state(status, FanState::kWaiting);
  const std::uint32_t in_line = waiting - std::min(waiting, status.late_waiting);
  const std::uint32_t earlier = published_.late_waiting_before(began);
  const std::uint32_t lobby = status.drawn ? 0 : in_state(status, FanState::kLobby);
  const std::uint32_t ahead = in_line + lobby + earlier;
  standing.ahead = ahead;
  standing.until_window_end = began + length - now;
  // Before the draw nobody can say when the calling begins.
  if (!status.drawn) return standing;
  const std::uint32_t own =
      published_.late_waiting_before(began + length) - std::min(earlier, status.late_waiting);
  const bool of_window = own <= status.late_waiting;
  const std::uint32_t last = ahead + (of_window ? own : 0);
  const std::uint32_t middle = ahead + (last - ahead) / 2;
  // Nobody of a window is called before it closes, and it may wait for its beacon.
  const Duration beacon_wait = round_.draw.beacon && !round_.draw.beacon->url.empty()
                                   ? round_.draw.beacon->wait
                                   : Duration{0};
  const std::uint32_t closes = seconds_of(*standing.until_window_end);
  WaitRange range;
  range.low = std::max(wait_.range(ahead).low, closes);
  range.middle = std::max(wait_.range(middle).middle, closes + 1);
  range.high = std::max(wait_.range(last).high, closes + seconds_of(beacon_wait) + 2);
  standing.wait = range;
  standing.chance = chance_.text(wait_.staying(middle));
  return standing;
}

}  // namespace frontrow::http
