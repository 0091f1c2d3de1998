#include "cli/draw.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "audit/draw_verifier.hpp"
#include "audit/late_verifier.hpp"
#include "cli/commands.hpp"

namespace frontrow::cli {
namespace {

int refuse(const std::string& step, const std::string& what) {
  std::fflush(stdout);
  fmt::print(stderr, "frontrow draw verify: {}: {}\n", step, what);
  return exit_failure;
}

int tell(const audit::DrawVerdict& verdict, const std::string& what) {
  for (const auto& step : verdict.passed) {
    const bool told =
        std::find(verdict.not_told.begin(), verdict.not_told.end(), step) == verdict.not_told.end();
    fmt::print("{:<15} {}\n", step, told ? "ok" : "none");
  }
  if (verdict.failure) return refuse(verdict.failure->step, verdict.failure->what);
  for (const auto& remark : verdict.remarks) fmt::print("note: {}\n", remark);
  fmt::print("verified: {}\n", what);
  return exit_success;
}

int verify_late(const std::string& text) {
  std::string problem;
  const auto file = audit::parse_late_file(text, problem);
  if (!file) return refuse("file", problem);
  std::size_t entries = 0;
  for (const auto& window : file->windows) entries += window.entries.size();
  return tell(audit::verify_late(*file),
              fmt::format("{} entries in {} late windows", entries, file->windows.size()));
}

int verify(const std::string& path) {
  std::string problem;
  const auto text = audit::read_public_file(path, problem);
  if (!text) return refuse("file", problem);
  if (audit::is_late_file(*text)) return verify_late(*text);
  const auto file = audit::parse_draw_file(*text, problem);
  if (!file) return refuse("file", problem);
  return tell(audit::verify_draw(*file), fmt::format("{} entries", file->entries.size()));
}

}  // namespace

void add_draw_command(CLI::App& app, int& exit_code) {
  CLI::App* draw = app.add_subcommand("draw", "The draw of the lobby");
  draw->require_subcommand(1);
  CLI::App* command = draw->add_subcommand(
      "verify",
      "Checks a published draw (GET /api/v1/audit/draw), or the late windows after it (GET "
      "/api/v1/audit/late), from the public file alone");
  const auto path = std::make_shared<std::string>();
  command->add_option("--file", *path, "The public file")->required()->type_name("DRAW.json");
  command->callback([path, &exit_code] { exit_code = verify(*path); });
}

}  // namespace frontrow::cli
