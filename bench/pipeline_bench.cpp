// Durable holds a second in one process: channel, sequencer, journal on disk, and back, at 1, 64
// and 4,096 in flight. Beside it, alternating in the same run, what the same disk does with plain
// appends and fdatasync. Counted are accepted holds alone; at the end the journal is opened again
// and every acknowledged one must be in it.
#include <fcntl.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench_round.hpp"

namespace {

using namespace frontrow;
using namespace frontrow::bench;
using SteadyTime = std::chrono::steady_clock;

double seconds_since(SteadyTime::time_point start) {
  return std::chrono::duration<double>(SteadyTime::now() - start).count();
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// Microseconds of each append and fdatasync of a file that grows.
std::vector<double> raw_appends(const std::filesystem::path& directory, std::size_t bytes,
                                int count) {
  const auto path = directory / "raw";
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("cannot write " + path.string());
  const std::vector<char> content(bytes, 'x');
  std::vector<double> took;
  for (int n = 0; n < count; ++n) {
    const auto start = SteadyTime::now();
    if (write(file, content.data(), bytes) != static_cast<ssize_t>(bytes) || fdatasync(file) != 0)
      throw std::runtime_error("cannot write " + path.string());
    took.push_back(seconds_since(start) * 1e6);
  }
  close(file);
  std::filesystem::remove(path);
  return took;
}

struct Hold {
  FanId fan;
  SeatIndex seat;
  OrderId order;
};

/// Hands out the next seat of each row in turn, to one fan after another.
class Holds {
 public:
  Holds(Pipeline& pipeline, std::uint32_t seats, std::uint32_t fans)
      : pipeline_(pipeline), rows_(seats / seats_in_row), fans_(fans) {
    acknowledged_.reserve(seats);
  }

  /// Microseconds of each one from submission to answer where `in_flight` is 1; else nothing.
  std::vector<double> run(std::uint64_t count, std::size_t in_flight) {
    const std::uint64_t first = acknowledged_.size();
    acknowledged_.resize(first + count);
    std::vector<double> took;
    auto start = SteadyTime::now();
    pipeline_.exchange(
        count, in_flight,
        [&](std::uint64_t n) {
          Hold& hold = acknowledged_[first + n];
          const auto number = static_cast<std::uint32_t>(first + n);
          hold.seat = SeatIndex{number % rows_ * seats_in_row + number / rows_};
          hold.fan = FanId{number % fans_};
          Command command(std::in_place_type<PlaceHold>);
          std::get<PlaceHold>(command).fan = hold.fan;
          std::get<PlaceHold>(command).seats.push_back(hold.seat);
          if (in_flight == 1) start = SteadyTime::now();
          return command;
        },
        [&](std::uint64_t n, const Reply& reply) {
          if (in_flight == 1) took.push_back(seconds_since(start) * 1e6);
          if (reply.rejection != Rejection::kNone) throw std::runtime_error("a hold was refused");
          acknowledged_[first + n].order = std::get<OrderView>(reply.body).id;
        });
    return took;
  }

  const std::vector<Hold>& acknowledged() const { return acknowledged_; }

 private:
  Pipeline& pipeline_;
  const std::uint32_t rows_;
  const std::uint32_t fans_;
  std::vector<Hold> acknowledged_;
};

bool all_there(const std::vector<Hold>& acknowledged, const Engine& recovered) {
  return std::all_of(acknowledged.begin(), acknowledged.end(), [&](const Hold& hold) {
    if (hold.order.value >= recovered.order_count()) return false;
    const OrderView order = recovered.order(hold.order);
    return order.fan == hold.fan && order.state == OrderState::kHeld && order.seats.size() == 1 &&
           order.seats[0] == hold.seat && recovered.seat_order(hold.seat) == hold.order;
  });
}

struct Options {
  std::filesystem::path directory = ".";
  std::uint64_t few = 100'000, many = 800'000;
  int alternations = 8;
  bool sync = true;
  bool as_json = false;
};

struct Figures {
  std::vector<double> raw_4k, raw_256k, alone;
  double write_alone = 0;  ///< Of a hold with 1 in flight: the journal's part, on average.
  double at_64 = 0, at_4096 = 0, commands_in_block = 0, recovery_seconds = 0;
  bool correct = false;
};

Figures measure(const Options& options) {
  constexpr std::uint32_t fans = 5'000;
  constexpr int writes_each = 250;
  const WorkDirectory work(options.directory);
  const auto alone = static_cast<std::uint64_t>(options.alternations * writes_each);
  const std::uint64_t wanted = alone + options.few + options.many;
  const auto seats =
      static_cast<std::uint32_t>((wanted + 99'999) / 100'000 * 100'000);  // whole rows
  const auto definition = make_definition(seats, SystemClock().now());
  Figures figures;
  StateHash hash;
  std::vector<Hold> acknowledged;
  {
    Pipeline pipeline(definition, work.path(), options.sync, 4'096);
    pipeline.let_in(fans);
    Holds holds(pipeline, seats, fans);
    const auto gather = [](std::vector<double>& all, const std::vector<double>& more) {
      all.insert(all.end(), more.begin(), more.end());
    };
    const auto& counted = pipeline.statistics();
    const auto written_before = counted.sync_microseconds.sum();
    const auto groups_before = counted.groups.value();
    for (int n = 0; n < options.alternations; ++n) {
      gather(figures.raw_4k, raw_appends(work.path(), 4'096, writes_each));
      gather(figures.alone, holds.run(writes_each, 1));
    }
    figures.write_alone = static_cast<double>(counted.sync_microseconds.sum() - written_before) /
                          static_cast<double>(counted.groups.value() - groups_before);
    gather(figures.raw_256k, raw_appends(work.path(), std::size_t{256} << 10, writes_each));
    auto start = SteadyTime::now();
    holds.run(options.few, 64);
    figures.at_64 = static_cast<double>(options.few) / seconds_since(start);
    const auto groups = counted.groups.value();
    start = SteadyTime::now();
    holds.run(options.many, 4'096);
    figures.at_4096 = static_cast<double>(options.many) / seconds_since(start);
    figures.commands_in_block =
        static_cast<double>(options.many) / static_cast<double>(counted.groups.value() - groups);
    gather(figures.raw_256k, raw_appends(work.path(), std::size_t{256} << 10, writes_each));
    pipeline.stop();
    hash = pipeline.engine().state_hash();
    acknowledged = holds.acknowledged();
  }
  const auto start = SteadyTime::now();
  const Recovered recovered = recover_from(work.path(), definition);
  figures.recovery_seconds = seconds_since(start);
  figures.correct =
      recovered.engine->state_hash() == hash && all_there(acknowledged, *recovered.engine);
  return figures;
}

void print_table(const Options& options, const Figures& figures) {
  const double raw_4k = percentile(figures.raw_4k, 0.5);
  const double raw_256k = percentile(figures.raw_256k, 0.5);
  const double alone = percentile(figures.alone, 0.5);
  fmt::print("{:<44} {:>12} {:>12} {:>14}\n", "", "median us", "99 % us", "a second");
  const auto row = [](const char* what, const std::vector<double>& took) {
    fmt::print("{:<44} {:>12.0f} {:>12.0f} {:>14.0f}\n", what, percentile(took, 0.5),
               percentile(took, 0.99), 1e6 / percentile(took, 0.5));
  };
  row("raw 4 KB append and fdatasync", figures.raw_4k);
  row("raw 256 KB append and fdatasync", figures.raw_256k);
  row("durable hold, 1 in flight", figures.alone);
  fmt::print("{:<44} {:>12} {:>12} {:>14.0f}\n", "durable holds, 64 in flight", "", "",
             figures.at_64);
  fmt::print("{:<44} {:>12} {:>12} {:>14.0f}\n", "durable holds, 4096 in flight", "", "",
             figures.at_4096);
  fmt::print(
      "1 in flight against raw 4 KB: {:.2f} times, its write {:.0f} us on average; {:.0f} commands "
      "a block at 4096\n",
      alone / raw_4k, figures.write_alone, figures.commands_in_block);
  fmt::print("256 KB raw: {:.0f} MB/s; reopened and verified in {:.2f} s; sync {}\n",
             256.0 * 1024 / raw_256k, figures.recovery_seconds, options.sync);
}

void print_json(const Options& options, const Figures& figures) {
  const double raw_4k = percentile(figures.raw_4k, 0.5);
  const double alone = percentile(figures.alone, 0.5);
  fmt::print("{}\n", nlohmann::json{{"bench", "pipeline"},
                                    {"sync", options.sync},
                                    {"raw_4k_microseconds", raw_4k},
                                    {"raw_256k_microseconds", percentile(figures.raw_256k, 0.5)},
                                    {"hold_1_microseconds", alone},
                                    {"hold_1_microseconds_p99", percentile(figures.alone, 0.99)},
                                    {"hold_1_write_microseconds_mean", figures.write_alone},
                                    {"hold_1_against_raw_4k", alone / raw_4k},
                                    {"holds_per_second_1", 1e6 / alone},
                                    {"holds_per_second_64", figures.at_64},
                                    {"holds_per_second_4096", figures.at_4096},
                                    {"commands_in_block_4096", figures.commands_in_block},
                                    {"recovery_seconds", figures.recovery_seconds},
                                    {"correct", figures.correct}}
                         .dump());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Durable holds a second through channel, sequencer, journal and back");
  Options options;
  bool no_sync = false;
  app.add_option("--dir", options.directory, "Where to make the data directory")
      ->check(CLI::ExistingDirectory);
  app.add_option("--few", options.few, "Holds at 64 in flight")->check(CLI::Range(1'000, 400'000));
  app.add_option("--many", options.many, "Holds at 4,096 in flight")
      ->check(CLI::Range(10'000, 900'000));
  app.add_option("--alternations", options.alternations, "Of raw writes and holds one by one")
      ->check(CLI::Range(1, 100));
  app.add_flag("--no-sync", no_sync, "Without waiting for the disk");
  app.add_flag("--json", options.as_json, "One JSON object instead of a table");
  CLI11_PARSE(app, argc, argv);
  options.sync = !no_sync;
  try {
    const Figures figures = measure(options);
    if (options.as_json)
      print_json(options, figures);
    else
      print_table(options, figures);
    if (figures.correct) return 0;
    fmt::print(stderr, "bench_pipeline: an acknowledged hold is not in the journal\n");
  } catch (const std::exception& problem) {
    fmt::print(stderr, "bench_pipeline: {}\n", problem.what());
  }
  return 1;
}
