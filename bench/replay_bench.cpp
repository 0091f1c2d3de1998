// Commands a second from a journal on disk back to a state, as a start and `frontrow replay` do
// it: checksums, chain, every recorded state hash. The journal is made by the pipeline itself,
// without waiting for the disk: holds and their releases on a plan of 50,000 seats.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "bench_round.hpp"

namespace {

using namespace frontrow;
using namespace frontrow::bench;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Made {
  StateHash hash;
  Sequence last = 0;
  double seconds = 0;
};

/// A hold, and once it is answered its release, and so on, in as many lanes as fit in flight.
Made make_journal(const RoundDefinition& definition, const std::filesystem::path& directory,
                  std::uint64_t commands, std::size_t in_flight) {
  constexpr std::uint32_t fans = 5'000;
  constexpr std::uint32_t lanes = 4'096;
  const auto started = std::chrono::steady_clock::now();
  Pipeline pipeline(definition, directory, false, lanes);
  pipeline.let_in(fans);
  struct Lane {
    OrderId order;
    FanId fan;
  };
  std::vector<Lane> lane_of(lanes);
  const std::uint32_t rows = definition.plan->capacity() / seats_in_row;
  pipeline.exchange(
      commands, in_flight,
      [&](std::uint64_t n) -> Command {
        Lane& lane = lane_of[n % in_flight];
        if (lane.order.exists()) return ReleaseOrder{lane.fan, lane.order};
        const auto number = static_cast<std::uint32_t>(n % in_flight);
        lane.fan = FanId{static_cast<std::uint32_t>(n % fans)};
        PlaceHold hold;
        hold.fan = lane.fan;
        hold.seats.push_back(SeatIndex{number % rows * seats_in_row + number / rows});
        return hold;
      },
      [&](std::uint64_t n, const Reply& reply) {
        if (reply.rejection != Rejection::kNone) throw std::runtime_error("a command was refused");
        Lane& lane = lane_of[n % in_flight];
        lane.order = lane.order.exists() ? OrderId::none() : std::get<OrderView>(reply.body).id;
      });
  pipeline.stop();
  return {pipeline.engine().state_hash(), pipeline.engine().sequence(), seconds_since(started)};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Commands a second from a journal back to a state, all verification included");
  std::filesystem::path parent = ".";
  std::uint64_t commands = 5'000'000;
  std::size_t in_flight = 4'096;
  int runs = 3;
  bool as_json = false;
  app.add_option("--dir", parent, "Where to make the data directory")
      ->check(CLI::ExistingDirectory);
  app.add_option("--commands", commands, "Length of the journal")
      ->check(CLI::Range(std::uint64_t{10'000}, std::uint64_t{50'000'000}));
  app.add_option("--in-flight", in_flight, "While it is made: decides how large its blocks are")
      ->check(CLI::Range(std::size_t{1}, std::size_t{4'096}));
  app.add_option("--runs", runs, "Replays; the median counts")->check(CLI::Range(1, 100));
  app.add_flag("--json", as_json, "One JSON object instead of a table");
  CLI11_PARSE(app, argc, argv);
  try {
    const WorkDirectory work(parent);
    const auto definition = make_definition(50'000, SystemClock().now());
    const Made made = make_journal(definition, work.path(), commands, in_flight);
    std::vector<double> took;
    bool correct = true;
    journal::Summary summary;
    for (int n = 0; n < runs; ++n) {
      const auto start = std::chrono::steady_clock::now();
      const Recovered recovered = recover_from(work.path(), definition);
      took.push_back(seconds_since(start));
      summary = recovered.summary;
      correct = correct && recovered.commands == made.last &&
                recovered.engine->state_hash() == made.hash &&
                recovered.engine->sequence() == made.last;
    }
    std::sort(took.begin(), took.end());
    const double median = took[took.size() / 2];
    const double per_second = static_cast<double>(made.last) / median;
    const double per_block = static_cast<double>(made.last) / static_cast<double>(summary.blocks);
    if (as_json) {
      fmt::print("{}\n", nlohmann::json{{"bench", "replay"},
                                        {"commands", made.last},
                                        {"blocks", summary.blocks},
                                        {"bytes", summary.bytes},
                                        {"seconds", median},
                                        {"commands_per_second", per_second},
                                        {"correct", correct}}
                             .dump());
    } else {
      fmt::print("{:>12} {:>10} {:>14} {:>10} {:>10} {:>16}\n", "commands", "blocks",
                 "commands/block", "MB", "seconds", "commands/s");
      fmt::print("{:>12} {:>10} {:>14.0f} {:>10.0f} {:>10.2f} {:>16.0f}\n", made.last,
                 summary.blocks, per_block, static_cast<double>(summary.bytes) / 1e6, median,
                 per_second);
    }
    if (correct) return 0;
    fmt::print(stderr, "bench_replay: the replayed state is not the one that was journaled\n");
  } catch (const std::exception& problem) {
    fmt::print(stderr, "bench_replay: {}\n", problem.what());
  }
  return 1;
}
