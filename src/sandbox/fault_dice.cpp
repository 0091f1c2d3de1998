#include "sandbox/fault_dice.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace frontrow::sandbox {
namespace {

/// The standard normal distribution's 99th percentile.
constexpr double normal_p99 = 2.3263478740408408;

}  // namespace

void FaultDice::set(Faults faults) {
  const bool begin_anew = !seeded_ || faults.seed != faults_.seed;
  faults_ = std::move(faults);
  if (!begin_anew) return;
  seeded_ = true;
  for (std::size_t n = 0; n < streams_.size(); ++n) {
    std::seed_seq seed{static_cast<std::uint32_t>(faults_.seed),
                       static_cast<std::uint32_t>(faults_.seed >> 32),
                       static_cast<std::uint32_t>(n)};
    streams_[n].seed(seed);
  }
}

double FaultDice::uniform(Stream stream) {
  // 53 bits, as many as a double holds.
  return static_cast<double>(streams_[stream]() >> 11) * 0x1.0p-53;
}

Duration FaultDice::latency() {
  const auto median = static_cast<double>(faults_.latency_median.microseconds);
  if (median <= 0) return {};
  const auto p99 = static_cast<double>(faults_.latency_p99.microseconds);
  if (p99 <= median) return faults_.latency_median;
  // Box and Muller: the library's own distribution is not the same everywhere.
  const double radius = std::sqrt(-2 * std::log(1 - uniform(kLatency)));
  const double normal = radius * std::cos(2 * std::numbers::pi * uniform(kLatency));
  const double drawn = median * std::exp(std::log(p99 / median) / normal_p99 * normal);
  const auto bound = static_cast<double>(fault_delay_max.microseconds);
  return microseconds(static_cast<std::int64_t>(std::min(drawn, bound)));
}

Duration FaultDice::some_of(Duration most) {
  return microseconds(
      static_cast<std::int64_t>(uniform(kDisorder) * static_cast<double>(most.microseconds)));
}

bool FaultDice::outage(Duration since_start) const {
  return faults_.outage ||
         std::any_of(faults_.outages.begin(), faults_.outages.end(), [&](const Outage& outage) {
           return since_start >= outage.begin && since_start < outage.begin + outage.length;
         });
}

}  // namespace frontrow::sandbox
