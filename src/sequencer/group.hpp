// What one turn of the sequencer works on: submissions from all channels in the order in which
// they are carried out, and the block that holds their commands. Memory is reused from turn to
// turn. The sequencer's thread alone, but for the block while the journal thread has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "journal/block.hpp"
#include "sequencer/outlet.hpp"

namespace frontrow {

class Group {
 public:
  explicit Group(Engine& engine, SequencerStatistics& statistics);

  /// An empty group whose commands happen at `now`.
  void begin(Instant now);
  /// The engine's own commands. They are applied at once, because what is due next depends on it.
  void add_due_commands();
  /// Commands of the start, which nobody waits for.
  void add_own(std::vector<Command> commands);
  /// From all channels in turn until they are empty or a bound is reached.
  void collect(std::vector<Outlet>& outlets);

  bool has_commands() const { return !block_.empty(); }
  bool empty() const { return block_.empty() && item_count_ == 0; }
  journal::BlockBuilder& block() { return block_; }

  /// Carries out commands and answers queries, in order; touches nothing of the block.
  void apply();
  const Effects& effects() const { return effects_; }
  /// Once durable: answers, then events, to those they belong to.
  void release(std::vector<Outlet>& outlets);
  /// Gives back the memory of an unusual group, as the start's is.
  void trim();

 private:
  static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
  struct Item {
    std::uint32_t outlet = nobody;
    Submission submission;
    Reply reply;
  };
  struct CardToken {
    std::size_t event = 0;  ///< Index in `effects_.events`.
    std::string token;
  };

  Item& next_item();
  void apply_command(const Command& command, Reply& reply);
  void keep_card_token(std::string&& token, std::size_t first_event);
  void release_events(std::vector<Outlet>& outlets);
  void release_facts(std::vector<Outlet>& outlets);

  Engine& engine_;
  SequencerStatistics& statistics_;
  Instant now_;
  Sequence next_ = 0;
  journal::BlockBuilder block_;
  std::vector<Item> items_;
  std::size_t item_count_ = 0;
  std::size_t first_outlet_ = 0;  ///< Whose turn it is to be looked at first.
  Effects effects_;
  std::vector<CardToken> card_tokens_;
};

}  // namespace frontrow
