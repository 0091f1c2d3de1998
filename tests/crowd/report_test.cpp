#include "crowd/report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace frontrow::crowd;
using nlohmann::json;

namespace {

Options some_options() {
  Options options;
  options.url = "https://127.0.0.1:8443";
  return options;
}

// A run in which two fans bought a seat each.
Result good_result() {
  Result result;
  result.tally.add(Counter::kJoined, 3);
  result.tally.end(Outcome::kBought);
  result.tally.end(Outcome::kBought);
  result.tally.end(Outcome::kSoldOut);
  result.tickets = {{"t1", "A", "o1", 1}, {"t2", "B", "o2", 2}};
  result.totals_after = ServerTotals{2, 0, 0, 2, 0, 0, 0};
  return result;
}

json report_of(Result result, bool& passed) {
  const Report report = make_report(some_options(), std::move(result));
  passed = report.passed;
  return json::parse(report.json);
}

}  // namespace

TEST_CASE("a run without findings passes") {
  bool passed = false;
  const json report = report_of(good_result(), passed);
  CHECK(passed);
  CHECK(report["passed"] == true);
  CHECK(report["oversold_seats"] == 0);
  CHECK(report["unknown_tickets"] == 0);
  CHECK(report["lost_orders"] == 0);
  CHECK(report["outcomes"]["bought"] == 2);
  CHECK(report["outcomes"]["sold_out"] == 1);
  CHECK(report["server"]["totals_after"]["sold"] == 2);
}

TEST_CASE("each thing that must not be fails the run") {
  const auto fails = [](auto spoil) {
    Result result = good_result();
    spoil(result);
    bool passed = true;
    report_of(std::move(result), passed);
    return !passed;
  };
  CHECK_FALSE(fails([](Result&) {}));
  CHECK(fails([](Result& result) { result.tickets[1].seat = std::string("A"); }));
  CHECK(fails([](Result& result) { result.findings.unknown_tickets = 1; }));
  CHECK(fails([](Result& result) { result.findings.lost_orders = 1; }));
  CHECK(fails([](Result& result) { result.findings.unverified_fans = 1; }));
  CHECK(fails([](Result& result) { result.totals_after->sold = 1; }));
  CHECK(fails([](Result& result) { result.totals_after.reset(); }));
  CHECK(fails([](Result& result) { result.processes_failed = 1; }));
  CHECK(fails([](Result& result) { result.tally = Tally(); }));
}

TEST_CASE("tickets past the server's own count are reported as unknown") {
  Result result = good_result();
  result.totals_after->sold = 0;
  bool passed = true;
  CHECK(report_of(std::move(result), passed)["unknown_tickets"] == 2);
}

TEST_CASE("parts of several workers merge to what one would have reported") {
  Result whole = good_result(), left, right;
  whole.tally = Tally();
  whole.tickets.clear();
  for (int n = 0; n < 1'000; ++n) {
    const auto record = [&](Result& part) {
      part.tally.add(Counter::kJoined);
      part.tally.end(n % 2 == 0 ? Outcome::kBought : Outcome::kLeft);
      part.tally.latency(Call::kOrder, n % 5 == 0, n * 37);
      part.tally.error(Call::kOrder, n % 3 == 0 ? "seats-unavailable" : "not-enough-seats");
      part.tally.paid(n * 20'000);
      part.tickets.push_back({"t" + std::to_string(n), "s" + std::to_string(n), "o", 1});
    };
    record(whole);
    record(n % 4 == 0 ? left : right);
  }
  whole.totals_after->sold = 1'000;
  Result merged;
  merged.merge(part_from_json(json::parse(part_to_json(left).dump())));
  merged.merge(part_from_json(json::parse(part_to_json(right).dump())));
  merged.totals_after = whole.totals_after;
  CHECK(merged.tally.to_json() == whole.tally.to_json());
  bool passed = false;
  CHECK(report_of(std::move(merged), passed) == report_of(std::move(whole), passed));
  CHECK(passed);
}

TEST_CASE("parts that no worker made are refused") {
  CHECK_THROWS(part_from_json(json::parse("{}")));
  json part = part_to_json(good_result());
  part["tally"]["counters"].erase(0);
  CHECK_THROWS(part_from_json(part));
}

TEST_CASE("the paid rate is counted over the span of payments, the best over ten seconds") {
  Tally tally;
  CHECK(tally.paid_rate().per_second == 0);
  tally.paid(5'000'000);
  CHECK(tally.paid_rate().per_second == 0);
  // One a second for 40 seconds, and 100 more within one second.
  for (int n = 1; n < 40; ++n) tally.paid(5'000'000 + n * 1'000'000);
  for (int n = 0; n < 100; ++n) tally.paid(25'000'000 + n * 10'000);
  const auto rate = tally.paid_rate();
  CHECK(rate.count == 140);
  CHECK(rate.span_seconds == Approx(39));
  CHECK(rate.per_second == Approx(140.0 / 39));
  CHECK(rate.best_window_per_second == Approx(11));
}

TEST_CASE("totals of a round are read whole or not at all") {
  const json round = json::parse(
      R"({"totals": {"capacity": 9, "free": 1, "held": 2, "sold": 3, "blocked": 3, "waiting": 4,
                     "shopping": 5}})");
  const auto totals = totals_of_round(round);
  REQUIRE(totals);
  CHECK(totals->sold == 3);
  CHECK_FALSE(totals_of_round(json::parse(R"({"totals": {"sold": 3}})")));
  CHECK_FALSE(totals_of_round(json::parse("{}")));
}
