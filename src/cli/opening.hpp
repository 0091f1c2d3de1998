// Opening a data directory to serve a round from it: the lock, recovery, and the journal for
// writing. Whatever is wrong is found before anything is written.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "journal/data_directory.hpp"
#include "journal/rocks_journal.hpp"
#include "round/round_file.hpp"
#include "sequencer/recovery.hpp"

namespace frontrow::cli {

struct OpenedRound {
  journal::DataDirectory directory;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<journal::Journal> journal;
  std::vector<Command> start_commands;   ///< For `Sequencer::begin`.
  std::deque<FactNote> recovered_facts;  ///< In the order of the transparency log's leaves.
  std::uint64_t recovered_commands = 0;
  double recovery_seconds = 0;
};

/// When the round whose journal lies in `data` was first started; nothing where there is none.
std::optional<Instant> first_start_in(const std::filesystem::path& data);

/// Locks `data`, recovers, compares what the journal binds with `file`, and opens the journal.
/// The error is what goes to standard error: one line, or one for each difference.
boost::system::result<OpenedRound, std::string> open_round(const std::filesystem::path& data,
                                                           const round::RoundFile& file,
                                                           Instant now);

}  // namespace frontrow::cli
