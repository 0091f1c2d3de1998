#include "base/published.hpp"

#include <sys/mman.h>

#include <bit>
#include <cstring>
#include <type_traits>

#include "base/assert.hpp"
#include "frontrow/limits.hpp"

namespace frontrow {
namespace {

/// Zeroed pages that cost nothing until touched.
template <class T>
T* reserve(std::size_t count) {
  void* pages = mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  FRONTROW_ASSERT(pages != MAP_FAILED);
  return static_cast<T*>(pages);
}
template <class T>
void release(T* pages, std::size_t count) {
  munmap(pages, count * sizeof(T));
}

// Drawn fans take every other slot (see src/queue/line.hpp): twice as many slots as fans, and
// as many again for those who are put back.
constexpr std::uint32_t slots_max = limits::fans_max * 4;

/// Sequence lock, writer's side: odd while it lives.
class WriteLock {
 public:
  explicit WriteLock(std::atomic<std::uint64_t>& lock) : lock_(lock) {
    lock_.store(lock_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
  }
  ~WriteLock() {
    lock_.store(lock_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  WriteLock(const WriteLock&) = delete;
  WriteLock& operator=(const WriteLock&) = delete;

 private:
  std::atomic<std::uint64_t>& lock_;
};

/// Reader's side: repeats `read` until no write came between. Writes are a few stores each.
template <class Read>
void read_consistently(const std::atomic<std::uint64_t>& lock, Read&& read) {
  for (;;) {
    const auto before = lock.load(std::memory_order_acquire);
    if (before % 2 != 0) continue;
    read();
    std::atomic_thread_fence(std::memory_order_acquire);
    if (lock.load(std::memory_order_relaxed) == before) return;
  }
}

}  // namespace

/// One cache line a fan. `state`: bits 0-7 state, 8 banned, 9 missed once, 16-23 tier, 32-63 rank.
struct alignas(64) Published::FanRecord {
  std::atomic<std::uint64_t> lock;
  std::atomic<std::uint64_t> entry_low;
  std::atomic<std::uint64_t> entry_high;
  std::atomic<std::uint64_t> state;
  std::atomic<std::uint64_t> slot;
  std::atomic<std::int64_t> deadline;
  std::atomic<std::uint64_t> joined_sequence;
  std::atomic<std::int64_t> joined_at;
};

Published::BitPlane::BitPlane(std::uint32_t bits)
    : words_max_((bits + 63) / 64),
      blocks_max_((words_max_ + block_words - 1) / block_words),
      regions_max_((blocks_max_ + region_blocks - 1) / region_blocks),
      words_(reserve<std::atomic<std::uint64_t>>(words_max_)),
      in_block_(reserve<std::atomic<std::uint32_t>>(blocks_max_)),
      in_region_(reserve<std::atomic<std::uint32_t>>(regions_max_)) {}

Published::BitPlane::~BitPlane() {
  release(words_, words_max_);
  release(in_block_, blocks_max_);
  release(in_region_, regions_max_);
}

std::uint32_t Published::BitPlane::count_before(std::uint32_t bit) const {
  const std::uint32_t word = bit / 64;
  const std::uint32_t block = word / block_words;
  const std::uint32_t region = block / region_blocks;
  std::uint32_t count = 0;
  for (auto n = first_block_.load(std::memory_order_acquire) / region_blocks; n < region; ++n)
    count += in_region_[n].load(std::memory_order_relaxed);
  for (auto n = region * region_blocks; n < block; ++n)
    count += in_block_[n].load(std::memory_order_relaxed);
  for (auto n = block * block_words; n < word; ++n)
    count += static_cast<std::uint32_t>(std::popcount(words_[n].load(std::memory_order_relaxed)));
  const std::uint64_t below = (std::uint64_t{1} << bit % 64) - 1;
  return count + static_cast<std::uint32_t>(
                     std::popcount(words_[word].load(std::memory_order_relaxed) & below));
}

void Published::BitPlane::mark(std::uint32_t bit, bool set) {
  const std::uint32_t word = bit / 64;
  const std::uint32_t block = word / block_words;
  FRONTROW_ASSERT(block < blocks_max_);
  const std::uint64_t mask = std::uint64_t{1} << bit % 64;
  const std::uint64_t before = words_[word].load(std::memory_order_relaxed);
  if (((before & mask) != 0) == set) return;
  words_[word].store(before ^ mask, std::memory_order_relaxed);
  const auto in_block = in_block_[block].load(std::memory_order_relaxed);
  in_block_[block].store(in_block + (set ? 1U : ~0U), std::memory_order_relaxed);
  auto& region = in_region_[block / region_blocks];
  region.store(region.load(std::memory_order_relaxed) + (set ? 1U : ~0U),
               std::memory_order_relaxed);
  if (block >= block_count_.load(std::memory_order_relaxed))
    block_count_.store(block + 1, std::memory_order_relaxed);
  auto first = first_block_.load(std::memory_order_relaxed);
  if (set && block < first) first = block;
  while (first + 1 < block_count_.load(std::memory_order_relaxed) &&
         in_block_[first].load(std::memory_order_relaxed) == 0)
    ++first;
  first_block_.store(first, std::memory_order_release);
}

Published::Published(std::shared_ptr<const Plan> plan)
    : plan_(std::move(plan)),
      free_words_(std::make_unique<std::atomic<std::uint64_t>[]>(plan_->word_count)),
      zones_(std::make_unique<ZoneRecord[]>(plan_->zones.size())),
      category_free_(std::make_unique<std::atomic<std::uint32_t>[]>(plan_->categories.size())),
      category_of_seat_(std::make_unique<std::atomic<std::uint16_t>[]>(plan_->capacity())),
      fans_(reserve<FanRecord>(limits::fans_max)),
      waiting_(slots_max),
      late_(limits::fans_max) {
  for (std::uint32_t n = 0; n < plan_->capacity(); ++n)
    category_of_seat_[n].store(plan_->seats[n].category.value, std::memory_order_relaxed);
}

Published::~Published() { release(fans_, limits::fans_max); }

Published::ZoneFree Published::read_zone(ZoneIndex zone, std::vector<std::uint64_t>& words) const {
  const PlanZone& geometry = plan_->zone(zone);
  const ZoneRecord& record = zones_[zone.value];
  words.resize(geometry.word_count);
  ZoneFree result;
  read_consistently(record.lock, [&] {
    for (std::uint32_t n = 0; n < geometry.word_count; ++n)
      words[n] = free_words_[geometry.first_word + n].load(std::memory_order_relaxed);
    result.version = record.version.load(std::memory_order_relaxed);
    result.free = record.free.load(std::memory_order_relaxed);
  });
  return result;
}

Sequence Published::zone_version(ZoneIndex zone) const {
  return zones_[zone.value].version.load(std::memory_order_acquire);
}
std::uint32_t Published::zone_free(ZoneIndex zone) const {
  return zones_[zone.value].free.load(std::memory_order_acquire);
}
std::uint32_t Published::category_free(CategoryIndex category) const {
  return category_free_[category.value].load(std::memory_order_acquire);
}

std::optional<FanView> Published::read_fan(FanId fan) const {
  if (fan.value >= fan_count()) return std::nullopt;
  const FanRecord& record = fans_[fan.value];
  FanView view;
  read_consistently(record.lock, [&] {
    const std::uint64_t entry[2] = {record.entry_low.load(std::memory_order_relaxed),
                                    record.entry_high.load(std::memory_order_relaxed)};
    std::memcpy(view.entry.data(), entry, sizeof entry);
    const auto state = record.state.load(std::memory_order_relaxed);
    view.state = static_cast<FanState>(state & 0xff);
    view.banned = (state >> 8 & 1) != 0;
    view.tier = static_cast<std::uint8_t>(state >> 16 & 0xff);
    view.rank = static_cast<std::uint32_t>(state >> 32);
    view.slot = LineSlot{static_cast<std::uint32_t>(record.slot.load(std::memory_order_relaxed))};
    view.deadline = {record.deadline.load(std::memory_order_relaxed)};
    view.missed_once = (state >> 9 & 1) != 0;
    view.joined_sequence = record.joined_sequence.load(std::memory_order_relaxed);
    view.joined_at = {record.joined_at.load(std::memory_order_relaxed)};
  });
  return view;
}

std::uint32_t Published::waiting_before(LineSlot slot) const {
  return slot.exists() ? waiting_.count_before(slot.value) : 0;
}

std::uint32_t Published::late_waiting_before(Instant instant) const {
  // Fans have ids in the order of joining, so the instants of joining ascend with them.
  std::uint32_t first = 0, end = fan_count();
  while (first < end) {
    const std::uint32_t middle = first + (end - first) / 2;
    if (read_fan(FanId{middle})->joined_at < instant)
      first = middle + 1;
    else
      end = middle;
  }
  return first < limits::fans_max ? late_.count_before(first) : 0;
}

RoundStatus Published::read_status() const {
  static_assert(std::is_trivially_copyable_v<RoundStatus>);
  std::uint64_t words[status_words];
  read_consistently(status_lock_, [&] {
    for (std::size_t n = 0; n < status_words; ++n)
      words[n] = status_[n].load(std::memory_order_relaxed);
  });
  RoundStatus status;
  std::memcpy(static_cast<void*>(&status), words, sizeof status);
  return status;
}

std::shared_ptr<const DrawRecord> Published::draw() const {
  const std::lock_guard guard(records_mutex_);
  return draw_;
}
std::vector<std::shared_ptr<const LateWindowRecord>> Published::late_windows() const {
  const std::lock_guard guard(records_mutex_);
  return late_windows_;
}

void Published::write_free_words(const std::vector<FreeWord>& words) {
  for (std::size_t n = 0; n < words.size();) {
    const ZoneIndex zone = plan_->zone_of_word[words[n].word];
    ZoneRecord& record = zones_[zone.value];
    const WriteLock lock(record.lock);
    auto free = record.free.load(std::memory_order_relaxed);
    Sequence version = record.version.load(std::memory_order_relaxed);
    for (; n < words.size() && plan_->zone_of_word[words[n].word] == zone; ++n) {
      auto& published = free_words_[words[n].word];
      const std::uint64_t before = published.load(std::memory_order_relaxed);
      const std::uint64_t after = words[n].bits;
      free += static_cast<std::uint32_t>(std::popcount(after & ~before));
      free -= static_cast<std::uint32_t>(std::popcount(before & ~after));
      for (std::uint64_t changed = before ^ after; changed != 0; changed &= changed - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(changed));
        auto& of_category = category_free_[category_of(plan_->seat_at(words[n].word, bit)).value];
        const bool now_free = (after >> bit & 1) != 0;
        of_category.store(of_category.load(std::memory_order_relaxed) + (now_free ? 1U : ~0U),
                          std::memory_order_relaxed);
      }
      published.store(after, std::memory_order_relaxed);
      if (words[n].sequence > version) version = words[n].sequence;
    }
    record.free.store(free, std::memory_order_relaxed);
    record.version.store(version, std::memory_order_relaxed);
  }
}

void Published::write_category(SeatIndex seat, CategoryIndex category) {
  auto& published = category_of_seat_[seat.value];
  const std::uint16_t before = published.load(std::memory_order_relaxed);
  if (before == category.value) return;
  const std::uint64_t word = free_words_[plan_->word_of(seat)].load(std::memory_order_relaxed);
  if ((word >> plan_->bit_of(seat) & 1) != 0) {
    const auto add = [&](std::uint16_t index, std::uint32_t by) {
      auto& free = category_free_[index];
      free.store(free.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    };
    add(before, ~0U);
    add(category.value, 1);
  }
  published.store(category.value, std::memory_order_relaxed);
  categories_version_.store(categories_version_.load(std::memory_order_relaxed) + 1,
                            std::memory_order_release);
}

void Published::write_fan(FanId fan, const FanView& view) {
  FRONTROW_ASSERT(fan.value < limits::fans_max);
  const auto count = fan_count_.load(std::memory_order_relaxed);
  FRONTROW_ASSERT(fan.value <= count);
  FanRecord& record = fans_[fan.value];
  if (fan.value < count) {
    const LineSlot old_slot{
        static_cast<std::uint32_t>(record.slot.load(std::memory_order_relaxed))};
    if (old_slot.exists() && old_slot != view.slot) waiting_.mark(old_slot.value, false);
  }
  {
    const WriteLock lock(record.lock);
    std::uint64_t entry[2];
    std::memcpy(entry, view.entry.data(), sizeof entry);
    record.entry_low.store(entry[0], std::memory_order_relaxed);
    record.entry_high.store(entry[1], std::memory_order_relaxed);
    record.state.store(static_cast<std::uint64_t>(view.state) |
                           static_cast<std::uint64_t>(view.banned) << 8 |
                           static_cast<std::uint64_t>(view.missed_once) << 9 |
                           static_cast<std::uint64_t>(view.tier) << 16 |
                           static_cast<std::uint64_t>(view.rank) << 32,
                       std::memory_order_relaxed);
    record.slot.store(view.slot.value, std::memory_order_relaxed);
    record.deadline.store(view.deadline.microseconds, std::memory_order_relaxed);
    record.joined_sequence.store(view.joined_sequence, std::memory_order_relaxed);
    record.joined_at.store(view.joined_at.microseconds, std::memory_order_relaxed);
  }
  const bool waits = view.state == FanState::kWaiting && !view.banned;
  if (view.slot.exists()) waiting_.mark(view.slot.value, waits);
  late_.mark(fan.value, waits && !view.slot.exists());
  if (fan.value == count) fan_count_.store(count + 1, std::memory_order_release);
  line_version_.store(line_version_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

void Published::write_status(const RoundStatus& status) {
  std::uint64_t words[status_words] = {};
  std::memcpy(words, &status, sizeof status);
  const WriteLock lock(status_lock_);
  for (std::size_t n = 0; n < status_words; ++n)
    status_[n].store(words[n], std::memory_order_relaxed);
}

void Published::write_draw(std::shared_ptr<const DrawRecord> record) {
  const std::lock_guard guard(records_mutex_);
  draw_ = std::move(record);
}
void Published::add_late_window(std::shared_ptr<const LateWindowRecord> record) {
  const std::lock_guard guard(records_mutex_);
  late_windows_.push_back(std::move(record));
}

}  // namespace frontrow
