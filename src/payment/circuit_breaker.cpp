#include "payment/circuit_breaker.hpp"

#include <algorithm>

namespace frontrow::payment {

BreakerState CircuitBreaker::state(Instant now) const {
  if (state_ == BreakerState::kOpen && now >= open_until_) return BreakerState::kHalfOpen;
  return state_;
}

bool CircuitBreaker::would_allow(Instant now) const {
  switch (state(now)) {
    case BreakerState::kClosed:
      return true;
    case BreakerState::kOpen:
      return false;
    case BreakerState::kHalfOpen:
      return state_ == BreakerState::kOpen || probes_ < rules_.probes_max ||
             now - last_probe_ >= rules_.probe_patience;
  }
  return false;
}

bool CircuitBreaker::allows(Instant now) {
  if (!would_allow(now)) return false;
  if (state_ == BreakerState::kClosed) return true;
  if (state_ == BreakerState::kOpen) {
    state_ = BreakerState::kHalfOpen;
    since_ = now;
    probes_ = probes_answered_ = 0;
  } else if (probes_ >= rules_.probes_max) {
    probes_ = 0;  // their outcomes were lost
  }
  ++probes_;
  last_probe_ = now;
  return true;
}

void CircuitBreaker::record(bool answered, Instant begun, Instant now) {
  if (begun < since_) return;
  switch (state_) {
    case BreakerState::kOpen:
      // Calls that were under way when it opened, and those that are made all the same.
      return;
    case BreakerState::kHalfOpen:
      if (probes_ > 0) --probes_;
      if (!answered) {
        open_for_ = std::min(open_for_ + open_for_, rules_.open_longest);
        return open(now);
      }
      if (++probes_answered_ < rules_.probes_good) return;
      state_ = BreakerState::kClosed;
      since_ = now;
      outcomes_.clear();
      run_ = 0;
      return;
    case BreakerState::kClosed:
      outcomes_.push_back({now, answered});
      if (outcomes_.size() > rules_.outcomes_max) outcomes_.pop_front();
      run_ = answered ? 0 : run_ + 1;
      if (!answered && is_failing(now)) {
        open_for_ = rules_.open_first;
        open(now);
      }
      return;
  }
}

bool CircuitBreaker::is_failing(Instant now) {
  if (run_ >= rules_.run_max) return true;
  while (!outcomes_.empty() && now - outcomes_.front().at > rules_.window) outcomes_.pop_front();
  if (outcomes_.size() < rules_.outcomes_min) return false;
  const auto failed = static_cast<std::size_t>(
      std::count_if(outcomes_.begin(), outcomes_.end(),
                    [](const Outcome& outcome) { return !outcome.answered; }));
  return failed * 100 >= outcomes_.size() * rules_.share_percent;
}

void CircuitBreaker::open(Instant now) {
  state_ = BreakerState::kOpen;
  open_until_ = now + open_for_;
  ++times_opened_;
}

}  // namespace frontrow::payment
