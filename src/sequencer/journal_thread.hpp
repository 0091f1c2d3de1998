// Writes a block while the sequencer applies the same commands. One block at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "base/parker.hpp"
#include "journal/journal.hpp"

namespace frontrow {

class JournalThread {
 public:
  explicit JournalThread(journal::Journal& journal);
  ~JournalThread();
  JournalThread(const JournalThread&) = delete;
  JournalThread& operator=(const JournalThread&) = delete;

  /// The sequencer: hands the block over. It belongs to this thread until `wait` returns.
  void write(journal::BlockBuilder& block);
  /// The sequencer: until the block is durable or the write has failed.
  journal::Result<void> wait();
  /// The sequencer: the same on its own thread, for a block that is not worth a hand-over.
  journal::Result<void> write_here(journal::BlockBuilder& block);
  /// The sequencer: how long the last write took, its sync included.
  std::uint64_t last_write_microseconds() const { return last_write_microseconds_; }

 private:
  void run();
  journal::Result<void> append(journal::BlockBuilder& block);
  template <class Condition>
  static void wait_until(Parker& parker, const Condition& condition);

  journal::Journal& journal_;
  journal::Result<void> result_;
  std::uint64_t last_write_microseconds_ = 0;
  std::atomic<journal::BlockBuilder*> block_{nullptr};  ///< Set by `write`, cleared when done.
  std::atomic<bool> stopping_{false};
  Parker writer_parker_;
  Parker sequencer_parker_;
  std::thread thread_;
};

}  // namespace frontrow
