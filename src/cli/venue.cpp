#include "cli/venue.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "round/plan_picture.hpp"
#include "round/venue_file.hpp"

namespace frontrow::cli {
namespace {

struct RenderOptions {
  std::string in, out;
};

bool write_file(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  // A full disk may show itself only when the last bytes are handed over.
  if (file != nullptr && std::fclose(file) != 0) good = false;
  if (!good) fmt::print(stderr, "{}: cannot be written: {}\n", path, std::strerror(errno));
  return good;
}

int render(const RenderOptions& options) {
  round::Remarks mistakes;
  std::string unreadable;
  const round::VenueRead venue = round::load_venue_file(options.in, mistakes, unreadable);
  if (!unreadable.empty()) fmt::print(stderr, "{}: {}\n", options.in, unreadable);
  for (const round::Remark& mistake : std::move(mistakes).take())
    fmt::print(stderr, "{}{}{}\n", mistake.path, mistake.path.empty() ? "" : ": ", mistake.message);
  if (venue.plan == nullptr) return exit_failure;
  if (!write_file(options.out, round::plan_picture(*venue.plan))) return exit_failure;
  fmt::print("{}: {} places in {} zones\n", options.out, venue.plan->capacity(),
             venue.plan->zones.size());
  return exit_success;
}

}  // namespace

void add_venue_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("venue", "Works with venue files.");
  command->require_subcommand(1);
  auto options = std::make_shared<RenderOptions>();
  CLI::App* picture = command->add_subcommand("render", "Draws a venue as a picture.");
  picture->add_option("--in", options->in, "The venue file")->required()->type_name("VENUE.json");
  picture->add_option("--out", options->out, "The picture")->required()->type_name("PLAN.svg");
  picture->callback([options, &exit_code] { exit_code = render(*options); });
}

}  // namespace frontrow::cli
