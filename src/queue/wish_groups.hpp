// Wishes by what they name: for each zone, each category, and for "any seat", groups of equal
// quantity and togetherness. Of a group the wish whose first entry stands foremost is found without
// a look at the others.
//
// Private to src/queue. Pure.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "frontrow/ids.hpp"

namespace frontrow::queue {

/// What seats are free in: one zone, one category, or the whole house.
struct WishArea {
  enum class Kind : std::uint8_t { kZone, kCategory, kAny };
  Kind kind = Kind::kAny;
  std::uint16_t index = 0;
};

/// Free seats by the number of their zone (or category) modulo 64: with at most 64 of them the
/// count of each, with more at least that.
struct FreeByClass {
  std::array<std::uint32_t, 64> count{};
  std::uint64_t any = 0;  ///< A bit for each class that has free seats.

  void add(std::uint32_t index, std::uint32_t free) {
    count[index % 64] += free;
    if (free > 0) any |= std::uint64_t{1} << index % 64;
  }
  /// Seats of these classes together.
  std::uint32_t in(std::uint64_t classes) const {
    std::uint32_t sum = 0;
    for (classes &= any; classes != 0; classes &= classes - 1)
      sum += count[static_cast<std::size_t>(std::countr_zero(classes))];
    return sum;
  }
};

/// Positions and wishes are numbers that `Waitlist` gives.
class WishGroups {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct Item {
    std::uint32_t position = none;  ///< Where the wish's first entry stands; none: it has none.
    std::uint32_t wish = 0;
    std::uint32_t place = 0;  ///< In the wish's places.
  };
  struct Group {
    std::uint32_t quantity = 1;
    bool together = false;
    std::vector<Item> heap;  ///< The foremost on top; each wish once.
    // By member, for a look at each.
    std::vector<std::uint64_t> classes;  ///< A bit for each class of what the wish names.
    std::vector<std::uint32_t> wishes;
  };

  explicit WishGroups(std::uint32_t area_count) : areas_(area_count) {}

  /// A new wish that names these areas; wishes come in the order of their numbers.
  void add_wish(const std::vector<std::uint32_t>& areas, std::uint64_t classes,
                std::uint32_t quantity, bool together);
  /// The wish's first entry stands at `position` now; `none`: it has no entries.
  void set_first(std::uint32_t wish, std::uint32_t position);
  std::uint32_t first_of(std::uint32_t wish) const { return first_[wish]; }

  std::vector<Group>& groups_of(std::uint32_t area) { return areas_[area]; }
  /// The group's foremost wish is behind all others until it is shown again.
  Item hide_top(Group& group);
  void show_again(Group& group, const Item& item);

 private:
  struct Place {
    std::uint32_t area = 0, group = 0;
    std::uint32_t index = 0;  ///< In the group's heap.
  };

  void move_item(Group& group, std::uint32_t index, std::uint32_t position);
  void put(Group& group, std::uint32_t index, const Item& item) {
    group.heap[index] = item;
    places_[item.wish][item.place].index = index;
  }

  std::vector<std::vector<Group>> areas_;
  std::vector<std::vector<Place>> places_;  ///< By wish.
  std::vector<std::uint32_t> first_;        ///< By wish.
};

}  // namespace frontrow::queue
