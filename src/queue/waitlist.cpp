#include "queue/waitlist.hpp"

#include "base/assert.hpp"

namespace frontrow::queue {

Waitlist::Waitlist(std::uint32_t zone_count, std::uint32_t category_count)
    : entries_(entries_max),
      standing_(first_joined + entries_max),
      wishes_by_zone_(zone_count),
      wishes_by_category_(category_count) {}

WishId Waitlist::wish_id(const WaitlistWish& wish) {
  std::string content;
  const auto append = [&](std::uint32_t value) {
    content.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  append(wish.quantity);
  append(wish.together ? 1 : 0);
  append(static_cast<std::uint32_t>(wish.zones.size()));
  for (const ZoneIndex zone : wish.zones) append(zone.value);
  for (const CategoryIndex category : wish.categories) append(category.value);
  const WishId next{static_cast<std::uint32_t>(wishes_.size())};
  const auto [found, is_new] = wish_by_content_.try_emplace(std::move(content), next);
  if (is_new) {
    wishes_.push_back({wish, {}, false});
    for (const ZoneIndex zone : wish.zones) wishes_by_zone_[zone.value].push_back(next);
    for (const CategoryIndex category : wish.categories)
      wishes_by_category_[category.value].push_back(next);
    if (wish.zones.empty() && wish.categories.empty()) wishes_of_any_seat_.push_back(next);
  }
  return found->second;
}

WaitlistEntryId Waitlist::add(FanId fan, const WaitlistWish& wanted, std::uint32_t rank,
                              bool sleeps) {
  FRONTROW_ASSERT(!full() && rank < first_joined);
  const WishId id = wish_id(wanted);
  const auto entry = static_cast<std::uint32_t>(entries_.size());
  const std::uint32_t position = rank != 0 ? rank : first_joined + entry;
  FRONTROW_ASSERT(!standing_.test(position));
  entries_.push_back({fan, id, position, sleeps});
  if (sleeps) sleepers_.push_back(WaitlistEntryId{entry});
  wishes_[id.value].entries.emplace(position, entry);
  standing_.set(position);
  seats_wanted_ += wanted.quantity;
  return WaitlistEntryId{entry};
}

void Waitlist::remove(WaitlistEntryId id) {
  FRONTROW_ASSERT(stands(id));
  const Entry& entry = entries_[id.value];
  Wish& wish = wishes_[entry.wish.value];
  wish.entries.erase(entry.position);
  standing_.clear(entry.position);
  seats_wanted_ -= wish.wish.quantity;
}

void Waitlist::wake_all() {
  for (const WaitlistEntryId entry : sleepers_) entries_[entry.value].sleeps = false;
  sleepers_.clear();
}

void Waitlist::touch_wish(WishId id) {
  Wish& wish = wishes_[id.value];
  if (wish.touched || wish.entries.empty()) return;
  wish.touched = true;
  touched_.push_back(id);
}

void Waitlist::touch_seat(ZoneIndex zone, CategoryIndex category) {
  if (count() == 0) return;
  for (const WishId wish : wishes_by_zone_[zone.value]) touch_wish(wish);
  for (const WishId wish : wishes_by_category_[category.value]) touch_wish(wish);
  for (const WishId wish : wishes_of_any_seat_) touch_wish(wish);
}

void Waitlist::touch_all() {
  if (count() == 0) return;
  for (std::uint32_t n = 0; n < wishes_.size(); ++n) touch_wish(WishId{n});
}

}  // namespace frontrow::queue
