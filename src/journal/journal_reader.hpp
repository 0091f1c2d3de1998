// Reads a journal from its first block to its last, verifying each: the next key, checksum,
// chain, commands. Opens for reading alone and writes nothing, so that it works on a directory
// that a server is writing, on a dead one and on a damaged one. One thread.
#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <span>

#include "journal/journal.hpp"
#include "journal/rocks_journal.hpp"

namespace frontrow::journal {

/// One verified block with its commands.
struct Block {
  Sequence first = 0;
  Instant time;
  Bytes16 state_hash{};         ///< Of the engine before the first command, as recorded.
  Bytes32 hash{};               ///< SHA-256 of the value: what the next block carries.
  ByteView value;               ///< As it lies in the store.
  std::span<Command> commands;  ///< The visitor may take them; valid during the visit alone.
};

/// Returns an error to stop; it becomes the error of the whole visit.
using Visitor = std::function<Result<void>(const Block&)>;

/// What a visit has seen.
struct Summary {
  Head head;
  Instant time;  ///< Of the last block.
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;  ///< Of all values.
};

/// Verifies block after block, wherever they come from.
class BlockVerifier {
 public:
  explicit BlockVerifier(Visitor visitor) : visitor_(std::move(visitor)) {}
  Result<void> accept(ByteView key, ByteView value);
  const Summary& summary() const { return summary_; }

 private:
  Visitor visitor_;
  Summary summary_;
  std::vector<Command> commands_;
};

class JournalReader {
 public:
  struct Options {
    Notice notice;  ///< Told, for one thing, of a torn last record that was dropped.
  };
  /// `Fault::kNoJournal` where the directory has none. Retries a bounded number of times where
  /// a running server changes the files underneath.
  static Result<std::unique_ptr<JournalReader>> open(const std::filesystem::path& data_directory,
                                                     const Options& options);
  ~JournalReader();
  JournalReader(const JournalReader&) = delete;
  JournalReader& operator=(const JournalReader&) = delete;

  /// Visits all blocks there were when the reader was opened, from the first, until one begins
  /// after `to`. May be called again.
  Result<Summary> visit(const Visitor& visitor, Sequence to = std::numeric_limits<Sequence>::max());

 private:
  struct Store;
  explicit JournalReader(std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

}  // namespace frontrow::journal
