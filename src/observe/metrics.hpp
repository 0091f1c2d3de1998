// The program's metrics as `GET /metrics` shows them: requests, which it counts itself, and
// whatever its sources tell when asked. Outlives every thread that counts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "observe/sample.hpp"

namespace frontrow::observe {

/// Routes that are told apart; those past it are counted together as "other".
inline constexpr std::size_t metric_routes_max = 128;

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// Asked at each scrape, on the thread that scrapes, one scrape at a time; reads atomics and
  /// returns soon. Added at start, and what it captures lives as long as this object.
  void add_source(std::function<void(Sample&)> source);

  /// Any thread; two additions once a route is known. `route` is the pattern, never the path
  /// with identifiers in it: "/api/v1/orders/{id}".
  void observe_request(std::string_view route, int status, double seconds);

  /// Any thread. Prometheus text exposition format, version 0.0.4.
  std::string exposition() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The Content-Type that goes with `exposition`.
inline constexpr std::string_view exposition_content_type =
    "text/plain; version=0.0.4; charset=utf-8";

}  // namespace frontrow::observe
