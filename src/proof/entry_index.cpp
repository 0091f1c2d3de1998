#include "proof/entry_index.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/assert.hpp"
#include "base/published.hpp"

namespace frontrow::proof {

EntryIndex::EntryIndex(const Published& published)
    : published_(published),
      fan_at_(static_cast<std::uint32_t*>(reserve_pages(slots * sizeof(std::uint32_t), false))),
      newest_of_fan_(limits::fans_max) {}

EntryIndex::~EntryIndex() { release_pages(fan_at_, slots * sizeof(std::uint32_t)); }

std::size_t EntryIndex::slot_of(const Bytes16& entry) {
  // The server chooses entries at random: any part of one is spread well.
  std::uint64_t part = 0;
  std::memcpy(&part, entry.data(), sizeof part);
  return part & (slots - 1);
}

void EntryIndex::add_entry(FanId fan) {
  const auto view = published_.read_fan(fan);
  FRONTROW_ASSERT(view.has_value());
  std::size_t slot = slot_of(view->entry);
  while (fan_at_[slot] != 0) slot = (slot + 1) & (slots - 1);
  fan_at_[slot] = fan.value + 1;
}

void EntryIndex::add(const FactNote& note, std::uint64_t leaf) {
  FRONTROW_ASSERT(leaf <= std::numeric_limits<std::uint32_t>::max());
  if (note.kind == FactKind::kJoined) {
    FRONTROW_ASSERT(note.fan.value == fans());
    add_entry(note.fan);
    newest_of_fan_.push_back(0);
  }
  FRONTROW_ASSERT(note.fan.value < fans());
  std::uint32_t& newest = newest_of_fan_[note.fan.value];
  facts_.push_back({note.sequence, note.at, static_cast<std::uint32_t>(leaf), newest, note.rank,
                    note.kind, note.tier});
  newest = static_cast<std::uint32_t>(facts_.size());
}

std::optional<FanId> EntryIndex::find(const Bytes16& entry) const {
  for (std::size_t slot = slot_of(entry); fan_at_[slot] != 0; slot = (slot + 1) & (slots - 1)) {
    const FanId fan{fan_at_[slot] - 1};
    if (published_.read_fan(fan)->entry == entry) return fan;
  }
  return std::nullopt;
}

std::vector<IndexedFact> EntryIndex::facts_of(FanId fan) const {
  std::vector<IndexedFact> found;
  if (fan.value >= fans()) return found;
  for (std::uint32_t at = newest_of_fan_[fan.value]; at != 0; at = found.back().previous)
    found.push_back(facts_[at - 1]);
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace frontrow::proof
