// The Idempotency-Keys of fans' successes: the last 64 of each fan, with what was asked and the
// object that came of it. A fan's keys lie together, in a block of 4, 16 or 64 places, so that
// finding one looks at one or two cache lines for almost every fan.
//
// Private to src/engine.
#pragma once

#include <cstdint>

#include "base/paged_array.hpp"
#include "engine/hash_sum.hpp"
#include "engine/records.hpp"
#include "frontrow/limits.hpp"

namespace frontrow::engine {

class KeyMemory {
 public:
  explicit KeyMemory(HashSum& hash);

  struct Remembered {
    Bytes16 key{};
    std::uint64_t request = 0;
    std::uint32_t object = no_index;
    std::uint32_t ordinal = 0;  ///< How many of the fan's keys came before.
  };

  /// Fetches into the caches what a look-up and the next key of this fan will touch.
  void prefetch(const FanRecord& fan) const;
  /// Nothing where the fan has not used the key.
  const Remembered* find(const FanRecord& fan, const Bytes16& key) const;
  /// Forgets the fan's oldest where there are as many as are kept.
  void remember(FanId id, FanRecord& fan, const Idempotency& idempotency, std::uint32_t object);

  void add_hash_anew(FanId id, const FanRecord& fan, HashSum& sum) const;

 private:
  static constexpr std::uint32_t kept = limits::idempotency_keys_per_fan;
  static constexpr std::uint32_t small = 4, middle = 16;

  /// Two cache lines.
  struct alignas(64) SmallBlock {
    Remembered places[small];
  };
  template <std::uint32_t Places>
  struct Block {
    std::uint16_t tags[Places];  ///< Two bytes of each key: most others are passed over by these.
    Remembered places[Places];
  };
  struct Span {
    std::uint16_t* tags;  ///< Null in a small block.
    Remembered* places;
  };

  static std::uint16_t tag_of(const Bytes16& key) {
    return static_cast<std::uint16_t>(key[0] | key[1] << 8);
  }
  static StateHash hash_of(FanId id, const Remembered& place) {
    return hash_words(HashKind::kKey, std::uint64_t{id.value} << 32 | place.ordinal,
                      low_word(place.key), high_word(place.key), place.request, place.object);
  }
  Span span_of(const FanRecord& fan) const;
  void make_room(FanRecord& fan);

  HashSum& hash_;
  // Blocks that were outgrown are left behind: at most 20 places a fan.
  mutable PagedArray<SmallBlock> small_blocks_;
  mutable PagedArray<Block<middle>> middle_blocks_;
  mutable PagedArray<Block<kept>> large_blocks_;
};

}  // namespace frontrow::engine
