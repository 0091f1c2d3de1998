// Seats and their neighbours looked at one by one: which are free, which stand alone, what could be
// picked. Slow and plain, as the twin of the engine needs it.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "frontrow/round_definition.hpp"

namespace frontrow::test {

class NaiveSeats {
 public:
  explicit NaiveSeats(const RoundDefinition& round)
      : plan_(*round.plan), rule_by_zone_(round.seating.orphan_rule) {
    for (std::uint32_t n = 0; n < plan_.capacity(); ++n) {
      free_.insert(n);
      categories_[n] = plan_.seats[n].category;
    }
  }

  std::set<std::uint32_t> free_;
  std::map<std::uint32_t, CategoryIndex> categories_;  ///< By seat, as they are now.

 protected:
  bool neighbours(std::uint32_t seat, std::uint32_t next) const {
    if (next >= plan_.capacity() || plan_.seats[seat].row != plan_.seats[next].row) return false;
    const PlanRow& row = plan_.row(plan_.seats[seat].row);
    if (plan_.zone(row.zone).kind == ZoneKind::kStanding) return false;
    return std::find(row.breaks.begin(), row.breaks.end(), seat - row.first_seat.value) ==
           row.breaks.end();
  }
  bool alone(std::uint32_t seat, const std::set<std::uint32_t>& free) const {
    const bool next = free.count(seat + 1) != 0 && neighbours(seat, seat + 1);
    const bool previous = seat > 0 && free.count(seat - 1) != 0 && neighbours(seat - 1, seat);
    return free.count(seat) != 0 && !next && !previous;
  }
  bool leaves_orphan(const std::set<std::uint32_t>& picked, const PlanRow& row) const {
    std::set<std::uint32_t> after = free_;
    for (const auto seat : picked) after.erase(seat);
    for (std::uint32_t n = 0; n < row.seat_count; ++n) {
      const std::uint32_t seat = row.first_seat.value + n;
      if (alone(seat, after) && !alone(seat, free_)) return true;
    }
    return false;
  }
  /// Whether any `count` free seats of the row leave no orphan, by trying all of them.
  bool could_be_without(const PlanRow& row, std::size_t count) const {
    std::vector<std::uint32_t> candidates;
    for (std::uint32_t n = 0; n < row.seat_count; ++n)
      if (free_.count(row.first_seat.value + n) != 0)
        candidates.push_back(row.first_seat.value + n);
    std::vector<bool> chosen(candidates.size(), false);
    std::fill_n(chosen.begin(), count, true);
    do {
      std::set<std::uint32_t> picked;
      for (std::size_t n = 0; n < candidates.size(); ++n)
        if (chosen[n]) picked.insert(candidates[n]);
      if (!leaves_orphan(picked, row)) return true;
    } while (std::prev_permutation(chosen.begin(), chosen.end()));
    return false;
  }
  bool breaks_orphan_rule(const std::set<std::uint32_t>& picked) const {
    std::map<std::uint32_t, std::set<std::uint32_t>> by_row;
    for (const auto seat : picked) by_row[plan_.seats[seat].row.value].insert(seat);
    return std::any_of(by_row.begin(), by_row.end(), [&](const auto& item) {
      const PlanRow& row = plan_.rows[item.first];
      const bool holds = rule_by_zone_.empty() || rule_by_zone_[row.zone.value] != 0;
      return holds && plan_.zone(row.zone).kind == ZoneKind::kSeated &&
             leaves_orphan(item.second, row) && could_be_without(row, item.second.size());
    });
  }
  template <class Wanted>
  bool has_run(std::uint32_t quantity, Wanted&& wanted) const {
    for (std::uint32_t seat = 0; seat < plan_.capacity(); ++seat) {
      std::uint32_t length = 0;
      while (length < quantity && free_.count(seat + length) != 0 && wanted(seat + length) &&
             (length == 0 || neighbours(seat + length - 1, seat + length)))
        ++length;
      if (length == quantity) return true;
    }
    std::map<std::uint16_t, std::uint32_t> standing;
    for (const auto seat : free_)
      if (wanted(seat) && plan_.zone(plan_.seats[seat].zone).kind == ZoneKind::kStanding &&
          ++standing[plan_.seats[seat].zone.value] == quantity)
        return true;
    return false;
  }
  template <class Wanted>
  std::uint32_t free_count(Wanted&& wanted) const {
    return static_cast<std::uint32_t>(std::count_if(free_.begin(), free_.end(), wanted));
  }

  CategoryIndex category_of(std::uint32_t seat) const { return categories_.at(seat); }
  /// The nearest accessible place of the row of a companion seat.
  std::optional<std::uint32_t> accessible_of(std::uint32_t seat) const {
    if (!plan_.seats[seat].companion) return std::nullopt;
    const PlanRow& row = plan_.row(plan_.seats[seat].row);
    std::optional<std::uint32_t> best;
    const auto away = [&](std::uint32_t other) {
      return other > seat ? other - seat : seat - other;
    };
    for (std::uint32_t n = 0; n < row.seat_count; ++n) {
      const std::uint32_t other = row.first_seat.value + n;
      if (plan_.seats[other].accessible && (!best || away(other) < away(*best))) best = other;
    }
    return best;
  }

  const Plan& plan_;

 private:
  const std::vector<std::uint8_t> rule_by_zone_;
};

}  // namespace frontrow::test
