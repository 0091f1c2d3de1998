#include "observe/sample.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <sstream>

#include "base/assert.hpp"

namespace frontrow::observe {
namespace {

constexpr std::string_view name_prefix = "frontrow_";

bool is_name(std::string_view name) {
  return !name.empty() && (name[0] < '0' || name[0] > '9') &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

prometheus::ClientMetric labelled(const Labels& labels) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : labels) {
    FRONTROW_ASSERT(is_name(name) && name != "le");
    metric.label.push_back({name, value});
  }
  return metric;
}

}  // namespace

struct Sample::Families {
  std::vector<prometheus::MetricFamily> list;
  std::map<std::string, std::size_t, std::less<>> place;

  void add(std::string_view name, std::string_view help, prometheus::MetricType type,
           prometheus::ClientMetric metric) {
    FRONTROW_ASSERT(is_name(name) && name.starts_with(name_prefix));
    FRONTROW_ASSERT(name.ends_with("_total") == (type == prometheus::MetricType::Counter));
    auto at = place.find(name);
    if (at == place.end()) {
      list.push_back({std::string(name), std::string(help), type, {}});
      at = place.emplace(name, list.size() - 1).first;
    }
    prometheus::MetricFamily& family = list[at->second];
    FRONTROW_ASSERT(family.type == type);
    family.metric.push_back(std::move(metric));
  }
};

Sample::Sample() : families_(std::make_unique<Families>()) {}
Sample::~Sample() = default;

void Sample::counter(std::string_view name, std::string_view help, double value,
                     const Labels& labels) {
  prometheus::ClientMetric metric = labelled(labels);
  metric.counter.value = value;
  families_->add(name, help, prometheus::MetricType::Counter, std::move(metric));
}

void Sample::gauge(std::string_view name, std::string_view help, double value,
                   const Labels& labels) {
  prometheus::ClientMetric metric = labelled(labels);
  metric.gauge.value = value;
  families_->add(name, help, prometheus::MetricType::Gauge, std::move(metric));
}

void Sample::histogram(std::string_view name, std::string_view help,
                       std::span<const double> upper_bounds, std::span<const std::uint64_t> counts,
                       double sum, const Labels& labels) {
  FRONTROW_ASSERT(counts.size() == upper_bounds.size() + 1);
  prometheus::ClientMetric metric = labelled(labels);
  std::uint64_t total = 0;
  for (std::size_t n = 0; n < upper_bounds.size(); ++n) {
    FRONTROW_ASSERT(n == 0 || upper_bounds[n - 1] < upper_bounds[n]);
    total += counts[n];
    metric.histogram.bucket.push_back({total, upper_bounds[n]});
  }
  // The bucket for everything is left out here: the serializer writes it from the total.
  metric.histogram.sample_count = total + counts.back();
  metric.histogram.sample_sum = sum;
  families_->add(name, help, prometheus::MetricType::Histogram, std::move(metric));
}

std::string Sample::exposition() const {
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, families_->list);
  return out.str();
}

}  // namespace frontrow::observe
