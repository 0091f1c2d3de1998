// Journals for tests: made block by block, copied as a power cut would leave them, damaged, read.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "journal/journal_reader.hpp"
#include "journal/memory_journal.hpp"
#include "journal/rocks_journal.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::journal::test {

inline Bytes16 hash_of(Sequence first) {
  Bytes16 hash{};
  hash[0] = static_cast<std::uint8_t>(first);
  return hash;
}

/// Appends `count` small commands as one block.
inline Result<void> append(Journal& journal, std::uint32_t count, std::size_t text_bytes = 0) {
  BlockBuilder block;
  const Sequence first = journal.head().last + 1;
  block.begin(first, Instant{static_cast<std::int64_t>(1'000 + first)}, hash_of(first));
  for (std::uint32_t n = 0; n < count; ++n) {
    if (text_bytes > 0)
      block.add(BanFan{"ops", FanId{n}, std::string(text_bytes, static_cast<char>('a' + n % 26))});
    else
      block.add(ReleaseOrder{FanId{n}, OrderId{static_cast<std::uint32_t>(first)}});
  }
  return journal.append(block);
}

inline std::unique_ptr<RocksJournal> open_writer(const std::filesystem::path& directory,
                                                 const Head& head = {}) {
  std::filesystem::create_directories(directory);
  auto opened = RocksJournal::open(directory, head, {});
  INFO((opened.has_error() ? opened.error().message : ""));
  REQUIRE(opened.has_value());
  return std::move(*opened);
}

/// What reading a whole directory says.
inline Result<Summary> read_all(const std::filesystem::path& directory,
                                std::vector<std::string>* notices = nullptr,
                                const Visitor& visitor = {}) {
  JournalReader::Options options;
  if (notices != nullptr)
    options.notice = [notices](const std::string& line) { notices->push_back(line); };
  const auto reader = JournalReader::open(directory, options);
  if (reader.has_error()) return reader.error();
  return (*reader)->visit(visitor);
}

/// The directory as it stands now, while the writer has it open: what a power cut leaves.
inline void copy_as_crashed(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

/// The youngest file of DIR/journal whose name begins and ends so.
inline std::filesystem::path find_file(const std::filesystem::path& directory,
                                       const std::string& begins, const std::string& ends) {
  std::filesystem::path found;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "journal")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begins) && name.ends_with(ends) && entry.path() > found)
      found = entry.path();
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_content(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}
inline void flip_byte(const std::filesystem::path& file, std::size_t offset, int mask = 0xff) {
  std::string content = content_of(file);
  REQUIRE(offset < content.size());
  content[offset] = static_cast<char>(content[offset] ^ mask);
  write_content(file, content);
}

/// Names and contents of all files under a directory: to show that nothing was written.
inline std::vector<std::pair<std::string, std::string>> snapshot(
    const std::filesystem::path& directory) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    files.emplace_back(entry.path().string(),
                       entry.is_regular_file() ? content_of(entry.path()) : std::string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace frontrow::journal::test
