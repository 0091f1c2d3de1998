// A seating plan of pretix turned into a venue file. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "round/round_file.hpp"

namespace frontrow::round {

struct PretixOptions {
  /// Where the stage is, in the plan's own units. Nothing: the upper edge's middle is looked at.
  std::optional<std::pair<double, double>> stage;
  /// Nothing: neighbours in a row are taken to sit 0.5 m apart, as they mostly do.
  std::optional<double> metres_per_unit;
};

struct PretixImport {
  /// Mistakes that are named; the rest are counted. A plan may have as many as it has seats.
  static constexpr std::size_t mistakes_named_max = 1'000;

  std::shared_ptr<const Plan> plan;  ///< Nothing where there are mistakes.
  std::string venue;                 ///< The venue file's text, a row a line.
  std::vector<Remark> mistakes;
  std::vector<std::string> notes;  ///< What was left out or decided, for people.
};

PretixImport import_pretix(const std::filesystem::path& path, const PretixOptions& options);

}  // namespace frontrow::round
