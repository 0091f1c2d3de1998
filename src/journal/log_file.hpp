// A look at the storage's log files (the write-ahead log and the MANIFEST) byte by byte, before
// RocksDB reads them. RocksDB takes a record whose length reaches past the end of the file for
// a torn last write and drops it with everything behind; a flipped bit in a length looks the
// same. Here the two are told apart. Private to src/journal.
#pragma once

#include <cstdint>
#include <filesystem>

#include "journal/journal_error.hpp"

namespace frontrow::journal {

/// Bytes at the end that belong to a record which was never written to its end: RocksDB drops
/// them. 0 in a file that ends with a whole record. An error names file and offset.
Result<std::uint64_t> torn_bytes(const std::filesystem::path& log_file);

}  // namespace frontrow::journal
