#include "audit/payment_history.hpp"

namespace frontrow::audit {

const char* name_of(PaymentRecord::State state) {
  switch (state) {
    case PaymentRecord::State::kPending:
      return "pending";
    case PaymentRecord::State::kCaptured:
      return "captured";
    case PaymentRecord::State::kFailed:
      return "failed";
    case PaymentRecord::State::kRefunded:
      return "refunded";
  }
  return "unknown";
}

PaymentRecord* PaymentHistory::find(OrderId order, std::uint32_t attempt) {
  const auto found = records_.find({order, attempt});
  return found != records_.end() ? &found->second : nullptr;
}

void PaymentHistory::take(const Carried& carried) {
  if (carried.reply.rejection != Rejection::kNone || carried.reply.repeated) return;
  if (const auto* start = std::get_if<StartPayment>(&carried.command)) {
    const OrderView order = carried.engine.order(start->order);
    PaymentRecord& record = records_[{start->order, order.payment.attempt}];
    record.method = start->method;
    record.amount = order.total;
    record.started_at = carried.time;
  } else if (const auto* success = std::get_if<RecordPaymentSuccess>(&carried.command)) {
    // A repeat is accepted as well.
    if (PaymentRecord* record = find(success->order, success->attempt);
        record != nullptr && record->captured == 0) {
      bool first = true;
      for (auto at = records_.lower_bound({success->order, 0});
           at != records_.end() && at->first.first == success->order; ++at)
        first = first && !at->second.pays;
      const OrderState state = carried.engine.order(success->order).state;
      // An older attempt than the one that is open is money beside it.
      record->pays = first && state != OrderState::kPaying;
      record->captured = ++captures_;
      record->state = PaymentRecord::State::kCaptured;
      record->amount = success->amount;
      record->failure = PaymentFailure::kNone;
      record->settled_at = carried.time;
      record->gateway_reference = success->gateway_reference;
    }
  } else if (const auto* failure = std::get_if<RecordPaymentFailure>(&carried.command)) {
    if (PaymentRecord* record = find(failure->order, failure->attempt)) {
      record->state = PaymentRecord::State::kFailed;
      record->failure = failure->failure;
      record->settled_at = carried.time;
    }
  } else if (const auto* refund = std::get_if<RecordRefund>(&carried.command)) {
    if (PaymentRecord* record = refunded_by(refund->order, carried)) {
      record->state = PaymentRecord::State::kRefunded;
      record->refunded_at = carried.time;
      record->refund_reference = refund->gateway_reference;
    }
  }
}

PaymentRecord* PaymentHistory::refunded_by(OrderId order, const Carried& carried) {
  const bool own = carried.engine.order(order).state == OrderState::kRefunded;
  PaymentRecord* found = nullptr;
  for (auto at = records_.lower_bound({order, 0}); at != records_.end() && at->first.first == order;
       ++at) {
    PaymentRecord& record = at->second;
    if (record.state != PaymentRecord::State::kCaptured) continue;
    // The order's own refund comes first; then those of captures beside it, in their order.
    if (record.pays) {
      if (own) return &record;
      continue;
    }
    if (found == nullptr || record.captured < found->captured) found = &record;
  }
  return found;
}

}  // namespace frontrow::audit
