#include "http/round_json.hpp"

#include "base/names.hpp"
#include "http/http_limits.hpp"
#include "http/queue_view.hpp"

namespace frontrow::http {

std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::kScheduled:
      return "scheduled";
    case Phase::kLobby:
      return "lobby";
    case Phase::kOnSale:
      return "onsale";
    case Phase::kPaused:
      return "paused";
    case Phase::kSoldOut:
      return "soldout";
    case Phase::kClosed:
      return "closed";
  }
  return "closed";
}

void write_totals(JsonWriter& json, const RoundStatus& status) {
  json.begin_object();
  json.field("capacity", status.seats.capacity);
  json.field("free", status.seats.free);
  json.field("held", status.seats.held);
  json.field("sold", status.seats.sold);
  json.field("blocked", status.seats.blocked);
  json.field("waiting", waiting_total(status));
  json.field("shopping", status.fans_by_state[static_cast<std::size_t>(FanState::kShopping)]);
  json.end_object();
}

std::string round_json(const RoundDefinition& round, const PaymentFacts& payment,
                       const Published& published, Instant now) {
  const Plan& plan = *round.plan;
  const RoundStatus status = published.read_status();
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("id", round.id);
  json.field("title", round.title);
  json.field("phase", phase_name(status.phase));
  json.field("now", now);
  json.field("lobby_opens_at", status.lobby_opens_at);
  json.field("draw_at", status.draw_at);
  json.field("closes_at", status.closes_at);
  json.field("starts_at", round.starts_at);
  json.field("time_zone", round.time_zone);
  json.field("currency", round.currency);
  json.field("max_seats_per_fan", round.sale.max_seats_per_fan);
  json.field("hold_seconds", round.sale.hold.microseconds / 1'000'000);
  json.key("zones").begin_array();
  for (std::size_t n = 0; n < plan.zones.size(); ++n) {
    const PlanZone& zone = plan.zones[n];
    json.begin_object();
    json.field("id", zone.id);
    json.field("name", zone.name);
    json.field("kind", zone.kind == ZoneKind::kSeated ? "seated" : "standing");
    json.field("category", plan.categories[zone.category.value].id);
    json.key("price").money(round.price_by_category[zone.category.value], round.currency);
    json.field("capacity", zone.seat_count);
    json.field("free", published.zone_free(ZoneIndex{static_cast<ZoneIndex::Value>(n)}));
    json.end_object();
  }
  json.end_array();
  json.key("categories").begin_array();
  for (std::size_t n = 0; n < plan.categories.size(); ++n) {
    json.begin_object();
    json.field("id", plan.categories[n].id);
    json.field("name", plan.categories[n].name);
    json.key("price").money(round.price_by_category[n], round.currency);
    json.field("free",
               published.category_free(CategoryIndex{static_cast<CategoryIndex::Value>(n)}));
    json.end_object();
  }
  json.end_array();
  json.key("totals");
  write_totals(json, status);
  json.key("payment").begin_object();
  json.field("gateway", payment.gateway);
  const auto list = [&](const char* key, bool working) {
    json.key(key).begin_array();
    for (const PaymentMethod method : payment.methods) {
      const GatewayHealth health = status.gateway_health[static_cast<std::size_t>(method)];
      if ((health != GatewayHealth::kFailing) == working) json.value(name_of(method));
    }
    json.end_array();
  };
  list("methods", true);
  list("unavailable", false);
  if (payment.public_key.empty())
    json.null_field("public_key");
  else
    json.field("public_key", payment.public_key);
  json.end_object();
  json.key("other_rounds").begin_array();
  for (const OtherRound& other : round.other_rounds) {
    json.begin_object();
    json.field("title", other.title);
    json.field("url", other.url);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out;
}

SharedText RoundDocument::text(const RoundDefinition& round, const PaymentFacts& payment,
                               const Published& published, Instant now) {
  const Duration age = now - made_at_;
  // An age below zero: the clock was set back.
  if (text_ == nullptr || age < Duration{} ||
      age >= milliseconds(limits::round_age_milliseconds_max)) {
    text_ = share(round_json(round, payment, published, now));
    made_at_ = now;
  }
  return text_;
}

}  // namespace frontrow::http
