#include "journal/journal_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

#include "journal/data_directory.hpp"
#include "journal/log_file.hpp"
#include "journal/storage.hpp"

namespace frontrow::journal {
namespace {

/// A server that runs beside may move files while they are opened; it does so rarely.
constexpr int open_attempts_max = 20;
constexpr std::chrono::milliseconds between_attempts{10};
/// Read in long stretches: a visit goes through everything once.
constexpr std::size_t readahead_bytes = std::size_t{2} << 20;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Every change of the set of files is appended to the MANIFEST first: while its name and size
/// are the same before and after an open, the open saw one consistent set.
struct FileSet {
  std::string manifest;
  std::uintmax_t size = 0;
  friend bool operator==(const FileSet&, const FileSet&) = default;
};
FileSet file_set(const std::filesystem::path& directory) {
  std::string manifest = text_of(directory / "CURRENT");
  if (manifest.ends_with('\n')) manifest.pop_back();
  std::error_code missing;
  const auto size = std::filesystem::file_size(directory / manifest, missing);
  return {manifest, missing ? 0 : size};
}

Error log_missing(const std::filesystem::path& directory) {
  return {Fault::kStorage, 0,
          fmt::format("{}: the write-ahead log is missing", directory.string())};
}

/// The write-ahead log that was begun last.
struct YoungestLog {
  std::filesystem::path path;
  std::uint64_t torn = 0;
  /// RocksDB's number of the file, which is its name.
  std::uint64_t number() const { return std::strtoull(path.stem().c_str(), nullptr, 10); }
};

/// What must be there before RocksDB is asked, because it would not miss it.
Result<YoungestLog> check_files(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory / "CURRENT", error))
    return Error{Fault::kStorage, 0,
                 fmt::format("{}: is missing", (directory / "CURRENT").string())};
  YoungestLog youngest;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    const bool is_log = at->path().extension() == ".log";
    if (!is_log && !name.starts_with("MANIFEST-")) continue;
    const auto checked = torn_bytes(at->path());
    if (checked.has_error()) return checked.error();
    if (is_log && at->path() >= youngest.path) youngest = {at->path(), *checked};
  }
  if (error)
    return Error{Fault::kStorage, 0, fmt::format("{}: {}", directory.string(), error.message())};
  if (youngest.path.empty()) return log_missing(directory);
  return youngest;
}

Result<std::unique_ptr<rocksdb::DB>> open_store(const std::filesystem::path& directory,
                                                const Notice& notice, std::uint64_t& torn) {
  const auto youngest = check_files(directory);
  if (youngest.has_error()) return youngest.error();
  torn = youngest->torn;
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::OpenForReadOnly(storage_options(notice), directory, &opened);
  if (!status.ok()) return storage_error(directory, status);
  std::unique_ptr<rocksdb::DB> database(opened);
  // An older log may still lie there, emptied of all that counts.
  std::uint64_t oldest_needed = 0;
  if (database->GetIntProperty(rocksdb::DB::Properties::kMinLogNumberToKeep, &oldest_needed) &&
      youngest->number() < oldest_needed)
    return log_missing(directory);
  return database;
}

}  // namespace

Result<void> BlockVerifier::accept(ByteView key, ByteView value) {
  const Sequence expected = summary_.head.last + 1;
  if (sequence_of_key(key) != expected)
    return error_at(
        Fault::kSequenceGap, expected,
        key.size() == sizeof(Sequence)
            ? fmt::format("missing; the next block begins with {}", sequence_of_key(key))
            : "missing; the next key is not a block's");
  const auto view = open_block(expected, value);
  if (view.has_error()) return view.error();
  if (view->previous != summary_.head.hash)
    return error_at(Fault::kChain, expected,
                    "the block does not carry the hash of the block before it");
  if (view->time < summary_.time)
    return error_at(Fault::kTime, expected, "the block is older than the block before it");
  commands_.clear();
  if (const auto decoded = decode_commands(expected, *view, commands_); decoded.has_error())
    return decoded.error();
  const Block block{expected, view->time, view->state_hash, sha256(value), value, commands_};
  if (visitor_) {
    if (auto visited = visitor_(block); visited.has_error()) return visited;
  }
  summary_.head = {expected + view->count - 1, block.hash};
  summary_.time = view->time;
  ++summary_.blocks;
  summary_.bytes += value.size();
  return {};
}

struct JournalReader::Store {
  std::filesystem::path directory;
  std::unique_ptr<rocksdb::DB> database;
};

JournalReader::JournalReader(std::unique_ptr<Store> store) : store_(std::move(store)) {}
JournalReader::~JournalReader() = default;

Result<std::unique_ptr<JournalReader>> JournalReader::open(
    const std::filesystem::path& data_directory, const Options& options) {
  auto store = std::make_unique<Store>();
  store->directory = journal_directory(data_directory);
  const auto& directory = store->directory;
  std::error_code error;
  if (!std::filesystem::exists(directory, error) || std::filesystem::is_empty(directory, error))
    return Error{Fault::kNoJournal, 0, fmt::format("{}: no journal", data_directory.string())};
  Error last;
  for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(between_attempts);
    const auto user = process_using(data_directory);
    const bool beside_server = user && *user != getpid();
    const FileSet before = file_set(directory);
    std::uint64_t torn = 0;
    auto opened = open_store(directory, options.notice, torn);
    const bool moved = file_set(directory) != before;
    if (opened.has_value() && !moved) {
      if (torn > 0 && !beside_server && options.notice)
        options.notice(fmt::format(
            "journal {}: the last write was torn; its {} bytes, which nobody was told of, are "
            "dropped",
            directory.string(), torn));
      store->database = std::move(*opened);
      return std::unique_ptr<JournalReader>(new JournalReader(std::move(store)));
    }
    last = opened.has_error()
               ? opened.error()
               : Error{Fault::kStorage, 0,
                       fmt::format("journal {}: its files change faster than they can be opened",
                                   directory.string())};
    if (!beside_server && !moved) break;
  }
  return last;
}

Result<Summary> JournalReader::visit(const Visitor& visitor, Sequence to) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.readahead_size = readahead_bytes;
  const std::unique_ptr<rocksdb::Iterator> at(store_->database->NewIterator(options));
  BlockVerifier verifier(visitor);
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    if (verifier.summary().head.last >= to) return verifier.summary();
    const auto accepted = verifier.accept(to_bytes(at->key()), to_bytes(at->value()));
    if (accepted.has_error()) return accepted.error();
  }
  if (!at->status().ok()) {
    Error error = storage_error(store_->directory, at->status());
    error.sequence = verifier.summary().head.last + 1;
    return error;
  }
  return verifier.summary();
}

}  // namespace frontrow::journal
