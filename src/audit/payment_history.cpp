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
    if (PaymentRecord* record = find(success->order, success->attempt)) {
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
    // A refund is of the attempt that was captured; an order has one such at a time.
    for (auto at = records_.lower_bound({refund->order, 0});
         at != records_.end() && at->first.first == refund->order; ++at) {
      if (at->second.state != PaymentRecord::State::kCaptured) continue;
      at->second.state = PaymentRecord::State::kRefunded;
      at->second.refunded_at = carried.time;
      at->second.refund_reference = refund->gateway_reference;
    }
  }
}

}  // namespace frontrow::audit
