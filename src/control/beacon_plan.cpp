#include "control/beacon_plan.hpp"

#include <utility>

#include "base/assert.hpp"
#include "round/drand_chains.hpp"

namespace frontrow::control {

std::optional<std::uint64_t> late_beacon_round(const std::string& chain, Instant window_end) {
  return round::drand_round_at(chain, window_end + microseconds(1));
}

BeaconPlan::BeaconPlan(const RoundDefinition& definition, const Published& published)
    : definition_(definition), published_(published) {
  FRONTROW_ASSERT(definition.draw.beacon.has_value());
  // What was closed before this start is no news.
  read_closed_windows();
  gone_without_.clear();
}

std::optional<WantedBeacon> BeaconPlan::wanted(Instant now) {
  const auto draw = published_.draw();
  if (draw == nullptr || !draw->lobby_closed) return std::nullopt;
  if (draw->drawn) return wanted_for_late(published_.read_status(), *draw, now);
  const BeaconRule& rule = *definition_.draw.beacon;
  WantedBeacon wanted;
  wanted.round = rule.round;
  wanted.made_at = round::drand_round_time(rule.chain, rule.round).value_or(Instant{});
  return wanted;
}

std::optional<WantedBeacon> BeaconPlan::wanted_for_late(const RoundStatus& status,
                                                        const DrawRecord& draw, Instant now) {
  read_closed_windows();
  // Fans have ids in the order of joining: behind the lobby's come those of the closed windows,
  // then the first of the oldest open one.
  const std::uint64_t first = draw.count + fans_placed_;
  if (first >= published_.fan_count()) return std::nullopt;
  const auto fan = published_.read_fan(FanId{static_cast<std::uint32_t>(first)});
  if (!fan || fan->joined_at < status.draw_at) return std::nullopt;
  const std::int64_t length = definition_.draw.late_window.microseconds;
  WantedBeacon wanted;
  wanted.for_draw = false;
  const std::int64_t window = (fan->joined_at - status.draw_at).microseconds / length;
  wanted.window = static_cast<std::uint64_t>(window);
  const Instant end = status.draw_at + Duration{(window + 1) * length};
  const std::string& chain = definition_.draw.beacon->chain;
  const auto number = late_beacon_round(chain, end);
  if (now < end || !number) return std::nullopt;
  const auto made_at = round::drand_round_time(chain, *number);
  if (!made_at) return std::nullopt;
  wanted.round = *number;
  wanted.made_at = *made_at;
  return wanted;
}

void BeaconPlan::read_closed_windows() {
  const auto windows = published_.late_windows();
  for (; windows_read_ < windows.size(); ++windows_read_) {
    const LateWindowRecord& closed = *windows[windows_read_];
    fans_placed_ += closed.entries.size();
    if (closed.beacon.empty()) gone_without_.push_back(closed.window);
  }
}

std::vector<std::uint64_t> BeaconPlan::windows_gone_without() {
  read_closed_windows();
  return std::exchange(gone_without_, {});
}

}  // namespace frontrow::control
