#include "http/calling_rate.hpp"

#include <algorithm>
#include <cmath>

namespace frontrow::http {
namespace {

std::uint32_t in_state(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}

/// Everyone who has ever been called and has not left from there.
std::uint64_t called_ever(const RoundStatus& status) {
  return std::uint64_t{in_state(status, FanState::kCalled)} +
         in_state(status, FanState::kShopping) + in_state(status, FanState::kEnded) +
         in_state(status, FanState::kMissed);
}

double in_seconds(Duration duration) { return static_cast<double>(duration.microseconds) / 1e6; }

constexpr std::uint32_t eta_seconds_max = 7 * 24 * 3'600;

}  // namespace

void CallingRate::observe(const RoundStatus& status, Instant now) {
  const Sample& last = samples_[(next_ + samples_max - 1) % samples_max];
  if (count_ > 0 && now - last.at < seconds(1)) return;
  samples_[next_] = {now, called_ever(status)};
  next_ = (next_ + 1) % samples_max;
  count_ = std::min(count_ + 1, samples_max);
}

std::optional<double> CallingRate::per_second() const {
  if (count_ < 2) return std::nullopt;
  const Sample& last = samples_[(next_ + samples_max - 1) % samples_max];
  // A thread that nobody asked for a while has old samples; only the last minute's speak.
  for (std::size_t n = 0; n < count_; ++n) {
    const Sample& first = samples_[(next_ + samples_max - count_ + n) % samples_max];
    const Duration span = last.at - first.at;
    if (span > seconds(60)) continue;
    if (span <= seconds(0) || last.called < first.called) return std::nullopt;
    return static_cast<double>(last.called - first.called) / in_seconds(span);
  }
  return std::nullopt;
}

std::uint32_t eta_seconds(std::uint32_t ahead, const RoundStatus& status,
                          std::optional<double> observed_per_second) {
  const AdmissionRules& rules = status.admission;
  const double pace = std::max(static_cast<double>(rules.per_second), 0.001);
  const std::uint32_t taken =
      in_state(status, FanState::kCalled) + in_state(status, FanState::kShopping);
  const std::uint32_t room = rules.max_shoppers > taken ? rules.max_shoppers - taken : 0;
  const double place = static_cast<double>(ahead) + 1;
  double wait = std::min(place, static_cast<double>(room)) / pace;
  if (place > room) {
    const double turns_end = static_cast<double>(std::max(rules.max_shoppers, 1U)) /
                             std::max(in_seconds(rules.shopping), 1.0);
    const double seen = observed_per_second.value_or(0);
    const double behind = std::clamp(seen > 0 ? seen : turns_end, 0.001, pace);
    wait += (place - room) / behind;
  }
  return static_cast<std::uint32_t>(std::min(std::ceil(wait), double{eta_seconds_max}));
}

}  // namespace frontrow::http
