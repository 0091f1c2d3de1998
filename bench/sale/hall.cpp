#include "sale/hall.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/plan_builder.hpp"

namespace frontrow::sale {
namespace {

constexpr std::uint32_t seats_in_row = 40;
constexpr std::uint32_t rows_in_zone = 15;
constexpr std::uint32_t seats_in_zone = seats_in_row * rows_in_zone;

std::shared_ptr<const Plan> plan_of(std::uint32_t seats) {
  PlanBuilder builder("Simulated hall", 200.0F, 200.0F);
  const CategoryIndex categories[] = {builder.add_category("front", {{"en", "Front"}}),
                                      builder.add_category("middle", {{"en", "Middle"}}),
                                      builder.add_category("back", {{"en", "Back"}})};
  for (std::uint32_t n = 0; n < seats; ++n) {
    const std::uint32_t zone = n / seats_in_zone;
    const std::uint32_t row = n / seats_in_row;
    if (n % seats_in_zone == 0) {
      // A fifth of the hall in front, two fifths each in the middle and at the back.
      const std::uint64_t fifth = std::uint64_t{n} * 5 / std::max<std::uint32_t>(seats, 1);
      const std::string id = "Z" + std::to_string(zone);
      builder.open_zone(id, {{"en", id}}, ZoneKind::kSeated,
                        categories[fifth == 0   ? 0
                                   : fifth <= 2 ? 1
                                                : 2]);
      builder.zone().focal_x = 100.0F;
      builder.zone().focal_y = 0.0F;
    }
    if (n % seats_in_row == 0)
      builder.open_row("R" + std::to_string(row), std::to_string(row % rows_in_zone + 1));
    PlanSeat seat;
    seat.id = std::to_string(n);
    seat.number = std::to_string(n % seats_in_row + 1);
    seat.x = 100.0F + 0.5F * (static_cast<float>(n % seats_in_row) - seats_in_row / 2.0F);
    seat.y = static_cast<float>(row);
    builder.add_seat(std::move(seat));
  }
  return std::move(builder).build();
}

}  // namespace

RoundDefinition definition_of(const Scenario& scenario) {
  RoundDefinition round;
  round.id = "simulated";
  round.title = {{"en", "Simulated sale"}};
  round.currency = "THB";
  round.time_zone = "Asia/Bangkok";
  round.plan = plan_of(scenario.seats);
  round.price_by_category = {Amount{680'000}, Amount{450'000}, Amount{250'000}};
  round.first_start = sale_start;
  round.sale.lobby_opens_at = sale_start;
  round.sale.draw_at = sale_start + scenario.lobby;
  round.sale.closes_at = round.sale.draw_at + scenario.length + seconds(3'600);
  round.sale.returns_until = round.sale.closes_at;
  round.starts_at = round.sale.closes_at + seconds(86'400);
  round.sale.hold = scenario.hold;
  round.sale.payment = scenario.payment;
  for (std::size_t n = 0; n < round.secrets.secret.size(); ++n) {
    round.secrets.secret[n] = static_cast<std::uint8_t>(scenario.seed >> (n % 8 * 8));
    round.secrets.late_secret[n] = static_cast<std::uint8_t>(~round.secrets.secret[n] + n);
  }
  return round;
}

}  // namespace frontrow::sale
