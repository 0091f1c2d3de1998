// Which leaves of the log are about which entry, and what it takes to make them again. Sales are
// not in it: nobody but their owner may find them. Not safe for several threads by itself.
//
// Memory: 32 bytes a fact of a fan, 4 a fan, and a table of 32 MB that is touched only as far as
// fans come. Bounded by `limits::fans_max` and by the facts that a fan can have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/paged_array.hpp"
#include "frontrow/limits.hpp"
#include "frontrow/reply.hpp"

namespace frontrow {
class Published;
}

namespace frontrow::proof {

/// A fact of a fan that stands in the log.
struct IndexedFact {
  Sequence sequence = 0;
  Instant at;
  std::uint32_t leaf = 0;
  std::uint32_t previous = 0;  ///< The same fan's fact before it, counted from 1; 0: none.
  std::uint32_t rank = 0;
  FactKind kind = FactKind::kJoined;
  std::uint8_t tier = 0;
};

class EntryIndex {
 public:
  /// Entries are looked up in `published`, which holds every fan that is added.
  explicit EntryIndex(const Published& published);
  ~EntryIndex();
  EntryIndex(const EntryIndex&) = delete;
  EntryIndex& operator=(const EntryIndex&) = delete;

  /// `note` is about a fan: joined, drawn or called. A fan's joining comes first, and fans join in
  /// the order of their ids.
  void add(const FactNote& note, std::uint64_t leaf);

  /// Fans whose joining is in the log: those with the ids below it.
  std::uint32_t fans() const { return static_cast<std::uint32_t>(newest_of_fan_.size()); }
  std::optional<FanId> find(const Bytes16& entry) const;
  /// In the order of the log; none for a fan that is not in it.
  std::vector<IndexedFact> facts_of(FanId fan) const;

 private:
  /// Twice as many as there can be fans, so that a search ends soon.
  static constexpr std::size_t slots = std::size_t{1} << 23;
  static_assert(slots >= std::size_t{2} * limits::fans_max);
  static std::size_t slot_of(const Bytes16& entry);
  void add_entry(FanId fan);

  const Published& published_;
  std::uint32_t* fan_at_;                    ///< By slot: the fan's number from 1, or 0.
  PagedArray<std::uint32_t> newest_of_fan_;  ///< Index in `facts_`, counted from 1.
  std::deque<IndexedFact> facts_;            ///< Never moved: growing it copies nothing.
};

}  // namespace frontrow::proof
