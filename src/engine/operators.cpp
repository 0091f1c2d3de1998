// Operators' acts. Refunds are with the payments.
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

void Engine::State::run_sale_clock() {
  if (!is_paused()) return;
  sale_offset_ = sale_offset_ + (now_ - paused_at_);
  paused_at_ = {};
}

void Engine::State::close_round() {
  // What goes on after the close goes on in running time.
  run_sale_clock();
  closed_ = true;
}

Rejection Engine::State::on(const SetPhase& command, Reply&) {
  switch (command.phase) {
    case RequestedPhase::kClosed:
      close_round();
      return Rejection::kNone;
    case RequestedPhase::kPaused:
      if (is_closed()) return Rejection::kPhaseRefused;
      if (!is_paused()) paused_at_ = now_;
      return Rejection::kNone;
    case RequestedPhase::kOnSale:
      // It only undoes a pause: it neither opens a lobby nor makes a draw.
      if (is_closed() || (!is_paused() && !drawn_)) return Rejection::kPhaseRefused;
      run_sale_clock();
      return Rejection::kNone;
  }
  return Rejection::kPhaseRefused;
}

Rejection Engine::State::on(const SetSchedule& command, Reply&) {
  const bool lobby_is_open = now_ >= lobby_opens_at_;
  const bool in_order =
      command.lobby_opens_at <= command.draw_at && command.draw_at <= command.closes_at;
  const bool later = command.lobby_opens_at >= lobby_opens_at_ && command.draw_at >= draw_at_ &&
                     command.closes_at >= closes_at_;
  if (now_ >= draw_at_ || is_closed() || !in_order || !later ||
      (lobby_is_open && command.lobby_opens_at != lobby_opens_at_))
    return Rejection::kScheduleRefused;
  lobby_opens_at_ = command.lobby_opens_at;
  draw_at_ = command.draw_at;
  closes_at_ = command.closes_at;
  return Rejection::kNone;
}

Rejection Engine::State::on(const SetAdmission& command, Reply&) {
  admission_ = command.rules;
  // How many may be outstanding was worked out for the rules that were: the controller does it
  // anew. What holds the calls back is still there.
  pace_.outstanding_max = 0;
  bucket_.set_rate(sale_now(), calls_per_second());
  return Rejection::kNone;
}

Rejection Engine::State::on(const BlockSeats& command, Reply& reply) {
  std::vector<SeatIndex> taken;
  for (const SeatIndex seat : command.seats) {
    if (!seats_.exists(seat)) return Rejection::kUnknownSeat;
    if (seats_.order_of(seat).exists()) taken.push_back(seat);
  }
  if (!taken.empty()) {
    reply.body = ConflictView{std::move(taken), {}};
    return Rejection::kSeatsUnavailable;
  }
  // One that is blocked already, or named twice, stays blocked.
  for (const SeatIndex seat : command.seats)
    if (seats_.is_free(seat))
      seats_.block(seat, command.why);
    else
      seats_.set_reason(seat, command.why);
  return Rejection::kNone;
}

Rejection Engine::State::on(const UnblockSeats& command, Reply& reply) {
  std::vector<SeatIndex> not_blocked;
  for (const SeatIndex seat : command.seats) {
    if (!seats_.exists(seat)) return Rejection::kUnknownSeat;
    if (seats_.state(seat) != SeatState::kBlocked) not_blocked.push_back(seat);
  }
  if (!not_blocked.empty()) {
    reply.body = ConflictView{std::move(not_blocked), {}};
    return Rejection::kSeatInOtherState;
  }
  for (const SeatIndex seat : command.seats) {
    if (seats_.is_free(seat)) continue;
    const ZoneIndex zone = seats_.zone_of(seat);
    if (zone_closed_[zone.value] != 0) {
      // It comes free with its zone.
      seats_.set_reason(seat, BlockReason::kZoneClosed);
      continue;
    }
    seats_.unblock(seat);
    waitlist_.touch_seat(zone, seats_.category_of(seat));
  }
  return Rejection::kNone;
}

Rejection Engine::State::on(const SetZoneOpen& command, Reply&) {
  if (command.zone.value >= zone_closed_.size()) return Rejection::kUnknownZone;
  const PlanZone& zone = definition_.plan->zone(command.zone);
  zone_closed_[command.zone.value] = command.open ? 0 : 1;
  for (std::uint32_t n = 0; n < zone.seat_count; ++n) {
    const SeatIndex seat{zone.first_seat.value + n};
    const SeatState state = seats_.state(seat);
    if (!command.open) {
      if (state == SeatState::kFree) seats_.block(seat, BlockReason::kZoneClosed);
    } else if (state == SeatState::kBlocked && seats_.reason_of(seat) == BlockReason::kZoneClosed) {
      seats_.unblock(seat);
      waitlist_.touch_seat(command.zone, seats_.category_of(seat));
    }
  }
  return Rejection::kNone;
}

Rejection Engine::State::on(const MoveCategory& command, Reply& reply) {
  if (now_ >= draw_at_) return Rejection::kCategoryFixed;
  if (command.category.value >= definition_.plan->categories.size())
    return Rejection::kUnknownCategory;
  std::vector<SeatIndex> taken;
  for (const SeatIndex seat : command.seats) {
    if (!seats_.exists(seat)) return Rejection::kUnknownSeat;
    if (seats_.order_of(seat).exists()) taken.push_back(seat);
  }
  if (!taken.empty()) {
    reply.body = ConflictView{std::move(taken), {}};
    return Rejection::kSeatsUnavailable;
  }
  for (const SeatIndex seat : command.seats) {
    seats_.move_category(seat, command.category);
    effects_->moved.push_back(seat);
    if (seats_.is_free(seat)) waitlist_.touch_seat(seats_.zone_of(seat), command.category);
  }
  search_.categories_moved();
  return Rejection::kNone;
}

Rejection Engine::State::on(const BanFan& command, Reply& reply) {
  if (!exists(command.fan)) return Rejection::kNotFound;
  if (!fans_[command.fan.value].banned) {
    {
      FanEdit edit(*this, command.fan);
      if (edit->state == FanState::kWaiting) {
        // The slot stays, for the case that the ban is lifted.
        if (edit->slot.exists())
          line_.set_waiting(edit->slot, false);
        else
          --late_waiting_;
      } else if (edit->state == FanState::kCalled || edit->state == FanState::kShopping) {
        stop_fan_timer(command.fan);
        edit->state = FanState::kEnded;
      }
      edit->banned = true;
    }
    drop_waitlist_entry(command.fan);
    std::uint32_t next = no_index;
    for (std::uint32_t order = fans_[command.fan.value].live_orders; order != no_index;
         order = next) {
      next = orders_[order].of_fan.next;
      if (orders_[order].state == OrderState::kHeld)
        end_order(OrderId{order}, OrderState::kReleased);
      else if (orders_[order].state == OrderState::kPaying)
        want_cancel(OrderId{order}, true);
    }
  }
  reply.body = fan_detail(command.fan);
  return Rejection::kNone;
}

Rejection Engine::State::on(const UnbanFan& command, Reply& reply) {
  if (!exists(command.fan)) return Rejection::kNotFound;
  if (fans_[command.fan.value].banned) {
    FanEdit edit(*this, command.fan);
    edit->banned = false;
    if (edit->state == FanState::kWaiting) {
      if (!edit->slot.exists()) {
        ++late_waiting_;
      } else {
        // Those who were called over this fan's head are not called back.
        if (line_.has_passed(edit->slot)) edit->slot = line_.put_at_end(command.fan);
        if (edit->slot.exists())
          line_.set_waiting(edit->slot, true);
        else
          edit->state = FanState::kMissed;
      }
    }
  }
  reply.body = fan_detail(command.fan);
  return Rejection::kNone;
}

Rejection Engine::State::on(const PostNotice& command, Reply&) {
  effects_->events.emplace_back(NoticePosted{command.text});
  return Rejection::kNone;
}

Rejection Engine::State::on(const ErasePersonalData& command, Reply&) {
  if (!exists(command.fan)) return Rejection::kNotFound;
  set_recovery_code(command.fan, {});
  FanBackground& background = backgrounds_[command.fan.value];
  hash_.remove(hash_of_background(command.fan));
  if (background.subject != Bytes16{}) subjects_.erase(background.subject);
  background.subject = {};
  hash_.add(hash_of_background(command.fan));
  return Rejection::kNone;
}

}  // namespace frontrow
