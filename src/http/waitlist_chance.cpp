#include "http/waitlist_chance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace frontrow::http {
namespace {

/// Before anything was seen: as if of so many held seats one in ten had come back.
constexpr double prior_held = 100, prior_let_go = 10;

double seconds_between(Instant from, Instant to) {
  return std::max(static_cast<double>((to - from).microseconds) / 1e6, 0.0);
}

}  // namespace

double waitlist_chance(const WaitlistView& place, const RoundStatus& status, Instant returns_until,
                       Instant now) {
  const SaleCounts& counts = status.counts;
  const double share = (static_cast<double>(counts.seats_let_go) + prior_let_go) /
                       (static_cast<double>(counts.seats_held) + prior_held);
  double freed = status.seats.free + status.seats.held * std::min(share, 1.0);
  const double on_sale_for = seconds_between(status.draw_at, now);
  if (on_sale_for > 0)
    freed += static_cast<double>(counts.seats_given_back) / on_sale_for *
             seconds_between(now, returns_until);
  const double entries = std::max(status.waitlist_entries, 1U);
  const double each = std::max(status.waitlist_seats / entries, 1.0);
  const double wanted = place.ahead * each + place.quantity;
  // How many come free is uncertain by about the root of how many do.
  const double margin = (freed - wanted) / std::sqrt(freed + 1);
  return std::clamp(0.5 * std::erfc(-margin / std::sqrt(2.0)), 0.0, 1.0);
}

std::string waitlist_chance_text(const WaitlistView& place, const RoundStatus& status,
                                 Instant returns_until, Instant now) {
  return fmt::format("{:.2f}", waitlist_chance(place, status, returns_until, now));
}

}  // namespace frontrow::http
