// Latencies, in buckets whose width grows with the value: every percentile is at most
// 1/128 (0.8 %) above the true one, from a microsecond to half a day. Mergeable over processes.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace frontrow::crowd {

/// Used by one thread. Costs memory up to the largest value recorded.
class Histogram {
 public:
  static constexpr unsigned precision_bits = 7;
  /// Upper bound of how much a percentile may lie above the value that it stands for.
  static constexpr double precision = 1.0 / (1U << precision_bits);
  static constexpr std::uint64_t value_max = std::uint64_t{1} << 36;

  /// Negative values count as 0, those past `value_max` as `value_max`.
  void record(std::int64_t microseconds);
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }
  double mean() const;
  /// The smallest bucket's upper bound, at most `max()`, that at least `share` of all values do
  /// not pass; 0 where there are none. `share` is in [0, 1].
  std::uint64_t percentile(double share) const;

  /// Exact: what `from_json` makes of it merges as this one would.
  nlohmann::json to_json() const;
  /// Throws `nlohmann::json::exception` or `std::runtime_error` on anything else.
  static Histogram from_json(const nlohmann::json& value);

 private:
  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t highest_of(std::size_t bucket);

  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
  std::uint64_t sum_ = 0;
};

}  // namespace frontrow::crowd
