// The crowd's report: what is printed on standard output, and whether the run was good. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "crowd/options.hpp"
#include "crowd/records.hpp"
#include "crowd/tally.hpp"

namespace frontrow::crowd {

/// `totals` of `GET /round`.
struct ServerTotals {
  std::uint64_t capacity = 0, free = 0, held = 0, sold = 0, blocked = 0, waiting = 0, shopping = 0;
};
std::optional<ServerTotals> totals_of_round(const nlohmann::json& round);

/// Everything that the report is made of.
struct Result {
  Tally tally;
  Findings findings;
  std::vector<TicketRecord> tickets;
  std::uint32_t processes = 0;
  std::uint32_t processes_failed = 0;
  std::optional<ServerTotals> totals_before;
  std::optional<ServerTotals> totals_after;
  double sale_seconds = 0;  ///< From the start to the last fan's end.
  double verify_seconds = 0;

  void merge(Result&& part);
};

struct Report {
  std::string json;  ///< One object, indented, with a line's end.
  bool passed = false;
  std::vector<std::string> failures;  ///< Why not, a line each.
};

Report make_report(const Options& options, Result result);

/// What a worker sends its parent: tally, findings, tickets. The way back throws
/// `std::exception` on anything else.
nlohmann::json part_to_json(const Result& part);
Result part_from_json(const nlohmann::json& value);

}  // namespace frontrow::crowd
