// The seats: one bit a seat in four planes (free, held, sold, blocked), who has each seat, and
// counts. Knows no orders' rules; it refuses nothing but seats that are not as the caller thinks.
//
// Private to src/engine.
#pragma once

#include <boost/container/small_vector.hpp>
#include <memory>
#include <span>
#include <vector>

#include "engine/engine.hpp"
#include "engine/free_rows.hpp"
#include "engine/hash_sum.hpp"
#include "frontrow/plan.hpp"

namespace frontrow::engine {

using SeatSpan = std::span<const SeatIndex>;

class SeatMap {
 public:
  SeatMap(std::shared_ptr<const Plan> plan, HashSum& hash);

  /// Changed words are told to `effects` as changed by command `sequence`.
  void begin_command(Sequence sequence, Effects& effects) {
    sequence_ = sequence;
    effects_ = &effects;
  }

  const Plan& plan() const { return *plan_; }
  bool exists(SeatIndex seat) const { return seat.value < places_.size(); }
  std::uint32_t word_of(SeatIndex seat) const { return places_[seat.value].position / 64; }
  std::uint64_t mask_of(SeatIndex seat) const {
    return std::uint64_t{1} << places_[seat.value].position % 64;
  }
  ZoneIndex zone_of(SeatIndex seat) const { return places_[seat.value].zone; }
  CategoryIndex category_of(SeatIndex seat) const { return places_[seat.value].category; }

  Engine::SeatState state(SeatIndex seat) const;
  bool is_free(SeatIndex seat) const { return (free_[word_of(seat)] & mask_of(seat)) != 0; }
  OrderId order_of(SeatIndex seat) const { return order_of_[seat.value]; }
  std::uint64_t free_word(std::uint32_t word) const { return free_[word]; }
  /// Bit n: the seat has a neighbour at the next place of its row. Standing places have none.
  std::uint64_t link_word(std::uint32_t word) const { return links_[word]; }
  std::span<const std::uint64_t> free_words(std::uint32_t first, std::uint32_t count) const {
    return {free_.data() + first, count};
  }
  std::span<const std::uint64_t> link_words(std::uint32_t first, std::uint32_t count) const {
    return {links_.data() + first, count};
  }
  /// Seats of the word that are free and have no free neighbour.
  std::uint64_t lonely_in(std::uint32_t word) const;

  const SeatTotals& totals() const { return totals_; }
  std::uint32_t free_in_zone(ZoneIndex zone) const { return free_in_zone_[zone.value]; }
  std::uint32_t free_in_category(CategoryIndex category) const {
    return free_in_category_[category.value];
  }

  // --- taking seats in two steps: judged first, then held or put back ----------------------
  // Between the steps `free_rows` still has the seats as free: nothing is searched then.

  /// Takes the bit of a free seat out of the free plane; false where it is not free (any more).
  bool try_take(SeatIndex seat) {
    std::uint64_t& word = free_[word_of(seat)];
    const std::uint64_t mask = mask_of(seat);
    if ((word & mask) == 0) return false;
    word ^= mask;
    return true;
  }
  /// Undoes `try_take`.
  void put_back(SeatIndex seat) { free_[word_of(seat)] |= mask_of(seat); }
  /// Seats that were taken belong to `order` now.
  void hold_taken(SeatSpan seats, OrderId order);

  void sell(SeatSpan seats);                       ///< Held ones become sold.
  void free(SeatSpan seats);                       ///< Held or sold ones become free.
  void block(SeatIndex seat, BlockReason reason);  ///< A free one.
  void unblock(SeatIndex seat);                    ///< A blocked one becomes free.
  /// Why a blocked seat is blocked.
  BlockReason reason_of(SeatIndex seat) const { return reason_of_[seat.value]; }
  void set_reason(SeatIndex seat, BlockReason reason);  ///< Of a blocked one.
  /// A seat that is free or blocked has another category from now on.
  void move_category(SeatIndex seat, CategoryIndex category);

  FreeRows& free_rows() { return free_rows_; }
  const FreeRows& free_rows() const { return free_rows_; }

  /// The planes and counts against one another; one line for each contradiction.
  void check(std::vector<std::string>& violations) const;
  /// The seats' share of the state hash, made anew.
  void add_hash_anew(HashSum& sum) const;

 private:
  struct Place {
    std::uint32_t position = 0;  ///< Word and bit.
    ZoneIndex zone;
    CategoryIndex category;
  };
  using Plane = std::vector<std::uint64_t>;

  static StateHash hash_of(SeatIndex seat, Engine::SeatState state,
                           BlockReason reason = BlockReason::kOther) {
    return hash_words(HashKind::kSeat, seat.value,
                      static_cast<std::uint64_t>(state) | static_cast<std::uint64_t>(reason) << 8);
  }
  StateHash hash_of_category(SeatIndex seat) const {
    return hash_words(HashKind::kSeatCategory, seat.value, category_of(seat).value);
  }
  /// What `free_rows` knows of these seats' rows is brought up to date.
  void rows_changed(SeatSpan seats);
  void tell(std::uint32_t word) {
    // Neighbouring seats of one order mostly share a word.
    if (word == told_word_ && told_sequence_ == sequence_) return;
    told_word_ = word;
    told_sequence_ = sequence_;
    effects_->words.push_back({word, sequence_});
  }
  void count_free(const Place& place, std::uint32_t by);

  std::shared_ptr<const Plan> plan_;
  HashSum& hash_;
  std::vector<Place> places_;
  Plane free_, held_, sold_, blocked_, links_;
  std::vector<OrderId> order_of_;
  std::vector<BlockReason> reason_of_;
  std::vector<std::uint32_t> row_of_word_, free_in_row_;
  FreeRows free_rows_;
  std::vector<std::uint32_t> free_in_zone_, free_in_category_;
  SeatTotals totals_;
  Sequence sequence_ = 0;
  Sequence told_sequence_ = 0;
  std::uint32_t told_word_ = 0;
  Effects* effects_ = nullptr;
};

}  // namespace frontrow::engine
