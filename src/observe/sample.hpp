// What one scrape collects: families of counters, gauges and histograms out of plain numbers,
// read from whatever atomics their owners keep. One thread, for the length of a scrape.
//
// Names are ours to get right, so a wrong one is an assertion: prefix `frontrow_`, base units,
// counters end in `_total`. No identifier of a fan, an order or an address is ever a label.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frontrow::observe {

/// Label names and values.
using Labels = std::vector<std::pair<std::string, std::string>>;

class Sample {
 public:
  Sample();
  ~Sample();
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;

  /// A family is made by its first call; later ones with the same name add to it.
  void counter(std::string_view name, std::string_view help, double value,
               const Labels& labels = {});
  void gauge(std::string_view name, std::string_view help, double value, const Labels& labels = {});
  /// `upper_bounds` ascending; `counts` one more than bounds, each bucket's own count, the last
  /// one for everything above. The total is their sum, so that it never disagrees with them.
  void histogram(std::string_view name, std::string_view help, std::span<const double> upper_bounds,
                 std::span<const std::uint64_t> counts, double sum, const Labels& labels = {});

  /// Prometheus text exposition format.
  std::string exposition() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace frontrow::observe
