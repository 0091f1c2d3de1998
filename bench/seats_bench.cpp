// Answers: how long does it take to find the best seats, to give freed seats to the waitlist, and
// how does `GET /availability` compare with nginx and a static file? One thread; the numbers are
// the engine's own, without journal and network, but for the last.
//
// Results are checked, and the exit code is 1 where one is wrong. Goals that are missed are named
// and are no mistake: a machine may be slow.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "seats/house.hpp"
#include "seats/nginx_bench.hpp"
#include "seats/search_bench.hpp"
#include "seats/waitlist_bench.hpp"

namespace {

using namespace frontrow::bench;
using nlohmann::json;

constexpr double search_median_goal_ns = 1'000, search_worst_goal_ns = 20'000;
constexpr double waitlist_goal_ns = 10'000;
constexpr double nginx_ratio_goal = 0.8;

struct Options {
  std::string venue = "config/venues/rajamangala.json";
  std::vector<std::string> parts = {"search", "waitlist", "nginx"};
  SearchSettings search;
  WaitlistSettings waitlist;
  NginxSettings nginx;
  bool as_json = false;

  bool has(const std::string& part) const {
    return std::find(parts.begin(), parts.end(), part) != parts.end();
  }
};

void print_spread(const std::string& name, const json& spread) {
  fmt::print("  {:<58}{:>9}{:>10.0f}{:>10.0f}{:>10.0f}\n", name, spread["cases"].get<std::size_t>(),
             spread["median_ns"].get<double>(), spread["p99_ns"].get<double>(),
             spread["worst_ns"].get<double>());
}

void print(const json& report) {
  fmt::print("{:<60}{:>9}{:>10}{:>10}{:>10}\n", "", "cases", "median ns", "p99 ns", "worst ns");
  if (report.contains("search")) {
    fmt::print("the best of {} seats: the search\n", report["seats"].get<int>());
    for (const json& one : report["search"]) print_spread(one["fill"], one["search"]);
    fmt::print("the same: the whole command\n");
    for (const json& one : report["search"]) print_spread(one["fill"], one["command"]);
  }
  if (report.contains("waitlist")) {
    fmt::print("seats given up, with {} on the waitlist: the whole command\n",
               report["waitlist"][0]["entries"].get<int>());
    for (const json& one : report["waitlist"]) print_spread(one["waitlist"], one["command"]);
  }
  if (report.contains("nginx")) {
    const json& nginx = report["nginx"];
    fmt::print("GET /availability, {} bytes, {} connections, {} thread(s) each, {}\n",
               nginx["body_bytes"].get<int>(), nginx["connections"].get<int>(),
               nginx["threads_each"].get<int>(), nginx["tls"].get<std::string>());
    fmt::print("  frontrow {:.0f} a second ({:.1f} µs of core each), {} {:.0f} ({:.1f} µs)\n",
               nginx["frontrow_per_second"].get<double>(),
               nginx["frontrow_cpu_microseconds"].get<double>(), nginx["nginx"].get<std::string>(),
               nginx["nginx_per_second"].get<double>(),
               nginx["nginx_cpu_microseconds"].get<double>());
    fmt::print("  ratio {:.3f}, 95 % of bootstrap samples from {:.3f} to {:.3f}, {} pairs\n",
               nginx["ratio"].get<double>(), nginx["ratio_low"].get<double>(),
               nginx["ratio_high"].get<double>(), nginx["pairs"].get<int>());
    fmt::print("  by the servers' own time on the core {:.3f}, from {:.3f} to {:.3f}\n",
               nginx["cpu_ratio"].get<double>(), nginx["cpu_ratio_low"].get<double>(),
               nginx["cpu_ratio_high"].get<double>());
  }
  for (const json& missed : report["goals_missed"])
    fmt::print("goal missed: {}\n", missed.get<std::string>());
}

void judge(json& report) {
  json missed = json::array();
  const auto over = [&](const std::string& what, const json& value, double goal) {
    if (value.get<double>() > goal)
      missed.push_back(fmt::format("{}: {:.0f} ns, not {:.0f}", what, value.get<double>(), goal));
  };
  if (report.contains("search"))
    for (const json& one : report["search"]) {
      const std::string fill = "search, " + one["fill"].get<std::string>();
      over(fill + ", median", one["search"]["median_ns"], search_median_goal_ns);
      over(fill + ", worst", one["search"]["worst_ns"], search_worst_goal_ns);
    }
  if (report.contains("waitlist"))
    for (const json& one : report["waitlist"])
      over("waitlist, " + one["waitlist"].get<std::string>() + ", worst",
           one["command"]["worst_ns"], waitlist_goal_ns);
  if (report.contains("nginx") && report["nginx"]["ratio"].get<double>() < nginx_ratio_goal)
    missed.push_back(fmt::format("availability: {:.3f} of nginx, not {:.1f}",
                                 report["nginx"]["ratio"].get<double>(), nginx_ratio_goal));
  report["goals_missed"] = missed;
}

void run(const Options& options) {
  json report = {{"bench", "seats"}, {"venue", options.venue}};
  if (options.has("search") || options.has("waitlist")) {
    const auto plan = load_plan(options.venue);
    report["seats"] = plan->capacity();
    if (options.has("search")) report["search"] = bench_search(plan, options.search);
    if (options.has("waitlist")) report["waitlist"] = bench_waitlist(plan, options.waitlist);
  }
  if (options.has("nginx")) report["nginx"] = bench_against_nginx(options.nginx);
  judge(report);
  if (options.as_json)
    fmt::print("{}\n", report.dump());
  else
    print(report);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.nginx.frontrow =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "frontrow")
          .string();
  options.nginx.nginx = "/usr/sbin/nginx";
  options.nginx.config = "config/bangkok-1.json";
  CLI::App app("Best seats, the waitlist, and GET /availability beside nginx");
  app.add_option("--venue", options.venue, "A venue file");
  app.add_option("--parts", options.parts, "Of search, waitlist and nginx")
      ->check(CLI::IsMember({"search", "waitlist", "nginx"}));
  app.add_option("--seeds", options.search.seeds, "Random fills of each degree")
      ->check(CLI::Range(1, 1'000));
  app.add_option("--repeats", options.search.repeats, "Timings of each search; the least counts")
      ->check(CLI::Range(1, 100));
  app.add_option("--entries", options.waitlist.entries, "On the waitlist")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--orders", options.waitlist.orders, "Given up one after the other")
      ->check(CLI::Range(1, 400));
  app.add_option("--binary", options.nginx.frontrow, "The frontrow to start");
  app.add_option("--nginx", options.nginx.nginx, "The nginx to start");
  app.add_option("--config", options.nginx.config, "The round file that frontrow serves");
  app.add_option("--connections", options.nginx.connections)->check(CLI::Range(1, 4'000));
  app.add_option("--threads", options.nginx.threads, "Front threads, and workers of nginx")
      ->check(CLI::Range(1, 64));
  app.add_option("--pairs", options.nginx.pairs)->check(CLI::Range(1, 1'000));
  app.add_option("--seconds", options.nginx.seconds, "Of each turn")->check(CLI::Range(0.1, 600.0));
  app.add_flag("--json", options.as_json, "One JSON object in place of the table");
  CLI11_PARSE(app, argc, argv);
  try {
    run(options);
    return 0;
  } catch (const std::exception& failure) {
    fmt::print(stderr, "bench_seats: {}\n", failure.what());
    return 1;
  }
}
