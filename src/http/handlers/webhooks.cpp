// POST /webhooks/{gateway}: a gateway's signed notice, for the receiver that the wiring gave.
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {

void post_webhook(RequestContext& context) {
  const FrontServices& services = context.shared().services;
  WebhookVerdict verdict = WebhookVerdict::kUnknownGateway;
  if (services.webhooks) {
    const Request& request = context.request;
    verdict = services.webhooks({context.parameter,
                                 [&request](std::string_view name) { return request.header(name); },
                                 request.body});
  } else if (context.parameter == context.shared().settings.payment.gateway) {
    // A gateway that signs nothing cannot have signed this.
    verdict = WebhookVerdict::kBadSignature;
  }
  switch (verdict) {
    case WebhookVerdict::kAccepted:
      context.respond(json_response(200, "{}"));
      return;
    case WebhookVerdict::kBadSignature:
      context.respond(Problem::invalid("signature"));
      return;
    case WebhookVerdict::kMalformed:
      context.respond(Problem::invalid(""));
      return;
    case WebhookVerdict::kBusy:
      context.respond(
          Problem(Fault::kOverloaded).with_retry_after(limits::overloaded_retry_seconds));
      return;
    case WebhookVerdict::kUnknownGateway:
      context.respond(Problem(Fault::kNotFound));
      return;
  }
}

}  // namespace frontrow::http
