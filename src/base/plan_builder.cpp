#include "base/plan_builder.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace frontrow {

PlanBuilder::PlanBuilder(std::string name, float width, float height)
    : plan_(std::make_unique<Plan>()) {
  plan_->name = std::move(name);
  plan_->width = width;
  plan_->height = height;
}

void PlanBuilder::set_stage(PlanStage stage) { plan_->stage = std::move(stage); }

CategoryIndex PlanBuilder::add_category(std::string id, LocalizedText name, std::string color) {
  plan_->categories.push_back({std::move(id), std::move(name), std::move(color)});
  return CategoryIndex{static_cast<std::uint16_t>(plan_->categories.size() - 1)};
}

ZoneIndex PlanBuilder::open_zone(std::string id, LocalizedText name, ZoneKind kind,
                                 CategoryIndex category) {
  PlanZone zone;
  zone.id = std::move(id);
  zone.name = std::move(name);
  zone.kind = kind;
  zone.category = category;
  zone.first_row = RowIndex{static_cast<std::uint32_t>(plan_->rows.size())};
  zone.first_seat = SeatIndex{plan_->capacity()};
  plan_->zones.push_back(std::move(zone));
  return ZoneIndex{static_cast<std::uint16_t>(plan_->zones.size() - 1)};
}

PlanZone& PlanBuilder::zone() { return plan_->zones.back(); }

RowIndex PlanBuilder::open_row(std::string id, std::string label) {
  FRONTROW_ASSERT(!plan_->zones.empty());
  PlanRow row;
  row.id = std::move(id);
  row.label = std::move(label);
  row.zone = ZoneIndex{static_cast<std::uint16_t>(plan_->zones.size() - 1)};
  row.first_seat = SeatIndex{plan_->capacity()};
  plan_->rows.push_back(std::move(row));
  ++zone().row_count;
  return RowIndex{static_cast<std::uint32_t>(plan_->rows.size() - 1)};
}

PlanRow& PlanBuilder::row() { return plan_->rows.back(); }

SeatIndex PlanBuilder::add_seat(PlanSeat seat) {
  FRONTROW_ASSERT(!plan_->rows.empty());
  seat.row = RowIndex{static_cast<std::uint32_t>(plan_->rows.size() - 1)};
  seat.zone = row().zone;
  if (!seat.has_own_category) seat.category = zone().category;
  plan_->seats.push_back(std::move(seat));
  ++row().seat_count;
  ++zone().seat_count;
  return SeatIndex{plan_->capacity() - 1};
}

std::shared_ptr<const Plan> PlanBuilder::build() && {
  Plan& plan = *plan_;
  plan.seats.shrink_to_fit();
  for (PlanRow& row : plan.rows) {
    row.first_word = plan.word_count;
    row.word_count = (row.seat_count + 63) / 64;
    for (std::uint32_t n = 0; n < row.word_count; ++n) {
      plan.zone_of_word.push_back(row.zone);
      plan.first_seat_of_word.push_back(SeatIndex{row.first_seat.value + n * 64});
    }
    plan.word_count += row.word_count;
  }
  for (std::size_t n = 0; n < plan.zones.size(); ++n) {
    PlanZone& zone = plan.zones[n];
    if (zone.row_count > 0) {
      const PlanRow& first = plan.row(zone.first_row);
      const PlanRow& last = plan.row(RowIndex{zone.first_row.value + zone.row_count - 1});
      zone.first_word = first.first_word;
      zone.word_count = last.first_word + last.word_count - first.first_word;
    }
    FRONTROW_ASSERT(
        plan.zone_by_id.emplace(zone.id, ZoneIndex{static_cast<std::uint16_t>(n)}).second);
  }
  for (std::size_t n = 0; n < plan.categories.size(); ++n)
    FRONTROW_ASSERT(
        plan.category_by_id
            .emplace(plan.categories[n].id, CategoryIndex{static_cast<std::uint16_t>(n)})
            .second);
  plan.seat_by_id.reserve(plan.seats.size());
  for (std::size_t n = 0; n < plan.seats.size(); ++n)
    FRONTROW_ASSERT(
        plan.seat_by_id.emplace(plan.seats[n].id, SeatIndex{static_cast<std::uint32_t>(n)}).second);
  return std::shared_ptr<const Plan>(std::move(plan_));
}

}  // namespace frontrow
