#include "http/seat_chance.hpp"

#include <algorithm>
#include <cmath>

#include "http/json_writer.hpp"

namespace frontrow::http {
namespace {

constexpr double steps = 20;
/// Seats that are taken to have been sold in the proportion of the capacities before any were.
constexpr double prior_seats_taken = 200;
/// How far the demand as a whole may be off, and the part of it that goes to one category.
constexpr double demand_doubt = 0.10;
constexpr double share_doubt = 0.15;
/// Variance of what one fan takes, in units of what a fan takes on average.
constexpr double spread_a_turn = 2;

double in_state(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}

/// Of a standard normal variable: below `value`.
double normal_below(double value) { return 0.5 * std::erfc(-value / std::sqrt(2.0)); }

}  // namespace

SeatChance::SeatChance(const Plan& plan) : capacity_(plan.categories.size(), 0) {
  for (const PlanCategory& category : plan.categories)
    append_json_string(names_.emplace_back(), category.id);
  for (const PlanSeat& seat : plan.seats) ++capacity_[seat.category.value];
}

void SeatChance::observe(const RoundStatus& status, const std::vector<std::uint32_t>& category_free,
                         const Demand& demand) {
  const std::size_t categories = capacity_.size();
  const double all_seats = std::max<double>(status.seats.capacity, 1);
  const double taken_now = static_cast<double>(status.seats.held) + status.seats.sold;

  std::vector<double> share(categories), free(categories), aimed(categories, 0);
  double free_in_all = 0;
  for (std::size_t n = 0; n < categories; ++n) {
    free[n] = n < category_free.size() ? category_free[n] : 0;
    free_in_all += free[n];
    const double taken = std::max(capacity_[n] - free[n], 0.0);
    share[n] = (taken + prior_seats_taken * capacity_[n] / all_seats) /
               (all_seats - status.seats.free + prior_seats_taken);
  }

  // Fans in the shop have taken part of what they will take.
  const double shopping = in_state(status, FanState::kShopping);
  const double full_turns = shopping * demand.seats_a_turn;
  const double in_their_hands =
      std::clamp(taken_now - static_cast<double>(status.counts.turn_seats), 0.0, full_turns);
  const double called = in_state(status, FanState::kCalled) * demand.turn_up;
  const double before_anyone = full_turns - in_their_hands + called * demand.seats_a_turn;
  // Of those who wait, who misses a turn gets another.
  const double come = 1 - (1 - demand.turn_up) * (1 - demand.turn_up);
  const double seats_a_fan = std::max(come * demand.seats_a_turn, 0.05);

  row_step_ = std::max(1.0, (free_in_all * 2 + 100) / seats_a_fan / static_cast<double>(rows - 1));
  table_.assign(rows * categories, 0);
  texts_.fill(nullptr);

  double demanded = 0;
  std::vector<double> left = free;
  for (std::size_t row = 0; row < rows; ++row) {
    const double target = before_anyone + row_step_ * static_cast<double>(row) * seats_a_fan;
    // What one category has no more of is asked of the others.
    double more = target - demanded;
    demanded = target;
    for (int round = 0; round < 4 && more > 1e-9; ++round) {
      double open = 0;
      for (std::size_t n = 0; n < categories; ++n)
        if (left[n] > 0) open += share[n];
      double unmet = 0;
      for (std::size_t n = 0; n < categories; ++n) {
        const bool is_open = left[n] > 0;
        const double wanted = open > 0 && is_open ? more * share[n] / open : 0;
        const double given = std::min(wanted, left[n]);
        left[n] -= given;
        aimed[n] += wanted;
        unmet += wanted - given;
        if (!is_open && round == 0) aimed[n] += more * share[n];
      }
      more = open > 0 ? unmet : 0;
    }
    for (std::size_t n = 0; n < categories; ++n) {
      auto& twentieths = table_[row * categories + n];
      if (free[n] <= 0) continue;
      const double own = aimed[n];
      const double doubt = std::sqrt(
          own * spread_a_turn * demand.seats_a_turn +
          own * own * (demand_doubt * demand_doubt + share_doubt * share_doubt * (1 - share[n])) +
          1e-6);
      const double chance = normal_below((free[n] - own - 0.5) / doubt);
      twentieths = static_cast<std::uint8_t>(std::lround(chance * steps));
      if (row > 0) twentieths = std::min(twentieths, table_[(row - 1) * categories + n]);
    }
  }
}

std::size_t SeatChance::row_of(std::uint32_t ahead) const {
  const double row = std::ceil(static_cast<double>(ahead) / row_step_);
  return static_cast<std::size_t>(std::min(row, static_cast<double>(rows - 1)));
}

std::uint8_t SeatChance::twentieths(std::uint32_t ahead, CategoryIndex category) const {
  return table_.empty() ? 0 : table_[row_of(ahead) * capacity_.size() + category.value];
}

SharedText SeatChance::text(std::uint32_t ahead) {
  static constexpr std::array<std::string_view, 21> numbers = {
      "0",    "0.05", "0.1",  "0.15", "0.2",  "0.25", "0.3",  "0.35", "0.4",  "0.45", "0.5",
      "0.55", "0.6",  "0.65", "0.7",  "0.75", "0.8",  "0.85", "0.9",  "0.95", "1"};
  if (table_.empty()) return nullptr;
  const std::size_t row = row_of(ahead);
  SharedText& text = texts_[row];
  if (text != nullptr) return text;
  const std::size_t categories = capacity_.size();
  const auto begin = table_.begin() + static_cast<std::ptrdiff_t>(row * categories);
  const auto count = static_cast<std::ptrdiff_t>(categories);
  // Long stretches of the line have the same chances: they share the text.
  if (row > 0 && texts_[row - 1] != nullptr && std::equal(begin, begin + count, begin - count))
    return text = texts_[row - 1];
  std::string out = "{";
  for (std::size_t n = 0; n < categories; ++n) {
    if (n > 0) out += ',';
    out += names_[n];
    out += ':';
    out += numbers[table_[row * categories + n]];
  }
  out += '}';
  return text = share(std::move(out));
}

}  // namespace frontrow::http
