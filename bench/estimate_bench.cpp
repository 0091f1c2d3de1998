// Answers: are fans told the truth about their wait and their chances? A full sale in virtual time
// with slow spells of the gateway; exit code 1 where fewer than four in five were called inside the
// range told to them at a third, at half and at two thirds of their wait.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "estimate/calibration.hpp"

namespace {

using namespace frontrow;
using namespace frontrow::estimate;
using nlohmann::json;

constexpr double coverage_wanted = 0.80;

json to_json(const Calibration& found, std::uint64_t seed, double seconds_taken) {
  json moments = json::array(), chances = json::array();
  for (const Moment& moment : found.moments)
    moments.push_back({{"part_of_wait", moment.part},
                       {"told", moment.told.size()},
                       {"coverage", moment.coverage()},
                       {"called_before_range", moment.early()},
                       {"called_after_range", moment.late()},
                       {"median_high_by_low", moment.median_width()}});
  for (const ChanceBand& band : found.chances)
    chances.push_back(
        {{"from", band.from},
         {"to", band.to},
         {"told", band.told},
         {"mean_told", band.told > 0 ? band.sum / static_cast<double>(band.told) : 0},
         {"found",
          band.told > 0 ? static_cast<double>(band.found) / static_cast<double>(band.told) : 0}});
  return {{"seed", seed},
          {"fans", found.fans},
          {"called", found.called},
          {"median_wait_seconds", found.median_wait_seconds},
          {"longest_wait_seconds", found.longest_wait_seconds},
          {"moments", moments},
          {"chances", chances},
          {"brier", found.brier},
          {"seconds_taken", seconds_taken}};
}

void print_table(const Calibration& found, std::uint64_t seed) {
  fmt::print(stderr, "seed {}: {} of {} fans called, median wait {:.0f} s, longest {:.0f} s\n",
             seed, found.called, found.fans, found.median_wait_seconds, found.longest_wait_seconds);
  fmt::print(stderr, "  {:>8} {:>9} {:>9} {:>8} {:>8} {:>9}\n", "of wait", "told", "inside",
             "before", "after", "high/low");
  for (const Moment& moment : found.moments)
    fmt::print(stderr, "  {:>8.2f} {:>9} {:>8.1f}% {:>7.1f}% {:>7.1f}% {:>9.2f}\n", moment.part,
               moment.told.size(), 100 * moment.coverage(), 100 * moment.early(),
               100 * moment.late(), moment.median_width());
  for (const ChanceBand& band : found.chances)
    if (band.told > 0)
      fmt::print(stderr, "  chance {:.1f} to {:.1f}: told {:>7}, mean {:.2f}, found {:.2f}\n",
                 band.from, band.to, band.told, band.sum / static_cast<double>(band.told),
                 static_cast<double>(band.found) / static_cast<double>(band.told));
  fmt::print(stderr, "  mean square off: {:.4f}\n", found.brier);
}

/// Where in the sale ranges hold and where they do not.
void print_course(const Calibration& found) {
  constexpr double slice_seconds = 120;
  for (const Moment& moment : found.moments) {
    fmt::print(stderr, "  at {:.2f} of the wait, by the time after the draw:\n", moment.part);
    for (double from = 0; from < found.longest_wait_seconds; from += slice_seconds) {
      Moment slice;
      double middle = 0, left = 0;
      for (const Told& told : moment.told)
        if (told.after_draw_seconds >= from && told.after_draw_seconds < from + slice_seconds) {
          slice.told.push_back(told);
          middle += told.range.middle;
          left += told.left_seconds;
        }
      if (slice.told.empty()) continue;
      const auto count = static_cast<double>(slice.told.size());
      fmt::print(stderr,
                 "  {:>6.0f} s {:>7} told, inside {:>5.1f}%, before {:>5.1f}%, after {:>5.1f}%, "
                 "high/low {:.2f}, said {:.0f} s, was {:.0f} s\n",
                 from, slice.told.size(), 100 * slice.coverage(), 100 * slice.early(),
                 100 * slice.late(), slice.median_width(), middle / count, left / count);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Are fans told the truth about their wait and their chances?"};
  std::uint32_t seats = 50'000;
  std::uint64_t first_seed = 1;
  std::uint32_t seeds = 1;
  bool course = false;
  app.add_option("--seats", seats, "Seats; twice as many fans come")->check(CLI::PositiveNumber);
  app.add_option("--seed", first_seed, "Of the first sale");
  app.add_option("--seeds", seeds, "Sales, each with the next seed")->check(CLI::PositiveNumber);
  app.add_flag("--course", course, "Also by the time after the draw");
  CLI11_PARSE(app, argc, argv);

  json sales = json::array();
  bool good = true;
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    const auto began = std::chrono::steady_clock::now();
    const Calibration found = calibrate(troubled_sale(seats, seed));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
    print_table(found, seed);
    if (course) print_course(found);
    for (const Moment& moment : found.moments)
      good = good && !moment.told.empty() && moment.coverage() >= coverage_wanted;
    sales.push_back(to_json(found, seed, taken.count()));
  }
  const json report = {{"bench", "estimate"},
                       {"seats", seats},
                       {"coverage_wanted", coverage_wanted},
                       {"sales", sales}};
  fmt::print("{}\n", report.dump(2));
  return good ? 0 : 1;
}
