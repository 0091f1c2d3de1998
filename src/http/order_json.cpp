#include "http/order_json.hpp"

#include "base/id_text.hpp"
#include "base/names.hpp"
#include "text/messages.hpp"

namespace frontrow::http {
namespace {

constexpr std::uint8_t order_state_count = 7;

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
    case Arrangement::kAdjacentRows:
      return "adjacent-rows";
    case Arrangement::kPairs:
      return "pairs";
    case Arrangement::kScattered:
      return "scattered";
  }
  return "as-asked";
}

void write_payment(JsonWriter& json, const PaymentView& payment, std::string_view language) {
  if (payment.state == PaymentState::kNone) {
    json.null();
    return;
  }
  json.begin_object();
  json.field("method", name_of(payment.method));
  json.field("state", payment_state_name(payment.state));
  if (payment.failure == PaymentFailure::kNone)
    json.null_field("failure_code");
  else
    json.field("failure_code", name_of(payment.failure));
  if (payment.failure != PaymentFailure::kNone) {
    const std::string key = "payment." + std::string(name_of(payment.failure));
    json.field("message", text::Messages::get().text(language, key));
  }
  json.key("next_action");
  if (payment.state == PaymentState::kAction && !payment.action.empty())
    json.raw(payment.action);
  else
    json.null();
  json.end_object();
}

}  // namespace

std::uint8_t parse_order_state(std::string_view name) {
  for (std::uint8_t n = 0; n < order_state_count; ++n)
    if (name_of(static_cast<OrderState>(n)) == name) return n;
  return 255;
}

void write_order(JsonWriter& json, const OrderView& order, const RoundDefinition& round,
                 const Published& published, std::string_view language, bool with_fan) {
  const Plan& plan = *round.plan;
  json.begin_object();
  json.field("id", to_text(order.id));
  if (with_fan) json.field("fan", to_text(order.fan));
  json.field("state", name_of(order.state));
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
    json.key("price").money(round.price_of(published.category_of(index)), round.currency);
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
  write_payment(json, order.payment, language);
  json.end_object();
}

std::string order_json(const OrderView& order, const RoundDefinition& round,
                       const Published& published, std::string_view language) {
  std::string out;
  JsonWriter json(out);
  write_order(json, order, round, published, language);
  return out;
}

}  // namespace frontrow::http
