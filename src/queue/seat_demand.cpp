#include "queue/seat_demand.hpp"

#include <algorithm>
#include <cmath>

#include "queue/measured_text.hpp"
#include "queue/turn_up.hpp"

namespace frontrow::queue {
namespace {

double in(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}

double orders(const RoundStatus& status, OrderState state) {
  return status.orders_by_state[static_cast<std::size_t>(state)];
}

double share_that_returns(const RoundStatus& status) {
  const double given_up =
      orders(status, OrderState::kReleased) + orders(status, OrderState::kExpired);
  const double kept = orders(status, OrderState::kPaid) + orders(status, OrderState::kRefunding) +
                      orders(status, OrderState::kRefunded);
  return (given_up + SeatDemand::prior_return * SeatDemand::prior_orders) /
         (given_up + kept + SeatDemand::prior_orders);
}

}  // namespace

void SeatDemand::learn(const SaleCounts& counts) {
  const auto all_turns = static_cast<double>(counts.turns_ended);
  const auto all_seats = static_cast<double>(counts.turn_seats);
  double turns = all_turns - last_turns_;
  double seats = all_seats - last_seats_;
  if (!begun_ && turns > remembered_turns_max) {
    seats *= remembered_turns_max / turns;
    turns = remembered_turns_max;
  }
  last_turns_ = all_turns;
  last_seats_ = all_seats;
  if (turns > 0) {
    // Turns that end together show their variance by how far off their sum is. After a restart
    // only the sum of all is known, and tells nothing of it.
    const double off = seats - turns * take_;
    squares_ += begun_ ? off * off : turns * prior_variance;
    turns_ += turns;
    seats_ += seats;
  }
  begun_ = true;
  if (turns_ > remembered_turns_max) {
    const double part = remembered_turns_max / turns_;
    turns_ *= part;
    seats_ *= part;
    squares_ *= part;
  }
  take_ = (seats_ + prior_take * prior_turns) / (turns_ + prior_turns);
  variance_ = (squares_ + prior_variance * prior_turns) / (turns_ + prior_turns);
}

std::uint32_t SeatDemand::solve(const RoundStatus& status, const TurnUp& turn_up,
                                double left) const {
  const double p = turn_up.share();
  const double each = p * (variance_ + take_ * take_) - p * p * take_ * take_;
  double least = 0, most = 2.0 * status.admission.max_shoppers;
  for (int step = 0; step < 40; ++step) {
    const double further = (least + most) / 2;
    const double surely = expected_ + further * p * take_ -
                          sure * std::sqrt(deviation_ * deviation_ + further * each);
    if (surely <= left)
      least = further;
    else
      most = further;
  }
  return static_cast<std::uint32_t>(std::ceil(least));
}

double SeatDemand::still_choosing(SaleTime now, const RoundStatus& status) {
  const SaleCounts& counts = status.counts;
  const Duration turn =
      counts.turns_ended == 0
          ? prior_turn
          : Duration{counts.turn_microseconds / static_cast<std::int64_t>(counts.turns_ended)};
  const Duration step{turn.microseconds / static_cast<int>(samples_max / 2)};
  if (history_.size() >= 2 && now - history_[history_.size() - 2].at < step)
    history_.back() = {now, counts.entered};
  else if (history_.empty() || now > history_.back().at)
    history_.push_back({now, counts.entered});
  while (history_.size() > samples_max || (history_.size() > 1 && history_[1].at <= now - turn))
    history_.pop_front();
  const double shopping = in(status, FanState::kShopping);
  // Who is in the shop for longer than most has chosen; where it is not known how long, nobody.
  if (history_.front().at > now - turn && history_.front().entered > 0) return shopping;
  return std::min(shopping, static_cast<double>(counts.entered - history_.front().entered));
}

void SeatDemand::observe(SaleTime now, const RoundStatus& status, const TurnUp& turn_up) {
  learn(status.counts);
  const double shopping = in(status, FanState::kShopping);
  const double choosing = still_choosing(now, status);
  const double coming = turn_up.still_to_come();
  const double returns = share_that_returns(status) * status.seats.held;
  const double left = status.seats.free + returns;

  // Seats that are held or sold and were not brought home from a turn are shoppers' own.
  const double taken = std::max(0.0, static_cast<double>(status.seats.held) + status.seats.sold -
                                         static_cast<double>(status.counts.turn_seats));
  const double shoppers_take =
      std::clamp(shopping * take_ - taken, 0.0, choosing * take_ * ahead_of_shopper);
  const double people = choosing * ahead_of_shopper + coming;
  expected_ = coming * take_ + shoppers_take;
  deviation_ = std::sqrt(people * variance_ + turn_up.variance(0) * take_ * take_ +
                         people * people * variance_ / (turns_ + prior_turns));

  const double caution = spoken_for_ ? still_sure : sure;
  const bool anybody = in(status, FanState::kCalled) + shopping > 0;
  spoken_for_ = anybody && expected_ > 0 && expected_ - caution * deviation_ >= left;
  further_calls_ = spoken_for_ ? 0 : std::max<std::uint32_t>(1, solve(status, turn_up, left));
  measured_ = std::to_string(status.seats.free) + " seats free and " + rounded(returns) + " of " +
              std::to_string(status.seats.held) + " held ones expected back; " + rounded(shopping) +
              " shoppers and " + rounded(coming) + " called fans are expected to take " +
              rounded(expected_) + ", give or take " + rounded(deviation_);
}

}  // namespace frontrow::queue
