#include "cli/log.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "audit/concern.hpp"
#include "audit/log_line.hpp"
#include "base/id_text.hpp"
#include "cli/commands.hpp"
#include "cli/journal_reading.hpp"
#include "cli/sequence_option.hpp"

namespace frontrow::cli {
namespace {

struct LogOptions {
  std::string data, order, fan, seat;
  Sequence from = 1, to = std::numeric_limits<Sequence>::max();
  bool json = false;
};

int fail(const std::string& line) {
  fmt::print(stderr, "frontrow log: {}\n", line);
  return exit_failure;
}

/// What the filters mean; `problem` where one of them can mean nothing.
audit::Concern::Of concern_of(const LogOptions& options, const Engine& first,
                              std::string& problem) {
  audit::Concern::Of of;
  if (!options.order.empty() && !(of.order = parse_order(options.order))) {
    problem = fmt::format("{} is no order's id", options.order);
  }
  if (!options.fan.empty() && !(of.fan = parse_fan(options.fan))) {
    problem = fmt::format("{} is no fan's id", options.fan);
  }
  if (!options.seat.empty()) {
    of.seat = first.definition().plan->find_seat(options.seat);
    if (!of.seat->exists()) problem = fmt::format("the venue has no seat {}", options.seat);
  }
  return of;
}

int print_log(const LogOptions& options) {
  RecoveryOptions first;
  first.to = 1;
  const auto opening = read_journal(options.data, std::move(first));
  if (opening.has_error()) return fail(opening.error());
  std::string problem;
  const auto of = concern_of(options, *opening->engine, problem);
  if (!problem.empty()) return fail(problem);

  audit::Concern concern(of);
  RecoveryOptions all;
  all.to = options.to;
  all.on_command = [&](Sequence sequence, Instant time, const Command& command, const Reply& reply,
                       const Engine& engine) {
    const audit::Carried carried{sequence, time, command, reply, engine};
    const bool concerned = concern.sees(carried);
    if (!concerned || sequence < options.from) return;
    std::string line = options.json ? audit::json_line(carried) : audit::readable_line(carried);
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
  };
  const auto read = read_journal(options.data, std::move(all));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return fail("standard output cannot be written");
  }
  return read.has_error() ? fail(read.error()) : exit_success;
}

}  // namespace

void add_log_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("log", "Prints the journal's commands and what came of each, one a line");
  const auto options = std::make_shared<LogOptions>();
  command->add_option("--data", options->data, "The data directory")->required()->type_name("DIR");
  command->add_option("--from", options->from, "First command to print")
      ->type_name("SEQ")
      ->check(sequence_problem);
  command->add_option("--to", options->to, "Last command to print")
      ->type_name("SEQ")
      ->check(sequence_problem);
  command->add_option("--order", options->order, "Only what concerns this order")->type_name("ID");
  command->add_option("--fan", options->fan, "Only what concerns this fan")->type_name("ID");
  command->add_option("--seat", options->seat, "Only what concerns this seat")->type_name("ID");
  command->add_flag("--json", options->json, "One JSON object a line");
  command->callback([options, &exit_code] { exit_code = print_log(*options); });
}

}  // namespace frontrow::cli
