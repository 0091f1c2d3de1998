// Operators find orders and give money back.
#include "base/id_text.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"
#include "http/order_json.hpp"

namespace frontrow::http {

void post_order_refund(RequestContext& context) {
  BodyReader body(context.request.body);
  std::string reason = body.required_text("reason", limits::reason_bytes_max);
  if (!context.accept(body)) return;
  const auto order = parse_order(context.parameter);
  if (!order) {
    context.respond(Problem(Fault::kNotFound));
    return;
  }
  context.submit(
      Command(RefundOrder{context.account->name, *order, std::move(reason)}),
      [&shared = context.shared()](Reply& reply, const Responder& to) {
        if (std::holds_alternative<OrderView>(reply.body))
          answer_order(202, shared)(reply, to);
        else
          to.send(json_response(202, "{\"sequence\":" + std::to_string(reply.sequence) + "}"));
      });
}

void get_operator_orders(RequestContext& context) {
  FindOrders find;
  for (const auto& [name, content] : context.target.query) {
    if (name == "seat") {
      find.seat = context.plan().find_seat(content);
      if (!find.seat.exists()) {
        const std::string_view names[] = {content};
        context.respond(Problem(Rejection::kUnknownSeat).with_names("seats", names));
        return;
      }
    } else if (name == "fan") {
      const auto fan = parse_fan(content);
      if (!fan) {
        context.respond(Problem::invalid("fan"));
        return;
      }
      find.fan = *fan;
    } else if (name == "state") {
      find.state = parse_order_state(content);
      if (find.state == 255) {
        context.respond(Problem::invalid("state"));
        return;
      }
    } else {
      context.respond(Problem::invalid(name));
      return;
    }
  }
  context.submit(Query(find), [&shared = context.shared()](Reply& reply, const Responder& to) {
    std::string out;
    JsonWriter json(out);
    json.begin_object().key("orders").begin_array();
    if (const auto* list = std::get_if<OrderListView>(&reply.body))
      for (const OrderView& order : list->orders)
        write_order(json, order, *shared.round, shared.published, to.language(), true);
    json.end_array().end_object();
    to.send(json_response(200, std::move(out)));
  });
}

}  // namespace frontrow::http
