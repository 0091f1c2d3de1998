// A fan's orders: seeing them, letting them go, giving them back.
#include "base/id_text.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"
#include "http/order_json.hpp"

namespace frontrow::http {
namespace {

std::optional<OrderId> order_of(RequestContext& context) {
  const auto order = parse_order(context.parameter);
  if (!order) context.respond(Problem(Fault::kNotFound));
  return order;
}

}  // namespace

void get_orders(RequestContext& context) {
  context.submit(Query(ListOrders{context.fan}),
                 [&shared = context.shared()](Reply& reply, const Responder& to) {
                   std::string out;
                   JsonWriter json(out);
                   json.begin_object().key("orders").begin_array();
                   if (const auto* list = std::get_if<OrderListView>(&reply.body))
                     for (const OrderView& order : list->orders)
                       write_order(json, order, *shared.round, shared.published, to.language());
                   json.end_array().end_object();
                   to.send(json_response(200, std::move(out)));
                 });
}

void get_order(RequestContext& context) {
  const auto order = order_of(context);
  if (!order) return;
  context.submit(Query(GetOrder{context.fan, *order}), answer_order(200, context.shared()));
}

void delete_order(RequestContext& context) {
  if (!context.accept_no_body()) return;
  const auto order = order_of(context);
  if (!order) return;
  context.submit(Command(ReleaseOrder{context.fan, *order}), answer_empty(204));
}

void post_order_return(RequestContext& context) {
  BodyReader body(context.request.body);
  if (!context.accept(body)) return;
  const auto order = order_of(context);
  if (!order) return;
  context.submit_with_key(
      "POST /orders/return", context.parameter, body,
      [&](const Idempotency& idempotency) {
        return Command(ReturnOrder{context.fan, *order, idempotency});
      },
      answer_order(202, context.shared()));
}

}  // namespace frontrow::http
