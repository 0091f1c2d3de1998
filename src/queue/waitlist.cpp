#include "queue/waitlist.hpp"

#include "base/assert.hpp"

namespace frontrow::queue {

Waitlist::Waitlist(std::uint32_t zone_count)
    : entries_(entries_max), standing_(entries_max), wishes_by_zone_(zone_count) {}

WishId Waitlist::wish_id(const WaitlistWish& wish) {
  std::string content;
  const auto append = [&](std::uint32_t value) {
    content.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  append(wish.quantity);
  append(wish.together ? 1 : 0);
  for (const ZoneIndex zone : wish.zones) append(zone.value);
  const WishId next{static_cast<std::uint32_t>(wishes_.size())};
  const auto [found, is_new] = wish_by_content_.try_emplace(std::move(content), next);
  if (is_new) {
    wishes_.push_back({wish, none, none, false});
    for (const ZoneIndex zone : wish.zones) wishes_by_zone_[zone.value].push_back(next);
    if (wish.zones.empty()) wishes_of_any_zone_.push_back(next);
  }
  return found->second;
}

WaitlistEntryId Waitlist::add(FanId fan, const WaitlistWish& wanted) {
  FRONTROW_ASSERT(!full());
  const WishId id = wish_id(wanted);
  Wish& wish = wishes_[id.value];
  const auto entry = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({fan, id, wish.tail, none});
  if (wish.tail != none)
    entries_[wish.tail].next = entry;
  else
    wish.head = entry;
  wish.tail = entry;
  standing_.set(entry);
  return WaitlistEntryId{entry};
}

void Waitlist::remove(WaitlistEntryId id) {
  FRONTROW_ASSERT(stands(id));
  Entry& entry = entries_[id.value];
  Wish& wish = wishes_[entry.wish.value];
  (entry.previous != none ? entries_[entry.previous].next : wish.head) = entry.next;
  (entry.next != none ? entries_[entry.next].previous : wish.tail) = entry.previous;
  standing_.clear(id.value);
}

void Waitlist::touch_wish(WishId id) {
  Wish& wish = wishes_[id.value];
  if (wish.touched || wish.head == none) return;
  wish.touched = true;
  touched_.push_back(id);
}

void Waitlist::touch_zone(ZoneIndex zone) {
  if (count() == 0) return;
  for (const WishId wish : wishes_by_zone_[zone.value]) touch_wish(wish);
  for (const WishId wish : wishes_of_any_zone_) touch_wish(wish);
}

}  // namespace frontrow::queue
