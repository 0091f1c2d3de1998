#include "engine/seat_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

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
  for (std::uint32_t n = 0; n < plan.capacity(); ++n) {
    const PlanSeat& seat = plan.seats[n];
    if (!seat.accessible && !seat.companion) continue;
    special_.resize(plan.word_count);
    special_[map.word_of(SeatIndex{n})] |= map.mask_of(SeatIndex{n});
  }
  if (!locked.empty()) locked_.resize(plan.word_count);
  for (const SeatIndex seat : locked) locked_[map.word_of(seat)] |= map.mask_of(seat);
  add_zone_places();
  add_category_places();
}

void SeatSearch::unlock() {
  locked_.clear();
  map_.free_rows().drop_areas(0);
  add_zone_places();
  add_category_places();
}

void SeatSearch::categories_moved() {
  map_.free_rows().drop_areas(static_cast<std::uint32_t>(by_zone_.size()) * passes());
  add_category_places();
}

/// `mask`: the row's seats that count, a bit a seat; empty: all of them.
void SeatSearch::add_row(Area& area, std::uint32_t index, std::span<const std::uint64_t> mask,
                         const Plane& left_out) {
  const Plan& plan = map_.plan();
  const PlanRow& row = plan.rows[index];
  AreaRow made;
  made.first_seat = row.first_seat;
  made.seat_count = row.seat_count;
  made.first_word = row.first_word;
  made.word_count = row.word_count;
  made.row = index;
  made.distance = distance_of(plan, row);
  made.standing = plan.zone(row.zone).kind == ZoneKind::kStanding;
  std::vector<std::uint64_t> counts(mask.begin(), mask.end());
  counts.resize(row.word_count, mask.empty() ? ~std::uint64_t{0} : 0);
  bool any_left_out = false;
  for (std::uint32_t n = 0; n < row.word_count && !left_out.empty(); ++n) {
    any_left_out = any_left_out || (counts[n] & left_out[row.first_word + n]) != 0;
    counts[n] &= ~left_out[row.first_word + n];
  }
  // Most rows are of one category and have no special seats: they need no mask.
  if (!mask.empty() || any_left_out) made.mask = map_.free_rows().add_mask(counts);
  area.rows.push_back(made);
}

void SeatSearch::add_zone_places() {
  const Plan& plan = map_.plan();
  for (std::uint32_t zone = 0; zone < by_zone_.size(); ++zone) {
    by_zone_[zone] = {};
    for (std::uint32_t pass = 0; pass < passes(); ++pass) {
      const bool usual = pass == 0 && !special_.empty();
      Area& area = usual ? by_zone_[zone].usual : by_zone_[zone].all;
      const PlanZone& its = plan.zones[zone];
      for (std::uint32_t n = 0; n < its.row_count; ++n)
        add_row(area, its.first_row.value + n, {}, usual ? special_ : locked_);
      arrange(area);
    }
  }
}

void SeatSearch::add_category_places() {
  const Plan& plan = map_.plan();
  struct CategoryRow {
    std::uint32_t row = 0;
    std::vector<std::uint64_t> mask;  ///< Empty: the whole row is of the category.
  };
  std::vector<std::vector<CategoryRow>> rows(by_category_.size());
  for (std::uint32_t index = 0; index < plan.rows.size(); ++index) {
    const PlanRow& row = plan.rows[index];
    std::vector<std::pair<CategoryIndex, std::vector<std::uint64_t>>> masks;
    for (std::uint32_t offset = 0; offset < row.seat_count; ++offset) {
      const CategoryIndex category = map_.category_of(SeatIndex{row.first_seat.value + offset});
      auto found = std::find_if(masks.begin(), masks.end(),
                                [&](const auto& one) { return one.first == category; });
      if (found == masks.end())
        found = masks.insert(masks.end(), {category, std::vector<std::uint64_t>(row.word_count)});
      found->second[offset / 64] |= std::uint64_t{1} << offset % 64;
    }
    if (masks.size() == 1) masks.front().second.clear();
    for (auto& [category, mask] : masks) rows[category.value].push_back({index, std::move(mask)});
  }
  for (std::size_t category = 0; category < rows.size(); ++category) {
    by_category_[category] = {};
    for (std::uint32_t pass = 0; pass < passes(); ++pass) {
      const bool usual = pass == 0 && !special_.empty();
      Area& area = usual ? by_category_[category].usual : by_category_[category].all;
      for (const CategoryRow& row : rows[category])
        add_row(area, row.row, row.mask, usual ? special_ : locked_);
      arrange(area);
    }
  }
}

void SeatSearch::arrange(Area& area) {
  const Plan& plan = map_.plan();
  std::stable_sort(area.rows.begin(), area.rows.end(),
                   [](const AreaRow& a, const AreaRow& b) { return a.distance < b.distance; });
  std::vector<std::uint32_t> place(plan.rows.size() + 1, AreaRow::none);
  for (std::uint32_t n = 0; n < area.rows.size(); ++n) place[area.rows[n].row] = n;
  for (AreaRow& row : area.rows) {
    const std::uint32_t next = row.row + 1;
    if (place[next] != AreaRow::none && plan.rows[next].zone == plan.rows[row.row].zone)
      row.behind = place[next];
  }
  area.number = map_.free_rows().add_area(area.rows);
}

RowLook SeatSearch::look(const AreaRow& row, std::vector<std::uint64_t>& scratch) const {
  RowLook made;
  made.first_seat = row.first_seat;
  made.seat_count = row.seat_count;
  made.standing = row.standing;
  made.free = map_.free_words(row.first_word, row.word_count);
  made.links = map_.link_words(row.first_word, row.word_count);
  if (row.mask == AreaRow::none) return made;
  scratch.resize(row.word_count);
  for (std::uint32_t n = 0; n < row.word_count; ++n)
    scratch[n] = made.free[n] & map_.free_rows().mask(row.mask + n);
  made.free = scratch;
  return made;
}

/// Calls `visit(row)` for the rows that have what is asked for, the best first, until it says true.
template <class Visit>
bool SeatSearch::find_row(const Area& area, FreeRows::Asked asked, std::uint32_t quantity,
                          Visit&& visit) const {
  return std::as_const(map_).free_rows().find(area.number, asked, quantity, 0,
                                              [&](std::uint32_t n) { return visit(area.rows[n]); });
}

bool SeatSearch::side_by_side(const Area& area, std::uint32_t quantity, SeatList& seats) const {
  return find_row(area, FreeRows::Asked::kRun, quantity, [&](const AreaRow& row) {
    const RowLook its = look(row, scratch_);
    if (its.standing) {
      // Places in a standing zone have no order in space: any of them are together.
      if (its.count_free() < quantity) return false;
      take_closest(its, quantity, seats);
      return true;
    }
    const auto start = best_start(its, quantity, middle_start(its, quantity));
    if (!start) return false;
    for (std::uint32_t n = 0; n < quantity; ++n)
      seats.push_back(SeatIndex{row.first_seat.value + *start + n});
    return true;
  });
}

bool SeatSearch::in_two_rows(const Area& area, const AreaRow& front, std::uint32_t in_front,
                             std::uint32_t behind, SeatList& seats) const {
  const RowLook first = look(front, scratch_);
  const auto start = best_start(first, in_front, middle_start(first, in_front));
  if (!start) return false;
  const AreaRow& back = area.rows[front.behind];
  const RowLook second = look(back, other_scratch_);
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

bool SeatSearch::adjacent_rows(const Area& area, std::uint32_t quantity, SeatList& seats) const {
  if (quantity < 2) return false;
  const std::uint32_t half = quantity / 2;
  return find_row(area, FreeRows::Asked::kTwoRows, quantity, [&](const AreaRow& row) {
    return in_two_rows(area, row, quantity - half, half, seats) ||
           (quantity % 2 != 0 && in_two_rows(area, row, half, quantity - half, seats));
  });
}

bool SeatSearch::pairs(const Area& area, std::uint32_t quantity, SeatList& seats) const {
  if (quantity < 4) return false;  // Two and three in two rows have been tried.
  std::uint32_t missing = quantity;
  const auto take = [&](const AreaRow& row) {
    if (row.standing) return false;
    // The row's bits, out of which what was given goes.
    RowLook left = look(row, other_scratch_);
    scratch_.assign(left.free.begin(), left.free.end());
    left.free = scratch_;
    while (missing > 0) {
      const std::uint32_t size = missing % 2 != 0 ? 3 : 2;
      const auto start = best_start(left, size, middle_start(left, size));
      if (!start) return false;
      for (std::uint32_t n = 0; n < size; ++n) {
        const std::uint32_t offset = *start + n;
        scratch_[offset / 64] &= ~(std::uint64_t{1} << offset % 64);
        seats.push_back(SeatIndex{row.first_seat.value + offset});
      }
      missing -= size;
    }
    return true;
  };
  const FreeRows& rows = std::as_const(map_).free_rows();
  // The three of an odd number come first: rows before the first that has three give nothing.
  std::uint32_t from = 0;
  if (quantity % 2 != 0 && !rows.find(area.number, FreeRows::Asked::kRun, 3, 0, [&](auto n) {
        from = n;
        return !area.rows[n].standing;
      }))
    return false;
  if (rows.find(area.number, FreeRows::Asked::kRun, 2, from,
                [&](std::uint32_t n) { return take(area.rows[n]); }))
    return true;
  seats.clear();
  return false;
}

bool SeatSearch::same_row(const Area& area, std::uint32_t quantity, SeatList& seats) const {
  return find_row(area, FreeRows::Asked::kCount, quantity, [&](const AreaRow& row) {
    const RowLook its = look(row, scratch_);
    if (its.count_free() < quantity) return false;
    take_closest(its, quantity, seats);
    return true;
  });
}

bool SeatSearch::scattered(const Area& area, std::uint32_t quantity, SeatList& seats) const {
  if (gather(area, quantity, seats)) return true;
  seats.clear();
  return false;
}

/// The best rows' seats, as long as there are fewer than `quantity`.
bool SeatSearch::gather(const Area& area, std::uint32_t quantity, SeatList& seats) const {
  return find_row(area, FreeRows::Asked::kRun, 1, [&](const AreaRow& row) {
    take_closest(look(row, scratch_), quantity - static_cast<std::uint32_t>(seats.size()), seats);
    return seats.size() == quantity;
  });
}

void SeatSearch::take_closest(const RowLook& row, std::uint32_t quantity, SeatList& seats) const {
  closest(row, quantity, offsets_);
  for (const std::uint32_t offset : offsets_)
    seats.push_back(SeatIndex{row.first_seat.value + offset});
}

std::optional<SeatSearch::Found> SeatSearch::find(const Place& place, std::uint32_t quantity,
                                                  Together together) const {
  const bool told = together == Together::kPreferred;
  std::optional<Found> found(std::in_place);
  const auto as = [&](Arrangement arrangement) {
    if (told) found->arrangement = arrangement;
    return true;
  };
  for (std::uint32_t n = 0; n < passes(); ++n) {
    const Area& its = area(place, n);
    if (side_by_side(its, quantity, found->seats) && as(Arrangement::kSideBySide)) return found;
    if (together == Together::kRequired) continue;
    if (adjacent_rows(its, quantity, found->seats) && as(Arrangement::kAdjacentRows)) return found;
    if (pairs(its, quantity, found->seats) && as(Arrangement::kPairs)) return found;
    if (same_row(its, quantity, found->seats) && as(Arrangement::kNearby)) return found;
    if (scattered(its, quantity, found->seats) && as(Arrangement::kScattered)) return found;
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
  const auto& places = by_category ? by_category_ : by_zone_;
  const std::size_t named = by_category ? categories.size() : zones.size();
  const std::size_t count = named == 0 ? places.size() : named;
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
  std::optional<Found> found(std::in_place);
  for (std::uint32_t pass = 0; pass < passes(); ++pass)
    for (std::size_t n = 0; n < count; ++n)
      if (free_at(n) >= quantity &&
          side_by_side(area(places[index_at(n)], pass), quantity, found->seats))
        return found;
  if (together) return std::nullopt;
  for (std::uint32_t pass = 0; pass < passes(); ++pass) {
    // All of one area where one has enough, else from area to area.
    for (std::size_t n = 0; n < count; ++n)
      if (free_at(n) >= quantity &&
          scattered(area(places[index_at(n)], pass), quantity, found->seats))
        return found;
    for (std::size_t n = 0; n < count; ++n)
      if (free_at(n) > 0 && gather(area(places[index_at(n)], pass), quantity, found->seats))
        return found;
    found->seats.clear();
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
  std::uint32_t rows = 0;
  find_row(by_category_[category.value].all, FreeRows::Asked::kRun, 1, [&](const AreaRow& row) {
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
