// Where the sequencer writes: block after block, each durable when `append` returns. One
// writer; calls may come from different threads, one at a time.
#pragma once

#include "journal/block.hpp"

namespace frontrow::journal {

/// Where a journal ends: what the next block follows.
struct Head {
  Sequence last = 0;  ///< The last command's; 0: an empty journal.
  Bytes32 hash{};     ///< SHA-256 of the last block's value; zeros: an empty journal.
};

class Journal {
 public:
  virtual ~Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Seals the block onto the chain and writes it. An error is final: nothing may be written
  /// after it, because nobody knows what of it reached the disk.
  Result<void> append(BlockBuilder& block);

  const Head& head() const { return head_; }

 protected:
  explicit Journal(const Head& head) : head_(head) {}
  /// Returns once `value` is durable under `key`. Never called again after an error.
  virtual Result<void> write(ByteView key, ByteView value) = 0;

 private:
  Head head_;
  bool failed_ = false;
};

}  // namespace frontrow::journal
