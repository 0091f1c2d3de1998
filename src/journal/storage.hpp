// How this folder uses RocksDB: options for writing and for reading, its messages, its errors.
// Private to src/journal.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>

#include "journal/journal_error.hpp"
#include "journal/rocks_journal.hpp"

namespace frontrow::journal {

/// For both: nothing is written for the sake of logs and statistics, errors go to `notice`.
rocksdb::Options storage_options(const Notice& notice);

/// "journal DIR/journal: what RocksDB says", which names the file where there is one.
Error storage_error(const std::filesystem::path& directory, const rocksdb::Status& status);

inline rocksdb::Slice to_slice(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline ByteView to_bytes(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}

}  // namespace frontrow::journal
