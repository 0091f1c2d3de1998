// Paying, what the gateway says of it, and money that goes back.
#include <algorithm>

#include "base/assert.hpp"
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

namespace {

/// Whether a payment failed by what the gateway or a bank said of it.
bool is_gateways_word(PaymentFailure failure) {
  switch (failure) {
    case PaymentFailure::kDeclined:
    case PaymentFailure::kInsufficientFunds:
    case PaymentFailure::kExpiredCard:
    case PaymentFailure::kFraudSuspected:
    case PaymentFailure::kInvalidToken:
      return true;
    case PaymentFailure::kNone:
    case PaymentFailure::kNotFoundAtGateway:
    case PaymentFailure::kCancelled:
    case PaymentFailure::kGatewayUnavailable:
      return false;
  }
  return false;
}

}  // namespace

Rejection Engine::State::on(const StartPayment& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  if (!is_own_order(command.fan, command.order)) return Rejection::kNotFound;
  if (const auto recalled = recall(command.fan, command.idempotency))
    return show_again(*recalled, reply);
  const OrderRecord& before = orders_[command.order.value];
  if (before.state != OrderState::kHeld || before.deadline <= sale_now())
    return Rejection::kOrderNotPayable;
  {
    OrderEdit edit(*this, command.order);
    stop_order_timer(command.order);
    start_order_timer(command.order, TimerKind::kPayment, sale_now() + definition_.sale.payment);
    ++edit->attempt;
    edit->state = OrderState::kPaying;
    edit->payment = PaymentState::kPending;
    edit->method = command.method;
    edit->failure = PaymentFailure::kNone;
    edit->accept_alternative = command.accept_alternative;
  }
  ++counts_.payments_started;
  ++counts_.payments_by_method[static_cast<std::size_t>(command.method)];
  const OrderRecord& order = orders_[command.order.value];
  effects_->events.emplace_back(
      ChargeWanted{command.order, order.attempt, order.method, order.total});
  remember(command.fan, command.idempotency, command.order.value);
  return show(command.order, reply);
}

Rejection Engine::State::on(const RecordPaymentAction& command, Reply& reply) {
  if (!exists(command.order)) return Rejection::kPaymentUnknown;
  const OrderRecord& record = orders_[command.order.value];
  if (record.state != OrderState::kPaying || record.attempt != command.attempt)
    return Rejection::kPaymentUnknown;
  if (record.payment == PaymentState::kPending) ++counts_.payments_answered;
  {
    OrderEdit edit(*this, command.order);
    edit->payment = PaymentState::kAction;
    set_action(command.order, command.action);
  }
  return show(command.order, reply);
}

Rejection Engine::State::on(const RecordPaymentFailure& command, Reply& reply) {
  if (!exists(command.order)) return Rejection::kPaymentUnknown;
  const OrderRecord& record = orders_[command.order.value];
  if (record.state != OrderState::kPaying || record.attempt != command.attempt)
    return Rejection::kPaymentUnknown;
  ++counts_.payments_failed;
  if (record.payment == PaymentState::kPending)
    ++(is_gateways_word(command.failure) ? counts_.payments_answered : counts_.payments_unanswered);
  if (record.cancel_wanted) {
    end_order(command.order, record.release_wanted ? OrderState::kReleased : OrderState::kExpired,
              command.failure);
    return show(command.order, reply);
  }
  {
    OrderEdit edit(*this, command.order);
    set_action(command.order, {});
    edit->payment = PaymentState::kFailed;
    edit->failure = command.failure;
    edit->state = OrderState::kHeld;
    // What is left of the time to pay stays, where it is enough to try again.
    const SaleTime at_least = sale_now() + grace_after_decline;
    if (edit->deadline < at_least) {
      stop_order_timer(command.order);
      start_order_timer(command.order, TimerKind::kGrace, at_least);
    }
  }
  return show(command.order, reply);
}

void Engine::State::want_cancel(OrderId order, bool release) {
  const bool asked_before = orders_[order.value].cancel_wanted;
  stop_order_timer(order);
  OrderEdit edit(*this, order);
  edit->cancel_wanted = true;
  if (release) edit->release_wanted = true;
  if (!asked_before) effects_->events.emplace_back(CancelWanted{order, edit->attempt});
}

void Engine::State::mark_paid(OrderId order, std::uint32_t attempt) {
  if (orders_[order.value].state == OrderState::kPaying) {
    if (orders_[order.value].payment == PaymentState::kPending) ++counts_.payments_answered;
    const SaleTime began = orders_[order.value].deadline - definition_.sale.payment;
    // Where the deadline was moved, what is known is that it took longer than the time to pay.
    const Duration least = orders_[order.value].prolonged ? definition_.sale.payment : Duration{};
    counts_.payment_microseconds += std::max(sale_now() - began, least).microseconds;
  }
  ++counts_.payments_succeeded;
  stop_order_timer(order);
  OrderEdit edit(*this, order);
  set_action(order, {});
  seats_.sell(seats_of(*edit.operator->()));
  note_seats(FactKind::kSold, order);
  --fans_[edit->fan.value].open_orders;
  // With one open order less the fan may be offered seats that they were passed over for.
  if (const auto entry = backgrounds_[edit->fan.value].waitlist_entry; entry.exists())
    waitlist_.touch_entry(entry);
  edit->state = OrderState::kPaid;
  edit->payment = PaymentState::kSucceeded;
  edit->failure = PaymentFailure::kNone;
  edit->captured_attempt = attempt;
  edit->cancel_wanted = false;
  edit->release_wanted = false;
}

Rejection Engine::State::on(const RecordPaymentSuccess& command, Reply& reply) {
  if (!exists(command.order)) return Rejection::kPaymentUnknown;
  const OrderRecord& order = orders_[command.order.value];
  if (command.attempt == 0 || command.attempt > order.attempt || command.amount != order.total)
    return Rejection::kPaymentUnknown;
  const bool known =
      command.attempt == order.captured_attempt ||
      std::any_of(extra_captures_.begin(), extra_captures_.end(), [&](const ExtraCapture& extra) {
        return extra.order == command.order && extra.attempt == command.attempt;
      });
  if (known) return show(command.order, reply);
  switch (order.state) {
    case OrderState::kPaying:
      // An older attempt that was said to have failed: the open one pays for the seats.
      if (command.attempt != order.attempt)
        return refund_extra(command.order, command.attempt, reply);
      mark_paid(command.order, command.attempt);
      return show(command.order, reply);
    case OrderState::kHeld:
      mark_paid(command.order, command.attempt);
      return show(command.order, reply);
    case OrderState::kReleased:
    case OrderState::kExpired:
      accept_late_money(command.order, command.attempt);
      return show(command.order, reply);
    case OrderState::kPaid:
    case OrderState::kRefunding:
    case OrderState::kRefunded:
      return refund_extra(command.order, command.attempt, reply);
  }
  return Rejection::kPaymentUnknown;
}

Rejection Engine::State::refund_extra(OrderId order, std::uint32_t attempt, Reply& reply) {
  if (extra_captures_.size() >= extra_captures_max) return Rejection::kRoundFull;
  const Amount amount = orders_[order.value].total;
  extra_captures_.push_back({order, attempt, amount, false});
  hash_.add(hash_of_extra(extra_captures_.back()));
  effects_->events.emplace_back(RefundWanted{order, attempt, amount});
  return show(order, reply);
}

void Engine::State::accept_late_money(OrderId order, std::uint32_t attempt) {
  const OrderRecord& record = orders_[order.value];
  const FanId fan = record.fan;
  const bool allowed = !fans_[fan.value].banned && fans_[fan.value].seats_counted +
                                                           backgrounds_[fan.value].seats_elsewhere +
                                                           record.seat_count <=
                                                       definition_.sale.max_seats_per_fan;
  std::vector<SeatIndex> alternative;
  if (!allowed ||
      !(take_again(order) || (record.accept_alternative && take_alternative(order, alternative)))) {
    begin_refund(order, attempt);
    return;
  }
  OrderEdit edit(*this, order);
  if (!alternative.empty()) edit->first_seat = store_seats(alternative);
  seats_.hold_taken(seats_of(*edit.operator->()), order);
  seats_.sell(seats_of(*edit.operator->()));
  note_seats(FactKind::kSold, order);
  FanRecord& its_fan = fans_[fan.value];
  its_fan.seats_counted = static_cast<std::uint16_t>(its_fan.seats_counted + edit->seat_count);
  unlink_order(order, its_fan.ended_orders);
  link_order(order, its_fan.live_orders);
  edit->state = OrderState::kPaid;
  edit->payment = PaymentState::kSucceeded;
  edit->failure = PaymentFailure::kNone;
  edit->captured_attempt = attempt;
  edit->release_wanted = false;
}

bool Engine::State::take_again(OrderId order) {
  const SeatSpan seats = seats_of(orders_[order.value]);
  if (!std::all_of(seats.begin(), seats.end(), [&](SeatIndex s) { return seats_.is_free(s); }))
    return false;
  for (const SeatIndex seat : seats) seats_.try_take(seat);
  return true;
}

bool Engine::State::take_alternative(OrderId order, std::vector<SeatIndex>& taken) {
  const SeatSpan seats = seats_of(orders_[order.value]);
  if (!order_seats_.has_room(seats.size())) return false;
  // As good means of the same categories, so each at the same price.
  std::vector<std::uint32_t> wanted(definition_.plan->categories.size(), 0);
  for (const SeatIndex seat : seats) ++wanted[seats_.category_of(seat).value];
  for (std::size_t n = 0; n < wanted.size(); ++n) {
    if (wanted[n] == 0) continue;
    const auto found = search_.in_category(CategoryIndex{static_cast<std::uint16_t>(n)}, wanted[n],
                                           Together::kPreferred);
    if (!found) {
      for (const SeatIndex seat : taken) seats_.put_back(seat);
      taken.clear();
      return false;
    }
    for (const SeatIndex seat : found->seats) {
      seats_.try_take(seat);
      taken.push_back(seat);
    }
  }
  return true;
}

Rejection Engine::State::on(const ReturnOrder& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  if (!is_own_order(command.fan, command.order)) return Rejection::kNotFound;
  if (const auto recalled = recall(command.fan, command.idempotency))
    return show_again(*recalled, reply);
  const OrderRecord& order = orders_[command.order.value];
  if (order.state != OrderState::kPaid) return Rejection::kOrderNotPaid;
  if (now_ >= definition_.sale.returns_until) return Rejection::kReturnClosed;
  begin_refund(command.order, order.captured_attempt);
  remember(command.fan, command.idempotency, command.order.value);
  return show(command.order, reply);
}

Rejection Engine::State::on(const RefundOrder& command, Reply& reply) {
  if (!exists(command.order)) return Rejection::kNotFound;
  const OrderRecord& order = orders_[command.order.value];
  if (order.state != OrderState::kPaid) return Rejection::kOrderNotPaid;
  begin_refund(command.order, order.captured_attempt);
  return show(command.order, reply);
}

Rejection Engine::State::on(const RecordRefund& command, Reply& reply) {
  if (!exists(command.order)) return Rejection::kPaymentUnknown;
  if (orders_[command.order.value].state == OrderState::kRefunding) {
    OrderEdit edit(*this, command.order);
    edit->state = OrderState::kRefunded;
    FanRecord& fan = fans_[edit->fan.value];
    unlink_order(command.order, fan.live_orders);
    link_order(command.order, fan.ended_orders);
  } else {
    // The order's own refund comes first in the account; then those of captures beside it.
    const auto extra = std::find_if(
        extra_captures_.begin(), extra_captures_.end(), [&](const ExtraCapture& candidate) {
          return candidate.order == command.order && !candidate.refunded;
        });
    if (extra == extra_captures_.end()) return Rejection::kPaymentUnknown;
    hash_.remove(hash_of_extra(*extra));
    extra->refunded = true;
    hash_.add(hash_of_extra(*extra));
  }
  return show(command.order, reply);
}

}  // namespace frontrow
