#include "queue/turn_up.hpp"

#include <algorithm>
#include <cmath>

namespace frontrow::queue {
namespace {

std::uint32_t in(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}

}  // namespace

double TurnUp::called_until(SaleTime time) const {
  if (history_.empty()) return -1;
  if (time < history_.front().at) return history_.front().called == 0 ? 0 : -1;
  const auto after =
      std::upper_bound(history_.begin(), history_.end(), time,
                       [](SaleTime at, const Sample& sample) { return at < sample.at; });
  const auto before = std::prev(after);
  const auto base = static_cast<double>(before->called);
  if (after == history_.end()) return base;
  const double part = static_cast<double>((time - before->at).microseconds) /
                      static_cast<double>((after->at - before->at).microseconds);
  return base + part * static_cast<double>(after->called - before->called);
}

void TurnUp::remember(SaleTime now, const RoundStatus& status) {
  const Duration step{status.admission.enter.microseconds / static_cast<int>(samples_max / 2)};
  const Sample sample{now, status.counts.called, status.counts.turns_ended};
  if (history_.size() >= 2 && now - history_[history_.size() - 2].at < step)
    history_.back() = sample;
  else if (history_.empty() || now > history_.back().at)
    history_.push_back(sample);
  // One sample from before the time that is looked back to stays.
  while (history_.size() > samples_max ||
         (history_.size() > 2 && history_[1].at <= now - status.admission.enter - step))
    history_.pop_front();
}

void TurnUp::learn(double called_in_time, double missed) {
  if (learning_) {
    calls_ += std::max(0.0, called_in_time - last_called_);
    missed_ = std::clamp(missed_ + missed - last_missed_, 0.0, calls_);
    if (calls_ > remembered_calls_max) {
      missed_ *= remembered_calls_max / calls_;
      calls_ = remembered_calls_max;
    }
  }
  learning_ = true;
  last_called_ = called_in_time;
  last_missed_ = missed;
}

double TurnUp::expect_leaving(SaleTime now, const RoundStatus& status) const {
  const SaleCounts& counts = status.counts;
  if (counts.entered == 0 || counts.turn_microseconds == 0) return 0;
  const auto before =
      std::partition_point(history_.begin(), history_.end(),
                           [&](const Sample& sample) { return sample.at < now - leaving_window; });
  if (before == history_.end() || before->at == now) return 0;
  const double of_late = static_cast<double>(counts.turns_ended - before->turns_ended) /
                         static_cast<double>((now - before->at).microseconds);
  // Many turns that end at once do not mean that it goes on so.
  const double at_length = in(status, FanState::kShopping) *
                           static_cast<double>(counts.turns_ended) /
                           static_cast<double>(counts.turn_microseconds);
  const double entering =
      static_cast<double>(counts.entering_microseconds) / static_cast<double>(counts.entered);
  return std::min(of_late, at_length) * entering;
}

double TurnUp::variance(double further) const {
  const double n = std::max(0.0, recent_calls_ + further);
  const double p = share();
  return n * p * (1.0 - p) * (1.0 + n / (calls_ + prior_calls));
}

std::uint32_t TurnUp::solve(const RoundStatus& status) const {
  const double places = status.admission.max_shoppers;
  const double shopping = in(status, FanState::kShopping);
  const double called = in(status, FanState::kCalled);
  const double p = share();
  const double room = places + leaving_counted * leaving_;
  // The largest number of further calls with which the places suffice, with caution.
  double least = -called, most = 2 * places;
  for (int step = 0; step < 40; ++step) {
    const double further = (least + most) / 2;
    const double expected = shopping + still_to_come_ + further * p;
    if (expected + caution * std::sqrt(variance(further) + leaving_) <= room)
      least = further;
    else
      most = further;
  }
  const double bound = std::clamp(std::floor(shopping + called + least), places, 2 * places);
  return static_cast<std::uint32_t>(bound);
}

void TurnUp::observe(SaleTime now, const RoundStatus& status) {
  const auto called = static_cast<double>(status.counts.called);
  const auto missed = static_cast<double>(status.counts.missed);
  if (!begun_ || status.admission.enter != enter_ ||
      (!history_.empty() && status.counts.called < history_.back().called)) {
    // Who was called under other rules, or before a restart, is not told apart any more.
    history_.clear();
    learning_ = false;
    enter_ = status.admission.enter;
  }
  if (!begun_) {
    begun_ = true;
    const auto seen = static_cast<double>(status.counts.entered) + missed;
    calls_ = std::min(seen, remembered_calls_max);
    missed_ = seen > 0 ? missed * calls_ / seen : 0;
  }
  remember(now, status);
  const double in_time = called_until(now - status.admission.enter);
  if (in_time >= 0) learn(in_time, missed);
  const double called_now = in(status, FanState::kCalled);
  // Where it is not known when they were called, all of them count as called just now.
  recent_calls_ = std::max(in_time >= 0 ? called - in_time : 0.0, called_now);
  still_to_come_ = std::max(0.0, called_now - (1.0 - share()) * recent_calls_);
  leaving_ = expect_leaving(now, status);
  outstanding_max_ = solve(status);
}

}  // namespace frontrow::queue
