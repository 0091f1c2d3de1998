#include "observe/metrics.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <mutex>
#include <vector>

#include "base/assert.hpp"
#include "observe/atomic_histogram.hpp"

namespace frontrow::observe {
namespace {

/// "1xx" to "5xx", and what is none of these.
constexpr std::array<std::string_view, 6> status_classes = {"1xx", "2xx", "3xx",
                                                            "4xx", "5xx", "other"};

std::size_t class_of(int status) {
  return status >= 100 && status < 600 ? static_cast<std::size_t>(status / 100 - 1) : 5;
}

struct Route {
  explicit Route(std::string_view pattern) : name(pattern) {}
  const std::string name;
  std::array<std::atomic<std::uint64_t>, status_classes.size()> requests{};
  AtomicHistogram seconds{answer_seconds_bounds()};
};

/// Routes by name in an open-addressed table that only grows, so that finding one takes no lock.
class Routes {
 public:
  Route& find_or_add(std::string_view name) {
    if (Route* const found = find(name)) return *found;
    const std::lock_guard lock(adding_);
    if (Route* const found = find(name)) return *found;
    if (count_ == metric_routes_max) return other_;
    const std::size_t slot = free_slot(name);
    owned_[count_] = std::make_unique<Route>(name);
    slots_[slot].store(owned_[count_].get(), std::memory_order_release);
    ++count_;
    return *owned_[count_ - 1];
  }

  /// In the order in which they were first seen.
  template <class Each>
  void for_each(Each&& each) const {
    std::size_t count = 0;
    {
      const std::lock_guard lock(adding_);
      count = count_;
    }
    for (std::size_t n = 0; n < count; ++n) each(*owned_[n]);
    each(other_);
  }

 private:
  // Half empty at its fullest, so that a search soon meets a gap.
  static constexpr std::size_t slot_count = std::bit_ceil(2 * metric_routes_max);

  Route* find(std::string_view name) const {
    for (std::size_t slot = first_slot(name);; slot = (slot + 1) % slot_count) {
      Route* const route = slots_[slot].load(std::memory_order_acquire);
      if (route == nullptr || route->name == name) return route;
    }
  }
  std::size_t free_slot(std::string_view name) const {
    std::size_t slot = first_slot(name);
    while (slots_[slot].load(std::memory_order_relaxed) != nullptr) slot = (slot + 1) % slot_count;
    return slot;
  }
  static std::size_t first_slot(std::string_view name) {
    return std::hash<std::string_view>{}(name) % slot_count;
  }

  std::array<std::atomic<Route*>, slot_count> slots_{};
  std::array<std::unique_ptr<Route>, metric_routes_max> owned_;
  Route other_{"other"};
  mutable std::mutex adding_;
  std::size_t count_ = 0;
};

}  // namespace

struct Metrics::State {
  Routes routes;
  mutable std::mutex scraping;
  std::vector<std::function<void(Sample&)>> sources;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::add_source(std::function<void(Sample&)> source) {
  FRONTROW_ASSERT(source != nullptr);
  const std::lock_guard lock(state_->scraping);
  state_->sources.push_back(std::move(source));
}

void Metrics::observe_request(std::string_view route, int status, double seconds) {
  Route& counted = state_->routes.find_or_add(route);
  counted.requests[class_of(status)].fetch_add(1, std::memory_order_relaxed);
  counted.seconds.observe(seconds);
}

std::string Metrics::exposition() const {
  Sample sample;
  state_->routes.for_each([&](const Route& route) {
    bool used = false;
    for (std::size_t n = 0; n < status_classes.size(); ++n) {
      const std::uint64_t count = route.requests[n].load(std::memory_order_relaxed);
      if (count == 0) continue;
      used = true;
      sample.counter("frontrow_http_requests_total",
                     "Requests answered, by route and class of status.", static_cast<double>(count),
                     {{"route", route.name}, {"status", std::string(status_classes[n])}});
    }
    if (used)
      route.seconds.collect(sample, "frontrow_http_answer_seconds",
                            "Time from a request's last byte to its answer, by route.",
                            {{"route", route.name}});
  });
  {
    const std::lock_guard lock(state_->scraping);
    for (const auto& source : state_->sources) source(sample);
  }
  return sample.exposition();
}

}  // namespace frontrow::observe
