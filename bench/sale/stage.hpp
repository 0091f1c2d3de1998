// The engine in virtual time, with a calendar of what fans and gateway will do next: numbers
// commands, lets time pass and carries out what is due in between, as the sequencer would.
#pragma once

#include <functional>
#include <queue>
#include <vector>

#include "engine/engine.hpp"
#include "sale/sale.hpp"

namespace frontrow::sale {

enum class ActKind : std::uint8_t {
  kJoin,
  kLeaveLine,
  kEnter,
  kChoose,
  kDecide,
  kLeaveShop,
  kGatewayAnswers,
  kCancelAnswered,
  kRefundAnswered,
  kScanned,
};

/// Something that will be done at a time; what `subject` and `detail` are hangs on the kind.
struct Act {
  Instant at;
  std::uint64_t number = 0;  ///< In the order of entering them: equal times keep it.
  ActKind kind = ActKind::kJoin;
  std::uint32_t subject = 0;
  std::uint32_t detail = 0;
  friend bool operator>(const Act& a, const Act& b) {
    return a.at != b.at ? a.at > b.at : a.number > b.number;
  }
};

class Stage {
 public:
  Stage(const Scenario& scenario, const Hooks& hooks);

  /// Applies the command now. What it changed is told to `on_fan` and `on_event` afterwards; they
  /// may plan acts and must not send.
  Reply send(const Command& command);
  /// Lets time pass until `time`, carrying out everything that becomes due.
  void advance(Instant time);

  void plan(Instant at, ActKind kind, std::uint32_t subject, std::uint32_t detail = 0);
  /// When the next act is planned, or `none`.
  Instant next_act(Instant none) const { return acts_.empty() ? none : acts_.top().at; }
  Act take_act();

  const Engine& engine() const { return engine_; }
  Instant now() const { return now_; }

  std::function<void(FanId)> on_fan;
  std::function<void(const Event&)> on_event;
  Report report;

 private:
  void settle();

  const Hooks& hooks_;
  Engine engine_;
  Effects effects_;
  Instant now_;
  std::priority_queue<Act, std::vector<Act>, std::greater<>> acts_;
  std::uint64_t acts_planned_ = 0;
};

}  // namespace frontrow::sale
