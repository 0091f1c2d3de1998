// What the sequencer's thread publishes and every front thread reads without asking: the free
// plane with a version a zone, each fan's place, the line, the round's totals. Written only
// after the block that changed it is on disk, so that nothing can be seen and then be lost.
//
// One writer. Readers use the copy functions below, which retry until they have read a value
// that no write tore (a sequence lock: odd while being written).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "frontrow/plan.hpp"
#include "frontrow/view.hpp"

namespace frontrow {

class Published {
 public:
  explicit Published(std::shared_ptr<const Plan> plan);
  ~Published();
  Published(const Published&) = delete;
  Published& operator=(const Published&) = delete;

  const Plan& plan() const { return *plan_; }

  // --- free seats ----------------------------------------------------------------------

  struct ZoneFree {
    Sequence version = 0;
    std::uint32_t free = 0;
  };
  /// Copies the free words of `zone` into `words` (resized to the zone's `word_count`).
  ZoneFree read_zone(ZoneIndex zone, std::vector<std::uint64_t>& words) const;
  /// Version alone: cheap enough to ask for every zone on every turn of a front thread.
  Sequence zone_version(ZoneIndex zone) const;
  std::uint32_t zone_free(ZoneIndex zone) const;
  /// Free seats of a category, own categories of seats included.
  std::uint32_t category_free(CategoryIndex category) const;

  /// The category of a seat: the plan's, unless an operator has moved it.
  CategoryIndex category_of(SeatIndex seat) const {
    return CategoryIndex{category_of_seat_[seat.value].load(std::memory_order_relaxed)};
  }
  /// Changes whenever a seat has been moved to another category.
  std::uint64_t categories_version() const {
    return categories_version_.load(std::memory_order_acquire);
  }

  // --- fans and the line ---------------------------------------------------------------

  /// Fans there are; `FanId`s below are valid.
  std::uint32_t fan_count() const { return fan_count_.load(std::memory_order_acquire); }
  /// Nothing for an unknown fan.
  std::optional<FanView> read_fan(FanId fan) const;
  /// How many waiting fans stand in slots before `slot`.
  std::uint32_t waiting_before(LineSlot slot) const;
  /// How many late fans who joined before `instant` wait for their window to close. With the start
  /// of a fan's own window: those who stand ahead of it without a slot yet.
  std::uint32_t late_waiting_before(Instant instant) const;
  /// Changes with every change of the line or of a fan's state: a front thread that has seen
  /// this number has nothing new to tell anyone about queues.
  std::uint64_t line_version() const { return line_version_.load(std::memory_order_acquire); }

  // --- the round -----------------------------------------------------------------------

  RoundStatus read_status() const;
  std::uint64_t status_version() const { return status_lock_.load(std::memory_order_acquire); }
  std::shared_ptr<const DrawRecord> draw() const;
  std::vector<std::shared_ptr<const LateWindowRecord>> late_windows() const;
  /// Set while the sequencer takes commands; false before, on a failed write, and at the end.
  std::atomic<bool> ready{false};

  // --- the writer: the sequencer's thread -------------------------------------------------

  /// New content of one word of the free plane, changed by command `sequence`.
  struct FreeWord {
    std::uint32_t word = 0;
    std::uint64_t bits = 0;
    Sequence sequence = 0;
  };
  void write_free_words(const std::vector<FreeWord>& words);
  void write_category(SeatIndex seat, CategoryIndex category);
  /// Makes or changes `fan`; ids come without gaps.
  void write_fan(FanId fan, const FanView& view);
  void write_status(const RoundStatus& status);
  void write_draw(std::shared_ptr<const DrawRecord> record);
  void add_late_window(std::shared_ptr<const LateWindowRecord> record);

 private:
  struct ZoneRecord {
    std::atomic<std::uint64_t> lock{0};
    std::atomic<Sequence> version{0};
    std::atomic<std::uint32_t> free{0};
  };
  struct FanRecord;
  /// Bits with counts by block and by region of blocks: one writer, any readers, "how many before"
  /// at any time by a walk over some tens of counts and words.
  class BitPlane {
   public:
    explicit BitPlane(std::uint32_t bits);
    ~BitPlane();
    BitPlane(const BitPlane&) = delete;
    BitPlane& operator=(const BitPlane&) = delete;
    void mark(std::uint32_t bit, bool set);
    std::uint32_t count_before(std::uint32_t bit) const;

   private:
    static constexpr std::uint32_t block_words = 32, region_blocks = 32;
    const std::uint32_t words_max_, blocks_max_, regions_max_;
    // Reserved in untouched pages: costs memory only for what was ever marked.
    std::atomic<std::uint64_t>* words_ = nullptr;
    std::atomic<std::uint32_t>* in_block_ = nullptr;
    std::atomic<std::uint32_t>* in_region_ = nullptr;
    std::atomic<std::uint32_t> first_block_{0};  ///< Nothing is set before this block.
    std::atomic<std::uint32_t> block_count_{0};
  };

  const std::shared_ptr<const Plan> plan_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> free_words_;
  std::unique_ptr<ZoneRecord[]> zones_;
  std::unique_ptr<std::atomic<std::uint32_t>[]> category_free_;
  std::unique_ptr<std::atomic<std::uint16_t>[]> category_of_seat_;
  std::atomic<std::uint64_t> categories_version_{0};
  // Reserved for `limits::fans_max` in untouched pages: costs memory only for fans there are.
  FanRecord* fans_ = nullptr;
  BitPlane waiting_;  ///< By slot: waits in the line.
  BitPlane late_;     ///< By fan: waits for a late window to close.
  std::atomic<std::uint32_t> fan_count_{0};
  std::atomic<std::uint64_t> line_version_{0};
  std::atomic<std::uint64_t> status_lock_{0};
  static constexpr std::size_t status_words = (sizeof(RoundStatus) + 7) / 8;
  std::atomic<std::uint64_t> status_[status_words] = {};
  mutable std::mutex records_mutex_;  ///< Draw and windows: rarely written, rarely read.
  std::shared_ptr<const DrawRecord> draw_;
  std::vector<std::shared_ptr<const LateWindowRecord>> late_windows_;
};

/// Deadline as the wall's time, were the round to run on from now without a pause.
inline Instant wall_deadline(SaleTime deadline, const RoundStatus& status, Instant now) {
  const Duration offset = status.paused_at.microseconds != 0
                              ? status.sale_offset + (now - status.paused_at)
                              : status.sale_offset;
  return {deadline.microseconds + offset.microseconds};
}

}  // namespace frontrow
