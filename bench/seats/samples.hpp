// Times of single calls of well under a microsecond. The clock's own cost is measured and taken
// off; each case is timed several times, and the least counts, so that a worst case is the
// program's and not one of the machine's interruptions.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace frontrow::bench {

using Clock = std::chrono::steady_clock;

inline double nanoseconds(Clock::duration taken) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(taken).count());
}

/// What two readings of the clock take with nothing between them: the median of many.
inline double clock_cost() {
  std::vector<double> costs;
  for (int n = 0; n < 20'001; ++n) {
    const auto began = Clock::now();
    const auto ended = Clock::now();
    costs.push_back(nanoseconds(ended - began));
  }
  std::nth_element(costs.begin(), costs.begin() + 10'000, costs.end());
  return costs[10'000];
}

/// Keeps the optimiser from leaving out what is measured.
template <class Value>
inline void use(const Value& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

template <class Work>
inline double time_once(double clock, Work&& work) {
  const auto began = Clock::now();
  work();
  const auto ended = Clock::now();
  return std::max(nanoseconds(ended - began) - clock, 0.0);
}

struct Spread {
  std::size_t cases = 0;
  double median = 0, p99 = 0, worst = 0;
};

/// Of one value a case.
inline Spread spread_of(std::vector<double> values) {
  Spread spread;
  spread.cases = values.size();
  if (values.empty()) return spread;
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  spread.median = at(0.5);
  spread.p99 = at(0.99);
  spread.worst = values.back();
  return spread;
}

inline nlohmann::json json_of(const Spread& spread) {
  return {{"cases", spread.cases},
          {"median_ns", spread.median},
          {"p99_ns", spread.p99},
          {"worst_ns", spread.worst}};
}

}  // namespace frontrow::bench
