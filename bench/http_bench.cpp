// What does a durable hold cost over keep-alive TLS, and what does reading availability? Closed
// loop: each connection sends its next request when the last answer has come. It starts a server
// of its own, or asks one that runs (--url).
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "guard/proof_of_work.hpp"

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
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

/// One keep-alive connection; one request under way at a time.
class Connection {
 public:
  using Done = std::function<void(int status, std::string_view body)>;

  Connection(asio::io_context& io, asio::ssl::context& tls, const asio::ip::tcp::endpoint& server)
      : io_(io), stream_(io, tls) {
    stream_.next_layer().connect(server);
    stream_.next_layer().set_option(asio::ip::tcp::no_delay(true));
    stream_.handshake(asio::ssl::stream_base::client);
  }

  void request(std::string_view method, std::string_view path, std::string_view body, Done done) {
    out_ = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method, path);
    if (!token.empty()) out_ += "Authorization: Bearer " + token + "\r\n";
    if (method != "GET") out_ += fmt::format("Content-Length: {}\r\n", body.size());
    out_ += "\r\n";
    out_ += body;
    done_ = std::move(done);
    asio::async_write(stream_, asio::buffer(out_), [this](error_code error, std::size_t) {
      if (error) throw std::runtime_error("sending: " + error.message());
      read();
    });
  }

  /// Waits for the answer.
  std::pair<int, std::string> ask(std::string_view method, std::string_view path,
                                  std::string_view body = {}) {
    std::pair<int, std::string> answer{0, {}};
    request(method, path, body, [&](int status, std::string_view text) {
      answer = {status, std::string(text)};
    });
    io_.restart();
    while (answer.first == 0) io_.run_one();
    return answer;
  }

  std::string token;

 private:
  void read() {
    if (const auto head = in_.find("\r\n\r\n"); head != std::string::npos) {
      const auto at = in_.find("Content-Length: ");
      const std::size_t length = at < head ? std::stoul(in_.substr(at + 16)) : 0;
      if (in_.size() >= head + 4 + length) {
        const int status = std::stoi(in_.substr(9, 3));
        const std::string answer = std::exchange(in_, {});
        const Done done = std::exchange(done_, nullptr);
        done(status, std::string_view(answer).substr(head + 4));
        return;
      }
    }
    stream_.async_read_some(asio::buffer(chunk_), [this](error_code error, std::size_t size) {
      if (error) throw std::runtime_error("receiving: " + error.message());
      in_.append(chunk_.data(), size);
      read();
    });
  }

  asio::io_context& io_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  std::string out_, in_;
  std::array<char, 16'384> chunk_{};
  Done done_;
};

/// `frontrow serve` on a free port, with a data directory of its own that goes with it.
class OwnServer {
 public:
  explicit OwnServer(const Options& options) {
    std::string name = (std::filesystem::temp_directory_path() / "frontrow-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    data_ = name;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::vector<std::string> arguments = {
        options.binary, "serve",
        "--config",     options.config,
        "--data",       data_,
        "--set",        "http.listen=127.0.0.1:0",
        "--set",        "sale.lobby_opens_at=+0s",
        "--set",        "sale.draw_at=+1s",
        "--set",        "sale.closes_at=+24h",
        "--set",        "sale.max_seats_per_fan=1000",
        "--set",        "sale.max_open_orders_per_fan=1000",
        "--set",        "sale.hold_seconds=3600",
        "--set",        "draw.beacon=null",
        "--set",        "admission.max_shoppers=1000000",
        "--set",        "admission.per_second=1000000",
        "--set",        "admission.shopping_seconds=36000",
        "--set",        "guard.proof_of_work.enabled=false",
        "--set",        "guard.requests_per_second=0",
        "--set",        "guard.joins_per_address_per_minute=0"};
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDERR_FILENO);
      dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
      std::vector<char*> raw;
      for (const std::string& argument : arguments)
        raw.push_back(const_cast<char*>(argument.data()));
      raw.push_back(nullptr);
      execv(raw[0], raw.data());
      _exit(127);
    }
    close(ends[1]);
    log_ = ends[0];
    wait_for_address();
  }
  ~OwnServer() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
    close(log_);
    std::error_code ignored;
    std::filesystem::remove_all(data_, ignored);
  }
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  const std::string& url() const { return url_; }
  /// User and system together.
  double cpu_seconds() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::string field;
    double ticks = 0;
    for (int n = 3; n <= 15 && fields >> field; ++n)
      if (n >= 14) ticks += std::stod(field);
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

 private:
  void wait_for_address() {
    std::string text;
    char chunk[4'096];
    for (;;) {
      const auto got = read(log_, chunk, sizeof chunk);
      if (got <= 0) throw std::runtime_error("the server did not start:\n" + text);
      text.append(chunk, static_cast<std::size_t>(got));
      const auto at = text.find("listening https://");
      if (at == std::string::npos) continue;
      const auto end = text.find_first_of(" \n", at + 10);
      if (end == std::string::npos) continue;
      url_ = text.substr(at + 10, end - at - 10);
      return;
    }
  }

  std::string data_, url_;
  pid_t pid_ = -1;
  int log_ = -1;
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
  if (options.url.empty()) own = std::make_unique<OwnServer>(options);
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
