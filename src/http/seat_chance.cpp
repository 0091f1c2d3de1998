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
/// Part of the seats that fans have when their turns end which they keep: some are never paid.
constexpr double kept_part = 0.92;
/// Variance of what many take, for each seat that they take: they come in handfuls.
constexpr double spread_a_turn = 3;
/// Of what fans in a full shop take in all, the part that they have not taken yet.
constexpr double untaken_part = 0.5;
/// So many deviations past the mean the controller stops calling: see docs/fairness.md.
constexpr double calls_end_deviations = 2;

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
  const double seats_a_turn = demand.seats_a_turn * kept_part;
  const double full_turns = in_state(status, FanState::kShopping) * seats_a_turn;
  const double in_their_hands =
      std::clamp(taken_now - static_cast<double>(status.counts.turn_seats), 0.0, full_turns);
  const double called = in_state(status, FanState::kCalled) * demand.turn_up;
  const double outstanding = full_turns - in_their_hands + called * seats_a_turn;
  // When a fan who waits is called the shop is full of others who have not taken all of theirs
  // either: at that moment that much of what is asked before them is still there.
  const double outstanding_then =
      std::max(outstanding, status.admission.max_shoppers * seats_a_turn * untaken_part);
  // Calls end when those who were called will surely take the rest.
  const double calls_end = status.admission.pinned
                               ? free_in_all
                               : free_in_all - outstanding +
                                     calls_end_deviations * std::sqrt(outstanding * spread_a_turn);
  const double seats_a_fan = std::max(demand.turn_up * seats_a_turn, 0.05);

  row_step_ = std::max(1.0, (free_in_all * 2 + 100) / seats_a_fan / static_cast<double>(rows - 1));
  table_.assign(rows * categories, 0);
  texts_.fill(nullptr);

  double demanded = 0;
  std::vector<double> left = free;
  for (std::size_t row = 0; row < rows; ++row) {
    const double by_those_ahead = row_step_ * static_cast<double>(row) * seats_a_fan;
    const double target = std::max(outstanding + by_those_ahead - outstanding_then, 0.0);
    const double called_at_all =
        normal_below((calls_end - by_those_ahead) /
                     std::sqrt(by_those_ahead * spread_a_turn + outstanding * spread_a_turn +
                               by_those_ahead * by_those_ahead * demand_doubt * demand_doubt + 1));
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
          own * spread_a_turn +
          own * own * (demand_doubt * demand_doubt + share_doubt * share_doubt * (1 - share[n])) +
          1e-6);
      const double chance = std::min(normal_below((free[n] - own - 0.5) / doubt), called_at_all);
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
