// The waitlist: entries in their order, grouped by what they want, so that a freed seat is compared
// with the few kinds of wish there are and not with every entry.
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

namespace frontrow::queue {

/// What an entry wants: seats of these zones, or of these categories, or any. Both lists ascending,
/// each element once; at most one of them has elements.
struct WaitlistWish {
  std::vector<ZoneIndex> zones;
  std::vector<CategoryIndex> categories;
  std::uint32_t quantity = 1;
  bool together = false;
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
  bool stands(WaitlistEntryId entry) const {
    const Entry& its = entries_[entry.value];
    const auto& standing = wishes_[its.wish.value].entries;
    const auto found = standing.find(its.position);
    return found != standing.end() && found->second == entry.value;
  }
  std::uint32_t entries_ever() const { return static_cast<std::uint32_t>(entries_.size()); }

  // --- matching: touch what has changed, then take matches until there are none ------------

  /// A seat of `zone` and `category` has become free.
  void touch_seat(ZoneIndex zone, CategoryIndex category);
  /// Anything may have become free.
  void touch_all();
  /// The fan of `entry` may buy more than before.
  void touch_entry(WaitlistEntryId entry) { touch_wish(entries_[entry.value].wish); }
  bool anything_touched() const { return !touched_.empty(); }
  /// The first entry among the touched wishes that `suits` and whose fan is `within_limit`. Once a
  /// wish does not suit it is not asked about again until touched anew: while matching, seats are
  /// only taken. Nothing: the touched are forgotten.
  template <class Suits, class WithinLimit>
  std::optional<WaitlistEntryId> next_match(Suits&& suits, WithinLimit&& within_limit) {
    std::optional<WaitlistEntryId> best;
    for (std::size_t n = 0; n < touched_.size();) {
      Wish& wish = wishes_[touched_[n].value];
      std::uint32_t entry = none;
      if (!wish.entries.empty() && suits(wish.wish)) {
        for (const auto& [position, candidate] : wish.entries) {
          if (entries_[candidate].sleeps ||
              !within_limit(entries_[candidate].fan, wish.wish.quantity))
            continue;
          entry = candidate;
          break;
        }
      }
      if (entry == none) {
        wish.touched = false;
        touched_[n] = touched_.back();
        touched_.pop_back();
        continue;
      }
      if (!best || entries_[entry].position < entries_[best->value].position)
        best = WaitlistEntryId{entry};
      ++n;
    }
    return best;
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct Entry {
    FanId fan;
    WishId wish;
    std::uint32_t position = 0;  ///< In the order of all; see `first_joined`.
    bool sleeps = false;
  };
  struct Wish {
    WaitlistWish wish;
    std::map<std::uint32_t, std::uint32_t> entries;  ///< By position.
    bool touched = false;
  };
  /// Positions below are ranks in the line.
  static constexpr std::uint32_t first_joined = limits::fans_max + 1;

  WishId wish_id(const WaitlistWish& wish);
  void touch_wish(WishId wish);

  PagedArray<Entry> entries_;
  CountedBits standing_;
  std::vector<Wish> wishes_;
  std::vector<std::vector<WishId>> wishes_by_zone_, wishes_by_category_;
  std::vector<WishId> wishes_of_any_seat_;
  std::uint32_t seats_wanted_ = 0;
  std::vector<WaitlistEntryId> sleepers_;
  boost::unordered_flat_map<std::string, WishId> wish_by_content_;  ///< Look-ups only.
  std::vector<WishId> touched_;
};

}  // namespace frontrow::queue
