#include "journal/rocks_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/assert.hpp"
#include "journal/storage.hpp"

namespace frontrow::journal {
namespace {

/// Where a journal is made before it becomes one: a crash in between leaves no half of it.
constexpr const char* unfinished_name = "journal.new";

Error file_error(const std::filesystem::path& path, const std::string& what) {
  return {Fault::kStorage, 0, fmt::format("{}: {}", path.string(), what)};
}

Result<void> sync_directory(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool good = descriptor >= 0 && fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) close(descriptor);
  if (!good) return file_error(path, std::strerror(reason));
  return {};
}

Result<void> make_empty_journal(const std::filesystem::path& data_directory) {
  const auto unfinished = data_directory / unfinished_name;
  std::error_code error;
  std::filesystem::remove_all(unfinished, error);
  if (error) return file_error(unfinished, error.message());
  rocksdb::Options options = storage_options({});
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* made = nullptr;
  const auto status = rocksdb::DB::Open(options, unfinished, &made);
  if (!status.ok()) return storage_error(unfinished, status);
  const std::unique_ptr<rocksdb::DB> closing(made);
  if (const auto closed = closing->Close(); !closed.ok()) return storage_error(unfinished, closed);
  if (auto synced = sync_directory(unfinished); synced.has_error()) return synced;
  std::filesystem::rename(unfinished, journal_directory(data_directory), error);
  if (error) return file_error(unfinished, error.message());
  return sync_directory(data_directory);
}

/// The end of the journal as the store has it.
Result<Head> find_head(rocksdb::DB& database, const std::filesystem::path& directory) {
  const std::unique_ptr<rocksdb::Iterator> last(database.NewIterator(rocksdb::ReadOptions()));
  last->SeekToLast();
  if (!last->status().ok()) return storage_error(directory, last->status());
  if (!last->Valid()) return Head{};
  const Sequence first = sequence_of_key(to_bytes(last->key()));
  const auto block = open_block(first, to_bytes(last->value()));
  if (block.has_error()) return block.error();
  return Head{first + block->count - 1, sha256(to_bytes(last->value()))};
}

}  // namespace

std::filesystem::path journal_directory(const std::filesystem::path& data_directory) {
  return data_directory / "journal";
}

struct RocksJournal::Store {
  std::filesystem::path directory;
  std::unique_ptr<rocksdb::DB> database;
  rocksdb::WriteOptions write_options;
};

RocksJournal::RocksJournal(const Head& head, std::unique_ptr<Store> store)
    : Journal(head), store_(std::move(store)) {}

RocksJournal::~RocksJournal() = default;

Result<std::unique_ptr<RocksJournal>> RocksJournal::open(
    const std::filesystem::path& data_directory, const Head& head, const WriterOptions& options) {
  auto store = std::make_unique<Store>();
  store->directory = journal_directory(data_directory);
  store->write_options.sync = options.sync;
  std::error_code ignored;
  if (head.last == 0 && !std::filesystem::exists(store->directory / "CURRENT", ignored)) {
    if (const auto made = make_empty_journal(data_directory); made.has_error()) return made.error();
  }
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(storage_options(options.notice), store->directory, &opened);
  if (!status.ok()) return storage_error(store->directory, status);
  store->database.reset(opened);
  const auto found = find_head(*store->database, store->directory);
  if (found.has_error()) return found.error();
  if (found->last != head.last || found->hash != head.hash)
    return error_at(Fault::kChain, found->last,
                    "the journal ends elsewhere than where it was just read to end");
  return std::unique_ptr<RocksJournal>(new RocksJournal(head, std::move(store)));
}

Result<void> RocksJournal::write(ByteView key, ByteView value) {
  rocksdb::DB& database = *store_->database;
  auto status = database.Put(store_->write_options, to_slice(key), to_slice(value));
  // The round itself, the first block, is large and is read by every start: it goes into a
  // table at once. An emptied log can then never be taken for an empty journal.
  if (status.ok() && sequence_of_key(key) == 1) status = database.Flush(rocksdb::FlushOptions());
  if (!status.ok()) return storage_error(store_->directory, status);
  return {};
}

}  // namespace frontrow::journal
