#include "queue/wish_groups.hpp"

#include <algorithm>

namespace frontrow::queue {

void WishGroups::add_wish(const std::vector<std::uint32_t>& areas, std::uint64_t classes,
                          std::uint32_t quantity, bool together) {
  const auto wish = static_cast<std::uint32_t>(first_.size());
  first_.push_back(none);
  auto& places = places_.emplace_back();
  places.reserve(areas.size());
  for (const std::uint32_t area : areas) {
    auto& groups = areas_[area];
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& one) {
      return one.quantity == quantity && one.together == together;
    });
    if (group == groups.end()) {
      groups.push_back({quantity, together, {}, {}, {}});
      group = std::prev(groups.end());
    }
    places.push_back({area, static_cast<std::uint32_t>(group - groups.begin()),
                      static_cast<std::uint32_t>(group->heap.size())});
    group->heap.push_back({none, wish, static_cast<std::uint32_t>(places.size() - 1)});
    group->classes.push_back(classes);
    group->wishes.push_back(wish);
  }
}

void WishGroups::set_first(std::uint32_t wish, std::uint32_t position) {
  first_[wish] = position;
  for (const Place& place : places_[wish])
    move_item(areas_[place.area][place.group], place.index, position);
}

void WishGroups::move_item(Group& group, std::uint32_t index, std::uint32_t position) {
  Item item = group.heap[index];
  item.position = position;
  while (index > 0 && position < group.heap[(index - 1) / 2].position) {
    put(group, index, group.heap[(index - 1) / 2]);
    index = (index - 1) / 2;
  }
  const auto count = static_cast<std::uint32_t>(group.heap.size());
  for (std::uint32_t child = 2 * index + 1; child < count; child = 2 * index + 1) {
    if (child + 1 < count && group.heap[child + 1].position < group.heap[child].position) ++child;
    if (group.heap[child].position >= position) break;
    put(group, index, group.heap[child]);
    index = child;
  }
  put(group, index, item);
}

WishGroups::Item WishGroups::hide_top(Group& group) {
  const Item top = group.heap.front();
  move_item(group, 0, none);
  return top;
}

void WishGroups::show_again(Group& group, const Item& item) {
  move_item(group, places_[item.wish][item.place].index, item.position);
}

}  // namespace frontrow::queue
