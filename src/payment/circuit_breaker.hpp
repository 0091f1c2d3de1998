// Whether a gateway is worth asking: closed while it answers, open once it does not, half open
// while a few calls find out whether it does again. A value with a clock handed in; one thread.
#pragma once

#include <cstdint>
#include <deque>

#include "frontrow/time.hpp"

namespace frontrow::payment {

enum class BreakerState : std::uint8_t { kClosed, kOpen, kHalfOpen };

struct BreakerRules {
  /// Outcomes that count are at most so old, and at most so many.
  Duration window = seconds(30);
  std::size_t outcomes_max = 256;
  /// It opens at so many in a row that were not answered, …
  std::uint32_t run_max = 8;
  /// … or where of at least so many in the window this share (in per cent) was not.
  std::uint32_t outcomes_min = 20;
  std::uint32_t share_percent = 50;
  /// How long it stays open: this, doubled each time that the probes fail, up to that.
  Duration open_first = seconds(5);
  Duration open_longest = seconds(60);
  /// Probes under way at a time, and how many in a row have to be answered. One whose outcome does
  /// not come counts as lost after `probe_patience`.
  std::uint32_t probes_max = 3;
  std::uint32_t probes_good = 2;
  Duration probe_patience = seconds(30);
};

class CircuitBreaker {
 public:
  explicit CircuitBreaker(BreakerRules rules = {}) : rules_(rules) {}

  /// Whether a new call may be made. A yes while half open is a probe: its outcome is to come.
  bool allows(Instant now);
  /// Whether `allows` would say yes, without taking a probe.
  bool would_allow(Instant now) const;
  /// Of every call, whether it was asked about or not. One that began before the breaker came into
  /// its present state says nothing about it.
  void record(bool answered, Instant begun, Instant now);
  /// Open turns half open by time alone.
  BreakerState state(Instant now) const;
  /// While it is open.
  Instant open_until() const { return open_until_; }
  std::uint64_t times_opened() const { return times_opened_; }

 private:
  struct Outcome {
    Instant at;
    bool answered = false;
  };
  void open(Instant now);
  bool is_failing(Instant now);

  BreakerRules rules_;
  BreakerState state_ = BreakerState::kClosed;
  std::deque<Outcome> outcomes_;
  std::uint32_t run_ = 0;
  Instant open_until_;
  Duration open_for_;
  std::uint32_t probes_ = 0, probes_answered_ = 0;
  Instant last_probe_, since_;
  std::uint64_t times_opened_ = 0;
};

}  // namespace frontrow::payment
