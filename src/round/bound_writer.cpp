#include "round/bound_sections.hpp"
#include "round/json_writer.hpp"
#include "round/seating_section.hpp"
#include "round/venue_file.hpp"

namespace frontrow::round {
namespace {

std::int64_t whole_seconds(Duration duration) { return duration.microseconds / 1'000'000; }

void write_round(JsonWriter& out, const BoundDraft& draft) {
  const RoundDefinition& definition = draft.definition;
  out.key("round").open('{').key("id").text(definition.id);
  out.key("title").localized(definition.title);
  out.key("starts_at").text(draft.starts_at.text());
  out.key("time_zone").text(definition.time_zone);
  out.key("currency").text(definition.currency);
  out.key("other_rounds").open('[');
  for (const OtherRound& other : definition.other_rounds)
    out.open('{').key("title").localized(other.title).key("url").text(other.url).close('}');
  out.close(']').close('}');
}

void write_sale(JsonWriter& out, const BoundDraft& draft) {
  const SaleRules& sale = draft.definition.sale;
  out.key("sale").open('{');
  out.key("lobby_opens_at").text(draft.lobby_opens_at.text());
  out.key("draw_at").text(draft.draw_at.text());
  out.key("closes_at").text(draft.closes_at.text());
  out.key("max_seats_per_fan").number(sale.max_seats_per_fan);
  if (sale.max_seats_per_order != sale.max_seats_per_fan)
    out.key("max_seats_per_order").number(sale.max_seats_per_order);
  out.key("max_open_orders_per_fan").number(sale.max_open_orders_per_fan);
  out.key("waitlist").text(sale.waitlist_always ? "always" : "when-needed");
  out.key("hold_seconds").number(whole_seconds(sale.hold));
  out.key("payment_seconds").number(whole_seconds(sale.payment));
  if (sale.payment_outage != SaleRules{}.payment_outage)
    out.key("payment_outage_seconds").number(whole_seconds(sale.payment_outage));
  out.key("waitlist_offer_seconds").number(whole_seconds(sale.waitlist_offer));
  out.key("returns_until").text(draft.returns_until.text());
  out.close('}');
}

void write_draw(JsonWriter& out, const DrawRules& draw) {
  out.key("draw").open('{').key("beacon");
  if (draw.beacon) {
    out.open('{').key("chain").text(draw.beacon->chain).key("round").number(draw.beacon->round);
    out.key("url").text(draw.beacon->url);
    out.key("wait_seconds").number(whole_seconds(draw.beacon->wait)).close('}');
  } else {
    out.null();
  }
  out.key("late_window_seconds").number(whole_seconds(draw.late_window)).close('}');
}

}  // namespace

std::string write_bound(const BoundDraft& draft) {
  const RoundDefinition& definition = draft.definition;
  JsonWriter out;
  out.open('{');
  write_round(out, draft);
  out.key("venue").raw(write_venue(*definition.plan));
  out.key("prices").open('{');
  for (std::size_t n = 0; n < definition.plan->categories.size(); ++n)
    out.key(definition.plan->categories[n].id).number(definition.price_by_category[n].minor);
  out.close('}');
  write_sale(out, draft);
  write_seating(out, draft);
  write_draw(out, definition.draw);
  const bool pass = definition.identity_mode == IdentityMode::kPass;
  out.key("identity").open('{').key("mode").text(pass ? "pass" : "open").close('}');
  out.close('}');
  return std::move(out).take();
}

}  // namespace frontrow::round
