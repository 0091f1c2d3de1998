// What a reader does with files that a crash tore or a disk spoilt: a torn last write is
// dropped and told; everything else is refused, with its place, and nothing is written.
#include <rocksdb/db.h>

#include <cstring>
#include <map>
#include <random>

#include "journal/crc32c.hpp"
#include "journal/journal_fixture.hpp"
#include "journal/log_file.hpp"
#include "journal/storage.hpp"

namespace frontrow::journal {
namespace {

using namespace test;

constexpr int blocks = 6;

/// A journal whose blocks but the first lie in the write-ahead log alone, as after SIGKILL.
class CrashedJournal {
 public:
  explicit CrashedJournal(std::size_t text_bytes = 0) {
    const auto writer = open_writer(directory_.path() / "live");
    for (int n = 0; n < blocks; ++n) {
      log_ends_.push_back(n < 2 ? 0 : content_of(live_log()).size());
      REQUIRE(append(*writer, 2, text_bytes).has_value());
    }
    copy_as_crashed(directory_.path() / "live", path());
    head_ = writer->head();
  }
  std::filesystem::path path() const { return directory_.path() / "crashed"; }
  std::filesystem::path log() const { return find_file(path(), "", ".log"); }
  const Head& head() const { return head_; }
  /// Where the last block begins in the log.
  std::size_t last_block_at() const { return log_ends_.back(); }
  void restore() const { copy_as_crashed(directory_.path() / "live", path()); }

 private:
  std::filesystem::path live_log() const {
    return find_file(directory_.path() / "live", "", ".log");
  }
  TemporaryDirectory directory_;
  std::vector<std::size_t> log_ends_;
  Head head_;
};

TEST_CASE("a killed writer's journal is whole, and nothing is told") {
  const CrashedJournal journal;
  std::vector<std::string> notices;
  const auto summary = read_all(journal.path(), &notices);
  REQUIRE(summary.has_value());
  CHECK(summary->head.last == journal.head().last);
  CHECK(summary->head.hash == journal.head().hash);
  CHECK(notices.empty());
}

TEST_CASE("a torn last record is dropped wherever it was torn, and told") {
  const std::size_t text_bytes = GENERATE(as<std::size_t>{}, 0, 3'000, 16'000);
  const CrashedJournal journal(text_bytes);
  const auto whole = content_of(journal.log());
  const std::size_t step = text_bytes < 10'000 ? 1 + text_bytes / 40 : 2'477;
  for (std::size_t size = journal.last_block_at() + 1; size < whole.size(); size += step) {
    write_content(journal.log(), whole.substr(0, size));
    std::vector<std::string> notices;
    const auto summary = read_all(journal.path(), &notices);
    INFO("cut to " << size << " of " << whole.size());
    REQUIRE(summary.has_value());
    CHECK(summary->head.last == journal.head().last - 2);
    REQUIRE(notices.size() == 1);
    CHECK(notices[0].find("the last write was torn") != std::string::npos);
  }
}

TEST_CASE("after a torn record was dropped the journal goes on as if it had never been") {
  const CrashedJournal journal;
  const auto whole = content_of(journal.log());
  write_content(journal.log(), whole.substr(0, whole.size() - 3));
  const Head head = read_all(journal.path())->head;
  {
    const auto writer = open_writer(journal.path(), head);
    REQUIRE(append(*writer, 5).has_value());
  }
  std::vector<std::string> notices;
  const auto summary = read_all(journal.path(), &notices);
  REQUIRE(summary.has_value());
  CHECK(summary->head.last == head.last + 5);
  CHECK(notices.empty());
}

TEST_CASE("space that was set aside behind the last record is no damage") {
  const CrashedJournal journal;
  write_content(journal.log(), content_of(journal.log()) + std::string(5'000, '\0'));
  std::vector<std::string> notices;
  CHECK(read_all(journal.path(), &notices)->head.last == journal.head().last);
  CHECK(notices.empty());
}

TEST_CASE("a byte flipped anywhere in the write-ahead log is refused, and nothing is written") {
  const CrashedJournal journal;
  const auto whole = content_of(journal.log());
  for (std::size_t offset = 0; offset < whole.size(); ++offset) {
    flip_byte(journal.log(), offset, offset % 3 == 0 ? 0xff : 1 << offset % 8);
    const bool looks_closer = offset % 50 == 0;
    std::vector<std::pair<std::string, std::string>> before;
    if (looks_closer) before = snapshot(journal.path());
    const auto summary = read_all(journal.path());
    INFO("offset " << offset << " of " << whole.size() << ", the last block begins at "
                   << journal.last_block_at());
    REQUIRE(summary.has_error());
    CHECK(summary.error().fault == Fault::kStorage);
    CHECK(summary.error().message.find(journal.log().string()) != std::string::npos);
    if (looks_closer) CHECK(snapshot(journal.path()) == before);
    write_content(journal.log(), whole);
  }
  CHECK(read_all(journal.path()).has_value());
}

TEST_CASE("a byte flipped in a log of many records and blocks is refused wherever it is") {
  const CrashedJournal journal(16'000);
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto whole = content_of(journal.log());
  for (int n = 0; n < 60; ++n) {
    // Every second one into the headers of records, whose lengths are what RocksDB believes.
    std::size_t offset = random() % whole.size();
    if (n % 2 == 0) offset = offset / 32'768 * 32'768 + random() % 7;
    flip_byte(journal.log(), offset, 1 << random() % 8);
    INFO("offset " << offset << " of " << whole.size());
    CHECK(read_all(journal.path()).has_error());
    write_content(journal.log(), whole);
  }
}

TEST_CASE("a byte flipped in any file of the storage is refused or without meaning") {
  const CrashedJournal journal;
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::map<std::string, int> refused;
  for (const auto& [file, content] : snapshot(journal.path() / "journal")) {
    const std::string name = std::filesystem::path(file).filename().string();
    for (int n = 0; n < 80 && !content.empty(); ++n) {
      const std::size_t offset = random() % content.size();
      flip_byte(file, offset, 1 << random() % 8);
      const auto summary = read_all(journal.path());
      INFO(name << " at " << offset << " of " << content.size());
      if (summary.has_error()) {
        ++refused[name];
      } else {
        CHECK(summary->head.last == journal.head().last);
        CHECK(summary->head.hash == journal.head().hash);
      }
      write_content(file, content);
    }
  }
  const auto refusals = [&](const std::filesystem::path& file) {
    return refused[file.filename().string()];
  };
  CHECK(refusals(journal.log()) == 80);
  CHECK(refusals(find_file(journal.path(), "MANIFEST-", "")) == 80);
  CHECK(refusals(journal.path() / "journal" / "CURRENT") > 60);
  CHECK(refusals(find_file(journal.path(), "", ".sst")) > 20);
}

TEST_CASE("a missing file is refused by name") {
  const CrashedJournal journal;
  for (const auto& file :
       {journal.path() / "journal" / "CURRENT", find_file(journal.path(), "MANIFEST-", ""),
        find_file(journal.path(), "", ".sst"), journal.log()}) {
    std::filesystem::remove(file);
    const auto before = snapshot(journal.path());
    const auto summary = read_all(journal.path());
    REQUIRE(summary.has_error());
    CHECK(summary.error().fault == Fault::kStorage);
    const auto& message = summary.error().message;
    INFO(file << ": " << message);
    // RocksDB names a table by its number and an older ending. The log's number is not known once
    // it is gone: its directory is named.
    if (file.extension() != ".log") CHECK(message.find(file.stem().string()) != std::string::npos);
    CHECK(message.find((journal.path() / "journal").string()) != std::string::npos);
    CHECK(snapshot(journal.path()) == before);
    journal.restore();
  }
}

TEST_CASE("an emptied write-ahead log is not taken for a round that never began") {
  const CrashedJournal journal;
  write_content(journal.log(), "");
  const auto summary = read_all(journal.path());
  // The first block is in a table of its own, so the round is still known.
  REQUIRE(summary.has_value());
  CHECK(summary->head.last == 2);
}

// --- blocks changed through the store's own door
// ---------------------------------------------------

/// Writes a value under a key as an attacker with the store's library would.
void overwrite(const std::filesystem::path& directory, Sequence first, const std::string& value) {
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::Open(storage_options({}), directory / "journal", &opened).ok());
  const std::unique_ptr<rocksdb::DB> database(opened);
  REQUIRE(database->Put({}, to_slice(block_key(first)), value).ok());
}
std::string value_of(const std::filesystem::path& directory, Sequence first) {
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::OpenForReadOnly(storage_options({}), directory / "journal", &opened).ok());
  const std::unique_ptr<rocksdb::DB> database(opened);
  std::string value;
  REQUIRE(database->Get({}, to_slice(block_key(first)), &value).ok());
  return value;
}

TEST_CASE("a byte changed through the store at any offset of a block is named by its sequence") {
  const CrashedJournal journal;
  const std::string good = value_of(journal.path(), 5);
  for (std::size_t offset = 0; offset < good.size(); ++offset) {
    std::string bad = good;
    bad[offset] = static_cast<char>(bad[offset] ^ 0xff);
    overwrite(journal.path(), 5, bad);
    const auto summary = read_all(journal.path());
    INFO("offset " << offset);
    REQUIRE(summary.has_error());
    CHECK(summary.error().sequence == 5);
    CHECK(summary.error().message.find("sequence 5: ") != std::string::npos);
  }
  overwrite(journal.path(), 5, good);
  CHECK(read_all(journal.path()).has_value());
}

TEST_CASE("a byte changed with the checksum made to fit is named by the next block") {
  const CrashedJournal journal;
  const std::string good = value_of(journal.path(), 5);
  for (std::size_t offset = 0; offset + block_checksum_bytes < good.size(); ++offset) {
    std::string bad = good;
    bad[offset] = static_cast<char>(bad[offset] ^ 0x01);
    const std::uint32_t checksum = crc32c(to_bytes(bad).first(bad.size() - block_checksum_bytes));
    std::memcpy(bad.data() + bad.size() - block_checksum_bytes, &checksum, sizeof checksum);
    overwrite(journal.path(), 5, bad);
    const auto summary = read_all(journal.path());
    INFO("offset " << offset);
    REQUIRE(summary.has_error());
    CHECK(summary.error().sequence >= 5);
    CHECK(summary.error().sequence <= 7);
  }
}

TEST_CASE("a block taken out, put in or put elsewhere through the store is named") {
  const CrashedJournal journal;
  const std::string value = value_of(journal.path(), 5);
  overwrite(journal.path(), 6, value);
  CHECK(read_all(journal.path()).error().sequence == 7);
  journal.restore();
  overwrite(journal.path(), 100, value);
  CHECK(read_all(journal.path()).error().fault == Fault::kSequenceGap);
  journal.restore();
  overwrite(journal.path(), 3, value);
  CHECK(read_all(journal.path()).error().fault == Fault::kChain);
  CHECK(read_all(journal.path()).error().sequence == 3);
}

// --- the reason for all this
// -----------------------------------------------------------------------

TEST_CASE("the store alone would drop acknowledged blocks behind a damaged length") {
  const CrashedJournal journal;
  // The record that begins where the third block does claims to be longer than the file.
  const auto whole = content_of(journal.log());
  std::size_t at = 0;
  std::uint16_t length = 0;
  std::memcpy(&length, whole.data() + 4, sizeof length);
  at = 7U + length;
  flip_byte(journal.log(), at + 5, 0x10);
  rocksdb::DB* opened = nullptr;
  REQUIRE(
      rocksdb::DB::OpenForReadOnly(storage_options({}), journal.path() / "journal", &opened).ok());
  const std::unique_ptr<rocksdb::DB> database(opened);
  std::string value;
  CHECK(database->Get({}, to_slice(block_key(5)), &value).IsNotFound());
  CHECK(torn_bytes(journal.log()).has_error());
}

}  // namespace
}  // namespace frontrow::journal
