#include "queue/waitlist.hpp"

#include "base/assert.hpp"

namespace frontrow::queue {

Waitlist::Waitlist(std::uint32_t zone_count, std::uint32_t category_count)
    : zone_count_(zone_count),
      category_count_(category_count),
      entries_(entries_max),
      standing_(first_joined + entries_max),
      groups_(zone_count + category_count + 1),
      area_is_touched_(zone_count + category_count + 1) {}

WishArea Waitlist::area_at(std::uint32_t area) const {
  if (area < zone_count_) return {WishArea::Kind::kZone, static_cast<std::uint16_t>(area)};
  if (area < zone_count_ + category_count_)
    return {WishArea::Kind::kCategory, static_cast<std::uint16_t>(area - zone_count_)};
  return {};
}

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
    std::vector<std::uint32_t> areas;
    std::uint64_t classes = 0;
    const auto add = [&](std::uint32_t area, std::uint16_t index) {
      areas.push_back(area);
      classes |= std::uint64_t{1} << index % 64;
    };
    for (const ZoneIndex zone : wish.zones) add(zone.value, zone.value);
    for (const CategoryIndex category : wish.categories)
      add(zone_count_ + category.value, category.value);
    if (areas.empty()) {
      areas.push_back(zone_count_ + category_count_);
      classes = ~std::uint64_t{0};
    }
    groups_.add_wish(areas, classes, wish.quantity, wish.together);
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
  entries_.push_back({fan, id, position, sleeps, true});
  if (sleeps)
    sleepers_.push_back(WaitlistEntryId{entry});
  else
    insert(entries_[entry], entry);
  standing_.set(position);
  seats_wanted_ += wanted.quantity;
  return WaitlistEntryId{entry};
}

void Waitlist::insert(const Entry& entry, std::uint32_t number) {
  auto& entries = wishes_[entry.wish.value].entries;
  const bool is_first = entries.empty() || entry.position < entries.begin()->first;
  entries.emplace(entry.position, number);
  if (is_first) groups_.set_first(entry.wish.value, entry.position);
}

void Waitlist::remove(WaitlistEntryId id) {
  FRONTROW_ASSERT(stands(id));
  Entry& entry = entries_[id.value];
  Wish& wish = wishes_[entry.wish.value];
  entry.stands = false;
  standing_.clear(entry.position);
  seats_wanted_ -= wish.wish.quantity;
  if (entry.sleeps) return;
  const bool was_first = wish.entries.begin()->first == entry.position;
  wish.entries.erase(entry.position);
  if (was_first)
    groups_.set_first(entry.wish.value,
                      wish.entries.empty() ? WishGroups::none : wish.entries.begin()->first);
}

void Waitlist::wake_all() {
  for (const WaitlistEntryId id : sleepers_) {
    Entry& entry = entries_[id.value];
    entry.sleeps = false;
    if (entry.stands) insert(entry, id.value);
  }
  sleepers_.clear();
}

void Waitlist::touch_wish(WishId id) {
  Wish& wish = wishes_[id.value];
  if (wish.touched || wish.entries.empty()) return;
  wish.touched = true;
  touched_.push_back(id);
}

void Waitlist::touch_area(std::uint32_t area) {
  if (area_is_touched_[area] != 0 || groups_.groups_of(area).empty()) return;
  area_is_touched_[area] = 1;
  touched_areas_.push_back(area);
}

void Waitlist::touch_seat(ZoneIndex zone, CategoryIndex category) {
  if (count() == 0) return;
  touch_area(zone.value);
  touch_area(zone_count_ + category.value);
  touch_area(zone_count_ + category_count_);
}

void Waitlist::touch_all() {
  if (count() == 0) return;
  for (std::uint32_t area = 0; area <= zone_count_ + category_count_; ++area) touch_area(area);
}

}  // namespace frontrow::queue
