#include "http/order_json.hpp"

#include <array>

#include "base/id_text.hpp"

namespace frontrow::http {
namespace {

constexpr std::array<std::string_view, 7> state_names = {
    "held", "paying", "paid", "released", "expired", "refunding", "refunded"};

std::string_view payment_state_name(PaymentState state) {
  switch (state) {
    case PaymentState::kNone:
      return "none";
    case PaymentState::kPending:
      return "pending";
    case PaymentState::kAction:
      return "action";
    case PaymentState::kSucceeded:
      return "succeeded";
    case PaymentState::kFailed:
      return "failed";
  }
  return "none";
}

std::string_view arrangement_name(Arrangement arrangement) {
  switch (arrangement) {
    case Arrangement::kAsAsked:
      return "as-asked";
    case Arrangement::kSideBySide:
      return "side-by-side";
    case Arrangement::kNearby:
      return "nearby";
    case Arrangement::kScattered:
      return "scattered";
  }
  return "as-asked";
}

void write_payment(JsonWriter& json, const PaymentView& payment) {
  if (payment.state == PaymentState::kNone) {
    json.null();
    return;
  }
  json.begin_object();
  json.field("method", payment.method == PaymentMethod::kCard ? "card" : "promptpay");
  json.field("state", payment_state_name(payment.state));
  if (payment.failure == PaymentFailure::kNone)
    json.null_field("failure_code");
  else
    json.field("failure_code", payment_failure_code(payment.failure));
  json.key("next_action");
  if (payment.state == PaymentState::kAction && !payment.action.empty())
    json.raw(payment.action);
  else
    json.null();
  json.end_object();
}

}  // namespace

std::string_view order_state_name(OrderState state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::uint8_t parse_order_state(std::string_view name) {
  for (std::size_t n = 0; n < state_names.size(); ++n)
    if (state_names[n] == name) return static_cast<std::uint8_t>(n);
  return 255;
}

std::string_view payment_failure_code(PaymentFailure failure) {
  switch (failure) {
    case PaymentFailure::kNone:
      return "";
    case PaymentFailure::kDeclined:
      return "declined";
    case PaymentFailure::kInsufficientFunds:
      return "insufficient-funds";
    case PaymentFailure::kExpiredCard:
      return "expired-card";
    case PaymentFailure::kFraudSuspected:
      return "fraud-suspected";
    case PaymentFailure::kNotFoundAtGateway:
      return "not-found";
    case PaymentFailure::kCancelled:
      return "cancelled";
    case PaymentFailure::kGatewayUnavailable:
      return "gateway-unavailable";
    case PaymentFailure::kInvalidToken:
      return "invalid-token";
  }
  return "";
}

void write_order(JsonWriter& json, const OrderView& order, const RoundDefinition& round,
                 bool with_fan) {
  const Plan& plan = *round.plan;
  json.begin_object();
  json.field("id", to_text(order.id));
  if (with_fan) json.field("fan", to_text(order.fan));
  json.field("state", order_state_name(order.state));
  json.field("origin", order.origin == OrderOrigin::kSale ? "sale" : "waitlist");
  if (order.arrangement != Arrangement::kAsAsked)
    json.field("arrangement", arrangement_name(order.arrangement));
  json.key("seats").begin_array();
  for (const SeatIndex index : order.seats) {
    const PlanSeat& seat = plan.seat(index);
    const PlanRow& row = plan.row(seat.row);
    json.begin_object();
    json.field("id", seat.id);
    json.field("zone", plan.zone(seat.zone).id);
    json.field("row", row.id);
    json.field("row_label", row.label);
    json.field("number", seat.number);
    json.key("price").money(round.price_of(index), round.currency);
    json.end_object();
  }
  json.end_array();
  json.key("total").money(order.total, round.currency);
  json.field("created_at", order.created_at);
  if (order.held_until.microseconds == 0)
    json.null_field("held_until");
  else
    json.field("held_until", order.held_until);
  json.key("payment");
  write_payment(json, order.payment);
  json.end_object();
}

std::string order_json(const OrderView& order, const RoundDefinition& round) {
  std::string out;
  JsonWriter json(out);
  write_order(json, order, round);
  return out;
}

}  // namespace frontrow::http
