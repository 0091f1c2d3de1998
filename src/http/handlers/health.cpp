// For load balancers and monitors.
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"
#include "observe/metrics.hpp"

namespace frontrow::http {
namespace {

Response plain(int status, std::string&& text) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = share(std::move(text));
  return response;
}

}  // namespace

void get_livez(RequestContext& context) { context.respond(plain(200, "ok\n")); }

void get_readyz(RequestContext& context) {
  if (context.shared().published.ready.load(std::memory_order_acquire))
    context.respond(plain(200, "ok\n"));
  else
    context.respond(plain(503, "not ready\n")
                        .with("Retry-After", std::to_string(limits::overloaded_retry_seconds)));
}

void get_metrics(RequestContext& context) {
  const observe::Metrics* metrics = context.shared().services.metrics;
  Response response = plain(200, metrics != nullptr ? metrics->exposition() : std::string());
  response.content_type = observe::exposition_content_type;
  context.respond(std::move(response));
}

}  // namespace frontrow::http
