#include "cli/export.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "audit/sql_export.hpp"
#include "cli/commands.hpp"
#include "cli/journal_reading.hpp"

namespace frontrow::cli {
namespace {

struct ExportOptions {
  std::string data, to;
};

int fail(const std::string& line) {
  fmt::print(stderr, "frontrow export: {}\n", line);
  return exit_failure;
}

int export_journal(const ExportOptions& options) {
  audit::SqlExport file(options.to);
  if (const auto problem = file.begin()) return fail(*problem);
  std::optional<std::string> problem;
  RecoveryOptions recovery;
  recovery.on_command = [&](Sequence sequence, Instant time, const Command& command,
                            const Reply& reply, const Engine& engine) {
    if (!problem) problem = file.add({sequence, time, command, reply, engine});
  };
  const auto read = read_journal(options.data, std::move(recovery));
  if (read.has_error()) return fail(read.error());
  if (!problem) problem = file.finish(*read->engine);
  if (problem) return fail(*problem);
  fmt::print("{} commands to {}\n", read->commands, options.to);
  return exit_success;
}

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("export", "Writes the journal and the final state as SQL tables");
  const auto options = std::make_shared<ExportOptions>();
  command->add_option("--data", options->data, "The data directory")->required()->type_name("DIR");
  command->add_option("--to", options->to, "A file that does not exist yet")
      ->required()
      ->type_name("FILE.sqlite");
  command->callback([options, &exit_code] { exit_code = export_journal(*options); });
}

}  // namespace frontrow::cli
