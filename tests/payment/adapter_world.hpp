// An adapter with the loop that it runs in, for tests that ask one thing after another.
#pragma once

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "payment/gateway_factory.hpp"

namespace frontrow::payment {

struct AdapterWorld {
  /// All three adapters know the same server.
  AdapterWorld(const std::string& gateway, const std::string& url, Duration deadline = seconds(10),
               bool manual_capture = false, std::filesystem::path authorities = {}) {
    settings.round_id = "r-1";
    settings.currency = "THB";
    settings.connections_max = 8;
    settings.request_deadline = deadline;
    settings.log = [this](const std::string& line) { log.push_back(line); };
    settings.sandbox = {url, secret};
    settings.stripe.url = settings.omise.url = url;
    settings.stripe.secret_key = settings.omise.secret_key = secret;
    settings.stripe.manual_capture = settings.omise.manual_capture = manual_capture;
    settings.stripe.authorities = settings.omise.authorities = std::move(authorities);
    name = gateway;
    restart();
  }
  /// As after a crash: what was remembered is gone.
  void restart() {
    adapter.reset();
    adapter = gateway_maker(name, settings)({context, {}});
    REQUIRE(adapter != nullptr);
  }

  static inline const std::string secret = "sk_test_secret";
  boost::asio::io_context context{1};
  GatewaySettings settings;
  std::string name;
  std::vector<std::string> log;
  std::unique_ptr<Gateway> adapter;

  template <class Condition>
  void await(Condition&& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(50));
    }
    REQUIRE(condition());
  }
  template <class Ask>
  ChargeOutcome ask(Ask&& start) {
    std::vector<ChargeOutcome> answers;
    start([&](const ChargeOutcome& outcome) { answers.push_back(outcome); });
    CHECK(answers.empty());  // never from within the call
    await([&] { return !answers.empty(); });
    CHECK(answers.size() == 1);
    return answers.front();
  }

  static ChargeRequest request(const std::string& reference, const std::string& token = "tok_visa",
                               PaymentMethod method = PaymentMethod::kCard) {
    return {reference, {450'000}, "THB", method, token, "https://tickets.example/back"};
  }
  ChargeOutcome create(const ChargeRequest& wanted) {
    return ask([&](auto done) { adapter->create(wanted, done); });
  }
  ChargeOutcome look_up(const std::string& reference) {
    return ask([&](auto done) { adapter->look_up(reference, done); });
  }
  ChargeOutcome cancel(const std::string& reference) {
    return ask([&](auto done) { adapter->cancel(reference, done); });
  }
  ChargeOutcome refund(const std::string& reference, Amount amount = {450'000}) {
    return ask([&](auto done) { adapter->refund(reference, amount, done); });
  }
  ChargeOutcome confirm(const std::string& event, const std::string& reference) {
    return ask([&](auto done) { adapter->confirm({event, reference}, done); });
  }
  GatewayRecordPage page(const std::string& from) {
    std::vector<GatewayRecordPage> pages;
    adapter->list(from, [&](GatewayRecordPage&& one) { pages.push_back(std::move(one)); });
    await([&] { return !pages.empty(); });
    return std::move(pages.front());
  }
  /// The whole record.
  std::vector<GatewayRecord> records() {
    std::vector<GatewayRecord> all;
    std::string from;
    do {
      GatewayRecordPage one = page(from);
      REQUIRE(one.good);
      for (auto& record : one.records) all.push_back(std::move(record));
      from = one.next;
    } while (!from.empty());
    return all;
  }
  /// Looks until it is no longer pending.
  ChargeOutcome outcome_of(const std::string& reference) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    ChargeOutcome outcome = look_up(reference);
    while (outcome.state == ChargeState::kPending && std::chrono::steady_clock::now() < deadline) {
      outcome = look_up(reference);
    }
    return outcome;
  }
};

}  // namespace frontrow::payment
