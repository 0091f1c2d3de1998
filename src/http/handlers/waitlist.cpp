// A fan's place on the waitlist.
#include "frontrow/limits.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

RequestContext::OnReply answer_waitlist(int status, std::shared_ptr<const RoundDefinition> round) {
  return [status, round = std::move(round)](Reply& reply, const Responder& to) {
    const auto* place = std::get_if<WaitlistView>(&reply.body);
    if (place == nullptr) {
      to.send(Problem(Fault::kInternal));
      return;
    }
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.field("place", place->place);
    json.field("ahead", place->ahead);
    json.key("zones").begin_array();
    for (const ZoneIndex zone : place->zones) json.value(round->plan->zone(zone).id);
    json.end_array();
    json.field("quantity", place->quantity);
    json.field("together", place->together);
    json.end_object();
    to.send(json_response(status, std::move(out)));
  };
}

}  // namespace

void get_waitlist(RequestContext& context) {
  context.submit(Query(GetWaitlist{context.fan}), answer_waitlist(200, context.shared().round));
}

void post_waitlist(RequestContext& context) {
  BodyReader body(context.request.body);
  JoinWaitlist join;
  join.fan = context.fan;
  const auto zones = body.optional_names("zones", true, frontrow::limits::waitlist_zones_max + 1);
  if (zones && zones->size() > frontrow::limits::waitlist_zones_max) body.refuse("zones");
  join.quantity = body.required_count("quantity");
  join.together = body.optional_boolean("together").value_or(false);
  if (!context.accept(body)) return;
  if (zones)
    for (const std::string& zone : *zones) join.zones.push_back(context.plan().find_zone(zone));
  context.submit_with_key(
      "POST /waitlist", {}, body,
      [&join](const Idempotency& idempotency) {
        join.idempotency = idempotency;
        return Command(std::move(join));
      },
      answer_waitlist(201, context.shared().round));
}

void delete_waitlist(RequestContext& context) {
  if (!context.accept_no_body()) return;
  context.submit(Command(LeaveWaitlist{context.fan}), answer_empty(204));
}

}  // namespace frontrow::http
