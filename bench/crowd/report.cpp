#include "crowd/report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace frontrow::crowd {
namespace {

using nlohmann::ordered_json;

double rounded(double value, double steps) { return std::round(value * steps) / steps; }
double milliseconds(std::uint64_t microseconds) {
  return rounded(static_cast<double>(microseconds) / 1e3, 1e3);
}

ordered_json latencies(const Histogram& histogram) {
  return {{"count", histogram.count()},
          {"mean", rounded(histogram.mean() / 1e3, 1e3)},
          {"p50", milliseconds(histogram.percentile(0.5))},
          {"p90", milliseconds(histogram.percentile(0.9))},
          {"p99", milliseconds(histogram.percentile(0.99))},
          {"p99_9", milliseconds(histogram.percentile(0.999))},
          {"max", milliseconds(histogram.max())}};
}

ordered_json latencies_by_call(const Tally& tally, bool refused) {
  ordered_json by_call = ordered_json::object();
  for (std::size_t n = 0; n < call_count; ++n) {
    const auto call = static_cast<Call>(n);
    const Histogram& histogram = refused ? tally.refused(call) : tally.served(call);
    if (histogram.count() > 0) by_call[std::string(to_text(call))] = latencies(histogram);
  }
  return by_call;
}

ordered_json errors_by_code(const Tally& tally) {
  std::map<std::string, std::uint64_t> by_code;
  for (const auto& [call, codes] : tally.errors_by_call())
    for (const auto& [code, count] : codes) by_code[code] += count;
  return by_code;
}

ordered_json outcomes(const Tally& tally) {
  ordered_json by_outcome = ordered_json::object();
  for (std::size_t n = 0; n < outcome_count; ++n) {
    const auto outcome = static_cast<Outcome>(n);
    by_outcome[std::string(to_text(outcome))] = tally.count(outcome);
  }
  return by_outcome;
}

ordered_json counters(const Tally& tally) {
  ordered_json by_name = ordered_json::object();
  for (std::size_t n = 0; n < counter_count; ++n) {
    const auto counter = static_cast<Counter>(n);
    by_name[std::string(to_text(counter))] = tally.count(counter);
  }
  return by_name;
}

ordered_json totals_json(const std::optional<ServerTotals>& totals) {
  if (!totals) return nullptr;
  return {{"capacity", totals->capacity}, {"free", totals->free},
          {"held", totals->held},         {"sold", totals->sold},
          {"blocked", totals->blocked},   {"waiting", totals->waiting},
          {"shopping", totals->shopping}};
}

}  // namespace

std::optional<ServerTotals> totals_of_round(const nlohmann::json& round) {
  try {
    const auto& totals = round.at("totals");
    const auto number = [&](const char* name) { return totals.at(name).get<std::uint64_t>(); };
    return ServerTotals{number("capacity"), number("free"),    number("held"),    number("sold"),
                        number("blocked"),  number("waiting"), number("shopping")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

void Result::merge(Result&& part) {
  tally.merge(part.tally);
  findings.merge(part.findings);
  tickets.insert(tickets.end(), std::make_move_iterator(part.tickets.begin()),
                 std::make_move_iterator(part.tickets.end()));
}

Report make_report(const Options& options, Result result) {
  const std::uint64_t oversold = count_oversold(result.tickets, result.findings);
  if (result.totals_after)
    result.findings.unknown_tickets =
        std::max(result.findings.unknown_tickets,
                 surplus_tickets(result.tickets.size(), result.totals_after->sold));

  Report report;
  const Findings& findings = result.findings;
  const Tally& tally = result.tally;
  if (oversold > 0) report.failures.push_back(std::to_string(oversold) + " seats oversold");
  if (findings.unknown_tickets > 0)
    report.failures.push_back(std::to_string(findings.unknown_tickets) +
                              " tickets unknown to the server");
  if (findings.lost_orders > 0)
    report.failures.push_back(std::to_string(findings.lost_orders) + " acknowledged orders lost");
  if (tally.count(Counter::kJoined) == 0) report.failures.push_back("no fan could join");
  if (findings.unverified_fans > 0)
    report.failures.push_back(std::to_string(findings.unverified_fans) +
                              " fans with orders could not be compared with the server");
  if (!result.totals_after)
    report.failures.push_back("the server did not show its totals at the end");
  if (result.processes_failed > 0)
    report.failures.push_back(std::to_string(result.processes_failed) + " workers failed");
  report.passed = report.failures.empty();

  const Tally::PaidRate rate = tally.paid_rate();
  ordered_json json;
  json["passed"] = report.passed;
  json["failures"] = report.failures;
  json["fans"] = options.fans;
  json["joined"] = tally.count(Counter::kJoined);
  json["outcomes"] = outcomes(tally);
  json["seats_bought"] = tally.count(Counter::kSeatsBought);
  json["orders_paid"] = tally.count(Counter::kOrdersPaid);
  json["orders_per_second"] = {{"mean", rounded(rate.per_second, 1e2)},
                               {"best_10_seconds", rounded(rate.best_window_per_second, 1e2)},
                               {"span_seconds", rounded(rate.span_seconds, 1e3)}};
  json["oversold_seats"] = oversold;
  json["unknown_tickets"] = findings.unknown_tickets;
  json["lost_orders"] = findings.lost_orders;
  json["unverified_fans"] = findings.unverified_fans;
  json["findings"] = findings.texts;
  json["tickets"] = result.tickets.size();
  json["latency_ms"] = latencies_by_call(tally, false);
  json["latency_ms_refused"] = latencies_by_call(tally, true);
  json["latency_precision"] = Histogram::precision;
  json["errors"] = errors_by_code(tally);
  json["errors_by_call"] = tally.errors_by_call();
  json["counters"] = counters(tally);
  json["server"] = {{"totals_before", totals_json(result.totals_before)},
                    {"totals_after", totals_json(result.totals_after)}};
  json["durations_seconds"] = {{"sale", rounded(result.sale_seconds, 1e3)},
                               {"verification", rounded(result.verify_seconds, 1e3)}};
  json["processes_failed"] = result.processes_failed;
  json["settings"] = to_json(options);
  // What a server sent may hold bytes that are not UTF-8.
  report.json = json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  return report;
}

nlohmann::json part_to_json(const Result& part) {
  return {{"tally", part.tally.to_json()},
          {"findings", to_json(part.findings)},
          {"tickets", to_json(part.tickets)}};
}

Result part_from_json(const nlohmann::json& value) {
  Result part;
  part.tally = Tally::from_json(value.at("tally"));
  part.findings = findings_from_json(value.at("findings"));
  part.tickets = tickets_from_json(value.at("tickets"));
  return part;
}

}  // namespace frontrow::crowd
