// POST /orders/{id}/payment. A card's token passes through to the payment thread; it is neither
// kept nor logged here.
#include <algorithm>

#include "base/id_text.hpp"
#include "base/names.hpp"
#include "http/card_number.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {

void post_order_payment(RequestContext& context) {
  BodyReader body(context.request.body);
  const auto& offered = context.shared().settings.payment.methods;
  const std::string name = body.required_text("method", limits::payment_method_bytes_max);
  const auto method = parse_payment_method(name);
  if (!method || std::find(offered.begin(), offered.end(), *method) == offered.end())
    body.refuse("method");
  std::string token;
  if (method == PaymentMethod::kCard) {
    token = body.required_text("token", limits::card_token_bytes_max);
    // A page that sends the number itself is broken: it must never get further than here.
    if (looks_like_card_number(token)) body.refuse("token");
  } else {
    body.must_be_absent("token");
  }
  const bool alternative = body.optional_boolean("accept_alternative").value_or(false);
  if (!context.accept(body)) return;
  const auto order = parse_order(context.parameter);
  if (!order) {
    context.respond(Problem(Fault::kNotFound));
    return;
  }
  context.submit_with_key(
      "POST /orders/payment", context.parameter, body,
      [&](const Idempotency& idempotency) {
        return Command(StartPayment{context.fan, *order, idempotency, *method, alternative});
      },
      answer_order(202, context.shared()), {}, token);
}

}  // namespace frontrow::http
