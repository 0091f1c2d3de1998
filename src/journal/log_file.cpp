#include "journal/log_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "journal/crc32c.hpp"

namespace frontrow::journal {
namespace {

using Bytes = std::span<const std::uint8_t>;

// The format is RocksDB's: blocks of 32 KB; records that never cross one, each with the masked
// CRC32C of type and payload (4 bytes), the payload's length (2), the type (1), the payload. A
// value of several records is a first one, middle ones and a last one.
constexpr std::size_t block_bytes = 32'768;
constexpr std::size_t header_bytes = 7;
constexpr std::size_t type_offset = 6;
enum class RecordType : std::uint8_t {
  kNothing = 0,
  kFull = 1,
  kFirst = 2,
  kMiddle = 3,
  kLast = 4
};

std::uint32_t masked(std::uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8; }

struct Record {
  std::uint32_t checksum = 0;
  std::size_t length = 0;
  RecordType type = RecordType::kNothing;
};

/// Precondition: a header's bytes are there.
Record read_header(Bytes at) {
  ByteReader in(at);
  Record record;
  record.checksum = in.integer<std::uint32_t>();
  record.length = in.integer<std::uint16_t>();
  record.type = static_cast<RecordType>(in.integer<std::uint8_t>());
  return record;
}

/// Whether a payload of `length` bytes behind the header at `at` has the header's checksum.
bool fits(Bytes at, const Record& record, std::size_t length) {
  return header_bytes + length <= at.size() &&
         masked(crc32c(at.subspan(type_offset, 1 + length))) == record.checksum;
}

bool all_zero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// Whether a record of its own begins anywhere behind the header of a record that seems torn: one
/// writer that waits for each write has nothing behind the last one.
bool has_whole_record_behind(Bytes seemingly_torn) {
  for (std::size_t n = 1; n + header_bytes <= seemingly_torn.size(); ++n) {
    const Bytes at = seemingly_torn.subspan(n);
    const Record record = read_header(at);
    const bool begins = record.type == RecordType::kFull || record.type == RecordType::kFirst;
    if (begins && fits(at, record, record.length)) return true;
  }
  return false;
}

Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::uint8_t> content;
  std::vector<char> piece(std::size_t{1} << 20);
  while (in.good()) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    content.insert(content.end(), piece.begin(), piece.begin() + in.gcount());
  }
  if (!in.eof()) return Error{Fault::kStorage, 0, fmt::format("{}: cannot be read", path.string())};
  return content;
}

}  // namespace

Result<std::uint64_t> torn_bytes(const std::filesystem::path& log_file) {
  const auto content = read_file(log_file);
  if (content.has_error()) return content.error();
  const Bytes file = *content;
  const auto damaged = [&](std::size_t offset) {
    return Error{Fault::kStorage, 0,
                 fmt::format("{}: damaged at byte {}", log_file.string(), offset)};
  };
  std::size_t whole = 0;  // the end of the last value that is there to its end
  std::size_t at = 0;
  while (at < file.size()) {
    const Bytes rest = file.subspan(at);
    const std::size_t left_in_block = block_bytes - at % block_bytes;
    if (left_in_block < header_bytes) {
      // Too little room for a header: filled with zeros, and part of what stands before it.
      const std::size_t filler = std::min(left_in_block, rest.size());
      if (!all_zero(rest.first(filler))) return damaged(at);
      if (whole == at) whole += filler;
      at += filler;
      continue;
    }
    if (rest.size() < header_bytes) break;
    const Record record = read_header(rest);
    if (record.type == RecordType::kNothing && record.length == 0) {
      // Space that was set aside and never written.
      if (!all_zero(rest)) return damaged(at);
      whole = file.size();
      break;
    }
    if (header_bytes + record.length > left_in_block && rest.size() >= left_in_block)
      return damaged(at);
    if (header_bytes + record.length > rest.size()) {
      if (fits(rest, record, rest.size() - header_bytes) || has_whole_record_behind(rest))
        return damaged(at);
      break;
    }
    if (!fits(rest, record, record.length)) return damaged(at);
    at += header_bytes + record.length;
    if (record.type == RecordType::kFull || record.type == RecordType::kLast) whole = at;
  }
  return file.size() - whole;
}

}  // namespace frontrow::journal
