// What happened to the fans of one worker, or, merged, to all: counts and latencies, no names.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "crowd/histogram.hpp"

namespace frontrow::crowd {

/// How a fan's visit ended. Each fan has exactly one.
enum class Outcome : std::uint8_t {
  kBought,
  kSoldOut,      ///< Nothing left, seen by themselves.
  kLeft,         ///< As planned.
  kReleased,     ///< Gave the order back, as planned.
  kGaveUp,       ///< Refused too often, or out of patience.
  kPaymentLost,  ///< The order ended unpaid.
  kRefunded,     ///< Paid too late, and told so.
  kTurnEnded,    ///< The turn was over before there was an order.
  kTurnMissed,
  kBanned,
  kRoundClosed,
  kNotJoined,   ///< Never got a place.
  kFailed,      ///< Unanswered or answered nonsense, after all retries.
  kUnfinished,  ///< Still there at the deadline.
};
inline constexpr std::size_t outcome_count = 14;
std::string_view to_text(Outcome outcome);

/// What latencies are kept of. A call's refusals are kept apart from its successes.
enum class Call : std::uint8_t {
  kChallenge,
  kProof,  ///< Solving, which is the fan's own work.
  kJoin,   ///< From the planned arrival, challenge and proof included.
  kLive,   ///< From connecting to the first word of the queue.
  kQueue,
  kEnter,     ///< From deciding to take up the turn.
  kSnapshot,  ///< From `watch` to the snapshot.
  kAvailability,
  kOrder,
  kOrderStatus,
  kPayment,
  kPaymentOutcome,  ///< From deciding to pay to knowing that it is paid.
  kTickets,
  kRelease,
  kLeave,
};
inline constexpr std::size_t call_count = 15;
std::string_view to_text(Call call);

enum class Counter : std::uint8_t {
  kArrived,
  kJoined,
  kOrdersAcknowledged,
  kOrdersPaid,
  kSeatsBought,
  kPaymentsDeclined,
  kHttpConnections,
  kLiveConnections,
  kLiveReconnects,
  kDrops,    ///< Connections that fans lost on purpose.
  kRetries,  ///< Requests sent again with the same key.
  kRetryAfterWaits,
  kPlacesLost,        ///< After a reconnection the entry was another one.
  kRanksChanged,      ///< A rank of the draw that did not stay.
  kAvailabilityGaps,  ///< Changes that did not build on what had been sent before.
  kUnreadable,        ///< Live messages that are not of the protocol.
};
inline constexpr std::size_t counter_count = 16;
std::string_view to_text(Counter counter);

/// Used by one thread. Instants are microseconds since the crowd's start.
class Tally {
 public:
  void add(Counter counter, std::uint64_t by = 1) { counters_[index(counter)] += by; }
  void end(Outcome outcome) { ++outcomes_[index(outcome)]; }
  void latency(Call call, bool refused, std::int64_t microseconds) {
    (refused ? refused_ : served_)[index(call)].record(microseconds);
  }
  /// `code` is a problem's code, or "transport:…".
  void error(Call call, std::string_view code);
  void paid(std::int64_t at_microseconds);
  void merge(const Tally& other);

  std::uint64_t count(Counter counter) const { return counters_[index(counter)]; }
  std::uint64_t count(Outcome outcome) const { return outcomes_[index(outcome)]; }
  std::uint64_t errors() const;
  const Histogram& served(Call call) const { return served_[index(call)]; }
  const Histogram& refused(Call call) const { return refused_[index(call)]; }
  /// Call → code → how often.
  const std::map<std::string, std::map<std::string, std::uint64_t>>& errors_by_call() const {
    return errors_;
  }

  struct PaidRate {
    std::uint64_t count = 0;
    double span_seconds = 0;            ///< From the first payment to the last.
    double per_second = 0;              ///< 0 where there are fewer than two payments.
    double best_window_per_second = 0;  ///< Over the best 10 seconds, in steps of 0.1.
  };
  PaidRate paid_rate() const;

  nlohmann::json to_json() const;
  /// Throws `std::exception` on anything that `to_json` did not make.
  static Tally from_json(const nlohmann::json& value);

 private:
  template <class Enum>
  static constexpr std::size_t index(Enum value) {
    return static_cast<std::size_t>(value);
  }

  std::array<std::uint64_t, counter_count> counters_{};
  std::array<std::uint64_t, outcome_count> outcomes_{};
  std::array<Histogram, call_count> served_;
  std::array<Histogram, call_count> refused_;
  std::map<std::string, std::map<std::string, std::uint64_t>> errors_;
  std::vector<std::uint32_t> paid_slots_;  ///< Payments in each tenth of a second.
  std::int64_t first_paid_ = -1;
  std::int64_t last_paid_ = -1;
};

}  // namespace frontrow::crowd
