// GET /orders/{id}/tickets: a ticket a seat of a paid order.
#include "base/id_text.hpp"
#include "guard/ticket_signer.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

std::string tickets_json(const OrderView& order, const FrontShared& shared) {
  const guard::TicketSigner& signer = *shared.services.tickets;
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("tickets").begin_array();
  for (std::uint32_t n = 0; n < order.seats.size(); ++n) {
    const SeatIndex seat = order.seats[n];
    json.begin_object();
    json.field("id", "t" + std::to_string(order.id.value) + "-" + std::to_string(n));
    json.field("seat", shared.round->plan->seat(seat).id);
    json.field("code", signer.code(order.id, n, seat, order.ticket_counter));
    json.field("counter", order.ticket_counter);
    if (shared.settings.tickets_rotating) {
      json.key("rotation").begin_object();
      json.field("secret", signer.rotation_secret(order.id, n, order.ticket_counter));
      json.field("period_seconds", guard::ticket_period_seconds);
      json.end_object();
    }
    json.end_object();
  }
  json.end_array().end_object();
  return out;
}

}  // namespace

void get_order_tickets(RequestContext& context) {
  const auto id = parse_order(context.parameter);
  if (!id) {
    context.respond(Problem(Fault::kNotFound));
    return;
  }
  context.submit(Query(GetOrder{context.fan, *id}),
                 [&shared = context.shared()](Reply& reply, const Responder& to) {
                   const auto* order = std::get_if<OrderView>(&reply.body);
                   if (order == nullptr || order->state != OrderState::kPaid || order->tickets_void)
                     to.send(Problem(Rejection::kOrderNotPaid));
                   else
                     to.send(json_response(200, tickets_json(*order, shared)));
                 });
}

}  // namespace frontrow::http
