// The waitlist: entries in the order of joining, grouped by what they want, so that a freed seat is
// compared with the few kinds of wish there are and not with every entry.
//
// Pure: what is free and what a fan may still buy is asked of the caller. Used by one thread at a
// time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frontrow/ids.hpp"
#include "queue/counted_bits.hpp"

namespace frontrow::queue {

/// What an entry wants. Zones ascending, each once; none: any zone.
struct WaitlistWish {
  std::vector<ZoneIndex> zones;
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

  explicit Waitlist(std::uint32_t zone_count);

  bool full() const { return !entries_.has_room(); }
  /// `wish` as described above. Precondition: not full.
  WaitlistEntryId add(FanId fan, const WaitlistWish& wish);
  void remove(WaitlistEntryId entry);

  std::uint32_t count() const { return standing_.count(); }
  std::uint32_t ahead_of(WaitlistEntryId entry) const {
    return standing_.count_before(entry.value);
  }
  FanId fan_of(WaitlistEntryId entry) const { return entries_[entry.value].fan; }
  WishId wish_id_of(WaitlistEntryId entry) const { return entries_[entry.value].wish; }
  const WaitlistWish& wish_of(WaitlistEntryId entry) const {
    return wishes_[entries_[entry.value].wish.value].wish;
  }
  bool stands(WaitlistEntryId entry) const { return standing_.test(entry.value); }
  std::uint32_t entries_ever() const { return static_cast<std::uint32_t>(entries_.size()); }

  // --- matching: touch what has changed, then take matches until there are none ------------

  /// Seats of `zone` have become free.
  void touch_zone(ZoneIndex zone);
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
      std::uint32_t entry = wish.head;
      if (entry != none && suits(wish.wish)) {
        while (entry != none && !within_limit(entries_[entry].fan, wish.wish.quantity))
          entry = entries_[entry].next;
      } else {
        entry = none;
      }
      if (entry == none) {
        wish.touched = false;
        touched_[n] = touched_.back();
        touched_.pop_back();
        continue;
      }
      if (!best || entry < best->value) best = WaitlistEntryId{entry};
      ++n;
    }
    return best;
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct Entry {
    FanId fan;
    WishId wish;
    std::uint32_t previous = none, next = none;  ///< Among the entries of the same wish.
  };
  struct Wish {
    WaitlistWish wish;
    std::uint32_t head = none, tail = none;
    bool touched = false;
  };

  WishId wish_id(const WaitlistWish& wish);
  void touch_wish(WishId wish);

  PagedArray<Entry> entries_;
  CountedBits standing_;
  std::vector<Wish> wishes_;
  std::vector<std::vector<WishId>> wishes_by_zone_;
  std::vector<WishId> wishes_of_any_zone_;
  boost::unordered_flat_map<std::string, WishId> wish_by_content_;  ///< Look-ups only.
  std::vector<WishId> touched_;
};

}  // namespace frontrow::queue
