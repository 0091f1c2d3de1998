#include "round/json_writer.hpp"
#include "round/venue_file.hpp"

namespace frontrow::round {
namespace {

void write_outline(JsonWriter& out, const std::vector<std::pair<float, float>>& outline) {
  out.key("outline").open('[');
  for (const auto& [x, y] : outline) out.open('[').metres(x).metres(y).close(']');
  out.close(']');
}

/// A number as people write one is a number in the file: two bytes less for each seat.
void write_label(JsonWriter& out, const std::string& label) {
  const bool is_number = !label.empty() && label.size() <= 6 &&
                         label.find_first_not_of("0123456789") == std::string::npos &&
                         (label[0] != '0' || label.size() == 1);
  if (is_number)
    out.raw(label);
  else
    out.text(label);
}

void write_seat(JsonWriter& out, const Plan& plan, const PlanSeat& seat) {
  const bool own_id =
      seat.id != default_seat_id(plan.zone(seat.zone).id, plan.row(seat.row).label, seat.number);
  const std::string& category = plan.categories[seat.category.value].id;
  if (own_id) {
    out.open('{').key("number");
    write_label(out, seat.number);
    out.key("x").metres(seat.x).key("y").metres(seat.y).key("id").text(seat.id);
    if (seat.has_own_category) out.key("category").text(category);
    if (seat.accessible) out.key("accessible").raw("true");
    if (seat.companion) out.key("companion").raw("true");
    if (seat.restricted_view) out.key("restricted_view").raw("true");
    out.close('}');
    return;
  }
  std::string flags;
  if (seat.accessible) flags += 'a';
  if (seat.companion) flags += 'c';
  if (seat.restricted_view) flags += 'r';
  out.open('[');
  write_label(out, seat.number);
  out.metres(seat.x).metres(seat.y);
  if (!flags.empty() || seat.has_own_category) out.text(flags);
  if (seat.has_own_category) out.text(category);
  out.close(']');
}

void write_row(JsonWriter& out, const Plan& plan, const PlanRow& row) {
  out.line().open('{').key("label");
  write_label(out, row.label);
  if (row.id != default_row_id(plan.zone(row.zone).id, row.label)) out.key("id").text(row.id);
  if (!row.breaks.empty()) {
    out.key("breaks").open('[');
    for (const auto offset : row.breaks) out.number(offset + 1);
    out.close(']');
  }
  out.key("seats").open('[');
  for (std::uint32_t n = 0; n < row.seat_count; ++n)
    write_seat(out, plan, plan.seats[row.first_seat.value + n]);
  out.close(']').close('}');
}

void write_zone(JsonWriter& out, const Plan& plan, const PlanZone& zone) {
  const bool standing = zone.kind == ZoneKind::kStanding;
  out.line().open('{').key("id").text(zone.id).key("name").localized(zone.name);
  out.key("kind").text(standing ? "standing" : "seated");
  out.key("category").text(plan.categories[zone.category.value].id);
  out.key("focal").open('{').key("x").metres(zone.focal_x).key("y").metres(zone.focal_y).close('}');
  if (!zone.outline.empty()) write_outline(out, zone.outline);
  if (standing) {
    // The places follow from outline and number.
    out.key("capacity").number(zone.seat_count);
  } else {
    out.key("rows").open('[');
    for (std::uint32_t n = 0; n < zone.row_count; ++n)
      write_row(out, plan, plan.rows[zone.first_row.value + n]);
    out.close(']');
  }
  out.close('}');
}

}  // namespace

std::string write_venue(const Plan& plan, VenueLayout layout) {
  JsonWriter out(layout == VenueLayout::kRowALine);
  out.open('{').key("name").text(plan.name);
  out.line()
      .key("size")
      .open('{')
      .key("width")
      .metres(plan.width)
      .key("height")
      .metres(plan.height);
  out.close('}');
  if (plan.stage) {
    out.line().key("stage").open('{').key("x").metres(plan.stage->x).key("y").metres(plan.stage->y);
    if (!plan.stage->outline.empty()) write_outline(out, plan.stage->outline);
    out.close('}');
  }
  out.line().key("categories").open('[');
  for (const PlanCategory& category : plan.categories) {
    out.line().open('{').key("id").text(category.id).key("name").localized(category.name);
    if (!category.color.empty()) out.key("color").text(category.color);
    out.close('}');
  }
  out.close(']').line().key("zones").open('[');
  for (const PlanZone& zone : plan.zones) write_zone(out, plan, zone);
  out.close(']').close('}');
  if (layout == VenueLayout::kRowALine) return std::move(out).take() + "\n";
  return std::move(out).take();
}

}  // namespace frontrow::round
