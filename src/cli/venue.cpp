#include "cli/venue.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "round/plan_picture.hpp"
#include "round/pretix_import.hpp"
#include "round/pretix_plan.hpp"
#include "round/venue_file.hpp"

namespace frontrow::cli {
namespace {

/// What a unit of a plan may be: from a hair to a field.
constexpr double metres_per_unit_min = 0.000'1, metres_per_unit_max = 100;

struct RenderOptions {
  std::string in, out;
};

struct ImportOptions {
  std::string from, in, out, stage;
  double scale = 0;
  round::PretixOptions pretix;
};

bool write_file(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  // A full disk may show itself only when the last bytes are handed over.
  if (file != nullptr && std::fclose(file) != 0) good = false;
  if (!good) fmt::print(stderr, "{}: cannot be written: {}\n", path, std::strerror(errno));
  return good;
}

bool same_file(const std::string& in, const std::string& out) {
  std::error_code ignored;
  return std::filesystem::equivalent(in, out, ignored);
}

void tell(const std::vector<round::Remark>& mistakes) {
  for (const auto& [path, message] : mistakes)
    fmt::print(stderr, "{}{}{}\n", path, path.empty() ? "" : ": ", message);
}

int render(const RenderOptions& options) {
  round::Remarks mistakes;
  std::string unreadable;
  const round::VenueRead venue = round::load_venue_file(options.in, mistakes, unreadable);
  if (!unreadable.empty()) fmt::print(stderr, "{}: {}\n", options.in, unreadable);
  tell(std::move(mistakes).take());
  if (venue.plan == nullptr) return exit_failure;
  if (!write_file(options.out, round::plan_picture(*venue.plan))) return exit_failure;
  fmt::print("{}: {} places in {} zones\n", options.out, venue.plan->capacity(),
             venue.plan->zones.size());
  return exit_success;
}

int import(const ImportOptions& options) {
  if (same_file(options.in, options.out)) {
    fmt::print(stderr, "{}: --in and --out are the same file\n", options.out);
    return exit_failure;
  }
  const round::PretixImport result = round::import_pretix(options.in, options.pretix);
  for (const std::string& note : result.notes) fmt::print(stderr, "note: {}\n", note);
  tell(result.mistakes);
  if (result.plan == nullptr) return exit_failure;
  if (!write_file(options.out, result.venue)) return exit_failure;
  std::string keys;
  for (const PlanCategory& category : result.plan->categories)
    keys += (keys.empty() ? "" : ", ") + round::in_quotes(category.id);
  const auto count = [](std::size_t number, const char* one, const char* several) {
    return fmt::format("{} {}", number, number == 1 ? one : several);
  };
  const Plan& plan = *result.plan;
  fmt::print("{}: {} in {}, {}; the prices of a round file need: {}\n", options.out,
             count(plan.capacity(), "place", "places"), count(plan.zones.size(), "zone", "zones"),
             count(plan.categories.size(), "category", "categories"), keys);
  return exit_success;
}

/// "X,Y"; CLI11 tells of what is none.
std::pair<double, double> point_from(const std::string& text) {
  const std::size_t comma = text.find(',');
  double x = 0, y = 0;
  if (comma == std::string::npos || !CLI::detail::lexical_cast(text.substr(0, comma), x) ||
      !CLI::detail::lexical_cast(text.substr(comma + 1), y) ||
      !(std::abs(x) <= round::pretix_units_max && std::abs(y) <= round::pretix_units_max))
    throw CLI::ValidationError("--stage", "takes a point of the plan, such as 400,30");
  return {x, y};
}

/// A check as CLI11 wants one; its own of a range lets through what is not a number.
std::string is_scale(const std::string& text) {
  double metres = 0;
  if (CLI::detail::lexical_cast(text, metres) && metres >= metres_per_unit_min &&
      metres <= metres_per_unit_max)
    return {};
  return fmt::format("must be a number from {} to {}", metres_per_unit_min, metres_per_unit_max);
}

void add_import(CLI::App& venue, int& exit_code) {
  CLI::App* command = venue.add_subcommand(
      "import",
      "Turns another program's seating plan into a venue file. What it skips or decides "
      "is told on standard error.");
  auto options = std::make_shared<ImportOptions>();
  command->add_option("--from", options->from, "What wrote the plan: pretix")
      ->required()
      ->check(CLI::IsMember({"pretix"}));
  command->add_option("--in", options->in, "The plan")->required()->type_name("PLAN.json");
  command->add_option("--out", options->out, "The venue file")->required()->type_name("VENUE.json");
  CLI::Option* stage =
      command->add_option("--stage", options->stage, "Where the stage is, in the plan's units")
          ->type_name("X,Y");
  CLI::Option* scale =
      command
          ->add_option("--scale", options->scale,
                       "Metres of one unit of the plan; else neighbours in a row are taken to be "
                       "half a metre apart")
          ->type_name("METRES_PER_UNIT")
          ->check(is_scale);
  command->callback([options, stage, scale, &exit_code] {
    if (stage->count() > 0) options->pretix.stage = point_from(options->stage);
    if (scale->count() > 0) options->pretix.metres_per_unit = options->scale;
    exit_code = import(*options);
  });
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
  add_import(*command, exit_code);
}

}  // namespace frontrow::cli
