#include "engine/seat_map.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace frontrow::engine {

using SeatState = Engine::SeatState;

SeatMap::SeatMap(std::shared_ptr<const Plan> plan, HashSum& hash)
    : plan_(std::move(plan)),
      hash_(hash),
      free_(plan_->word_count),
      held_(plan_->word_count),
      sold_(plan_->word_count),
      blocked_(plan_->word_count),
      links_(plan_->word_count),
      order_of_(plan_->capacity()),
      reason_of_(plan_->capacity()),
      row_of_word_(plan_->word_count),
      free_in_row_(plan_->rows.size()),
      free_rows_(*plan_, free_, links_, free_in_row_),
      free_in_zone_(plan_->zones.size()),
      free_in_category_(plan_->categories.size()) {
  for (std::uint32_t n = 0; n < plan_->rows.size(); ++n)
    std::fill_n(row_of_word_.begin() + plan_->rows[n].first_word, plan_->rows[n].word_count, n);
  places_.reserve(plan_->capacity());
  for (std::uint32_t n = 0; n < plan_->capacity(); ++n) {
    const SeatIndex seat{n};
    const PlanSeat& geometry = plan_->seat(seat);
    places_.push_back(
        {plan_->word_of(seat) * 64 + plan_->bit_of(seat), geometry.zone, geometry.category});
    free_[word_of(seat)] |= mask_of(seat);
    count_free(places_.back(), 1);
  }
  totals_.capacity = plan_->capacity();
  for (const PlanRow& row : plan_->rows) {
    if (plan_->zone(row.zone).kind == ZoneKind::kStanding) continue;
    for (std::uint32_t offset = 0; offset + 1 < row.seat_count; ++offset)
      links_[row.first_word + offset / 64] |= std::uint64_t{1} << offset % 64;
    for (const std::uint32_t offset : row.breaks)
      if (offset < row.seat_count)
        links_[row.first_word + offset / 64] &= ~(std::uint64_t{1} << offset % 64);
  }
}

SeatState SeatMap::state(SeatIndex seat) const {
  const std::uint32_t word = word_of(seat);
  const std::uint64_t mask = mask_of(seat);
  if ((free_[word] & mask) != 0) return SeatState::kFree;
  if ((held_[word] & mask) != 0) return SeatState::kHeld;
  return (sold_[word] & mask) != 0 ? SeatState::kSold : SeatState::kBlocked;
}

std::uint64_t SeatMap::lonely_in(std::uint32_t word) const {
  const std::uint64_t free = free_[word];
  const std::uint64_t links = links_[word];
  std::uint64_t has_free_next = links & (free >> 1);
  std::uint64_t has_free_previous = (links & free) << 1;
  // The last link of a word leads into the next word only where the row goes on there.
  if ((links >> 63) != 0) has_free_next |= free_[word + 1] << 63;
  if (word > 0 && (links_[word - 1] >> 63) != 0) has_free_previous |= free_[word - 1] >> 63;
  return free & ~has_free_next & ~has_free_previous;
}

void SeatMap::count_free(const Place& place, std::uint32_t by) {
  totals_.free += by;
  free_in_row_[row_of_word_[place.position / 64]] += by;
  free_in_zone_[place.zone.value] += by;
  free_in_category_[place.category.value] += by;
}

void SeatMap::hold_taken(SeatSpan seats, OrderId order) {
  for (const SeatIndex seat : seats) {
    const Place& place = places_[seat.value];
    held_[place.position / 64] |= mask_of(seat);
    order_of_[seat.value] = order;
    count_free(place, ~std::uint32_t{0});
    hash_.add(hash_of(seat, SeatState::kHeld));
    tell(place.position / 64);
  }
  totals_.held += static_cast<std::uint32_t>(seats.size());
  rows_changed(seats);
}

void SeatMap::sell(SeatSpan seats) {
  for (const SeatIndex seat : seats) {
    const std::uint32_t word = word_of(seat);
    FRONTROW_ASSERT((held_[word] & mask_of(seat)) != 0);
    held_[word] ^= mask_of(seat);
    sold_[word] |= mask_of(seat);
    hash_.remove(hash_of(seat, SeatState::kHeld));
    hash_.add(hash_of(seat, SeatState::kSold));
  }
  totals_.held -= static_cast<std::uint32_t>(seats.size());
  totals_.sold += static_cast<std::uint32_t>(seats.size());
}

void SeatMap::free(SeatSpan seats) {
  for (const SeatIndex seat : seats) {
    const Place& place = places_[seat.value];
    const std::uint32_t word = place.position / 64;
    const std::uint64_t mask = mask_of(seat);
    if ((held_[word] & mask) != 0) {
      held_[word] ^= mask;
      --totals_.held;
      hash_.remove(hash_of(seat, SeatState::kHeld));
    } else {
      FRONTROW_ASSERT((sold_[word] & mask) != 0);
      sold_[word] ^= mask;
      --totals_.sold;
      hash_.remove(hash_of(seat, SeatState::kSold));
    }
    free_[word] |= mask;
    order_of_[seat.value] = OrderId::none();
    count_free(place, 1);
    tell(word);
  }
  rows_changed(seats);
}

void SeatMap::rows_changed(SeatSpan seats) {
  std::uint32_t last = ~std::uint32_t{0};
  for (const SeatIndex seat : seats) {
    const std::uint32_t row = row_of_word_[word_of(seat)];
    // Seats of one order mostly are of one row.
    if (row == last) continue;
    last = row;
    free_rows_.changed(row);
  }
}

void SeatMap::set_reason(SeatIndex seat, BlockReason reason) {
  hash_.remove(hash_of(seat, SeatState::kBlocked, reason_of_[seat.value]));
  reason_of_[seat.value] = reason;
  hash_.add(hash_of(seat, SeatState::kBlocked, reason));
}

void SeatMap::move_category(SeatIndex seat, CategoryIndex category) {
  Place& place = places_[seat.value];
  if (place.category == category) return;
  FRONTROW_ASSERT(!order_of_[seat.value].exists());
  const bool is_moved = place.category != plan_->seat(seat).category;
  if (is_moved) hash_.remove(hash_of_category(seat));
  const bool counts = is_free(seat);
  if (counts) count_free(place, ~std::uint32_t{0});
  place.category = category;
  if (counts) count_free(place, 1);
  if (category != plan_->seat(seat).category) hash_.add(hash_of_category(seat));
}

void SeatMap::block(SeatIndex seat, BlockReason reason) {
  FRONTROW_ASSERT(try_take(seat));
  const Place& place = places_[seat.value];
  blocked_[place.position / 64] |= mask_of(seat);
  ++totals_.blocked;
  count_free(place, ~std::uint32_t{0});
  reason_of_[seat.value] = reason;
  hash_.add(hash_of(seat, SeatState::kBlocked, reason));
  tell(place.position / 64);
  rows_changed({&seat, 1});
}

void SeatMap::unblock(SeatIndex seat) {
  const Place& place = places_[seat.value];
  const std::uint32_t word = place.position / 64;
  FRONTROW_ASSERT((blocked_[word] & mask_of(seat)) != 0);
  blocked_[word] ^= mask_of(seat);
  free_[word] |= mask_of(seat);
  --totals_.blocked;
  count_free(place, 1);
  hash_.remove(hash_of(seat, SeatState::kBlocked, reason_of_[seat.value]));
  reason_of_[seat.value] = BlockReason::kOther;
  tell(word);
  rows_changed({&seat, 1});
}

void SeatMap::check(std::vector<std::string>& violations) const {
  SeatTotals counted;
  counted.capacity = plan_->capacity();
  std::vector<std::uint32_t> in_zone(free_in_zone_.size()), in_category(free_in_category_.size());
  for (std::uint32_t n = 0; n < counted.capacity; ++n) {
    const SeatIndex seat{n};
    const std::uint32_t word = word_of(seat);
    const std::uint64_t mask = mask_of(seat);
    const int planes = ((free_[word] & mask) != 0) + ((held_[word] & mask) != 0) +
                       ((sold_[word] & mask) != 0) + ((blocked_[word] & mask) != 0);
    if (planes != 1)
      violations.push_back("seat " + std::to_string(n) + " is in " + std::to_string(planes) +
                           " of the four states");
    switch (state(seat)) {
      case SeatState::kFree:
        ++counted.free;
        ++in_zone[zone_of(seat).value];
        ++in_category[category_of(seat).value];
        break;
      case SeatState::kHeld:
        ++counted.held;
        break;
      case SeatState::kSold:
        ++counted.sold;
        break;
      case SeatState::kBlocked:
        ++counted.blocked;
        break;
    }
  }
  if (counted.free != totals_.free || counted.held != totals_.held ||
      counted.sold != totals_.sold || counted.blocked != totals_.blocked)
    violations.push_back("the counts of seats differ from the seats");
  if (counted.free + counted.held + counted.sold + counted.blocked != counted.capacity)
    violations.push_back("free, held, sold and blocked do not add up to the capacity");
  if (in_zone != free_in_zone_) violations.push_back("the free counts of zones are wrong");
  if (!free_rows_.agrees()) violations.push_back("what rows have to offer is wrong");
  if (in_category != free_in_category_)
    violations.push_back("the free counts of categories are wrong");
}

void SeatMap::add_hash_anew(HashSum& sum) const {
  for (std::uint32_t n = 0; n < plan_->capacity(); ++n) {
    const SeatIndex seat{n};
    if (const SeatState now = state(seat); now != SeatState::kFree)
      sum.add(hash_of(seat, now, reason_of_[n]));
    if (category_of(seat) != plan_->seat(seat).category) sum.add(hash_of_category(seat));
  }
}

}  // namespace frontrow::engine
