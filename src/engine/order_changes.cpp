// What happens to an order, whoever wants it: made, timed, ended, refunded.
#include "base/assert.hpp"
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

bool Engine::State::room_for_order(std::size_t seat_count) const {
  return orders_.has_room() && order_seats_.has_room(seat_count);
}

SeatSpan Engine::State::seats_of(const OrderRecord& order) const {
  return {order_seats_.data() + order.first_seat, order.seat_count};
}

std::uint32_t Engine::State::store_seats(SeatSpan seats) {
  const auto first = static_cast<std::uint32_t>(order_seats_.size());
  for (const SeatIndex seat : seats) order_seats_.push_back(seat);
  return first;
}

OrderId Engine::State::make_order(FanId fan, SeatSpan taken, OrderOrigin origin,
                                  Arrangement arrangement, TimerKind kind, Duration length) {
  const OrderId order{order_count()};
  OrderRecord& record = orders_.push_back(OrderRecord{});
  record.fan = fan;
  record.created_at = now_;
  record.origin = origin;
  record.arrangement = arrangement;
  record.first_seat = store_seats(taken);
  record.seat_count = static_cast<std::uint32_t>(taken.size());
  for (const SeatIndex seat : taken)
    record.total = record.total + definition_.price_by_category[seats_.category_of(seat).value];
  seats_.hold_taken(taken, order);
  counts_.seats_held += record.seat_count;
  FanRecord& its_fan = fans_[fan.value];
  its_fan.seats_counted = static_cast<std::uint16_t>(its_fan.seats_counted + record.seat_count);
  ++its_fan.open_orders;
  link_order(order, its_fan.live_orders);
  start_order_timer(order, kind, sale_now() + length);
  count_order(record, 1);
  hash_.add(hash_of_order(order));
  tell_order(order);
  return order;
}

void Engine::State::link_order(OrderId order, std::uint32_t& head) {
  orders_[order.value].of_fan = {no_index, head};
  if (head != no_index) orders_[head].of_fan.previous = order.value;
  head = order.value;
}

void Engine::State::unlink_order(OrderId order, std::uint32_t& head) {
  const Links links = orders_[order.value].of_fan;
  (links.previous == no_index ? head : orders_[links.previous].of_fan.next) = links.next;
  if (links.next != no_index) orders_[links.next].of_fan.previous = links.previous;
}

std::size_t Engine::State::timer_list_of(const OrderRecord& order) {
  switch (order.timer_kind) {
    case TimerKind::kHold:
    case TimerKind::kPayment:
    case TimerKind::kGrace:
    case TimerKind::kOffer:
      return static_cast<std::size_t>(order.timer_kind);
    case TimerKind::kProlongedInOutage:
      return 4;
    case TimerKind::kProlonged:
      return 5 + static_cast<std::size_t>(order.method);
    case TimerKind::kEnter:
    case TimerKind::kTurn:
    case TimerKind::kNone:
      break;
  }
  FRONTROW_ASSERT(false);
}

void Engine::State::start_order_timer(OrderId order, TimerKind kind, SaleTime deadline) {
  OrderRecord& record = orders_[order.value];
  FRONTROW_ASSERT(record.timer_kind == TimerKind::kNone);
  record.timer_kind = kind;
  order_timers_[timer_list_of(record)].insert(orders_, order.value, deadline);
}

void Engine::State::stop_order_timer(OrderId order) {
  OrderRecord& record = orders_[order.value];
  if (record.timer_kind == TimerKind::kNone) return;
  order_timers_[timer_list_of(record)].remove(orders_, order.value);
  record.timer_kind = TimerKind::kNone;
}

void Engine::State::give_up_seats(OrderId order) {
  const OrderRecord& record = orders_[order.value];
  FanRecord& fan = fans_[record.fan.value];
  fan.seats_counted = static_cast<std::uint16_t>(fan.seats_counted - record.seat_count);
  if (is_open(record.state)) --fan.open_orders;
  seats_.free(seats_of(record));
  if (record.state == OrderState::kPaid)
    counts_.seats_given_back += record.seat_count;
  else
    counts_.seats_let_go += record.seat_count;
  for (const SeatIndex seat : seats_of(record)) {
    const ZoneIndex zone = seats_.zone_of(seat);
    if (zone_closed_[zone.value] != 0)
      seats_.block(seat, BlockReason::kZoneClosed);
    else
      waitlist_.touch_seat(zone, seats_.category_of(seat));
  }
  // The fan may buy more now: their own entry may suit seats that were free already.
  if (waitlist_.count() == 0) return;
  if (const auto entry = backgrounds_[record.fan.value].waitlist_entry; entry.exists())
    waitlist_.touch_entry(entry);
}

void Engine::State::end_order(OrderId order, OrderState end,
                              std::optional<PaymentFailure> failure) {
  FRONTROW_ASSERT(is_open(orders_[order.value].state));
  OrderEdit edit(*this, order);
  if (failure) {
    edit->payment = PaymentState::kFailed;
    edit->failure = *failure;
  }
  account_for_let_go(order);
  stop_order_timer(order);
  set_action(order, {});
  give_up_seats(order);
  edit->state = end;
  edit->cancel_wanted = false;
  edit->release_wanted = false;
  FanRecord& fan = fans_[edit->fan.value];
  unlink_order(order, fan.live_orders);
  link_order(order, fan.ended_orders);
}

void Engine::State::begin_refund(OrderId order, std::uint32_t attempt) {
  OrderEdit edit(*this, order);
  const OrderState before = edit->state;
  if (before == OrderState::kPaid) note_seats(FactKind::kReturned, order);
  if (has_seats(before)) give_up_seats(order);
  FanRecord& fan = fans_[edit->fan.value];
  if (!is_live(before)) {
    unlink_order(order, fan.ended_orders);
    link_order(order, fan.live_orders);
  }
  edit->state = OrderState::kRefunding;
  edit->payment = PaymentState::kSucceeded;
  edit->failure = PaymentFailure::kNone;
  edit->captured_attempt = attempt;
  edit->tickets_void = true;
  effects_->events.emplace_back(RefundWanted{order, attempt, edit->total});
}

void Engine::State::set_action(OrderId order, const std::string& action) {
  if (actions_.empty() && action.empty()) return;
  if (const auto found = actions_.find(order.value); found != actions_.end()) {
    hash_.remove(hash_of_action(order, found->second));
    actions_.erase(found);
  }
  if (action.empty()) return;
  hash_.add(hash_of_action(order, action));
  actions_.emplace(order.value, action);
}

void Engine::State::note_seats(FactKind kind, OrderId order) const {
  for (const SeatIndex seat : seats_of(orders_[order.value]))
    effects_->facts.push_back({sequence_, now_, kind, 0, {}, 0, order, seat});
}

void Engine::State::tell_order(OrderId order) {
  auto& event = effects_->events.emplace_back(std::in_place_type<OrderChanged>);
  fill_view(order, std::get<OrderChanged>(event).order);
}

}  // namespace frontrow
