#include "crowd/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/assert.hpp"

namespace frontrow::crowd {
namespace {
constexpr std::uint64_t steps = std::uint64_t{1} << Histogram::precision_bits;
}

// Values below `steps` have a bucket each. Above, each doubling is cut into `steps` buckets of
// the same width: bucket = doubling × steps + position in it.
std::size_t Histogram::bucket_of(std::uint64_t value) {
  if (value < steps) return static_cast<std::size_t>(value);
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - precision_bits;
  return static_cast<std::size_t>((std::uint64_t{shift} << precision_bits) + (value >> shift));
}

std::uint64_t Histogram::highest_of(std::size_t bucket) {
  if (bucket < steps) return bucket;
  const unsigned shift = static_cast<unsigned>(bucket >> precision_bits) - 1;
  const std::uint64_t position = (bucket & (steps - 1)) + steps;
  return ((position + 1) << shift) - 1;
}

void Histogram::record(std::int64_t microseconds) {
  const std::uint64_t value =
      microseconds < 0 ? 0 : std::min(static_cast<std::uint64_t>(microseconds), value_max);
  const std::size_t bucket = bucket_of(value);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  max_ = std::max(max_, value);
  sum_ += value;
}

void Histogram::merge(const Histogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t n = 0; n < other.buckets_.size(); ++n) buckets_[n] += other.buckets_[n];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

double Histogram::mean() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t Histogram::percentile(double share) const {
  FRONTROW_ASSERT(share >= 0 && share <= 1);
  if (count_ == 0) return 0;
  const auto wanted = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t n = 0; n < buckets_.size(); ++n) {
    seen += buckets_[n];
    if (seen >= wanted) return std::min(highest_of(n), max_);
  }
  return max_;
}

nlohmann::json Histogram::to_json() const {
  nlohmann::json filled = nlohmann::json::array();
  for (std::size_t n = 0; n < buckets_.size(); ++n)
    if (buckets_[n] > 0) filled.push_back({n, buckets_[n]});
  return {{"max", max_}, {"sum", sum_}, {"buckets", std::move(filled)}};
}

Histogram Histogram::from_json(const nlohmann::json& value) {
  Histogram histogram;
  histogram.max_ = value.at("max").get<std::uint64_t>();
  histogram.sum_ = value.at("sum").get<std::uint64_t>();
  for (const auto& pair : value.at("buckets")) {
    const auto bucket = pair.at(0).get<std::size_t>();
    if (bucket > bucket_of(value_max)) throw std::runtime_error("no such bucket");
    if (bucket >= histogram.buckets_.size()) histogram.buckets_.resize(bucket + 1);
    const auto count = pair.at(1).get<std::uint64_t>();
    histogram.buckets_[bucket] += count;
    histogram.count_ += count;
  }
  return histogram;
}

}  // namespace frontrow::crowd
