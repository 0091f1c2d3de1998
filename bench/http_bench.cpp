// What does a durable hold cost over keep-alive TLS, and what does reading availability? Closed
// loop: each connection sends its next request when the last answer has come. It starts a server
// of its own, or asks one that runs (--url).
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "guard/proof_of_work.hpp"
#include "keep_alive_client.hpp"
#include "own_server.hpp"

namespace {

namespace asio = boost::asio;
using Connection = frontrow::bench::KeepAliveClient;
using frontrow::bench::OwnServer;
using Clock = std::chrono::steady_clock;
using nlohmann::json;

struct Options {
  std::string url;
  std::string binary;
  std::string config = "config/bangkok-1.json";
  std::size_t connections = 64;
  double seconds = 5;
  bool as_json = false;
};

struct Result {
  std::string name;
  std::uint64_t answers = 0, refused = 0;
  double seconds = 0, cpu_seconds = 0;
  std::vector<double> microseconds;

  double percentile(double share) {
    if (microseconds.empty()) return 0;
    const auto at =
        static_cast<std::ptrdiff_t>(share * static_cast<double>(microseconds.size() - 1));
    std::nth_element(microseconds.begin(), microseconds.begin() + at, microseconds.end());
    return microseconds[static_cast<std::size_t>(at)];
  }
};

struct Bench {
  Options options;
  std::unique_ptr<OwnServer> own;
  asio::io_context io{1};
  asio::ssl::context tls{asio::ssl::context::tls_client};
  std::vector<std::unique_ptr<Connection>> connections;
  std::set<std::string> seats_held;
  std::uint64_t seats_held_twice = 0;
  std::map<std::string, std::uint64_t> refusals;  ///< Of holds, by the problem's code.

  void connect();
  void let_in();
  std::vector<std::vector<std::string>> share_out_seats();
  template <class Next>
  Result loop(std::string name, Next next);
  Result hold_seats();
  Result read_availability();
  bool agree();
};

void Bench::connect() {
  if (options.url.empty()) own = std::make_unique<OwnServer>(options.binary, options.config);
  const std::string url = own ? own->url() : options.url;
  const std::string rest = url.substr(url.find("://") + 3);
  const auto colon = rest.rfind(':');
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(rest.substr(0, colon), rest.substr(colon + 1));
  for (std::size_t n = 0; n < options.connections; ++n)
    connections.push_back(std::make_unique<Connection>(io, tls, found.begin()->endpoint()));
}

/// Every connection is a fan who joins, waits to be called, and enters.
void Bench::let_in() {
  for (auto& connection : connections) {
    std::string body = "{}";
    const auto [offered, challenge] = connection->ask("GET", "/api/v1/challenge");
    if (offered == 200)
      body = json{{"altcha", frontrow::guard::solve_challenge(challenge).value()}}.dump();
    for (;;) {
      const auto [status, text] = connection->ask("POST", "/api/v1/queue", body);
      const json answer = json::parse(text);
      if (status == 201) {
        connection->token = answer["token"].get<std::string>();
        break;
      }
      if (answer["code"] != "lobby-not-open") throw std::runtime_error("joining: " + text);
    }
  }
  for (auto& connection : connections) {
    while (json::parse(connection->ask("GET", "/api/v1/queue").second)["state"] != "called")
      usleep(10'000);
    const auto [status, text] = connection->ask("POST", "/api/v1/queue/enter");
    if (status != 200) throw std::runtime_error("entering: " + text);
  }
}

/// Whole rows to each connection, so that no choice leaves an orphan in another's row.
std::vector<std::vector<std::string>> Bench::share_out_seats() {
  std::vector<std::vector<std::string>> shares(connections.size());
  std::size_t next = 0;
  const json venue = json::parse(connections[0]->ask("GET", "/api/v1/venue").second);
  for (const auto& zone : venue["zones"])
    for (const auto& row : zone["rows"]) {
      auto& share = shares[next++ % shares.size()];
      for (const auto& seat : row["seats"]) share.push_back(seat["id"].get<std::string>());
    }
  return shares;
}

/// `next(connection, done)` sends one request, or none where that connection has no more to ask.
template <class Next>
Result Bench::loop(std::string name, Next next) {
  Result result;
  result.name = std::move(name);
  const double cpu_before = own ? own->cpu_seconds() : 0;
  const auto began = Clock::now();
  const auto end = began + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(options.seconds));
  std::function<void(std::size_t)> go = [&](std::size_t n) {
    const auto sent = Clock::now();
    if (sent >= end) return;
    next(n, [&, n, sent](bool good) {
      const std::chrono::duration<double, std::micro> took = Clock::now() - sent;
      if (good) {
        ++result.answers;
        result.microseconds.push_back(took.count());
      } else {
        ++result.refused;
      }
      go(n);
    });
  };
  for (std::size_t n = 0; n < connections.size(); ++n) go(n);
  io.restart();
  io.run();
  result.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  if (own) result.cpu_seconds = own->cpu_seconds() - cpu_before;
  return result;
}

Result Bench::hold_seats() {
  const auto shares = share_out_seats();
  std::vector<std::size_t> at(connections.size(), 0);
  return loop("POST /orders", [&](std::size_t n, std::function<void(bool)> done) {
    // A fan holds no more than the round allows.
    if (at[n] >= std::min<std::size_t>(shares[n].size(), 1'000)) return;
    const std::string& seat = shares[n][at[n]++];
    connections[n]->request("POST", "/api/v1/orders", "{\"seats\":[\"" + seat + "\"]}",
                            [&, seat, done](int status, std::string_view body) {
                              if (status == 201) {
                                const json order = json::parse(body);
                                for (const auto& one : order["seats"])
                                  if (!seats_held.insert(one["id"].get<std::string>()).second)
                                    ++seats_held_twice;
                              } else {
                                ++refusals[json::parse(body).value("code", "unnamed")];
                              }
                              done(status == 201);
                            });
  });
}

Result Bench::read_availability() {
  return loop("GET /availability", [&](std::size_t n, std::function<void(bool)> done) {
    connections[n]->request("GET", "/api/v1/availability", {},
                            [done](int status, std::string_view) { done(status == 200); });
  });
}

/// The server's own count of what is held is ours.
bool Bench::agree() {
  if (!own) return true;  // others may hold seats of a server that is not ours
  std::uint64_t free = 0, capacity = 0;
  const json venue = json::parse(connections[0]->ask("GET", "/api/v1/venue").second);
  capacity = venue["capacity"].get<std::uint64_t>();
  const json zones = json::parse(connections[0]->ask("GET", "/api/v1/availability").second);
  for (const auto& zone : zones["zones"]) free += zone["free"].get<std::uint64_t>();
  return capacity - free == seats_held.size();
}

int run(const Options& options) {
  Bench bench;
  bench.options = options;
  bench.connect();
  bench.let_in();
  std::vector<Result> results;
  results.push_back(bench.hold_seats());
  const bool agree = bench.agree();
  results.push_back(bench.read_availability());
  json report = {{"bench", "http"},
                 {"connections", options.connections},
                 {"seats_held", bench.seats_held.size()},
                 {"seats_held_twice", bench.seats_held_twice},
                 {"refusals", bench.refusals},
                 {"server_agrees", agree}};
  if (!options.as_json)
    fmt::print("{:<20}{:>10}{:>9}{:>12}{:>10}{:>10}{:>14}\n", "call", "answers", "refused",
               "a second", "p50 µs", "p99 µs", "CPU µs each");
  for (Result& result : results) {
    const double rate = static_cast<double>(result.answers) / result.seconds;
    const double cost =
        result.answers == 0 ? 0 : result.cpu_seconds * 1e6 / static_cast<double>(result.answers);
    if (!options.as_json)
      fmt::print("{:<20}{:>10}{:>9}{:>12.0f}{:>10.0f}{:>10.0f}{:>14.1f}\n", result.name,
                 result.answers, result.refused, rate, result.percentile(0.5),
                 result.percentile(0.99), cost);
    report["calls"].push_back({{"call", result.name},
                               {"answers", result.answers},
                               {"refused", result.refused},
                               {"per_second", rate},
                               {"p50_microseconds", result.percentile(0.5)},
                               {"p99_microseconds", result.percentile(0.99)},
                               {"server_cpu_seconds", result.cpu_seconds}});
  }
  if (options.as_json)
    fmt::print("{}\n", report.dump());
  else {
    for (const auto& [code, count] : bench.refusals)
      fmt::print("holds refused as {}: {}\n", code, count);
    fmt::print("{} connections; {} seats held, {} of them twice; the server {}\n",
               options.connections, bench.seats_held.size(), bench.seats_held_twice,
               agree ? "agrees" : "DISAGREES");
  }
  return bench.seats_held_twice == 0 && agree ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.binary =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "frontrow")
          .string();
  CLI::App app("Durable POST /orders and GET /availability a second over keep-alive TLS");
  app.add_option("--url", options.url, "A server that runs: https://HOST:PORT");
  app.add_option("--binary", options.binary, "The frontrow to start where no server is named");
  app.add_option("--config", options.config, "Its round file");
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 5'000));
  app.add_option("--seconds", options.seconds, "For each call")->check(CLI::Range(0.1, 600.0));
  app.add_flag("--json", options.as_json, "One JSON object in place of the table");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "{}\n", failure.what());
    return 1;
  }
}
