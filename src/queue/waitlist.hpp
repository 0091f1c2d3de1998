// The waitlist: entries in their order, grouped by what they want, so that a freed seat is compared
// with the few quantities that are asked for and neither with every entry nor, mostly, with every
// kind of wish.
//
// An entry that could have been bought when it was made sleeps: it is served nothing until the
// house has been sold out, so that the waitlist is no way around the line.
//
// The order: those who never had a turn in the shop, by their rank in the line; then all others, by
// when they joined the waitlist.
//
// Pure: what is free and what a fan may still buy is asked of the caller. Used by one thread at a
// time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "frontrow/ids.hpp"
#include "frontrow/limits.hpp"
#include "queue/counted_bits.hpp"
#include "queue/wish_groups.hpp"

namespace frontrow::queue {

/// What an entry wants: seats of these zones, or of these categories, or any. Both lists ascending,
/// each element once; at most one of them has elements.
struct WaitlistWish {
  std::vector<ZoneIndex> zones;
  std::vector<CategoryIndex> categories;
  std::uint32_t quantity = 1;
  bool together = false;
};

/// What seats that came free in one area mean for the wishes of one quantity that name it.
enum class FreedSeats : std::uint8_t {
  kSuit,     ///< They, with what else is free there, suit all of them.
  kSuitNot,  ///< No wish suits that did not before.
  kMaySuit,  ///< Each wish must be asked about.
};

/// The number of an entry: from 0 in the order of joining, never used twice.
using WaitlistEntryId = Id<struct WaitlistEntryTag, std::uint32_t>;
/// The number of a kind of wish.
using WishId = Id<struct WishTag, std::uint32_t>;

class Waitlist {
 public:
  /// Entries there can be in a round, those gone included.
  static constexpr std::uint32_t entries_max = 16'000'000;

  Waitlist(std::uint32_t zone_count, std::uint32_t category_count);

  bool full() const { return !entries_.has_room(); }
  /// `wish` as described above; `rank` in the line of a fan who never had a turn, 0 for all others.
  /// Precondition: not full; a rank stands once.
  WaitlistEntryId add(FanId fan, const WaitlistWish& wish, std::uint32_t rank, bool sleeps = false);
  bool sleeps(WaitlistEntryId entry) const { return entries_[entry.value].sleeps; }
  /// Entries that were made asleep since the last `wake_all`.
  const std::vector<WaitlistEntryId>& sleepers() const { return sleepers_; }
  void wake_all();
  void remove(WaitlistEntryId entry);

  std::uint32_t count() const { return standing_.count(); }
  /// Seats that all who stand want together.
  std::uint32_t seats_wanted() const { return seats_wanted_; }
  std::uint32_t ahead_of(WaitlistEntryId entry) const {
    return standing_.count_before(entries_[entry.value].position);
  }
  std::uint32_t position_of(WaitlistEntryId entry) const { return entries_[entry.value].position; }
  FanId fan_of(WaitlistEntryId entry) const { return entries_[entry.value].fan; }
  WishId wish_id_of(WaitlistEntryId entry) const { return entries_[entry.value].wish; }
  const WaitlistWish& wish_of(WaitlistEntryId entry) const {
    return wishes_[entries_[entry.value].wish.value].wish;
  }
  bool stands(WaitlistEntryId entry) const { return entries_[entry.value].stands; }
  std::uint32_t entries_ever() const { return static_cast<std::uint32_t>(entries_.size()); }

  // --- matching: touch what has changed, then take matches until there are none ------------

  /// A seat of `zone` and `category` has become free.
  void touch_seat(ZoneIndex zone, CategoryIndex category);
  /// Anything may have become free.
  void touch_all();
  /// The fan of `entry` may buy more than before.
  void touch_entry(WaitlistEntryId entry) { touch_wish(entries_[entry.value].wish); }
  bool anything_touched() const { return !touched_.empty() || !touched_areas_.empty(); }

  /// The first entry of the touched wishes that suits and whose fan is within the limit. What does
  /// not suit is not asked about again until touched anew: while matching, seats are only taken.
  /// Nothing: the touched are forgotten.
  ///
  /// `market` knows what is free and what fans may buy:
  ///   FreedSeats freed(WishArea, quantity, together);
  ///   const FreeByClass& free_by_class(kind);      // or more than is free
  ///   bool suits(const WaitlistWish&);
  ///   bool within_limit(FanId, quantity);
  template <class Market>
  std::optional<WaitlistEntryId> next_match(Market&& market) {
    Best best;
    for (std::size_t n = 0; n < touched_areas_.size();) {
      const std::uint32_t area = touched_areas_[n];
      if (look_in_area(area, market, best)) {
        ++n;
        continue;
      }
      area_is_touched_[area] = 0;
      touched_areas_[n] = touched_areas_.back();
      touched_areas_.pop_back();
    }
    for (std::size_t n = 0; n < touched_.size();) {
      Wish& wish = wishes_[touched_[n].value];
      if (market.suits(wish.wish) && look_in_wish(wish, market, best)) {
        ++n;
        continue;
      }
      wish.touched = false;
      touched_[n] = touched_.back();
      touched_.pop_back();
    }
    if (best.entry == none) return std::nullopt;
    return WaitlistEntryId{best.entry};
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct Entry {
    FanId fan;
    WishId wish;
    std::uint32_t position = 0;  ///< In the order of all; see `first_joined`.
    bool sleeps = false;
    bool stands = true;
  };
  struct Wish {
    WaitlistWish wish;
    std::map<std::uint32_t, std::uint32_t> entries;  ///< By position; those that do not sleep.
    bool touched = false;
  };
  /// The foremost entry found so far.
  struct Best {
    std::uint32_t position = none, entry = none;
  };
  /// Positions below are ranks in the line.
  static constexpr std::uint32_t first_joined = limits::fans_max + 1;

  WishId wish_id(const WaitlistWish& wish);
  void touch_wish(WishId wish);
  void touch_area(std::uint32_t area);
  void insert(const Entry& entry, std::uint32_t number);
  WishArea area_at(std::uint32_t area) const;

  /// True where the wish has an entry that can be served, or may have one behind the best.
  template <class Market>
  bool look_in_wish(const Wish& wish, Market& market, Best& best) {
    for (const auto& [position, entry] : wish.entries) {
      if (position >= best.position) return true;
      if (!market.within_limit(entries_[entry].fan, wish.wish.quantity)) continue;
      best = {position, entry};
      return true;
    }
    return false;
  }
  /// The same of all wishes that name the area.
  template <class Market>
  bool look_in_area(std::uint32_t area, Market& market, Best& best) {
    bool any = false;
    const WishArea its = area_at(area);
    for (WishGroups::Group& group : groups_.groups_of(area)) {
      const FreedSeats freed = market.freed(its, group.quantity, group.together);
      if (freed == FreedSeats::kSuit) any = look_at_foremost(group, market, best) || any;
      if (freed == FreedSeats::kMaySuit) any = look_at_each(group, its, market, best) || any;
    }
    return any;
  }
  template <class Market>
  bool look_at_foremost(WishGroups::Group& group, Market& market, Best& best) {
    bool any = false;
    set_aside_.clear();
    for (;;) {
      const WishGroups::Item foremost = group.heap.front();
      if (foremost.position == none) break;
      any = foremost.position >= best.position ||
            look_in_wish(wishes_[foremost.wish], market, best) || any;
      // Whoever else is in the group stands behind this wish's first entry.
      if (foremost.position >= best.position) break;
      set_aside_.push_back(groups_.hide_top(group));
    }
    for (const WishGroups::Item& item : set_aside_) groups_.show_again(group, item);
    return any;
  }
  template <class Market>
  bool look_at_each(const WishGroups::Group& group, WishArea area, Market& market, Best& best) {
    bool any = false;
    const FreeByClass& free = market.free_by_class(area.kind);
    for (std::size_t n = 0; n < group.classes.size(); ++n) {
      if (free.in(group.classes[n]) < group.quantity) continue;
      const std::uint32_t wish = group.wishes[n], first = groups_.first_of(wish);
      if (first == none) continue;
      any = any || first >= best.position;
      if (first >= best.position || !market.suits(wishes_[wish].wish)) continue;
      any = look_in_wish(wishes_[wish], market, best) || any;
    }
    return any;
  }

  const std::uint32_t zone_count_, category_count_;
  PagedArray<Entry> entries_;
  CountedBits standing_;
  std::vector<Wish> wishes_;
  WishGroups groups_;
  std::uint32_t seats_wanted_ = 0;
  std::vector<WaitlistEntryId> sleepers_;
  boost::unordered_flat_map<std::string, WishId> wish_by_content_;  ///< Look-ups only.
  std::vector<WishId> touched_;
  std::vector<std::uint32_t> touched_areas_;
  std::vector<std::uint8_t> area_is_touched_;
  std::vector<WishGroups::Item> set_aside_;  ///< Kept so that matching does not allocate.
};

}  // namespace frontrow::queue
