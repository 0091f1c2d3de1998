#include "observe/atomic_histogram.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/assert.hpp"

namespace frontrow::observe {
namespace {

constexpr std::size_t bounds_max = 64;
constexpr double nano_per_unit = 1e9;
/// A single value above this counts as this in the sum, so that it cannot run over.
constexpr double value_max = 1e6;

}  // namespace

std::span<const double> answer_seconds_bounds() {
  static constexpr std::array<double, 16> bounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                    0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                                    1,      2.5,     5,      10};
  return bounds;
}

AtomicHistogram::AtomicHistogram(std::span<const double> upper_bounds)
    : bounds_(upper_bounds),
      counts_(std::make_unique<std::atomic<std::uint64_t>[]>(upper_bounds.size() + 1)) {
  FRONTROW_ASSERT(upper_bounds.size() <= bounds_max);
  FRONTROW_ASSERT(std::is_sorted(upper_bounds.begin(), upper_bounds.end()));
}

void AtomicHistogram::observe(double value) {
  // Not a number counts as 0 too.
  const double bounded = value > 0 ? std::min(value, value_max) : 0;
  const auto bucket = static_cast<std::size_t>(
      std::lower_bound(bounds_.begin(), bounds_.end(), bounded) - bounds_.begin());
  counts_[bucket].fetch_add(1, std::memory_order_relaxed);
  sum_nano_.fetch_add(static_cast<std::uint64_t>(bounded * nano_per_unit),
                      std::memory_order_relaxed);
}

void AtomicHistogram::collect(Sample& sample, std::string_view name, std::string_view help,
                              const Labels& labels) const {
  std::vector<std::uint64_t> counts(bounds_.size() + 1);
  for (std::size_t n = 0; n < counts.size(); ++n)
    counts[n] = counts_[n].load(std::memory_order_relaxed);
  sample.histogram(name, help, bounds_, counts,
                   static_cast<double>(sum_nano_.load(std::memory_order_relaxed)) / nano_per_unit,
                   labels);
}

}  // namespace frontrow::observe
