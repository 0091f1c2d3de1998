// From a journal back to a state: every command into an engine, every recorded state hash
// compared. For the start of a server, for `replay`, and for everything that shows a journal.
// One thread, which is the caller's.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/engine.hpp"
#include "journal/journal_reader.hpp"

namespace frontrow {

/// Makes the engine from the journal's first command; the error says what does not fit in it.
using EngineMaker =
    std::function<boost::system::result<std::unique_ptr<Engine>, std::string>(const OpenRound&)>;

struct Recovered {
  std::unique_ptr<Engine> engine;  ///< Nothing where the journal is empty.
  std::string definition;          ///< `OpenRound::definition`, as journaled.
  journal::Summary summary;        ///< Where the journal ends, and how much there is of it.
  std::uint64_t commands = 0;      ///< Applied.
  std::uint64_t refused = 0;       ///< Of those, refused by the engine.
  AdmissionRules configured;       ///< The round file's admission at the last start.
};

struct RecoveryOptions {
  Sequence to = std::numeric_limits<Sequence>::max();  ///< The last command to apply.
  /// Called after each command, for those who read along; costs nothing where empty.
  std::function<void(Sequence, Instant, const Command&, const Reply&, const Engine&)> on_command;
  /// Called after each block that made any facts.
  std::function<void(const std::vector<FactNote>&)> on_facts;
};

/// The first thing wrong is the error, with its sequence number.
journal::Result<Recovered> recover(journal::JournalReader& reader, const EngineMaker& make_engine,
                                   const RecoveryOptions& options = {});

/// The state hash as a block carries it.
Bytes16 journaled_state_hash(const StateHash& hash);

/// Takes verified blocks and applies them; what `recover` does with each block.
class Replayer {
 public:
  Replayer(EngineMaker make_engine, RecoveryOptions options);
  journal::Result<void> apply(const journal::Block& block);
  /// Hands over what was made.
  Recovered finish(const journal::Summary& summary) &&;

 private:
  journal::Result<void> open_round(const journal::Block& block);

  EngineMaker make_engine_;
  RecoveryOptions options_;
  Recovered recovered_;
  Effects effects_;
};

}  // namespace frontrow
