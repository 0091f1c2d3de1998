// Operators close a zone while the sale goes on, and open it again.
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

void set_open(RequestContext& context, bool open) {
  BodyReader body(context.request.body);
  const auto reason = body.optional_text("reason", limits::reason_bytes_max);
  if (!context.accept(body)) return;
  const ZoneIndex zone = context.plan().find_zone(context.parameter);
  context.submit(Command(SetZoneOpen{context.account->name, zone, open, reason.value_or("")}),
                 answer_sequence());
}

}  // namespace

void post_zone_close(RequestContext& context) { set_open(context, false); }
void post_zone_open(RequestContext& context) { set_open(context, true); }

}  // namespace frontrow::http
