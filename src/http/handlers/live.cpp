// GET /live without an upgrade; with one, the session has taken it before any handler.
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {

void get_live(RequestContext& context) {
  context.respond(Problem(Fault::kUpgradeRequired).with_header("Upgrade", "websocket"));
}

}  // namespace frontrow::http
