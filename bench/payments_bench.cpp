// Payments through the whole path: the sequencer with a synced journal, the payment thread with
// its breaker and connections, and the sandbox as an HTTP gateway that answers in 800 ms at the
// median and 4 s at the 99th percentile. How many orders a second are confirmed with so many in
// flight, what each thread costs, and whether the sequencer feels a gateway that answers nothing.
// At the end every order that was confirmed must be paid, and none charged twice.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "payment/gateway_factory.hpp"
#include "payment/payment_worker.hpp"
#include "payments/gateway_faults.hpp"
#include "payments/thread_times.hpp"
#include "payments/till.hpp"
#include "sandbox/sandbox_server.hpp"

namespace {

using namespace frontrow;
using namespace frontrow::bench;
using SteadyTime = std::chrono::steady_clock;

constexpr std::uint32_t fans = 2'000;
constexpr const char* secret = "sandbox_secret_of_the_bench";
constexpr const char* healthy =
    R"({"latency_median_milliseconds": 800, "latency_p99_milliseconds": 4000})";
/// It takes the connection and the request, and answers after an hour.
constexpr const char* silent =
    R"({"latency_median_milliseconds": 3600000, "latency_p99_milliseconds": 3600000})";

struct Options {
  std::filesystem::path directory = ".";
  std::uint32_t payments = 40'000, in_flight = 5'000;
  int alternations = 3;
  double seconds_each = 5, payments_a_second = 300;
  bool no_sync = false, as_json = false;
};

struct Figures {
  double confirmed_a_second = 0;
  std::uint64_t most_in_flight = 0;
  std::vector<ThreadTimes::Part> core_share;  ///< Of a core, while that was measured.
  std::vector<double> with_healthy, with_silent;
  std::uint64_t failed = 0;
  bool correct = false;
};

double seconds_since(SteadyTime::time_point start) {
  return std::chrono::duration<double>(SteadyTime::now() - start).count();
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// Two descriptors for each connection: both ends are in this process.
void make_room_for_connections() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void idle() { usleep(200); }

/// Keeps `in_flight` payments going until `count` have been started; the rate is that of the
/// time in which so many were under way.
void measure_rate(const Options& options, Till& till, const ThreadTimes& times, Figures& figures) {
  const auto started = [&] { return till.started() < options.payments; };
  std::uint64_t paid_before = 0;
  std::optional<SteadyTime::time_point> start;
  std::vector<ThreadTimes::Part> before;
  while (started()) {
    bool any = till.receive();
    while (started() && till.in_flight() < options.in_flight && till.start_one()) any = true;
    figures.most_in_flight = std::max(figures.most_in_flight, till.in_flight());
    // The first answers come from a gateway that has just been asked for all at once.
    if (!start && till.paid() >= options.in_flight) {
      start = SteadyTime::now();
      paid_before = till.paid();
      before = times.read();
    }
    if (!any) idle();
  }
  if (!start) throw std::runtime_error("too few payments to measure a rate");
  const double length = seconds_since(*start);
  figures.confirmed_a_second = static_cast<double>(till.paid() - paid_before) / length;
  figures.core_share = times.read();
  for (std::size_t n = 0; n < before.size(); ++n)
    figures.core_share[n].seconds = (figures.core_share[n].seconds - before[n].seconds) / length;
}

void drain(Till& till, double longest) {
  const auto start = SteadyTime::now();
  while (till.in_flight() > 0) {
    if (seconds_since(start) > longest) throw std::runtime_error("payments do not come to an end");
    if (!till.receive()) idle();
  }
}

/// Probes once a millisecond while payments are started at a steady pace.
void probe_for(const Options& options, Till& till, std::vector<double>& took) {
  const auto start = SteadyTime::now();
  double due = 0, probe_at = 0;
  for (double now = 0; now < options.seconds_each; now = seconds_since(start)) {
    for (; due < now * options.payments_a_second && till.start_one(); ++due) {
    }
    if (now >= probe_at) {
      took.push_back(till.probe());
      probe_at = seconds_since(start) + 0.001;
    } else if (!till.receive()) {
      idle();
    }
  }
}

Figures measure(const Options& options) {
  make_room_for_connections();
  const WorkDirectory work(options.directory);
  ThreadTimes times;
  times.claim("fans");

  sandbox::SandboxSettings settings;
  settings.secret = secret;
  settings.faults.notices = false;
  settings.faults.capture_delay = Duration{};
  sandbox::SandboxServer gateway(settings, [](const std::string&) {});
  if (const auto problem = gateway.start()) throw std::runtime_error(*problem);
  set_faults(gateway.url(), secret, healthy);
  times.claim("gateway");

  // Orders for the rate, those for the probing, and the probe's own seat.
  const auto more = static_cast<std::uint32_t>(4 * options.alternations * options.seconds_each *
                                               options.payments_a_second);
  const std::uint32_t orders = (options.payments + more) / seats_in_row * seats_in_row;
  const auto definition = make_definition(orders + seats_in_row, SystemClock().now());
  Channel events(1'024, Subscription{.fans = true});
  Channel payments(16'384, Subscription{.payments = true});
  Figures figures;
  {
    Pipeline pipeline(definition, work.path(), !options.no_sync, 16'384, {&events, &payments});
    times.claim("sequencer and journal");
    payment::GatewaySettings reach;
    reach.round_id = definition.id;
    reach.currency = definition.currency;
    reach.connections_max = options.in_flight + 100;
    reach.sandbox = {gateway.url(), secret};
    const std::string names[] = {"sandbox"};
    payment::PaymentWorker worker(payments,
                                  payment::DeskSettings{definition.id, definition.currency, {}},
                                  payment::guarded_gateway_maker(
                                      std::make_shared<payment::GatewayHealthBoard>(names), reach));
    if (const auto problem = worker.start()) throw std::runtime_error(*problem);
    times.claim("payment thread");

    pipeline.let_in(fans);
    Till till(pipeline, events, fans, orders);
    till.hold_all();
    measure_rate(options, till, times, figures);
    drain(till, 60);
    for (int n = 0; n < options.alternations; ++n) {
      set_faults(gateway.url(), secret, healthy);
      probe_for(options, till, figures.with_healthy);
      drain(till, 120);
      set_faults(gateway.url(), secret, silent);
      probe_for(options, till, figures.with_silent);
      set_faults(gateway.url(), secret, healthy);
      drain(till, 180);
    }
    worker.stop();
    pipeline.stop();
    figures.failed = till.failed();
    const RoundStatus status = pipeline.engine().status();
    figures.correct =
        status.orders_by_state[static_cast<std::size_t>(OrderState::kPaid)] == till.paid() &&
        pipeline.engine().check_invariants().empty();
  }
  gateway.stop();
  return figures;
}

void print_table(const Options& options, const Figures& figures) {
  fmt::print(
      "{} payments in flight, gateway at 800 ms in the median and 4 s at the 99th "
      "percentile\n",
      figures.most_in_flight);
  fmt::print("confirmed orders a second: {:.0f}\n", figures.confirmed_a_second);
  fmt::print("{:<26}{:>12}{:>26}\n", "thread", "of a core", "for each 1,000 a second");
  for (const auto& part : figures.core_share)
    fmt::print("{:<26}{:>11.1f}%{:>25.1f}%\n", part.name, 100 * part.seconds,
               100'000 * part.seconds / figures.confirmed_a_second);
  fmt::print("{:<26}{:>12}{:>12}\n", "a command, microseconds", "median", "99 %");
  const auto row = [](const char* what, const std::vector<double>& took) {
    fmt::print("{:<26}{:>12.0f}{:>12.0f}\n", what, percentile(took, 0.5), percentile(took, 0.99));
  };
  row("gateway healthy", figures.with_healthy);
  row("gateway silent", figures.with_silent);
  fmt::print("silent against healthy: {:.2f} in the median, {:.2f} at 99 %; sync {}\n",
             percentile(figures.with_silent, 0.5) / percentile(figures.with_healthy, 0.5),
             percentile(figures.with_silent, 0.99) / percentile(figures.with_healthy, 0.99),
             !options.no_sync);
}

void print_json(const Options& options, const Figures& figures) {
  nlohmann::json shares = nlohmann::json::object();
  for (const auto& part : figures.core_share) shares[part.name] = part.seconds;
  fmt::print(
      "{}\n",
      nlohmann::json{{"bench", "payments"},
                     {"sync", !options.no_sync},
                     {"in_flight", figures.most_in_flight},
                     {"confirmed_per_second", figures.confirmed_a_second},
                     {"core_share", shares},
                     {"latency_healthy_microseconds", percentile(figures.with_healthy, 0.5)},
                     {"latency_healthy_microseconds_p99", percentile(figures.with_healthy, 0.99)},
                     {"latency_silent_microseconds", percentile(figures.with_silent, 0.5)},
                     {"latency_silent_microseconds_p99", percentile(figures.with_silent, 0.99)},
                     {"silent_against_healthy",
                      percentile(figures.with_silent, 0.5) / percentile(figures.with_healthy, 0.5)},
                     {"silent_against_healthy_p99", percentile(figures.with_silent, 0.99) /
                                                        percentile(figures.with_healthy, 0.99)},
                     {"failed", figures.failed},
                     {"correct", figures.correct}}
          .dump());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Confirmed orders a second through the whole path of a payment");
  Options options;
  app.add_option("--dir", options.directory, "Where to make the data directory")
      ->check(CLI::ExistingDirectory);
  app.add_option("--payments", options.payments, "For the rate")->check(CLI::Range(1'000, 400'000));
  app.add_option("--in-flight", options.in_flight, "Payments at a time")
      ->check(CLI::Range(1, 9'000));
  app.add_option("--alternations", options.alternations, "Of a healthy gateway and a silent one")
      ->check(CLI::Range(1, 100));
  app.add_option("--seconds", options.seconds_each, "Of each of them")
      ->check(CLI::Range(1.0, 60.0));
  app.add_flag("--no-sync", options.no_sync, "Without waiting for the disk");
  app.add_flag("--json", options.as_json, "One JSON object instead of a table");
  CLI11_PARSE(app, argc, argv);
  try {
    const Figures figures = measure(options);
    if (options.as_json)
      print_json(options, figures);
    else
      print_table(options, figures);
    if (figures.correct) return 0;
    fmt::print(stderr, "bench_payments: what was confirmed and what is paid differ\n");
  } catch (const std::exception& problem) {
    fmt::print(stderr, "bench_payments: {}\n", problem.what());
  }
  return 1;
}
