#include "journal/memory_journal.hpp"

namespace frontrow::journal {

Result<void> MemoryJournal::write(ByteView key, ByteView value) {
  if (before_write_) before_write_();
  if (entries_.size() == fail_at_)
    return Error{Fault::kStorage, sequence_of_key(key), "the write was told to fail"};
  entries_.push_back({{key.begin(), key.end()}, {value.begin(), value.end()}});
  return {};
}

}  // namespace frontrow::journal
