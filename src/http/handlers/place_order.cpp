// POST /orders: seats that the fan picked, or the best there are.
#include "frontrow/limits.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

void pick(RequestContext& context, BodyReader& body) {
  const auto names = body.required_names("seats", frontrow::limits::seats_per_fan_max + 1);
  for (const char* other : {"zone", "category", "quantity", "together"}) body.must_be_absent(other);
  if (!context.accept(body)) return;
  PlaceHold hold{context.fan, {}, {}};
  std::vector<std::string> unknown;
  for (const std::string& name : names) {
    hold.seats.push_back(context.plan().find_seat(name));
    if (!hold.seats.back().exists()) unknown.push_back(name);
  }
  context.submit_with_key(
      "POST /orders", {}, body,
      [&hold](const Idempotency& idempotency) {
        hold.idempotency = idempotency;
        return Command(std::move(hold));
      },
      answer_order(201, context.shared()),
      [unknown = std::move(unknown), round = context.shared().round](Reply& reply,
                                                                     const Responder& to) {
        Problem problem = problem_of(reply, *round->plan);
        if (reply.rejection == Rejection::kUnknownSeat) {
          const std::vector<std::string_view> views(unknown.begin(), unknown.end());
          std::move(problem).with_names("seats", views);
        }
        to.send(problem);
      });
}

void find_best(RequestContext& context, BodyReader& body) {
  body.must_be_absent("seats");
  const auto zone = body.optional_text("zone", limits::body_bytes_max);
  const auto category = body.optional_text("category", limits::body_bytes_max);
  if (zone.has_value() == category.has_value()) body.refuse(zone ? "category" : "seats");
  PlaceBestHold hold;
  hold.fan = context.fan;
  hold.quantity = body.required_count("quantity");
  hold.together = static_cast<Together>(body.optional_together("together"));
  if (!context.accept(body)) return;
  hold.by_zone = zone.has_value();
  if (zone) hold.zone = context.plan().find_zone(*zone);
  if (category) hold.category = context.plan().find_category(*category);
  context.submit_with_key(
      "POST /orders", {}, body,
      [&hold](const Idempotency& idempotency) {
        hold.idempotency = idempotency;
        return Command(hold);
      },
      answer_order(201, context.shared()));
}

}  // namespace

void post_orders(RequestContext& context) {
  BodyReader body(context.request.body);
  if (body.has("seats"))
    pick(context, body);
  else
    find_best(context, body);
}

}  // namespace frontrow::http
