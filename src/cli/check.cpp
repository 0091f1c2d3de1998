#include "cli/check.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "round/round_file.hpp"

namespace frontrow::cli {
namespace {

struct CheckOptions {
  std::string config;
  std::vector<std::string> sets;
};

Instant now() {
  using namespace std::chrono;
  return {duration_cast<std::chrono::microseconds>(system_clock::now().time_since_epoch()).count()};
}

std::string line(const round::Remark& remark) {
  return remark.path.empty() ? remark.message : remark.path + ": " + remark.message;
}

int check(const CheckOptions& options) {
  const round::LoadResult result = round::load_round_file(options.config, options.sets, now());
  for (const round::Remark& warning : result.warnings) fmt::print("warning: {}\n", line(warning));
  for (const round::Remark& mistake : result.mistakes) fmt::print(stderr, "{}\n", line(mistake));
  if (!result.file) return exit_failure;
  const RoundDefinition& definition = result.file->definition;
  fmt::print("{} is good: round {}, {} places in {} zones, {} categories\n", options.config,
             definition.id, definition.plan->capacity(), definition.plan->zones.size(),
             definition.plan->categories.size());
  return exit_success;
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", "Checks a round file and its venue, and names every mistake.");
  command->add_option("--config", options->config, "The round file")
      ->required()
      ->type_name("ROUND.json");
  command->add_option("--set", options->sets, "Checks with this value in place of the file's")
      ->type_name("key.path=value")
      ->allow_extra_args(false);
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace frontrow::cli
