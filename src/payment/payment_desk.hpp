// What happens between wanting money and knowing what became of it, for every order at once.
// Each attempt to pay (and each refund) is a case: at most one call to the gateway is under way
// for it, its outcome is reported once, and it is closed when the engine has answered.
//
// Belongs to the payment thread. docs/payments.md has the life of a case as a table.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "frontrow/gateway.hpp"
#include "frontrow/reply.hpp"
#include "payment/payment_reference.hpp"
#include "payment/retry_delay.hpp"
#include "payment/timer_queue.hpp"

namespace frontrow::payment {

/// An order whose payment or refund was under way when the process ended.
struct Unsettled {
  OrderId order;
  std::uint32_t attempt = 0;
  bool refunding = false;      ///< Else paying.
  bool cancel_wanted = false;  ///< Of a payment: its time ran out, or its fan was banned.
  Amount amount;
  PaymentMethod method = PaymentMethod::kCard;
};

struct DeskSettings {
  std::string round_id;
  std::string currency;
  RetryRules retry;
  std::string return_url{};  ///< Where a fan comes back to from a bank's or wallet's page.
};

class PaymentDesk {
 public:
  /// Charges under way at a time. One more fails as `kGatewayUnavailable` before the gateway has
  /// heard of it. Refunds are bounded by the round's orders.
  static constexpr std::size_t charges_max = 200'000;
  /// Questions under way about notices for which no case is open. Past it a notice is left to
  /// settling, which compares every charge anyway.
  static constexpr std::size_t asides_max = 256;
  /// Paid attempts that are remembered, the latest ones: notices about them are repeats.
  static constexpr std::size_t paid_remembered_max = 16'384;
  /// Correlation of a report whose answer closes nothing.
  static constexpr std::uint64_t no_case = ~std::uint64_t{0};

  /// Takes what is to be told to the engine; must not lose it. The answer's correlation goes to
  /// `answered`.
  using Report = std::function<void(std::uint64_t correlation, Command&& command)>;
  using Log = std::function<void(const std::string& line)>;

  /// `gateway` and `timers` must outlive the desk's last use; after the gateway is destroyed no
  /// callback comes any more.
  PaymentDesk(Gateway& gateway, TimerQueue& timers, DeskSettings settings, Report report, Log log);

  void charge(const ChargeWanted& wanted, std::string card_token);
  void cancel(const CancelWanted& wanted);
  void refund(const RefundWanted& wanted);
  void settle(const Unsettled& unsettled);
  /// The gateway says that something changed, and its signature was good: the gateway is asked
  /// what is true. What is not of this round is left alone.
  void notice(const GatewayNotice& notice);
  /// The engine has judged what was reported with this correlation.
  void answered(std::uint64_t correlation, Rejection rejection);

  std::size_t cases() const { return cases_.size(); }
  std::size_t asides() const { return asides_.size(); }

 private:
  struct CaseId {
    AttemptId attempt;
    bool refund = false;
    friend auto operator<=>(const CaseId&, const CaseId&) = default;
  };
  enum class Step : std::uint8_t { kCreate, kLookUp, kCancel, kRefund, kReported };
  struct Case {
    Step step = Step::kCreate;
    PaymentMethod method = PaymentMethod::kCard;
    bool calling = false;     ///< An answer of the gateway is awaited.
    bool confirming = false;  ///< And it is one to `confirm`.
    bool cancel_wanted = false;
    bool found_after_start =
        false;             ///< Made by `settle`: what was sent is known to the gateway alone.
    bool gave_up = false;  ///< The gateway could not be reached to make the charge.
    bool barred = false;   ///< Not found after a start, so cancelled for good.
    bool success_reported = false;
    std::uint32_t tries = 0;  ///< Of this step, in vain.
    std::uint64_t turn = 0;   ///< Tells the awaited answer or timer from one that came too late.
    Amount amount;
    std::string card_token;  ///< Only until the gateway has it.
    std::string action_reported;
    std::optional<GatewayNotice> notice;  ///< Came during a call; asked about after its answer.
  };

  static std::uint64_t correlation_of(CaseId id);
  void call(CaseId id, Case& its);
  void call_later(CaseId id, Case& its, Duration delay);
  void change_step(Case& its, Step step);
  void on_answer(CaseId id, std::uint64_t turn, const ChargeOutcome& outcome);
  void on_charge_answer(CaseId id, Case& its, const ChargeOutcome& outcome);
  void on_refund_answer(CaseId id, Case& its, const ChargeOutcome& outcome);
  void on_not_found(CaseId id, Case& its);
  void confirm(CaseId id, Case& its, const GatewayNotice& notice);
  void on_confirmed(CaseId id, Case& its, const ChargeOutcome& outcome);
  void ask_aside(CaseId id, const GatewayNotice& notice);
  void on_aside_answer(CaseId id, const ChargeOutcome& outcome);
  void remember_paid(CaseId id);
  void wait_and_see(CaseId id, Case& its, const ChargeOutcome& outcome);
  void try_again(CaseId id, Case& its);
  void report_action(CaseId id, Case& its, const ChargeOutcome& outcome);
  void report_success(CaseId id, Case& its, const ChargeOutcome& outcome);
  void report_failure(CaseId id, Case& its, PaymentFailure failure);
  std::uint32_t random() { return static_cast<std::uint32_t>(random_()); }

  Gateway& gateway_;
  TimerQueue& timers_;
  const DeskSettings settings_;
  const Report report_;
  const Log log_;
  std::map<CaseId, Case> cases_;
  /// Asked about without a case; the notice that came meanwhile, where one did.
  std::map<CaseId, std::optional<GatewayNotice>> asides_;
  std::set<CaseId> paid_;
  std::deque<CaseId> paid_in_order_;
  std::minstd_rand random_;
};

}  // namespace frontrow::payment
