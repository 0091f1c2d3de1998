#include "audit/round_payments.hpp"

namespace frontrow::audit {
namespace {

RoundPayment::State state_of(const PaymentRecord& record, const OrderView& order,
                             std::uint32_t attempt) {
  switch (record.state) {
    case PaymentRecord::State::kPending:
      // What a later attempt has replaced is over, whether or not it was told.
      return order.state == OrderState::kPaying && order.payment.attempt == attempt
                 ? RoundPayment::State::kOpen
                 : RoundPayment::State::kFailed;
    case PaymentRecord::State::kFailed:
      return RoundPayment::State::kFailed;
    case PaymentRecord::State::kCaptured:
      return record.pays && order.state == OrderState::kPaid ? RoundPayment::State::kPays
                                                             : RoundPayment::State::kOwed;
    case PaymentRecord::State::kRefunded:
      return RoundPayment::State::kReturned;
  }
  return RoundPayment::State::kOpen;
}

}  // namespace

std::vector<RoundPayment> round_payments(const PaymentHistory& history, const Engine& engine,
                                         const ReferenceOf& reference_of) {
  std::vector<RoundPayment> payments;
  payments.reserve(history.records().size());
  for (const auto& [id, record] : history.records())
    payments.push_back({reference_of(id.first, id.second), record.amount,
                        state_of(record, engine.order(id.first), id.second)});
  return payments;
}

}  // namespace frontrow::audit
