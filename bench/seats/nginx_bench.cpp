#include "seats/nginx_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

#include "keep_alive_client.hpp"
#include "own_server.hpp"
#include "seats/nginx_server.hpp"

namespace frontrow::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::string_view path = "/api/v1/availability";
constexpr std::size_t bootstrap_samples = 10'000;

/// Connections to one server, all of which ask for the same.
class Crowd {
 public:
  Crowd(std::uint16_t port, std::size_t connections, std::function<double()> cpu)
      : cpu_(std::move(cpu)) {
    const asio::ip::tcp::endpoint server(asio::ip::make_address("127.0.0.1"), port);
    for (std::size_t n = 0; n < connections; ++n)
      connections_.push_back(std::make_unique<KeepAliveClient>(io_, tls_, server));
  }

  std::string body() {
    const auto [status, text] = connections_.front()->ask("GET", path);
    if (status != 200) throw std::runtime_error("availability is not to be had");
    return text;
  }
  std::string tls() { return connections_.front()->tls(); }

  struct Turn {
    double per_second = 0, cpu_microseconds = 0;  ///< The second: of the server, each answer.
  };
  /// Asks as often as answers come, each as long as `size`.
  Turn run(double seconds, std::size_t size) {
    const double cpu_before = cpu_();
    const auto began = Clock::now();
    const auto end =
        began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::uint64_t answers = 0;
    std::function<void(std::size_t)> go = [&](std::size_t n) {
      if (Clock::now() >= end) return;
      connections_[n]->request("GET", path, {}, [&, n](int status, std::string_view body) {
        if (status != 200 || body.size() != size) throw std::runtime_error("a wrong answer");
        ++answers;
        go(n);
      });
    };
    for (std::size_t n = 0; n < connections_.size(); ++n) go(n);
    io_.restart();
    io_.run();
    const double taken = std::chrono::duration<double>(Clock::now() - began).count();
    const auto count = static_cast<double>(std::max<std::uint64_t>(answers, 1));
    return {count / taken, (cpu_() - cpu_before) * 1e6 / count};
  }

 private:
  std::function<double()> cpu_;
  asio::io_context io_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  std::vector<std::unique_ptr<KeepAliveClient>> connections_;
};

double geometric_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log(value);
  return std::exp(sum / static_cast<double>(values.size()));
}

/// The middle 95 % of the means of samples drawn from the pairs.
std::pair<double, double> bootstrap(const std::vector<double>& ratios) {
  std::mt19937_64 random(1);
  std::vector<double> means(bootstrap_samples), sample(ratios.size());
  for (double& mean : means) {
    for (double& one : sample) one = ratios[random() % ratios.size()];
    mean = geometric_mean(sample);
  }
  std::sort(means.begin(), means.end());
  return {means[bootstrap_samples / 40], means[bootstrap_samples - 1 - bootstrap_samples / 40]};
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

}  // namespace

nlohmann::json bench_against_nginx(const NginxSettings& settings) {
  const OwnServer own(settings.frontrow, settings.config,
                      {"http.threads=" + std::to_string(settings.threads)});
  const auto port =
      static_cast<std::uint16_t>(std::stoul(own.url().substr(own.url().rfind(':') + 1)));
  Crowd frontrow(port, settings.connections, [&] { return own.cpu_seconds(); });
  const std::string content = frontrow.body();
  const NginxServer nginx(settings.nginx, settings.threads, std::string(path), content);
  Crowd other(nginx.port(), settings.connections, [&] { return nginx.cpu_seconds(); });
  if (other.body() != content) throw std::runtime_error("nginx serves something else");

  // A turn of each that does not count: caches and connections are warm from then on.
  frontrow.run(settings.seconds / 2, content.size());
  other.run(settings.seconds / 2, content.size());
  std::vector<double> ratios, cpu_ratios, rates, other_rates, costs, other_costs;
  for (std::uint32_t pair = 0; pair < settings.pairs; ++pair) {
    Crowd::Turn ours, theirs;
    if (pair % 2 == 0) {
      ours = frontrow.run(settings.seconds, content.size());
      theirs = other.run(settings.seconds, content.size());
    } else {
      theirs = other.run(settings.seconds, content.size());
      ours = frontrow.run(settings.seconds, content.size());
    }
    rates.push_back(ours.per_second);
    other_rates.push_back(theirs.per_second);
    costs.push_back(ours.cpu_microseconds);
    other_costs.push_back(theirs.cpu_microseconds);
    ratios.push_back(ours.per_second / theirs.per_second);
    cpu_ratios.push_back(theirs.cpu_microseconds / ours.cpu_microseconds);
  }
  const auto [low, high] = bootstrap(ratios);
  const auto [cpu_low, cpu_high] = bootstrap(cpu_ratios);
  return {{"connections", settings.connections},
          {"threads_each", settings.threads},
          {"pairs", settings.pairs},
          {"seconds_each", settings.seconds},
          {"body_bytes", content.size()},
          {"nginx", nginx.version()},
          {"nginx_configuration", nginx.configuration()},
          {"tls", frontrow.tls()},
          {"nginx_tls", other.tls()},
          {"frontrow_per_second", median(rates)},
          {"nginx_per_second", median(other_rates)},
          {"frontrow_cpu_microseconds", median(costs)},
          {"nginx_cpu_microseconds", median(other_costs)},
          {"cpu_ratios", cpu_ratios},
          {"cpu_ratio", geometric_mean(cpu_ratios)},
          {"cpu_ratio_low", cpu_low},
          {"cpu_ratio_high", cpu_high},
          {"ratios", ratios},
          {"ratio", geometric_mean(ratios)},
          {"ratio_low", low},
          {"ratio_high", high}};
}

}  // namespace frontrow::bench
