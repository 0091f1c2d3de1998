// A journal in memory, for tests and for measuring what is not the disk. It can be told to fail.
// One writer; what has been written may be read while nobody writes.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

#include "journal/journal.hpp"

namespace frontrow::journal {

class MemoryJournal final : public Journal {
 public:
  struct Entry {
    std::vector<std::uint8_t> key;
    std::vector<std::uint8_t> value;
  };

  explicit MemoryJournal(const Head& head = {}) : Journal(head) {}

  /// The write with this index, from 0, fails, and with it the journal.
  void fail_at(std::size_t write) { fail_at_ = write; }
  /// Called inside each write before it takes place; may block.
  void before_write(std::function<void()> call) { before_write_ = std::move(call); }

  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }

 protected:
  Result<void> write(ByteView key, ByteView value) override;

 private:
  std::vector<Entry> entries_;
  std::function<void()> before_write_;
  std::size_t fail_at_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace frontrow::journal
