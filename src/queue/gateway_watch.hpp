// Whether the payment gateway keeps up, concluded from how many payments were started and how
// many it has answered, and told by the payment thread, whose breaker sees single calls fail. A
// refusal by a bank is an answer; silence is not. docs/fairness.md.
//
// Pure; part of the admission controller and used by its thread alone.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>

#include "frontrow/view.hpp"

namespace frontrow::queue {

class GatewayWatch {
 public:
  enum class Health : std::uint8_t { kGood, kSlow, kFailing, kRecovering };

  /// The gateway is failing when it has answered nothing for this long while payments wait.
  static constexpr Duration silence = seconds(20);
  /// Payments that must have waited so long, or have failed, for anything to be concluded.
  static constexpr std::uint64_t failing_payments_least = 5;
  /// It fails as well where it fails this share of the payments of `failures_window` itself.
  static constexpr double failing_share = 0.8;
  static constexpr Duration failures_window = seconds(30);
  /// It is slow when as many payments as this have waited this long.
  static constexpr Duration slow_wait = seconds(20);
  static constexpr std::uint64_t slow_payments_least = 10;
  /// It is slow no more once payments wait less than this.
  static constexpr Duration good_wait = seconds(8);
  /// Span over which answers are counted for a rate.
  static constexpr Duration rate_window = seconds(20);
  /// While it is slow, as many are called as can pay, times `slow_wait` over the wait, within:
  static constexpr double slow_factor_least = 0.25, slow_factor_most = 1.1;
  /// While it recovers, calls begin at the rules' rate divided by this and double in each step.
  static constexpr std::uint32_t recovery_divisor = 32;
  /// Between two rates, while it is slow and while it recovers.
  static constexpr Duration rate_step = seconds(5);
  /// After it was slow for this long it may be no faster now, and whoever is called pays minutes
  /// later: then calls go up by this share, one at least, in each of these longer steps.
  static constexpr Duration lasting_slowness = seconds(60);
  static constexpr std::uint32_t gentle_divisor = 4;
  static constexpr Duration gentle_step = seconds(30);
  /// With nobody in the shop for this long, a few fans are let in to find out about the gateway.
  static constexpr Duration probe_after = seconds(60);
  static constexpr std::uint32_t probe_fans = 5;

  explicit GatewayWatch(const AdmissionPace& current);

  void observe(Instant now, const RoundStatus& status);

  Health health() const { return health_; }
  /// Calls a second that it bears. Unbounded while it is good, 0 while it is failing.
  std::uint32_t calls_per_second() const { return calls_per_second_; }
  /// Failing, but a few fans may be called to find out.
  bool probing() const { return probing_; }
  /// In a line for operators.
  const std::string& measured() const { return measured_; }

 private:
  struct Sample {
    Instant at;
    std::uint64_t started = 0, answered = 0, unanswered = 0;
    std::array<std::uint64_t, payment_method_count> by_method{};  ///< Started ones.
  };
  static constexpr Duration history_length = seconds(120);
  static constexpr std::size_t samples_max = 512;

  /// The last sample at or before `at`; the first where there is none.
  const Sample& sample_at(Instant at) const;
  bool knows(Instant at) const { return !history_.empty() && history_.front().at <= at; }
  void measure(const RoundStatus& status);
  /// Whether most payments go where the payment thread finds the gateway failing.
  bool is_told_failing(const RoundStatus& status);
  bool is_failing();
  bool is_slow() const;
  std::uint32_t rate_while_slow(const RoundStatus& status) const;
  void step_up(const RoundStatus& status);
  void say();

  std::deque<Sample> history_;
  Instant now_, answered_at_, empty_since_, stepped_at_, slow_since_;
  std::uint64_t started_when_answered_ = 0;  ///< Payments, just before the last answer.
  std::uint64_t waiting_ = 0;                ///< Payments that have no answer.
  Duration wait_;  ///< How long the oldest of them has waited, were they in order.
  double answers_per_second_ = 0;
  Health health_ = Health::kGood;
  bool gently_ = false;             ///< How it recovers.
  bool failing_by_itself_ = false;  ///< It answers, but with failures of its own.
  std::string told_failing_;        ///< The methods of which the payment thread says so.
  bool probing_ = false;
  std::uint32_t calls_per_second_ = ~std::uint32_t{0};
  std::string measured_;
};

}  // namespace frontrow::queue
