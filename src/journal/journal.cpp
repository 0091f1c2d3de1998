#include "journal/journal.hpp"

#include "base/assert.hpp"

namespace frontrow::journal {

Result<void> Journal::append(BlockBuilder& block) {
  FRONTROW_ASSERT(!failed_);
  FRONTROW_ASSERT(block.first() == head_.last + 1);
  const ByteView value = block.seal(head_.hash);
  const auto key = block_key(block.first());
  auto written = write(key, value);
  if (written.has_error()) {
    failed_ = true;
    return written;
  }
  head_.last += block.count();
  head_.hash = sha256(value);
  return written;
}

}  // namespace frontrow::journal
