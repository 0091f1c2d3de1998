#include "engine/free_rows.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "engine/free_runs.hpp"

namespace frontrow::engine {

FreeRows::FreeRows(const Plan& plan, const std::vector<std::uint64_t>& free,
                   const std::vector<std::uint64_t>& links,
                   const std::vector<std::uint32_t>& free_in_row)
    : plan_(plan),
      free_(free),
      links_(links),
      free_in_row_(free_in_row),
      places_(plan.rows.size()) {}

std::uint32_t FreeRows::add_mask(std::span<const std::uint64_t> words) {
  const auto first = static_cast<std::uint32_t>(masks_.size());
  masks_.insert(masks_.end(), words.begin(), words.end());
  return first;
}

std::uint32_t FreeRows::add_area(std::span<const AreaRow> rows) {
  const auto number = static_cast<std::uint32_t>(areas_.size());
  Area area;
  area.first_row = static_cast<std::uint32_t>(offers_.size());
  area.row_count = static_cast<std::uint32_t>(rows.size());
  area.first_word = static_cast<std::uint32_t>(planes_.size());
  area.word_count = (area.row_count + 63) / 64;
  area.masks_end = static_cast<std::uint32_t>(masks_.size());
  areas_.push_back(area);
  planes_.resize(planes_.size() + std::size_t{area.word_count} * plane_count);
  offers_.resize(offers_.size() + rows.size());
  behind_.resize(offers_.size(), AreaRow::none);
  front_of_.resize(offers_.size(), AreaRow::none);
  for (std::uint32_t n = 0; n < area.row_count; ++n) {
    const AreaRow& row = rows[n];
    // Two rows of standing places are not one behind the other.
    if (row.behind != AreaRow::none && !row.standing) {
      behind_[area.first_row + n] = row.behind;
      front_of_[area.first_row + row.behind] = n;
    }
    places_[row.row].push_back({number, n, row.mask});
  }
  for (std::uint32_t n = 0; n < area.row_count; ++n)
    update({number, n, rows[n].mask}, offer_of(rows[n].row, rows[n].mask));
  return number;
}

void FreeRows::drop_areas(std::uint32_t first) {
  if (first >= areas_.size()) return;
  const Area& area = areas_[first];
  for (auto& places : places_)
    std::erase_if(places, [&](const Place& place) { return place.area >= first; });
  masks_.resize(first == 0 ? 0 : areas_[first - 1].masks_end);
  planes_.resize(area.first_word);
  offers_.resize(area.first_row);
  behind_.resize(area.first_row);
  front_of_.resize(area.first_row);
  areas_.resize(first);
}

FreeRows::Offer FreeRows::offer_of(std::uint32_t index, std::uint32_t mask) const {
  const PlanRow& row = plan_.rows[index];
  const bool standing = plan_.zone(row.zone).kind == ZoneKind::kStanding;
  const auto word_at = [&](std::uint32_t n) {
    const std::uint64_t free = free_[row.first_word + n];
    return mask == AreaRow::none ? free : free & masks_[mask + n];
  };
  std::uint32_t count = mask == AreaRow::none ? free_in_row_[index] : 0;
  if (mask != AreaRow::none)
    for (std::uint32_t n = 0; n < row.word_count && count < told_max; ++n)
      count += static_cast<std::uint32_t>(std::popcount(word_at(n)));
  std::uint32_t run = std::min(count, told_max);
  if (!standing && row.word_count == 1) {
    const std::uint64_t pairs = free_pairs(word_at(0), links_[row.first_word], 0);
    run = count > 0 ? 1 : 0;
    // Bit n of `left`: the last of so many links in a row.
    for (std::uint64_t left = pairs; left != 0 && run < told_max; left = left << 1 & pairs) ++run;
  } else if (!standing) {
    std::uint32_t longest = 0;
    for_each_free_run(
        row.word_count, word_at, [&](std::uint32_t n) { return links_[row.first_word + n]; },
        [&](const FreeRun& one) { longest = std::max(longest, one.length); });
    run = std::min(longest, told_max);
  }
  return {static_cast<std::uint8_t>(run), static_cast<std::uint8_t>(std::min(count, told_max))};
}

void FreeRows::set_bit(const Area& area, std::uint32_t plane, std::uint32_t n, bool value) {
  std::uint64_t& word = planes_[area.first_word + plane * area.word_count + n / 64];
  const std::uint64_t bit = std::uint64_t{1} << n % 64;
  word = value ? word | bit : word & ~bit;
}

void FreeRows::update(const Place& place, Offer offer) {
  const Area& area = areas_[place.area];
  Offer& known = offers_[area.first_row + place.n];
  if (known == offer) return;
  const Offer before = known;
  known = offer;
  for (std::uint32_t n = std::min(before.count, offer.count) + 1U;
       n <= std::max(before.count, offer.count); ++n)
    if (n > 1) set_bit(area, plane_of(Asked::kCount, n), place.n, offer.count >= n);
  if (before.run == offer.run) return;
  for (std::uint32_t n = std::min(before.run, offer.run) + 1U; n <= std::max(before.run, offer.run);
       ++n)
    set_bit(area, plane_of(Asked::kRun, n), place.n, offer.run >= n);
  // Half of the largest quantity is the longest run that two rows are asked for.
  if (std::min(before.run, offer.run) >= (told_max + 1) / 2) return;
  update_two_rows(area, place.n);
  if (const std::uint32_t front = front_of_[area.first_row + place.n]; front != AreaRow::none)
    update_two_rows(area, front);
}

void FreeRows::update_two_rows(const Area& area, std::uint32_t n) {
  const std::uint32_t behind = behind_[area.first_row + n];
  if (behind == AreaRow::none) return;
  const std::uint32_t first = offers_[area.first_row + n].run;
  const std::uint32_t second = offers_[area.first_row + behind].run;
  const std::uint32_t less = std::min(first, second), more = std::max(first, second);
  for (std::uint32_t quantity = 2; quantity <= told_max; ++quantity)
    set_bit(area, plane_of(Asked::kTwoRows, quantity), n,
            less >= quantity / 2 && more >= quantity - quantity / 2);
}

bool FreeRows::agrees() const {
  for (std::uint32_t row = 0; row < places_.size(); ++row)
    for (const Place& place : places_[row]) {
      const Area& area = areas_[place.area];
      const Offer offer = offer_of(row, place.mask);
      if (offers_[area.first_row + place.n] != offer) return false;
      const auto bit = [&](Asked asked, std::uint32_t quantity) {
        const std::uint32_t plane = area.first_word + plane_of(asked, quantity) * area.word_count;
        return (planes_[plane + place.n / 64] >> place.n % 64 & 1) != 0;
      };
      const std::uint32_t behind = behind_[area.first_row + place.n];
      const std::uint32_t run_behind =
          behind == AreaRow::none ? 0 : offers_[area.first_row + behind].run;
      for (std::uint32_t quantity = 1; quantity <= told_max; ++quantity) {
        const std::uint32_t half = quantity / 2, rest = quantity - half;
        const bool two_rows = quantity > 1 && behind != AreaRow::none &&
                              ((offer.run >= half && run_behind >= rest) ||
                               (offer.run >= rest && run_behind >= half));
        if (bit(Asked::kRun, quantity) != (offer.run >= quantity) ||
            bit(Asked::kCount, quantity) != (offer.count >= quantity) ||
            (quantity > 1 && bit(Asked::kTwoRows, quantity) != two_rows))
          return false;
      }
    }
  return true;
}

void FreeRows::changed(std::uint32_t row) {
  // Most areas take every seat of the row, and are offered the same.
  Offer whole;
  bool whole_is_known = false;
  for (const Place& place : places_[row]) {
    if (place.mask != AreaRow::none) {
      update(place, offer_of(row, place.mask));
      continue;
    }
    if (!whole_is_known) whole = offer_of(row, AreaRow::none);
    whole_is_known = true;
    update(place, whole);
  }
}

}  // namespace frontrow::engine
