// A histogram that any thread adds to without a lock: one relaxed addition for the bucket and
// one for the sum.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "observe/sample.hpp"

namespace frontrow::observe {

/// From 100 microseconds to 10 seconds: what an answer over the network can take.
std::span<const double> answer_seconds_bounds();

class AtomicHistogram {
 public:
  /// `upper_bounds` ascending, of at most 64; must outlive the histogram.
  explicit AtomicHistogram(std::span<const double> upper_bounds);

  /// Any thread. Negative values count as 0.
  void observe(double value);
  /// Any thread; what is added meanwhile may or may not be in it.
  void collect(Sample& sample, std::string_view name, std::string_view help,
               const Labels& labels = {}) const;

 private:
  std::span<const double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
  std::atomic<std::uint64_t> sum_nano_{0};  ///< In billionths of the unit.
};

}  // namespace frontrow::observe
