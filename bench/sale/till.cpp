#include "sale/till.hpp"

namespace frontrow::sale {
namespace {

constexpr std::uint64_t stream_of_till = 0xffff'ffff'0000'0002U;

}  // namespace

Till::Till(const Scenario& scenario, Stage& stage, Instant draw_at)
    : habits_(scenario.habits),
      stage_(stage),
      gateway_(scenario.gateway, draw_at, scenario.seed),
      random_(scenario.seed, stream_of_till) {}

Till::Charge& Till::charge_of(OrderId order) {
  if (order.value >= charges_.size()) charges_.resize(order.value + 1);
  return charges_[order.value];
}

bool Till::settle(Charge& charge, std::uint32_t attempt) {
  if (charge.settled || charge.attempt != attempt) return false;
  charge.settled = true;
  return true;
}

void Till::wanted(const Event& event) {
  if (const auto* wanted = std::get_if<ChargeWanted>(&event)) {
    const GatewayModel::Answer answer = gateway_.charge(stage_.now());
    charge_of(wanted->order) = {wanted->attempt, false, wanted->method, answer.failure,
                                wanted->amount};
    stage_.plan(answer.at, ActKind::kGatewayAnswers, wanted->order.value, wanted->attempt);
  } else if (const auto* cancel = std::get_if<CancelWanted>(&event)) {
    stage_.plan(gateway_.answer_to_question(stage_.now()), ActKind::kCancelAnswered,
                cancel->order.value, cancel->attempt);
  } else if (const auto* refund = std::get_if<RefundWanted>(&event)) {
    stage_.plan(gateway_.answer_to_question(stage_.now()), ActKind::kRefundAnswered,
                refund->order.value, refund->attempt);
  }
}

OrderId Till::act(const Act& act) {
  const OrderId order{act.subject};
  Charge& charge = charge_of(order);
  switch (act.kind) {
    case ActKind::kGatewayAnswers:
      if (charge.settled || charge.attempt != act.detail) return OrderId::none();
      if (charge.failure == PaymentFailure::kNone && charge.method == PaymentMethod::kPromptPay) {
        stage_.send(RecordPaymentAction{order, act.detail, R"({"type":"qr"})"});
        if (random_.chance(habits_.scan))
          stage_.plan(stage_.now() + draw(habits_.scanning, random_), ActKind::kScanned,
                      act.subject, act.detail);
        return OrderId::none();
      }
      charge.settled = true;
      if (charge.failure == PaymentFailure::kNone) {
        stage_.send(RecordPaymentSuccess{order, act.detail, charge.amount, "simulated"});
        return OrderId::none();
      }
      stage_.send(RecordPaymentFailure{order, act.detail, charge.failure});
      return order;
    case ActKind::kScanned:
      if (settle(charge, act.detail))
        stage_.send(RecordPaymentSuccess{order, act.detail, charge.amount, "simulated"});
      return OrderId::none();
    case ActKind::kCancelAnswered:
      if (settle(charge, act.detail))
        stage_.send(RecordPaymentFailure{order, act.detail, PaymentFailure::kCancelled});
      return OrderId::none();
    case ActKind::kRefundAnswered:
      stage_.send(RecordRefund{order, "simulated"});
      return OrderId::none();
    default:
      return OrderId::none();
  }
}

}  // namespace frontrow::sale
