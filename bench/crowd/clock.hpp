// The crowd's clock: monotonic, the same in every process of the machine.
#pragma once

#include <chrono>
#include <cstdint>

namespace frontrow::crowd {

using Clock = std::chrono::steady_clock;
using Moment = Clock::time_point;

inline Clock::duration seconds(double count) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(count));
}
inline std::int64_t microseconds_between(Moment from, Moment to) {
  return std::chrono::duration_cast<std::chrono::microseconds>(to - from).count();
}

}  // namespace frontrow::crowd
