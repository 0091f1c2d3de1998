// Small rounds for tests of several folders: a definition with a plan of a few rows, made through
// the same builder as real ones. Everything a test wants to vary is a field of `SmallRound`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/plan_builder.hpp"
#include "frontrow/round_definition.hpp"

namespace frontrow::test {

/// The instant from which the instants of small rounds count: 2027-01-15T08:00:00Z.
inline constexpr Instant small_round_start{1'800'000'000'000'000};

/// `length` after the first start.
constexpr Instant after_start(Duration length) { return small_round_start + length; }

/// Zones "A" (seated, category "vip", 680000), "B" (seated, category "cat1", 450000) and "S"
/// (standing, category "floor", 300000). Seats are named ZONE-ROW-NUMBER: "A-1-1" is seat 0, the
/// seats of "A" come first, those of "S" last. A zone without rows or seats is left out.
struct SmallRound {
  std::uint32_t rows_of_a = 4;
  std::uint32_t seats_in_row_of_a = 10;
  std::uint32_t rows_of_b = 3;
  std::uint32_t seats_in_row_of_b = 8;
  std::uint32_t places_of_s = 20;
  /// Offsets after which the rows of "A" have an aisle.
  std::vector<std::uint32_t> breaks_of_a;

  Duration lobby_opens_after = seconds(0);
  Duration draw_after = seconds(60);
  Duration closes_after = seconds(7'200);
  Duration returns_until_after = seconds(86'400);
  std::uint32_t max_seats_per_fan = 4;
  std::uint32_t max_open_orders_per_fan = 4;
  Duration hold = seconds(300);
  Duration payment = seconds(300);
  Duration payment_outage = seconds(120);
  Duration waitlist_offer = seconds(600);
  Duration late_window = seconds(10);
  std::optional<BeaconRule> beacon;
  IdentityMode identity_mode = IdentityMode::kOpen;
  std::uint32_t max_seats_per_order = 4;
  bool waitlist_always = false;
  /// The first seat of each row of "B" is accessible, its neighbour is the companion's.
  bool accessible_in_b = false;
  SeatingRules seating;

  std::shared_ptr<const Plan> plan() const {
    PlanBuilder builder("Small hall", 40.0F, 60.0F);
    const auto vip = builder.add_category("vip", {{"en", "VIP"}, {"th", "วีไอพี"}}, "#aa0000");
    const auto cat1 = builder.add_category("cat1", {{"en", "Category 1"}}, "#00aa00");
    const auto floor = builder.add_category("floor", {{"en", "Floor"}}, "#0000aa");
    const auto add_zone = [&](const std::string& id, ZoneKind kind, CategoryIndex category,
                              std::uint32_t rows, std::uint32_t seats, float top) {
      if (rows == 0 || seats == 0) return;
      builder.open_zone(id, {{"en", "Zone " + id}}, kind, category);
      builder.zone().focal_x = 20.0F;
      builder.zone().focal_y = 0.0F;
      for (std::uint32_t row = 1; row <= rows; ++row) {
        const std::string row_name = id + "-" + std::to_string(row);
        builder.open_row(row_name, std::to_string(row));
        if (id == "A") builder.row().breaks = breaks_of_a;
        for (std::uint32_t number = 1; number <= seats; ++number) {
          PlanSeat seat;
          seat.number = std::to_string(number);
          seat.id = row_name + "-" + seat.number;
          seat.x = 20.0F + 0.5F * (static_cast<float>(number) - static_cast<float>(seats + 1) / 2);
          seat.y = top + static_cast<float>(row);
          seat.accessible = accessible_in_b && id == "B" && number == 1;
          seat.companion = accessible_in_b && id == "B" && number == 2;
          builder.add_seat(std::move(seat));
        }
      }
    };
    add_zone("A", ZoneKind::kSeated, vip, rows_of_a, seats_in_row_of_a, 5.0F);
    add_zone("B", ZoneKind::kSeated, cat1, rows_of_b, seats_in_row_of_b, 25.0F);
    add_zone("S", ZoneKind::kStanding, floor, places_of_s == 0 ? 0 : 1, places_of_s, 2.0F);
    return std::move(builder).build();
  }

  RoundDefinition definition() const {
    RoundDefinition made;
    made.id = "small-1";
    made.title = {{"en", "A small round"}, {"th", "รอบเล็ก"}};
    made.starts_at = after_start(seconds(30 * 86'400));
    made.time_zone = "Asia/Bangkok";
    made.currency = "THB";
    made.other_rounds = {{{{"en", "Another small round"}}, "https://small-2.example/"}};
    made.plan = plan();
    made.price_by_category = {Amount{680'000}, Amount{450'000}, Amount{300'000}};
    made.sale.lobby_opens_at = after_start(lobby_opens_after);
    made.sale.draw_at = after_start(draw_after);
    made.sale.closes_at = after_start(closes_after);
    made.sale.returns_until = after_start(returns_until_after);
    made.sale.max_seats_per_fan = max_seats_per_fan;
    made.sale.max_seats_per_order = max_seats_per_order;
    made.sale.max_open_orders_per_fan = max_open_orders_per_fan;
    made.sale.waitlist_always = waitlist_always;
    made.seating = seating;
    made.sale.hold = hold;
    made.sale.payment = payment;
    made.sale.payment_outage = payment_outage;
    made.sale.waitlist_offer = waitlist_offer;
    made.draw.beacon = beacon;
    made.draw.late_window = late_window;
    made.identity_mode = identity_mode;
    made.first_start = small_round_start;
    // The secret of the worked example in the contract: 00 01 … 1f; the late one goes on from
    // there.
    for (std::size_t n = 0; n < made.secrets.secret.size(); ++n) {
      made.secrets.secret[n] = static_cast<std::uint8_t>(n);
      made.secrets.late_secret[n] = static_cast<std::uint8_t>(n + made.secrets.secret.size());
    }
    return made;
  }
};

/// The definition of a `SmallRound` as it is by default.
inline RoundDefinition small_round() { return SmallRound{}.definition(); }

/// Sixteen bytes that are told apart by `number`: an entry, a key, a proof.
inline Bytes16 bytes_of(std::uint64_t number, std::uint8_t kind = 0) {
  Bytes16 bytes{};
  for (std::size_t n = 0; n < 8; ++n) bytes[n] = static_cast<std::uint8_t>(number >> (8 * n));
  bytes[15] = static_cast<std::uint8_t>(kind + 1);
  return bytes;
}

}  // namespace frontrow::test
