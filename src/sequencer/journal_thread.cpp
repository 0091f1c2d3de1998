#include "sequencer/journal_thread.hpp"

#include <chrono>

#include "base/assert.hpp"

namespace frontrow {

JournalThread::JournalThread(journal::Journal& journal)
    : journal_(journal), thread_([this] { run(); }) {}

JournalThread::~JournalThread() {
  stopping_.store(true, std::memory_order_release);
  writer_parker_.wake();
  thread_.join();
}

template <class Condition>
void JournalThread::wait_until(Parker& parker, const Condition& condition) {
  Backoff backoff;
  while (!condition()) {
    if (!backoff.idle()) continue;
    parker.prepare();
    if (condition()) {
      parker.cancel();
      return;
    }
    parker.sleep(-1);
  }
}

void JournalThread::write(journal::BlockBuilder& block) {
  FRONTROW_ASSERT(block_.load(std::memory_order_relaxed) == nullptr);
  block_.store(&block, std::memory_order_release);
  writer_parker_.wake();
}

journal::Result<void> JournalThread::wait() {
  wait_until(sequencer_parker_,
             [this] { return block_.load(std::memory_order_acquire) == nullptr; });
  return result_;
}

journal::Result<void> JournalThread::write_here(journal::BlockBuilder& block) {
  FRONTROW_ASSERT(block_.load(std::memory_order_relaxed) == nullptr);
  return append(block);
}

journal::Result<void> JournalThread::append(journal::BlockBuilder& block) {
  const auto started = std::chrono::steady_clock::now();
  auto result = journal_.append(block);
  const auto took = std::chrono::steady_clock::now() - started;
  last_write_microseconds_ = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  return result;
}

void JournalThread::run() {
  for (;;) {
    wait_until(writer_parker_, [this] {
      return block_.load(std::memory_order_acquire) != nullptr ||
             stopping_.load(std::memory_order_acquire);
    });
    journal::BlockBuilder* block = block_.load(std::memory_order_acquire);
    if (block == nullptr) return;
    result_ = append(*block);
    block_.store(nullptr, std::memory_order_release);
    sequencer_parker_.wake();
  }
}

}  // namespace frontrow
