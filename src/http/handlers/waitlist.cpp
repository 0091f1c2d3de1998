// A fan's place on the waitlist.
#include "frontrow/limits.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"
#include "http/waitlist_chance.hpp"

namespace frontrow::http {
namespace {

RequestContext::OnReply answer_waitlist(int status, const FrontShared& shared) {
  return [status, &shared](Reply& reply, const Responder& to) {
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
    const Plan& plan = *shared.round->plan;
    for (const ZoneIndex zone : place->zones) json.value(plan.zone(zone).id);
    json.end_array();
    json.key("categories").begin_array();
    for (const CategoryIndex category : place->categories)
      json.value(plan.categories[category.value].id);
    json.end_array();
    json.field("quantity", place->quantity);
    json.field("together", place->together);
    json.key("chance").raw(waitlist_chance_text(*place, shared.published.read_status(),
                                                shared.round->sale.returns_until, wall_now()));
    json.end_object();
    to.send(json_response(status, std::move(out)));
  };
}

}  // namespace

void get_waitlist(RequestContext& context) {
  context.submit(Query(GetWaitlist{context.fan}), answer_waitlist(200, context.shared()));
}

void post_waitlist(RequestContext& context) {
  BodyReader body(context.request.body);
  JoinWaitlist join;
  join.fan = context.fan;
  const auto zones = body.optional_names("zones", true, frontrow::limits::waitlist_zones_max + 1);
  if (zones && zones->size() > frontrow::limits::waitlist_zones_max) body.refuse("zones");
  const auto categories =
      body.optional_names("categories", true, frontrow::limits::waitlist_zones_max + 1);
  if (categories && (categories->size() > frontrow::limits::waitlist_zones_max ||
                     (!categories->empty() && zones && !zones->empty())))
    body.refuse("categories");
  join.quantity = body.required_count("quantity");
  join.together = body.optional_boolean("together").value_or(false);
  if (!context.accept(body)) return;
  if (zones)
    for (const std::string& zone : *zones) join.zones.push_back(context.plan().find_zone(zone));
  if (categories)
    for (const std::string& category : *categories)
      join.categories.push_back(context.plan().find_category(category));
  context.submit_with_key(
      "POST /waitlist", {}, body,
      [&join](const Idempotency& idempotency) {
        join.idempotency = idempotency;
        return Command(std::move(join));
      },
      answer_waitlist(201, context.shared()));
}

void delete_waitlist(RequestContext& context) {
  if (!context.accept_no_body()) return;
  context.submit(Command(LeaveWaitlist{context.fan}), answer_empty(204));
}

}  // namespace frontrow::http
