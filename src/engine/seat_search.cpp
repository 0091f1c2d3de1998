#include "engine/seat_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace frontrow::engine {
namespace {

/// Rows to either side that are searched for a seat in the stead of a taken one.
constexpr std::uint32_t nearest_rows_max = 24;
/// Taken seats of one choice for which others are looked for.
constexpr std::size_t nearest_seats_max = 16;

float distance_of(const Plan& plan, const PlanRow& row) {
  const PlanZone& zone = plan.zone(row.zone);
  if (row.seat_count == 0) return 0;
  const PlanSeat& middle = plan.seats[row.first_seat.value + row.seat_count / 2];
  return std::hypot(middle.x - zone.focal_x, middle.y - zone.focal_y);
}

bool contains(SeatSpan seats, SeatIndex seat) {
  return std::find(seats.begin(), seats.end(), seat) != seats.end();
}

}  // namespace

SeatSearch::SeatSearch(SeatMap& map, SeatSpan locked)
    : map_(map), by_zone_(map.plan().zones.size()), by_category_(map.plan().categories.size()) {
  const Plan& plan = map.plan();
  for (std::uint32_t n = 0; n < plan.rows.size(); ++n)
    by_zone_[plan.rows[n].zone.value].rows.push_back(area_row(n, none));
  for (Area& area : by_zone_) arrange(area);
  add_category_areas();
  for (std::uint32_t n = 0; n < plan.capacity(); ++n) {
    const PlanSeat& seat = plan.seats[n];
    if (!seat.accessible && !seat.companion) continue;
    special_.resize(plan.word_count);
    special_[map.word_of(SeatIndex{n})] |= map.mask_of(SeatIndex{n});
  }
  if (!locked.empty()) locked_.resize(plan.word_count);
  for (const SeatIndex seat : locked) locked_[map.word_of(seat)] |= map.mask_of(seat);
}

SeatSearch::AreaRow SeatSearch::area_row(std::uint32_t index, std::uint32_t mask) const {
  const PlanRow& row = map_.plan().rows[index];
  AreaRow made;
  made.first_seat = row.first_seat;
  made.seat_count = row.seat_count;
  made.first_word = row.first_word;
  made.word_count = row.word_count;
  made.mask = mask;
  made.row = index;
  made.distance = distance_of(map_.plan(), row);
  made.standing = map_.plan().zone(row.zone).kind == ZoneKind::kStanding;
  return made;
}

void SeatSearch::add_category_areas() {
  const Plan& plan = map_.plan();
  for (std::uint32_t n = 0; n < plan.rows.size(); ++n) {
    const PlanRow& row = plan.rows[n];
    std::vector<std::pair<CategoryIndex, std::uint32_t>> masks;
    for (std::uint32_t offset = 0; offset < row.seat_count; ++offset) {
      const CategoryIndex category = map_.category_of(SeatIndex{row.first_seat.value + offset});
      auto found = std::find_if(masks.begin(), masks.end(),
                                [&](const auto& one) { return one.first == category; });
      if (found == masks.end()) {
        masks.emplace_back(category, static_cast<std::uint32_t>(masks_.size()));
        masks_.resize(masks_.size() + row.word_count);
        found = std::prev(masks.end());
      }
      masks_[found->second + offset / 64] |= std::uint64_t{1} << offset % 64;
    }
    // A row of one category alone needs no mask.
    for (const auto& [category, mask] : masks)
      by_category_[category.value].rows.push_back(area_row(n, masks.size() == 1 ? none : mask));
  }
  for (Area& area : by_category_) arrange(area);
}

void SeatSearch::categories_moved() {
  map_.free_rows().drop_areas(static_cast<std::uint32_t>(by_zone_.size()));
  for (Area& area : by_category_) area = {};
  masks_.clear();
  add_category_areas();
}

void SeatSearch::arrange(Area& area) {
  const Plan& plan = map_.plan();
  std::stable_sort(area.rows.begin(), area.rows.end(),
                   [](const AreaRow& a, const AreaRow& b) { return a.distance < b.distance; });
  std::vector<std::uint32_t> place(plan.rows.size() + 1, none);
  for (std::uint32_t n = 0; n < area.rows.size(); ++n) place[area.rows[n].row] = n;
  for (AreaRow& row : area.rows) {
    const std::uint32_t next = row.row + 1;
    if (place[next] != none && plan.rows[next].zone == plan.rows[row.row].zone)
      row.behind = place[next];
  }
  area.number = map_.free_rows().add_area(static_cast<std::uint32_t>(area.rows.size()),
                                          [&](std::uint32_t n) { return area.rows[n].row; });
  for (const AreaRow& row : area.rows) {
    const auto free = map_.free_words(row.first_word, row.word_count);
    map_.free_rows().mark(row.row, std::any_of(free.begin(), free.end(),
                                               [](std::uint64_t word) { return word != 0; }));
  }
}

SeatSearch::Pass SeatSearch::pass(const Area& area, std::uint32_t number) const {
  if (number == 0 && !special_.empty()) return {area, special_.data()};
  return {area, locked_.empty() ? nullptr : locked_.data()};
}

RowLook SeatSearch::look(const Pass& pass, const AreaRow& row,
                         std::vector<std::uint64_t>& scratch) const {
  RowLook made;
  made.first_seat = row.first_seat;
  made.seat_count = row.seat_count;
  made.standing = row.standing;
  made.free = map_.free_words(row.first_word, row.word_count);
  made.links = map_.link_words(row.first_word, row.word_count);
  if (row.mask == none && pass.left_out == nullptr) return made;
  scratch.assign(made.free.begin(), made.free.end());
  for (std::uint32_t n = 0; n < row.word_count; ++n) {
    if (row.mask != none) scratch[n] &= masks_[row.mask + n];
    if (pass.left_out != nullptr) scratch[n] &= ~pass.left_out[row.first_word + n];
  }
  made.free = scratch;
  return made;
}

/// Calls `visit(row)` for the rows that have any free seat, the best first, until it says true.
template <class Visit>
bool SeatSearch::find_row(const Pass& pass, Visit&& visit) const {
  return map_.free_rows().find(pass.area.number,
                               [&](std::uint32_t n) { return visit(pass.area.rows[n]); });
}

bool SeatSearch::side_by_side(const Pass& pass, std::uint32_t quantity, SeatList& seats) const {
  return find_row(pass, [&](const AreaRow& row) {
    const RowLook its = look(pass, row, scratch_);
    if (its.standing) {
      // Places in a standing zone have no order in space: any of them are together.
      if (its.count_free() < quantity) return false;
      closest(its, quantity, offsets_);
      for (const std::uint32_t offset : offsets_)
        seats.push_back(SeatIndex{row.first_seat.value + offset});
      return true;
    }
    const auto start = best_start(its, quantity, middle_start(its, quantity));
    if (!start) return false;
    for (std::uint32_t n = 0; n < quantity; ++n)
      seats.push_back(SeatIndex{row.first_seat.value + *start + n});
    return true;
  });
}

bool SeatSearch::in_two_rows(const Pass& pass, const AreaRow& front, std::uint32_t in_front,
                             std::uint32_t behind, SeatList& seats) const {
  const RowLook first = look(pass, front, scratch_);
  const auto start = best_start(first, in_front, middle_start(first, in_front));
  if (!start) return false;
  const AreaRow& back = pass.area.rows[front.behind];
  const RowLook second = look(pass, back, other_scratch_);
  // Rows are taken to be centred on one another.
  const std::int64_t wanted = std::int64_t{*start} +
                              (std::int64_t{second.seat_count} - first.seat_count) / 2 +
                              (std::int64_t{in_front} - behind) / 2;
  const auto start_behind =
      best_start(second, behind, static_cast<std::uint32_t>(std::max(wanted, std::int64_t{0})));
  if (!start_behind) return false;
  for (std::uint32_t n = 0; n < in_front; ++n)
    seats.push_back(SeatIndex{front.first_seat.value + *start + n});
  for (std::uint32_t n = 0; n < behind; ++n)
    seats.push_back(SeatIndex{back.first_seat.value + *start_behind + n});
  return true;
}

bool SeatSearch::adjacent_rows(const Pass& pass, std::uint32_t quantity, SeatList& seats) const {
  if (quantity < 2) return false;
  const std::uint32_t half = quantity / 2;
  return find_row(pass, [&](const AreaRow& row) {
    if (row.behind == none || row.standing) return false;
    return in_two_rows(pass, row, quantity - half, half, seats) ||
           (quantity % 2 != 0 && in_two_rows(pass, row, half, quantity - half, seats));
  });
}

bool SeatSearch::pairs(const Pass& pass, std::uint32_t quantity, SeatList& seats) const {
  if (quantity < 4) return false;  // Two and three in two rows have been tried.
  std::uint32_t missing = quantity;
  const bool all = find_row(pass, [&](const AreaRow& row) {
    if (row.standing) return false;
    const RowLook its = look(pass, row, scratch_);
    // The row's bits, out of which what was given goes.
    other_scratch_.assign(its.free.begin(), its.free.end());
    RowLook left = its;
    left.free = other_scratch_;
    while (missing > 0) {
      const std::uint32_t size = missing % 2 != 0 ? 3 : 2;
      const auto start = best_start(left, size, middle_start(left, size));
      if (!start) return false;
      for (std::uint32_t n = 0; n < size; ++n) {
        const std::uint32_t offset = *start + n;
        other_scratch_[offset / 64] &= ~(std::uint64_t{1} << offset % 64);
        seats.push_back(SeatIndex{row.first_seat.value + offset});
      }
      missing -= size;
    }
    return true;
  });
  if (!all) seats.clear();
  return all;
}

bool SeatSearch::same_row(const Pass& pass, std::uint32_t quantity, SeatList& seats) const {
  return find_row(pass, [&](const AreaRow& row) {
    const RowLook its = look(pass, row, scratch_);
    if (its.count_free() < quantity) return false;
    closest(its, quantity, offsets_);
    for (const std::uint32_t offset : offsets_)
      seats.push_back(SeatIndex{row.first_seat.value + offset});
    return true;
  });
}

bool SeatSearch::scattered(const Pass& pass, std::uint32_t quantity, SeatList& seats) const {
  find_row(pass, [&](const AreaRow& row) {
    closest(look(pass, row, scratch_), quantity - static_cast<std::uint32_t>(seats.size()),
            offsets_);
    for (const std::uint32_t offset : offsets_)
      seats.push_back(SeatIndex{row.first_seat.value + offset});
    return seats.size() == quantity;
  });
  if (seats.size() == quantity) return true;
  seats.clear();
  return false;
}

std::optional<SeatSearch::Found> SeatSearch::find(const Area& area, std::uint32_t quantity,
                                                  Together together) const {
  const bool told = together == Together::kPreferred;
  Found found;
  const auto as = [&](Arrangement arrangement) {
    if (told) found.arrangement = arrangement;
    return found;
  };
  if (together == Together::kRequired) {
    for (std::uint32_t n = 0; n < passes(); ++n)
      if (side_by_side(pass(area, n), quantity, found.seats)) return as(Arrangement::kSideBySide);
    return std::nullopt;
  }
  for (std::uint32_t n = 0; n < passes(); ++n) {
    const Pass its = pass(area, n);
    if (side_by_side(its, quantity, found.seats)) return as(Arrangement::kSideBySide);
    if (adjacent_rows(its, quantity, found.seats)) return as(Arrangement::kAdjacentRows);
    if (pairs(its, quantity, found.seats)) return as(Arrangement::kPairs);
    if (same_row(its, quantity, found.seats)) return as(Arrangement::kNearby);
    if (scattered(its, quantity, found.seats)) return as(Arrangement::kScattered);
  }
  return std::nullopt;
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

std::optional<SeatSearch::Found> SeatSearch::in_any(std::span<const ZoneIndex> zones,
                                                    std::span<const CategoryIndex> categories,
                                                    std::uint32_t quantity, bool together) const {
  if (quantity == 0) return std::nullopt;
  const bool by_category = zones.empty() && !categories.empty();
  const auto& areas = by_category ? by_category_ : by_zone_;
  const std::size_t named = by_category ? categories.size() : zones.size();
  const std::size_t count = named == 0 ? areas.size() : named;
  const auto index_at = [&](std::size_t n) -> std::size_t {
    if (named == 0) return n;
    return by_category ? categories[n].value : zones[n].value;
  };
  const auto free_at = [&](std::size_t n) {
    const auto index = static_cast<std::uint16_t>(index_at(n));
    return by_category ? map_.free_in_category(CategoryIndex{index})
                       : map_.free_in_zone(ZoneIndex{index});
  };
  std::uint32_t free = 0;
  for (std::size_t n = 0; n < count; ++n) free += free_at(n);
  if (free < quantity) return std::nullopt;
  Found found;
  for (std::uint32_t number = 0; number < passes(); ++number)
    for (std::size_t n = 0; n < count; ++n)
      if (free_at(n) >= quantity &&
          side_by_side(pass(areas[index_at(n)], number), quantity, found.seats))
        return found;
  if (together) return std::nullopt;
  for (std::uint32_t number = 0; number < passes(); ++number) {
    // All of one area where one has enough, else from area to area.
    for (std::size_t n = 0; n < count; ++n)
      if (free_at(n) >= quantity &&
          scattered(pass(areas[index_at(n)], number), quantity, found.seats))
        return found;
    for (std::size_t n = 0; n < count; ++n) {
      find_row(pass(areas[index_at(n)], number), [&](const AreaRow& row) {
        closest(look(pass(areas[index_at(n)], number), row, scratch_),
                quantity - static_cast<std::uint32_t>(found.seats.size()), offsets_);
        for (const std::uint32_t offset : offsets_)
          found.seats.push_back(SeatIndex{row.first_seat.value + offset});
        return found.seats.size() == quantity;
      });
      if (found.seats.size() == quantity) return found;
    }
    found.seats.clear();
  }
  return std::nullopt;
}

bool SeatSearch::Replacement::may_be(SeatIndex seat) const {
  return !contains(wanted, seat) && !contains(given, seat);
}

std::optional<SeatIndex> SeatSearch::nearest_in_row(const PlanRow& row, CategoryIndex category,
                                                    const Replacement& search,
                                                    float& distance) const {
  std::optional<SeatIndex> best;
  for (std::uint32_t n = 0; n < row.word_count; ++n) {
    std::uint64_t free = map_.free_word(row.first_word + n);
    if (!locked_.empty()) free &= ~locked_[row.first_word + n];
    for (; free != 0; free &= free - 1) {
      const SeatIndex seat{row.first_seat.value + n * 64 +
                           static_cast<std::uint32_t>(std::countr_zero(free))};
      if (map_.category_of(seat) != category) continue;
      const PlanSeat& its = map_.plan().seat(seat);
      const float away = std::hypot(its.x - search.x, its.y - search.y);
      if (away >= distance || !search.may_be(seat)) continue;
      distance = away;
      best = seat;
    }
  }
  return best;
}

std::optional<SeatIndex> SeatSearch::nearest_to(SeatIndex taken, const Replacement& search) const {
  const Plan& plan = map_.plan();
  const CategoryIndex category = map_.category_of(taken);
  const std::uint32_t own = plan.seat(taken).row.value;
  const PlanZone& zone = plan.zone(plan.seat(taken).zone);
  const std::uint32_t first = zone.first_row.value, end = first + zone.row_count;
  float distance = std::numeric_limits<float>::max();
  std::optional<SeatIndex> best;
  const auto consider = [&](std::uint32_t row) {
    if (const auto seat = nearest_in_row(plan.rows[row], category, search, distance)) best = seat;
  };
  consider(own);
  for (std::uint32_t away = 1; away <= nearest_rows_max; ++away) {
    if (own >= first + away) consider(own - away);
    if (own + away < end) consider(own + away);
  }
  if (best) return best;
  // Nothing in the rows around: the best of the category, wherever it is.
  const Pass all{by_category_[category.value], locked_.empty() ? nullptr : locked_.data()};
  std::uint32_t rows = 0;
  find_row(all, [&](const AreaRow& row) {
    consider(row.row);
    return best.has_value() || ++rows == nearest_rows_max;
  });
  return best;
}

std::vector<SeatIndex> SeatSearch::nearest(SeatSpan taken, SeatSpan wanted) const {
  Replacement search;
  search.wanted = wanted;
  for (const SeatIndex seat : wanted) {
    search.x += map_.plan().seat(seat).x / static_cast<float>(wanted.size());
    search.y += map_.plan().seat(seat).y / static_cast<float>(wanted.size());
  }
  for (const SeatIndex seat : taken.first(std::min(taken.size(), nearest_seats_max)))
    if (const auto other = nearest_to(seat, search)) search.given.push_back(*other);
  return std::move(search.given);
}

}  // namespace frontrow::engine
