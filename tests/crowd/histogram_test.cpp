#include "crowd/histogram.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "crowd/random.hpp"

using frontrow::crowd::Histogram;
using frontrow::crowd::Random;

namespace {

// The value that at least `share` of `sorted` do not pass, by looking.
std::uint64_t exact_percentile(const std::vector<std::uint64_t>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(
      std::max(1.0, std::ceil(share * static_cast<double>(sorted.size()))));
  return sorted[rank - 1];
}

}  // namespace

TEST_CASE("percentiles lie within the named precision above those of exact sorting") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Histogram histogram;
    std::vector<std::uint64_t> values;
    const std::size_t count = 1 + random.below(5'000);
    for (std::size_t n = 0; n < count; ++n) {
      // Over ten orders of magnitude, so that every width of bucket is met.
      const auto value = static_cast<std::uint64_t>(std::exp(random.between(0, 24)));
      values.push_back(value);
      histogram.record(static_cast<std::int64_t>(value));
    }
    std::ranges::sort(values);
    for (const double share : {0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      CAPTURE(share);
      const auto exact = exact_percentile(values, share);
      const auto found = histogram.percentile(share);
      CHECK(found >= exact);
      CHECK(static_cast<double>(found) <=
            static_cast<double>(exact) * (1 + Histogram::precision) + 1e-9);
    }
    CHECK(histogram.max() == values.back());
    CHECK(histogram.count() == values.size());
  }
}

TEST_CASE("values below the precision are exact") {
  Histogram histogram;
  for (std::int64_t value = 0; value < 128; ++value) histogram.record(value);
  for (std::uint64_t value = 1; value < 128; ++value)
    CHECK(histogram.percentile(static_cast<double>(value + 1) / 128.0) == value);
}

TEST_CASE("an empty histogram answers 0") {
  const Histogram histogram;
  CHECK(histogram.percentile(0.5) == 0);
  CHECK(histogram.max() == 0);
  CHECK(histogram.mean() == 0);
}

TEST_CASE("values out of range are counted at its ends") {
  Histogram histogram;
  histogram.record(-5);
  histogram.record(std::int64_t{1} << 60);
  CHECK(histogram.count() == 2);
  CHECK(histogram.percentile(0.5) == 0);
  CHECK(histogram.max() == Histogram::value_max);
}

TEST_CASE("two merged halves are the whole, also after a way through JSON") {
  Random random(7);
  Histogram whole, left, right;
  for (int n = 0; n < 3'000; ++n) {
    const auto value = static_cast<std::int64_t>(random.below(10'000'000));
    whole.record(value);
    (n % 3 == 0 ? left : right).record(value);
  }
  left.merge(Histogram::from_json(nlohmann::json::parse(right.to_json().dump())));
  CHECK(left.to_json() == whole.to_json());
  CHECK(left.mean() == whole.mean());
}

TEST_CASE("a bucket that no value has is refused") {
  const nlohmann::json value = {{"max", 1}, {"sum", 1}, {"buckets", {{1'000'000'000, 1}}}};
  CHECK_THROWS(Histogram::from_json(value));
}
