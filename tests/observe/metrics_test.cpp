#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "observe/atomic_histogram.hpp"
#include "observe/metrics.hpp"

using namespace frontrow;
using namespace frontrow::observe;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool has_line(const std::string& text, const std::string& line) {
  for (const auto& one : lines_of(text))
    if (one == line) return true;
  return false;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("a sample shows each family once, with its help and type") {
  Sample sample;
  sample.counter("frontrow_commands_total", "Commands.", 3, {{"kind", "PlaceHold"}});
  sample.gauge("frontrow_seats", "Seats.", 50'000, {{"state", "free"}});
  sample.counter("frontrow_commands_total", "Commands.", 4, {{"kind", "Tick"}});
  const std::string text = sample.exposition();
  CAPTURE(text);
  CHECK(count_of(text, "# TYPE frontrow_commands_total counter") == 1);
  CHECK(count_of(text, "# HELP frontrow_commands_total Commands.") == 1);
  CHECK(has_line(text, "# TYPE frontrow_seats gauge"));
  CHECK(has_line(text, R"(frontrow_commands_total{kind="PlaceHold"} 3)"));
  CHECK(has_line(text, R"(frontrow_commands_total{kind="Tick"} 4)"));
  CHECK(has_line(text, R"(frontrow_seats{state="free"} 50000)"));
}

TEST_CASE("a histogram's buckets add up and end in the total") {
  Sample sample;
  const std::array<double, 3> bounds = {0.001, 0.01, 0.1};
  const std::array<std::uint64_t, 4> counts = {5, 0, 2, 1};
  sample.histogram("frontrow_sync_seconds", "Sync.", bounds, counts, 0.75);
  const std::string text = sample.exposition();
  CAPTURE(text);
  CHECK(has_line(text, R"(frontrow_sync_seconds_bucket{le="0.001"} 5)"));
  CHECK(has_line(text, R"(frontrow_sync_seconds_bucket{le="0.01"} 5)"));
  CHECK(has_line(text, R"(frontrow_sync_seconds_bucket{le="0.1"} 7)"));
  CHECK(has_line(text, R"(frontrow_sync_seconds_bucket{le="+Inf"} 8)"));
  CHECK(count_of(text, "le=\"+Inf\"") == 1);
  CHECK(has_line(text, "frontrow_sync_seconds_count 8"));
  CHECK(has_line(text, "frontrow_sync_seconds_sum 0.75"));
}

TEST_CASE("a label's value cannot break out of its line") {
  Sample sample;
  sample.gauge("frontrow_connections", "Connections.", 1, {{"kind", "a\"} 1\nevil 2\\"}});
  const std::string text = sample.exposition();
  CHECK(lines_of(text).size() == 3);
  CHECK(text.find("\\\"") != std::string::npos);
}

TEST_CASE("an atomic histogram puts each value into the first bucket that holds it") {
  static constexpr std::array<double, 2> bounds = {1, 2};
  AtomicHistogram histogram(bounds);
  for (const double value : {0.0, 1.0, 1.5, 2.0, 2.5, 1e300, -1.0}) histogram.observe(value);
  histogram.observe(std::nan(""));
  histogram.observe(std::numeric_limits<double>::infinity());
  Sample sample;
  histogram.collect(sample, "frontrow_test_seconds", "Test.");
  const std::string text = sample.exposition();
  CAPTURE(text);
  CHECK(has_line(text, R"(frontrow_test_seconds_bucket{le="1"} 4)"));
  CHECK(has_line(text, R"(frontrow_test_seconds_bucket{le="2"} 6)"));
  CHECK(has_line(text, R"(frontrow_test_seconds_bucket{le="+Inf"} 9)"));
  CHECK(has_line(text, "frontrow_test_seconds_count 9"));
}

TEST_CASE("requests are counted by route and class of status") {
  Metrics metrics;
  metrics.observe_request("/api/v1/orders", 201, 0.002);
  metrics.observe_request("/api/v1/orders", 409, 0.001);
  metrics.observe_request("/api/v1/orders", 409, 0.001);
  metrics.observe_request("/api/v1/round", 200, 0.0001);
  metrics.observe_request("/api/v1/round", 0, 0.0001);
  metrics.observe_request("/api/v1/round", 700, 0.0001);
  const std::string text = metrics.exposition();
  CAPTURE(text);
  const std::string requests = "frontrow_http_requests_total";
  CHECK(has_line(text, requests + R"({route="/api/v1/orders",status="2xx"} 1)"));
  CHECK(has_line(text, requests + R"({route="/api/v1/orders",status="4xx"} 2)"));
  CHECK(has_line(text, requests + R"({route="/api/v1/round",status="2xx"} 1)"));
  CHECK(has_line(text, requests + R"({route="/api/v1/round",status="other"} 2)"));
  CHECK(has_line(text, R"(frontrow_http_answer_seconds_count{route="/api/v1/orders"} 3)"));
  CHECK(has_line(text,
                 R"(frontrow_http_answer_seconds_bucket{route="/api/v1/orders",le="0.001"} 2)"));
}

TEST_CASE("routes past the bound are counted together") {
  Metrics metrics;
  for (std::size_t n = 0; n < 10 * metric_routes_max; ++n)
    metrics.observe_request("/route/" + std::to_string(n), 200, 0);
  const std::string text = metrics.exposition();
  CHECK(count_of(text, "frontrow_http_requests_total{") == metric_routes_max + 1);
  CHECK(has_line(text, R"(frontrow_http_requests_total{route="other",status="2xx"} )" +
                           std::to_string(9 * metric_routes_max)));
}

TEST_CASE("sources are asked at every scrape") {
  Metrics metrics;
  int scrapes = 0;
  metrics.add_source([&](Sample& sample) {
    sample.gauge("frontrow_ring_depth", "Depth.", ++scrapes, {{"ring", "front-0"}});
  });
  metrics.add_source([](Sample& sample) {
    sample.gauge("frontrow_ring_depth", "Depth.", 7, {{"ring", "front-1"}});
  });
  CHECK(has_line(metrics.exposition(), R"(frontrow_ring_depth{ring="front-0"} 1)"));
  const std::string text = metrics.exposition();
  CHECK(has_line(text, R"(frontrow_ring_depth{ring="front-0"} 2)"));
  CHECK(has_line(text, R"(frontrow_ring_depth{ring="front-1"} 7)"));
  CHECK(count_of(text, "# TYPE frontrow_ring_depth gauge") == 1);
}

TEST_CASE("threads that count while another scrapes lose nothing") {
  Metrics metrics;
  constexpr int threads = 4, requests = 20'000;
  std::vector<std::thread> counting;
  for (int thread = 0; thread < threads; ++thread)
    counting.emplace_back([&, thread] {
      for (int n = 0; n < requests; ++n)
        metrics.observe_request("/route/" + std::to_string((n + thread) % 50), 200, 0.001);
    });
  for (int n = 0; n < 20; ++n) CHECK(metrics.exposition().size() < 1'000'000);
  for (auto& thread : counting) thread.join();
  const std::string text = metrics.exposition();
  for (int route = 0; route < 50; ++route)
    CHECK(has_line(text, R"(frontrow_http_requests_total{route="/route/)" + std::to_string(route) +
                             R"(",status="2xx"} )" + std::to_string(threads * requests / 50)));
}
