// What is due, and carrying it out: timers in the order of their deadlines, then the calling.
#include <algorithm>

#include "base/assert.hpp"
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

std::optional<SaleTime> Engine::State::next_timer() const {
  std::optional<SaleTime> earliest;
  const auto consider = [&](const auto& records, std::uint32_t head) {
    if (head != no_index && (!earliest || records[head].deadline < *earliest))
      earliest = records[head].deadline;
  };
  for (const auto& list : order_timers_) consider(orders_, list.head());
  for (const auto& list : fan_timers_) consider(fans_, list.head());
  return earliest;
}

bool Engine::State::carry_out_next_timer(SaleTime now) {
  const std::optional<SaleTime> earliest = next_timer();
  if (!earliest || *earliest > now) return false;
  for (const auto& list : order_timers_) {
    const std::uint32_t head = list.head();
    if (head == no_index || orders_[head].deadline != *earliest) continue;
    if (orders_[head].state != OrderState::kPaying)
      end_order(OrderId{head}, OrderState::kExpired);
    else if (!prolong_payment(OrderId{head}))
      want_cancel(OrderId{head}, false);
    return true;
  }
  for (const auto& list : fan_timers_) {
    const std::uint32_t head = list.head();
    if (head == no_index || fans_[head].deadline != *earliest) continue;
    if (fans_[head].state == FanState::kCalled)
      miss_turn(FanId{head});
    else
      end_turn(FanId{head});
    return true;
  }
  FRONTROW_ASSERT(false);
}

std::uint32_t Engine::State::callable() const {
  if (!drawn_ || closed_ || is_paused() || seats_.totals().free == 0 || calls_per_second() == 0)
    return 0;
  const std::uint32_t outstanding = fans_in(FanState::kCalled) + fans_in(FanState::kShopping);
  const std::uint32_t bound = outstanding_max();
  if (outstanding >= bound) return 0;
  return std::min({bound - outstanding, line_.waiting(), calls_per_tick_max});
}

std::uint32_t Engine::State::calls_per_second() const {
  return admission_.pinned ? admission_.per_second
                           : std::min(admission_.per_second, pace_.calls_per_second);
}

std::uint32_t Engine::State::outstanding_max() const {
  if (admission_.pinned || pace_.outstanding_max == 0) return admission_.max_shoppers;
  return std::min(pace_.outstanding_max, admission_.max_shoppers * 2);
}

Rejection Engine::State::on(const SetPace& command, Reply&) {
  if (admission_.pinned) return Rejection::kNotDue;
  pace_ = command.pace;
  bucket_.set_rate(sale_now(), calls_per_second());
  return Rejection::kNone;
}

std::uint32_t Engine::State::calls_wanted() const {
  // Calls are made by the handful, so that a fast rate does not mean a command for each fan.
  return std::min(callable(), std::max<std::uint32_t>(1, bucket_.burst() / 2));
}

void Engine::State::call_fans() {
  if (calls_wanted() == 0) return;
  const std::uint32_t calls = std::min(callable(), bucket_.calls_at(sale_now()));
  if (calls == 0) return;
  bucket_.take(sale_now(), calls);
  for (std::uint32_t n = 0; n < calls; ++n) {
    const FanId fan = line_.call_next();
    FanEdit edit(*this, fan);
    edit->state = FanState::kCalled;
    ++counts_.called;
    note_fact(FactKind::kCalled, fan);
    start_fan_timer(fan, TimerKind::kEnter, admission_.enter);
  }
}

bool Engine::State::tick_is_due(Instant now) const {
  if (!lobby_opened_ && now >= lobby_opens_at_) return true;
  if (!companions_open_ && definition_.seating.companions_open_at &&
      now >= *definition_.seating.companions_open_at)
    return true;
  if (!closed_ && now >= closes_at_) return true;
  const SaleTime sale_time = sale_time_at(now);
  if (const auto earliest = next_timer(); earliest && *earliest <= sale_time) return true;
  const std::uint32_t wanted = calls_wanted();
  return wanted > 0 && bucket_.calls_at(sale_time) >= wanted;
}

Rejection Engine::State::on(const Tick&, Reply&) {
  if (!tick_is_due(now_)) return Rejection::kNotDue;
  if (now_ >= lobby_opens_at_) lobby_opened_ = true;
  if (const auto& open_at = definition_.seating.companions_open_at;
      !companions_open_ && open_at && now_ >= *open_at) {
    companions_open_ = true;
    search_.unlock();
    waitlist_.touch_all();
  }
  if (!closed_ && now_ >= closes_at_) close_round();
  const SaleTime now = sale_now();
  for (std::uint32_t done = 0; done < timers_per_tick_max && carry_out_next_timer(now); ++done) {
  }
  // Seats that came free are offered to the waitlist before they are a reason to call anybody.
  match_waitlist();
  call_fans();
  return Rejection::kNone;
}

std::optional<Command> Engine::State::due(Instant now) const {
  if (sequence_ == 0) return std::nullopt;
  if (!lobby_closed_ && now >= draw_at_) return CloseLobby{root_of_lobby(), lobby_count_};
  if (draw_is_due(now)) return DrawLine{};
  if (drawn_ && !late_windows_open_.empty() && now >= late_window_due())
    return CloseLateWindow{late_windows_open_.front().number, 0, {}, {}};
  if (tick_is_due(now)) return Tick{};
  return std::nullopt;
}

std::optional<Instant> Engine::State::next_due() const {
  if (sequence_ == 0) return std::nullopt;
  std::optional<Instant> earliest;
  const auto consider = [&](Instant instant) {
    if (!earliest || instant < *earliest) earliest = instant;
  };
  // Only what the engine waits for; what is past is due at once.
  if (!lobby_closed_) consider(draw_at_);
  if (lobby_closed_ && !drawn_)
    consider(draw_is_due(now_) ? now_ : draw_at_ + definition_.draw.beacon->wait);
  if (drawn_ && !late_windows_open_.empty()) consider(late_window_due());
  if (!lobby_opened_) consider(lobby_opens_at_);
  if (!companions_open_ && definition_.seating.companions_open_at)
    consider(*definition_.seating.companions_open_at);
  if (!closed_) consider(closes_at_);
  const auto consider_sale_time = [&](SaleTime time) {
    if (!is_paused())
      consider(Instant{time.microseconds} + sale_offset_);
    else if (time <= sale_now())
      consider(now_);
  };
  if (const auto timer = next_timer()) consider_sale_time(*timer);
  if (const std::uint32_t wanted = calls_wanted(); wanted > 0)
    consider_sale_time(bucket_.time_of(wanted));
  return earliest;
}

}  // namespace frontrow
