#include "engine/key_memory.hpp"

#include <algorithm>

namespace frontrow::engine {

KeyMemory::KeyMemory(HashSum& hash)
    : hash_(hash),
      small_blocks_(limits::fans_max, true),
      middle_blocks_(limits::fans_max, true),
      large_blocks_(limits::fans_max) {}

KeyMemory::Span KeyMemory::span_of(const FanRecord& fan) const {
  if (fan.keys_count <= small) return {nullptr, small_blocks_[fan.keys].places};
  if (fan.keys_count <= middle) {
    auto& block = middle_blocks_[fan.keys];
    return {block.tags, block.places};
  }
  auto& block = large_blocks_[fan.keys];
  return {block.tags, block.places};
}

void KeyMemory::prefetch(const FanRecord& fan) const {
  if (fan.keys_count == 0) return;
  const Span span = span_of(fan);
  if (span.tags == nullptr) {
    __builtin_prefetch(&span.places[0], 1);
    __builtin_prefetch(&span.places[2], 1);
  } else {
    __builtin_prefetch(span.tags, 1);
    __builtin_prefetch(&span.places[fan.keys_count % kept], 1);
  }
}

const KeyMemory::Remembered* KeyMemory::find(const FanRecord& fan, const Bytes16& key) const {
  if (fan.keys_count == 0) return nullptr;
  const Span span = span_of(fan);
  const std::uint32_t count = std::min(fan.keys_count, kept);
  if (span.tags == nullptr) {
    for (std::uint32_t n = 0; n < count; ++n)
      if (same(span.places[n].key, key)) return &span.places[n];
    return nullptr;
  }
  const std::uint16_t tag = tag_of(key);
  for (std::uint32_t n = 0; n < count; ++n)
    if (span.tags[n] == tag && same(span.places[n].key, key)) return &span.places[n];
  return nullptr;
}

void KeyMemory::make_room(FanRecord& fan) {
  const auto move_to = [&](auto& blocks) {
    const Span from = span_of(fan);
    const auto index = static_cast<std::uint32_t>(blocks.size());
    auto& block = blocks.push_zeros();
    std::copy_n(from.places, fan.keys_count, block.places);
    for (std::uint32_t n = 0; n < fan.keys_count; ++n) block.tags[n] = tag_of(from.places[n].key);
    fan.keys = index;
  };
  if (fan.keys_count == 0) {
    fan.keys = static_cast<std::uint32_t>(small_blocks_.size());
    small_blocks_.push_zeros();
  } else if (fan.keys_count == small) {
    move_to(middle_blocks_);
  } else if (fan.keys_count == middle) {
    move_to(large_blocks_);
  }
}

void KeyMemory::remember(FanId id, FanRecord& fan, const Idempotency& idempotency,
                         std::uint32_t object) {
  make_room(fan);
  const std::uint32_t ordinal = fan.keys_count++;
  const std::uint32_t place = ordinal % kept;
  const Span span = span_of(fan);
  if (ordinal >= kept) hash_.remove(hash_of(id, span.places[place]));
  if (span.tags != nullptr) span.tags[place] = tag_of(idempotency.key);
  span.places[place] = {idempotency.key, idempotency.request, object, ordinal};
  hash_.add(hash_of(id, span.places[place]));
}

void KeyMemory::add_hash_anew(FanId id, const FanRecord& fan, HashSum& sum) const {
  if (fan.keys_count == 0) return;
  const Span span = span_of(fan);
  for (std::uint32_t n = 0; n < std::min(fan.keys_count, kept); ++n)
    sum.add(hash_of(id, span.places[n]));
}

}  // namespace frontrow::engine
