// The round as a state machine: seats, orders, limits, timers, the waiting room. Pure: no clock,
// thread, file, chance; time and chance arrive inside commands, so that the same commands give
// the same state on any machine.
//
// Used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frontrow/reply.hpp"
#include "frontrow/round_definition.hpp"

namespace frontrow {

/// A sum over the hashes of all entities, kept up to date with every change. Finds divergence;
/// it is no defence against forgery (the journal's chain is).
struct StateHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const StateHash&, const StateHash&) = default;
};

/// What a command (or a group of them) changed, for others to be told. The caller owns and
/// reuses it; `apply` only appends.
struct Effects {
  struct WordChange {
    std::uint32_t word = 0;  ///< Of the free plane.
    Sequence sequence = 0;   ///< Of the command that changed it.
  };
  std::vector<Event> events;
  std::vector<FanId> fans;        ///< Made or changed; may repeat.
  std::vector<WordChange> words;  ///< May repeat.
  std::vector<FactNote> facts;    ///< For the transparency log, in the order of happening.
  std::vector<SeatIndex> moved;   ///< Seats that have another category now.
  void clear() {
    events.clear();
    fans.clear();
    words.clear();
    facts.clear();
    moved.clear();
  }
};

class Engine {
 public:
  static constexpr std::uint32_t rules_version = 1;

  explicit Engine(RoundDefinition definition);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Carries the command out whole, or refuses it and changes nothing. `sequence` is one more
  /// than the last, `time` not before the last.
  Reply apply(Sequence sequence, Instant time, const Command& command, Effects& effects);

  /// Hints that `command` is to be applied soon: what it will touch is fetched into the caches
  /// meanwhile. Called some eight commands ahead, and `prefetch_more` some four: the second
  /// follows what the first has brought. Changes nothing; any command will do.
  void prefetch(const Command& command) const;
  void prefetch_more(const Command& command) const;

  /// The command that is due at `now` and that nobody sends but the sequencer: `Tick`,
  /// `CloseLobby`, `DrawLine`, `CloseLateWindow`. Applying it makes it not due; ask again.
  std::optional<Command> due(Instant now) const;
  /// When `due` next has an answer, if no command comes before. Nothing: never.
  std::optional<Instant> next_due() const;

  Reply answer(const Query& query) const;

  const RoundDefinition& definition() const;
  Sequence sequence() const;
  Instant time() const;
  StateHash state_hash() const;
  RoundStatus status() const;
  std::uint32_t fan_count() const;
  FanView fan(FanId fan) const;
  std::uint64_t free_word(std::uint32_t word) const;
  enum class SeatState : std::uint8_t { kFree, kHeld, kSold, kBlocked };
  SeatState seat_state(SeatIndex seat) const;
  OrderId seat_order(SeatIndex seat) const;  ///< The live order that has it, or none.
  CategoryIndex seat_category(SeatIndex seat) const;
  BlockReason block_reason(SeatIndex seat) const;  ///< Of a blocked one.
  std::uint32_t order_count() const;
  OrderView order(OrderId order) const;  ///< Precondition: below `order_count()`.
  DrawRecord draw_record() const;
  const std::vector<std::shared_ptr<const LateWindowRecord>>& late_windows() const;
  std::vector<UnsettledOrder> unsettled_orders() const;

  /// Contract section 7, checked from scratch over the whole state, and the state hash against
  /// one made anew. One line for each violation; none is good. Slow: for tests and replay.
  std::vector<std::string> check_invariants() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow
