#include "cli/replay.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "audit/round_summary.hpp"
#include "cli/commands.hpp"
#include "cli/journal_reading.hpp"
#include "cli/sequence_option.hpp"

namespace frontrow::cli {
namespace {

struct ReplayOptions {
  std::string data;
  Sequence to = std::numeric_limits<Sequence>::max();
  Sequence check_every = 0;
  bool json = false;
};

int fail(const std::string& line) {
  fmt::print(stderr, "frontrow replay: {}\n", line);
  return exit_failure;
}

std::string violation(Sequence sequence, const std::vector<std::string>& lines) {
  std::string text = fmt::format("sequence {}: invariant violated: {}", sequence, lines.front());
  if (lines.size() > 1) text += fmt::format(" (and {} more)", lines.size() - 1);
  return text;
}

int replay(const ReplayOptions& options) {
  Instant first_time;
  std::string violated;
  RecoveryOptions recovery;
  recovery.to = options.to;
  recovery.on_command = [&](Sequence sequence, Instant time, const Command&, const Reply&,
                            const Engine& engine) {
    if (sequence == 1) first_time = time;
    if (options.check_every == 0 || sequence % options.check_every != 0 || !violated.empty())
      return;
    const auto lines = engine.check_invariants();
    if (!lines.empty()) violated = violation(sequence, lines);
  };
  const auto read = read_journal(options.data, std::move(recovery));
  if (read.has_error()) return fail(read.error());
  if (!violated.empty()) return fail(violated);
  const Engine& engine = *read->engine;
  const auto lines = engine.check_invariants();
  if (!lines.empty()) return fail(violation(engine.sequence(), lines));

  const audit::RoundSummary summary{engine, read->commands, read->refused, first_time};
  fmt::print("{}\n",
             options.json ? audit::json_summary(summary) : audit::readable_summary(summary));
  return exit_success;
}

}  // namespace

void add_replay_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "replay", "Rebuilds the state from the journal alone, verifies it and prints a summary");
  const auto options = std::make_shared<ReplayOptions>();
  command->add_option("--data", options->data, "The data directory")->required()->type_name("DIR");
  command->add_option("--to", options->to, "Last command to carry out")
      ->type_name("SEQ")
      ->check(sequence_problem);
  command
      ->add_option("--check-every", options->check_every,
                   "Check the invariants after every N commands, not at the end alone")
      ->type_name("N")
      ->check(sequence_problem);
  command->add_flag("--json", options->json, "One JSON object");
  command->callback([options, &exit_code] { exit_code = replay(*options); });
}

}  // namespace frontrow::cli
