#include "http/venue_json.hpp"

#include "http/json_writer.hpp"

namespace frontrow::http {
namespace {

void write_outline(JsonWriter& json, const std::vector<std::pair<float, float>>& outline) {
  json.begin_array();
  for (const auto& [x, y] : outline) json.begin_array().value(x).value(y).end_array();
  json.end_array();
}

void write_seat(JsonWriter& json, SeatIndex index, const RoundDefinition& round,
                const Published& published) {
  const PlanSeat& seat = round.plan->seat(index);
  const CategoryIndex category = published.category_of(index);
  json.begin_object();
  json.field("id", seat.id);
  json.field("number", seat.number);
  json.field("x", seat.x);
  json.field("y", seat.y);
  if (seat.has_own_category || category != round.plan->zone(seat.zone).category) {
    json.field("category", round.plan->categories[category.value].id);
    json.key("price").money(round.price_of(category), round.currency);
  }
  if (seat.accessible) json.field("accessible", true);
  if (seat.companion) json.field("companion", true);
  if (seat.restricted_view) json.field("restricted_view", true);
  json.end_object();
}

void write_row(JsonWriter& json, const PlanRow& row, const RoundDefinition& round,
               const Published& published) {
  json.begin_object();
  json.field("id", row.id);
  json.field("label", row.label);
  if (!row.breaks.empty()) {
    json.key("breaks").begin_array();
    // As in the venue file: how many of the row's seats come before the gap.
    for (const std::uint32_t offset : row.breaks) json.value(offset + 1);
    json.end_array();
  }
  json.key("seats").begin_array();
  for (std::uint32_t n = 0; n < row.seat_count; ++n)
    write_seat(json, SeatIndex{row.first_seat.value + n}, round, published);
  json.end_array();
  json.end_object();
}

}  // namespace

std::string venue_json(const RoundDefinition& round, const Published& published) {
  const Plan& plan = *round.plan;
  std::string out;
  out.reserve(plan.seats.size() * 80 + 4'096);
  JsonWriter json(out);
  json.begin_object();
  json.field("name", plan.name);
  json.field("capacity", plan.capacity());
  json.key("size").begin_object();
  json.field("width", plan.width);
  json.field("height", plan.height);
  json.end_object();
  if (plan.stage) {
    json.key("stage").begin_object();
    json.field("x", plan.stage->x);
    json.field("y", plan.stage->y);
    json.key("outline");
    write_outline(json, plan.stage->outline);
    json.end_object();
  }
  json.key("zones").begin_array();
  for (const PlanZone& zone : plan.zones) {
    json.begin_object();
    json.field("id", zone.id);
    json.field("name", zone.name);
    json.field("kind", zone.kind == ZoneKind::kSeated ? "seated" : "standing");
    json.field("category", plan.categories[zone.category.value].id);
    json.key("price").money(round.price_by_category[zone.category.value], round.currency);
    if (!zone.outline.empty()) {
      json.key("outline");
      write_outline(json, zone.outline);
    }
    json.key("rows").begin_array();
    for (std::uint32_t n = 0; n < zone.row_count; ++n)
      write_row(json, plan.row(RowIndex{zone.first_row.value + n}), round, published);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out;
}

}  // namespace frontrow::http
