#include "engine/seat_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "engine/free_runs.hpp"

namespace frontrow::engine {
namespace {

float distance_of(const Plan& plan, const PlanRow& row) {
  const PlanZone& zone = plan.zone(row.zone);
  if (row.seat_count == 0) return 0;
  const PlanSeat& middle = plan.seats[row.first_seat.value + row.seat_count / 2];
  return std::hypot(middle.x - zone.focal_x, middle.y - zone.focal_y);
}

/// The set bit nearest to `wanted`, the lower of two. Precondition: there is one.
std::uint32_t nearest_bit(std::uint64_t bits, std::uint32_t wanted) {
  const std::uint64_t below = wanted >= 63 ? bits : bits & ((std::uint64_t{2} << wanted) - 1);
  const std::uint64_t above = bits & ~below;
  if (above == 0) return 63 - static_cast<std::uint32_t>(std::countl_zero(below));
  const auto next = static_cast<std::uint32_t>(std::countr_zero(above));
  if (below == 0) return next;
  const std::uint32_t previous = 63 - static_cast<std::uint32_t>(std::countl_zero(below));
  return wanted - previous <= next - wanted ? previous : next;
}

/// Bit s: `quantity` neighbours that are all free begin at s. `pairs` as of `free_pairs`.
std::uint64_t starts_of_runs(std::uint64_t free, std::uint64_t pairs, std::uint32_t quantity) {
  if (quantity == 1) return free;
  if (quantity > 64) return 0;
  std::uint64_t starts = pairs;
  std::uint32_t covered = 1;  // Links that `starts` answers for; doubled while it can be.
  while (covered < quantity - 1) {
    const std::uint32_t step = std::min(covered, quantity - 1 - covered);
    starts &= starts >> step;
    covered += step;
  }
  return starts;
}

/// Of those starts, the ones that leave no seat alone that had a free neighbour.
std::uint64_t starts_without_orphan(std::uint64_t starts, std::uint64_t pairs,
                                    std::uint32_t quantity) {
  const std::uint64_t left_alone = pairs << 1 & ~(pairs << 2);
  const std::uint64_t from_last = pairs >> (quantity - 1);
  const std::uint64_t right_alone = from_last & ~(from_last >> 1);
  return starts & ~left_alone & ~right_alone;
}

}  // namespace

SeatSearch::SeatSearch(const SeatMap& map)
    : map_(map), by_zone_(map.plan().zones.size()), by_category_(map.plan().categories.size()) {
  const Plan& plan = map.plan();
  for (std::uint32_t n = 0; n < plan.rows.size(); ++n) {
    const PlanRow& row = plan.rows[n];
    const float distance = distance_of(plan, row);
    by_zone_[row.zone.value].push_back({RowIndex{n}, ~std::uint32_t{0}, distance});
    std::vector<std::uint32_t> mask_of(by_category_.size(), ~std::uint32_t{0});
    for (std::uint32_t offset = 0; offset < row.seat_count; ++offset) {
      const auto category = map.category_of(SeatIndex{row.first_seat.value + offset}).value;
      if (mask_of[category] == ~std::uint32_t{0}) {
        mask_of[category] = static_cast<std::uint32_t>(masks_.size());
        masks_.resize(masks_.size() + row.word_count);
        by_category_[category].push_back({RowIndex{n}, mask_of[category], distance});
      }
      masks_[mask_of[category] + offset / 64] |= std::uint64_t{1} << offset % 64;
    }
  }
  for (Area& area : by_zone_) arrange(area);
  for (Area& area : by_category_) arrange(area);
}

void SeatSearch::arrange(Area& area) const {
  std::stable_sort(area.begin(), area.end(),
                   [](const AreaRow& a, const AreaRow& b) { return a.distance < b.distance; });
  std::vector<std::uint32_t> place(map_.plan().rows.size() + 1, ~std::uint32_t{0});
  for (std::uint32_t n = 0; n < area.size(); ++n) place[area[n].row.value] = n;
  for (AreaRow& row : area) {
    const std::uint32_t next = row.row.value + 1;
    if (place[next] != ~std::uint32_t{0} &&
        map_.plan().rows[next].zone == map_.plan().row(row.row).zone)
      row.behind = place[next];
  }
}

std::uint32_t SeatSearch::free_in(const AreaRow& area_row) const {
  const PlanRow& row = map_.plan().row(area_row.row);
  std::uint32_t free = 0;
  for (std::uint32_t n = 0; n < row.word_count; ++n)
    free += static_cast<std::uint32_t>(std::popcount(free_word(area_row, row, n)));
  return free;
}

bool SeatSearch::side_by_side_in(const AreaRow& area_row, std::uint32_t quantity,
                                 SeatList& seats) const {
  const PlanRow& row = map_.plan().row(area_row.row);
  if (map_.plan().zone(row.zone).kind == ZoneKind::kStanding) {
    // Places in a standing zone have no order in space: any of them are together.
    return free_in(area_row) >= quantity && take_compact(area_row, quantity, seats) == quantity;
  }
  if (row.seat_count < quantity) return false;
  const std::uint32_t wanted = (row.seat_count - quantity) / 2;
  std::optional<std::uint32_t> best;
  if (row.word_count == 1) {
    const std::uint64_t free = free_word(area_row, row, 0);
    const std::uint64_t pairs = free_pairs(free, map_.link_word(row.first_word), 0);
    const std::uint64_t starts = starts_of_runs(free, pairs, quantity);
    if (starts == 0) return false;
    const std::uint64_t clean = starts_without_orphan(starts, pairs, quantity);
    best = nearest_bit(clean != 0 ? clean : starts, wanted);
  } else {
    bool best_is_clean = false;
    const auto consider = [&](const FreeRun& run, std::uint32_t left) {
      const std::uint32_t right = run.length - quantity - left;
      const bool clean = left != 1 && right != 1;
      const std::uint32_t start = run.start + left;
      const auto away = [&](std::uint32_t from) {
        return std::abs(std::int64_t{from} - std::int64_t{wanted});
      };
      if (!best || (clean && !best_is_clean) ||
          (clean == best_is_clean && away(start) < away(*best))) {
        best = start;
        best_is_clean = clean;
      }
    };
    for_each_free_run(
        map_, row, [&](std::uint32_t n) { return free_word(area_row, row, n); },
        [&](const FreeRun& run) {
          if (run.length < quantity) return;
          const std::uint32_t room = run.length - quantity;
          const std::uint32_t middle = std::clamp(wanted, run.start, run.start + room) - run.start;
          // Three places to either side are enough to get away from a lone seat.
          for (std::uint32_t left = middle > 3 ? middle - 3 : 0; left <= std::min(room, middle + 3);
               ++left)
            consider(run, left);
        });
  }
  if (!best) return false;
  for (std::uint32_t n = 0; n < quantity; ++n)
    seats.push_back(SeatIndex{row.first_seat.value + *best + n});
  return true;
}

bool SeatSearch::side_by_side(const Area& area, std::uint32_t quantity, SeatList& seats) const {
  for (const AreaRow& row : area)
    if (side_by_side_in(row, quantity, seats)) return true;
  return false;
}

std::uint32_t SeatSearch::take_compact(const AreaRow& area_row, std::uint32_t quantity,
                                       SeatList& seats) const {
  const PlanRow& row = map_.plan().row(area_row.row);
  std::vector<std::uint32_t>& free = scratch_;
  free.clear();
  const bool standing = map_.plan().zone(row.zone).kind == ZoneKind::kStanding;
  for (std::uint32_t n = 0; n < row.word_count; ++n) {
    for (std::uint64_t bits = free_word(area_row, row, n); bits != 0; bits &= bits - 1)
      free.push_back(n * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
    if (standing && free.size() >= quantity) break;
  }
  const auto taken = std::min(quantity, static_cast<std::uint32_t>(free.size()));
  if (taken == 0) return 0;
  // The window of `taken` free seats with the least distance from end to end.
  std::size_t best = 0;
  if (!standing)
    for (std::size_t n = 1; n + taken <= free.size(); ++n)
      if (free[n + taken - 1] - free[n] < free[best + taken - 1] - free[best]) best = n;
  for (std::uint32_t n = 0; n < taken; ++n)
    seats.push_back(SeatIndex{row.first_seat.value + free[best + n]});
  return taken;
}

bool SeatSearch::nearby(const Area& area, std::uint32_t quantity, SeatList& seats) const {
  for (const AreaRow& row : area)
    if (free_in(row) >= quantity) return take_compact(row, quantity, seats) == quantity;
  // Two rows one behind the other, of the same zone and both of this area.
  for (const AreaRow& row : area) {
    if (row.behind == ~std::uint32_t{0}) continue;
    const std::uint32_t here = free_in(row);
    if (here + free_in(area[row.behind]) < quantity) continue;
    take_compact(row, here, seats);
    take_compact(area[row.behind], quantity - here, seats);
    return true;
  }
  return false;
}

std::uint32_t SeatSearch::take_any(const Area& area, std::uint32_t quantity,
                                   SeatList& seats) const {
  std::uint32_t taken = 0;
  for (const AreaRow& row : area) {
    if (taken == quantity) break;
    taken += take_compact(row, quantity - taken, seats);
  }
  return taken;
}

std::optional<SeatSearch::Found> SeatSearch::find(const Area& area, std::uint32_t quantity,
                                                  Together together) const {
  const bool told = together == Together::kPreferred;
  Found found;
  if (side_by_side(area, quantity, found.seats)) {
    if (told) found.arrangement = Arrangement::kSideBySide;
    return found;
  }
  if (together == Together::kRequired) return std::nullopt;
  if (nearby(area, quantity, found.seats)) {
    if (told) found.arrangement = Arrangement::kNearby;
    return found;
  }
  if (take_any(area, quantity, found.seats) < quantity) return std::nullopt;
  if (told) found.arrangement = Arrangement::kScattered;
  return found;
}

std::optional<SeatSearch::Found> SeatSearch::in_zone(ZoneIndex zone, std::uint32_t quantity,
                                                     Together together) const {
  if (quantity == 0 || map_.free_in_zone(zone) < quantity) return std::nullopt;
  return find(by_zone_[zone.value], quantity, together);
}

std::optional<SeatSearch::Found> SeatSearch::in_category(CategoryIndex category,
                                                         std::uint32_t quantity,
                                                         Together together) const {
  if (quantity == 0 || map_.free_in_category(category) < quantity) return std::nullopt;
  return find(by_category_[category.value], quantity, together);
}

std::optional<SeatSearch::Found> SeatSearch::in_zones(std::span<const ZoneIndex> zones,
                                                      std::uint32_t quantity, bool together) const {
  if (quantity == 0) return std::nullopt;
  const auto count = zones.empty() ? by_zone_.size() : zones.size();
  const auto zone_at = [&](std::size_t n) {
    return zones.empty() ? ZoneIndex{static_cast<std::uint16_t>(n)} : zones[n];
  };
  std::uint32_t free = 0;
  for (std::size_t n = 0; n < count; ++n) free += map_.free_in_zone(zone_at(n));
  if (free < quantity) return std::nullopt;
  Found found;
  for (std::size_t n = 0; n < count; ++n)
    if (map_.free_in_zone(zone_at(n)) >= quantity &&
        side_by_side(by_zone_[zone_at(n).value], quantity, found.seats))
      return found;
  if (together) return std::nullopt;
  // All of one zone where one has enough, else from zone to zone.
  for (std::size_t n = 0; n < count; ++n)
    if (map_.free_in_zone(zone_at(n)) >= quantity) {
      take_any(by_zone_[zone_at(n).value], quantity, found.seats);
      return found;
    }
  std::uint32_t taken = 0;
  for (std::size_t n = 0; n < count && taken < quantity; ++n)
    taken += take_any(by_zone_[zone_at(n).value], quantity - taken, found.seats);
  return found;
}

}  // namespace frontrow::engine
