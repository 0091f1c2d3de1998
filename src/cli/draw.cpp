#include "cli/draw.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "audit/draw_verifier.hpp"
#include "cli/commands.hpp"

namespace frontrow::cli {
namespace {

int verify(const std::string& path) {
  std::string problem;
  const auto file = audit::read_draw_file(path, problem);
  if (!file) {
    fmt::print(stderr, "frontrow draw verify: file: {}\n", problem);
    return exit_failure;
  }
  const audit::DrawVerdict verdict = audit::verify_draw(*file);
  for (const auto& step : verdict.passed) {
    const bool skipped = step == "beacon" && !file->beacon;
    fmt::print("{:<12} {}\n", step, skipped ? "none" : "ok");
  }
  if (verdict.failure) {
    std::fflush(stdout);
    fmt::print(stderr, "frontrow draw verify: {}: {}\n", verdict.failure->step,
               verdict.failure->what);
    return exit_failure;
  }
  for (const auto& remark : verdict.remarks) fmt::print("note: {}\n", remark);
  fmt::print("verified: {} entries\n", file->entries.size());
  return exit_success;
}

}  // namespace

void add_draw_command(CLI::App& app, int& exit_code) {
  CLI::App* draw = app.add_subcommand("draw", "The draw of the lobby");
  draw->require_subcommand(1);
  CLI::App* command = draw->add_subcommand(
      "verify", "Checks a published draw (GET /api/v1/audit/draw) from the public file alone");
  const auto path = std::make_shared<std::string>();
  command->add_option("--file", *path, "The public file")->required()->type_name("DRAW.json");
  command->callback([path, &exit_code] { exit_code = verify(*path); });
}

}  // namespace frontrow::cli
