// Fans against a server that plays by the rules, and against some that do not: what matters is
// that each kind of wrong is found.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <variant>

#include "crowd/fake_server.hpp"
#include "crowd/worker.hpp"

using namespace frontrow::crowd;
using frontrow::crowd::test::FakeServer;
using frontrow::crowd::test::Faults;

namespace {

Options quick_options(const std::string& url, std::uint32_t fans) {
  Options options;
  options.url = url;
  options.fans = fans;
  options.arrive_over_seconds = 0.2;
  options.deadline_seconds = 60;
  options.think_seconds = 0.01;
  options.hesitate_seconds = 0.02;
  options.drop_share = options.leave_share = options.release_share = 0;
  options.payment_mix = {1, 0, 0, 0};
  return options;
}

Catalogue catalogue_of(std::uint32_t seats) {
  nlohmann::json row = {{"id", "A1-1"}, {"seats", nlohmann::json::array()}};
  for (std::uint32_t n = 0; n < seats; ++n)
    row["seats"].push_back({{"id", std::string("A1-1-").append(std::to_string(n))}});
  const nlohmann::json zone = {{"id", "A1"}, {"category", "cat1"}, {"rows", {row}}};
  return Catalogue::from_venue({{"zones", nlohmann::json::array({zone})}});
}

Result run(const Options& options, std::uint32_t seats) {
  const Catalogue catalogue = catalogue_of(seats);
  Endpoint endpoint;
  endpoint.target = std::get<Target>(parse_target(options.url));
  const WorkerPlan plan{options, catalogue, endpoint, "test", Clock::now(), 1};
  Worker worker(plan, 0);
  Progress last;
  worker.sell([&](const Progress& progress) { last = progress; });
  CHECK(last.fans == 0);
  CHECK(last.waiting == 0);
  CHECK(last.shopping == 0);
  worker.verify();
  return worker.take_result();
}

}  // namespace

TEST_CASE("fans buy what there is, the rest learn that it is sold out, and the books agree") {
  FakeServer server(30, {});
  const Options options = quick_options(server.url(), 40);
  Result result = run(options, 30);
  const auto seen = server.stop();
  INFO(make_report(options, result).json);
  CHECK(result.tally.count(Counter::kJoined) == 40);
  CHECK(result.tally.count(Outcome::kBought) == seen.paid);
  CHECK(result.tally.count(Outcome::kBought) + result.tally.count(Outcome::kSoldOut) == 40);
  CHECK(seen.sold == 30);
  CHECK(seen.joins == 40);
  CHECK(seen.addresses >= 40);
  CHECK(result.tickets.size() == 30);
  CHECK(result.findings.texts.empty());
  CHECK(result.findings.unverified_fans == 0);
  CHECK(result.tally.count(Counter::kAvailabilityGaps) == 0);
  CHECK(count_oversold(result.tickets, result.findings) == 0);
  CHECK(result.tally.served(Call::kJoin).count() == 40);
  CHECK(result.tally.served(Call::kLive).count() >= 40);
}

TEST_CASE("fans who drop, leave, release or are declined end as planned") {
  FakeServer server(400, {});
  Options options = quick_options(server.url(), 60);
  options.leave_share = 0.2;
  options.release_share = 0.2;
  options.drop_share = 0.3;
  options.payment_mix = {1, 1, 0, 0};
  Result result = run(options, 400);
  server.stop();
  const Tally& tally = result.tally;
  CHECK(tally.count(Outcome::kLeft) > 0);
  CHECK(tally.count(Outcome::kReleased) > 0);
  CHECK(tally.count(Outcome::kBought) > 0);
  CHECK(tally.count(Outcome::kLeft) + tally.count(Outcome::kReleased) +
            tally.count(Outcome::kBought) ==
        60);
  CHECK(tally.count(Counter::kPaymentsDeclined) > 0);
  CHECK(tally.count(Counter::kPlacesLost) == 0);
  CHECK(result.findings.texts.empty());
}

TEST_CASE("a seat sold twice is found") {
  FakeServer server(10, {.sells_twice = true});
  Options options = quick_options(server.url(), 30);
  options.pick_share = 0;
  Result result = run(options, 10);
  server.stop();
  CHECK(count_oversold(result.tickets, result.findings) > 0);
}

TEST_CASE("orders that the server forgets are found") {
  FakeServer server(100, {.forgets_orders = true});
  Result result = run(quick_options(server.url(), 10), 100);
  server.stop();
  CHECK(result.findings.lost_orders == 10);
  CHECK(result.findings.unknown_tickets > 0);
}

TEST_CASE("tickets that the server forgets are found") {
  FakeServer server(100, {.forgets_tickets = true});
  Result result = run(quick_options(server.url(), 10), 100);
  server.stop();
  CHECK(result.findings.lost_orders == 0);
  CHECK(result.findings.unknown_tickets == result.tally.count(Counter::kSeatsBought));
}

TEST_CASE("a connection that breaks before the answer costs a fan nothing") {
  FakeServer server(100, {.breaks_orders = true});
  Result result = run(quick_options(server.url(), 10), 100);
  const auto seen = server.stop();
  CHECK(result.tally.count(Outcome::kBought) == 10);
  CHECK(seen.orders == 10);
  CHECK(seen.repeated_keys == 10);
  CHECK(result.tally.count(Counter::kRetries) >= 10);
  CHECK(result.findings.texts.empty());
}

TEST_CASE("overload is waited out and counted") {
  FakeServer server(100, {.overloaded = 7});
  Result result = run(quick_options(server.url(), 10), 100);
  server.stop();
  CHECK(result.tally.count(Outcome::kBought) == 10);
  CHECK(result.tally.count(Counter::kRetryAfterWaits) == 7);
  CHECK(result.tally.errors_by_call().at("challenge").at("overloaded") == 7);
}

TEST_CASE("live messages that are none are counted and harm nobody") {
  FakeServer server(100, {.talks_nonsense = true});
  Result result = run(quick_options(server.url(), 5), 100);
  server.stop();
  CHECK(result.tally.count(Outcome::kBought) == 5);
  CHECK(result.tally.count(Counter::kUnreadable) >= 5);
}

TEST_CASE("fans whose payment never ends are still there at the deadline") {
  FakeServer server(100, {});
  Options options = quick_options(server.url(), 3);
  options.payment_mix = {0, 0, 0, 1};
  options.deadline_seconds = 4;
  Result result = run(options, 100);
  const auto seen = server.stop();
  CHECK(result.tally.count(Outcome::kUnfinished) == 3);
  CHECK(seen.leaves == 3);
  CHECK(result.findings.lost_orders == 0);
  CHECK(result.tickets.empty());
}

TEST_CASE("without a server nobody joins, and the reason is counted") {
  std::string url;
  {
    FakeServer server(1, {});
    url = server.url();
  }
  Options options = quick_options(url, 2);
  options.deadline_seconds = 2;
  Result result = run(options, 1);
  CHECK(result.tally.count(Counter::kJoined) == 0);
  CHECK(result.tally.errors_by_call().at("challenge").at("transport:refused") > 0);
}
