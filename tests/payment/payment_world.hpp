// A round, its payment desk and a gateway that does what a test writes; the gateway's side outlives
// the process, and so does the journal. One thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/command_codec.hpp"
#include "engine/driver.hpp"
#include "payment/payment_desk.hpp"
#include "payment/settling.hpp"
#include "payment/stray_charges.hpp"

namespace frontrow::payment {

/// What the gateway has, whoever asks, and how it will behave.
struct GatewaySide {
  struct Charge {
    ChargeState state = ChargeState::kPending;
    PaymentFailure failure = PaymentFailure::kNone;
    Amount amount, refunded;
    int captures = 0, refunds = 0;
  };
  void capture(const PaymentReference& reference) {
    Charge& charge = charges[reference];
    charge.state = ChargeState::kCaptured;
    ++charge.captures;
  }
  int captures() const {
    int sum = 0;
    for (const auto& [reference, charge] : charges) sum += charge.captures;
    return sum;
  }

  std::map<PaymentReference, Charge> charges;
  std::set<PaymentReference> barred;
  // How charges end that are made from now on.
  ChargeState ends = ChargeState::kCaptured;
  PaymentFailure with = PaymentFailure::kNone;
  // What goes wrong from now on.
  bool down = false;          ///< Nothing is done and nothing answered.
  int answers_to_lose = 0;    ///< What was asked is done, the answer is lost.
  int refunds_to_refuse = 0;  ///< Asked for in vain.
  int creates = 0, refunds_asked = 0;
};

/// The port to it, as one process has it. Calls wait until `run`.
class ScriptedGateway final : public Gateway {
 public:
  explicit ScriptedGateway(GatewaySide& side) : side_(side) {}

  void create(const ChargeRequest& request, Callback done) override {
    later([this, request, done = std::move(done)] {
      ++side_.creates;
      if (side_.down) return done(unreachable());
      if (!side_.charges.contains(request.reference)) {
        auto& charge = side_.charges[request.reference];
        charge.amount = request.amount;
        charge.state = side_.barred.contains(request.reference) ? ChargeState::kFailed : side_.ends;
        charge.failure = side_.with;
        if (charge.state == ChargeState::kCaptured) ++charge.captures;
      }
      answer(request.reference, done);
    });
  }
  void look_up(const PaymentReference& reference, Callback done) override {
    later([this, reference, done = std::move(done)] { answer(reference, done); });
  }
  void cancel(const PaymentReference& reference, Callback done) override {
    later([this, reference, done = std::move(done)] {
      if (side_.down) return done(unreachable());
      side_.barred.insert(reference);
      const auto found = side_.charges.find(reference);
      if (found != side_.charges.end() && found->second.state != ChargeState::kCaptured &&
          found->second.state != ChargeState::kFailed) {
        found->second.state = ChargeState::kFailed;
        found->second.failure = PaymentFailure::kCancelled;
      }
      answer(reference, done);
    });
  }
  void refund(const PaymentReference& reference, Amount amount, Callback done) override {
    later([this, reference, amount, done = std::move(done)] {
      ++side_.refunds_asked;
      if (side_.refunds_to_refuse > 0) {
        --side_.refunds_to_refuse;
        ChargeOutcome refused;
        refused.state = ChargeState::kFailed;
        return done(refused);
      }
      auto& charge = side_.charges.at(reference);
      if (charge.refunded < amount) {
        charge.refunded = amount;
        ++charge.refunds;
      }
      answer(reference, done);
    });
  }
  void list(std::string, PageCallback done) override {
    later([this, done = std::move(done)] {
      GatewayRecordPage page;
      page.good = true;
      for (const auto& [reference, charge] : side_.charges)
        page.records.push_back(
            {reference, "ch", charge.state, charge.amount, "THB", charge.refunded});
      done(std::move(page));
    });
  }

  void run() {
    while (!calls_.empty()) {
      const auto call = std::move(calls_.front());
      calls_.pop_front();
      call();
    }
  }
  std::size_t waiting() const { return calls_.size(); }

 private:
  static ChargeOutcome unreachable() { return {}; }
  void later(std::function<void()> call) { calls_.push_back(std::move(call)); }
  void answer(const PaymentReference& reference, const Callback& done) {
    if (side_.down || (side_.answers_to_lose > 0 && side_.answers_to_lose-- > 0))
      return done(unreachable());
    ChargeOutcome outcome;
    const auto found = side_.charges.find(reference);
    if (found == side_.charges.end()) {
      outcome.state = ChargeState::kNotFound;
      return done(outcome);
    }
    outcome.state = found->second.state;
    outcome.failure = found->second.failure;
    outcome.amount = found->second.amount;
    outcome.gateway_reference = "ch";
    if (outcome.state == ChargeState::kAction) outcome.action = R"({"type":"qr","data":"scan"})";
    done(outcome);
  }

  GatewaySide& side_;
  std::deque<std::function<void()>> calls_;
};

/// One life of the process: begins with the journal, ends when it is destroyed.
class PaymentProcess {
 public:
  using Journal = std::vector<std::pair<Instant, std::vector<std::uint8_t>>>;

  /// A new round, or the one that `journal` holds.
  PaymentProcess(Journal& journal, GatewaySide& side, const test::SmallRound& small = {})
      : round(small),
        gateway(side),
        timers_(context_),
        desk(
            gateway, timers_,
            {"small-1", "THB", RetryRules{milliseconds(1), milliseconds(3), 3, milliseconds(1)}},
            [this](std::uint64_t correlation, Command&& command) {
              if (deaf) return;
              reports_.emplace_back(correlation, std::move(command));
            },
            [this](const std::string& line) { lines.push_back(line); }),
        strays(gateway, "small-1", "THB",
               {[this](Query&& query) { questions_.push_back(std::move(query)); },
                [this](Command&& command) {
                  reports_.emplace_back(PaymentDesk::no_case, std::move(command));
                },
                [this](const GatewayNotice& notice) { desk.notice(notice); },
                [this](const std::string& line) { lines.push_back(line); }}),
        journal_(journal) {
    if (journal.empty()) {
      take();
      return;
    }
    for (std::size_t n = 1; n < journal.size(); ++n) {
      std::span<const std::uint8_t> bytes(journal[n].second);
      round.now = journal[n].first;
      round.send(*decode_command(bytes));
    }
    written_ = round.commands.size();
    round.events.clear();
    const auto unsettled = round.engine.unsettled_orders();
    round.must(Resume{});
    take();
    for (const UnsettledOrder& order : unsettled)
      desk.settle({order.order, order.attempt, order.state == OrderState::kRefunding,
                   order.cancel_wanted, order.amount, order.method});
  }

  /// What has been sent to the engine by hand is written down, and its events are carried out.
  void take() {
    for (; written_ < round.commands.size(); ++written_) {
      std::vector<std::uint8_t> bytes;
      encode_command(round.commands[written_].second, bytes);
      journal_.emplace_back(round.commands[written_].first, std::move(bytes));
    }
    for (; taken_ < round.events.size(); ++taken_) {
      const Event event = round.events[taken_];
      if (const auto* wanted = std::get_if<ChargeWanted>(&event)) desk.charge(*wanted, "tok_ok");
      if (const auto* unwanted = std::get_if<CancelWanted>(&event)) desk.cancel(*unwanted);
      if (const auto* owed = std::get_if<RefundWanted>(&event)) desk.refund(*owed);
    }
  }
  /// Reports go to the engine, which has the last word. True where there were any.
  bool report() {
    bool any = false;
    for (; !reports_.empty(); any = true) {
      auto [correlation, command] = std::move(reports_.front());
      reports_.pop_front();
      const Reply reply = round.send(command);
      take();
      desk.answered(correlation, reply.rejection);
    }
    for (; !questions_.empty(); any = true) {
      const Query query = std::move(questions_.front());
      questions_.pop_front();
      strays.answered(round.engine.answer(query));
    }
    return any;
  }
  /// Until nothing is under way but what waits for the fan or the gateway.
  template <class Condition>
  void run_until(Condition&& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      take();
      gateway.run();
      context_.restart();
      if (!report()) context_.run_one_for(std::chrono::milliseconds(1));
    }
    REQUIRE(condition());
  }
  void run_until_done() {
    run_until([this] { return quiet(); });
  }
  void pass(Duration length) {
    round.pass(length);
    take();
  }
  OrderView order(OrderId id) const { return round.engine.order(id); }

  test::Driver round;
  ScriptedGateway gateway;
  bool deaf = false;  ///< What the desk reports does not reach the journal any more.
  std::vector<std::string> lines;

 private:
  bool quiet() {
    take();
    return desk.cases() == 0 && desk.asides() == 0 && gateway.waiting() == 0 && reports_.empty() &&
           questions_.empty() && !strays.under_way();
  }

  boost::asio::io_context context_{1};
  TimerQueue timers_;
  std::deque<std::pair<std::uint64_t, Command>> reports_;
  std::deque<Query> questions_;

 public:
  PaymentDesk desk;
  StrayCharges strays;

 private:
  Journal& journal_;
  std::size_t written_ = 0, taken_ = 0;
};

}  // namespace frontrow::payment
