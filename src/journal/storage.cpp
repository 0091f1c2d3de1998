#include "journal/storage.hpp"

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/table.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <limits>

namespace frontrow::journal {
namespace {

/// Memory of one write buffer. Two of them bound what a long-running writer keeps; an idle one
/// keeps little, because pages are touched as they fill.
constexpr std::size_t write_buffer_bytes = std::size_t{24} << 20;
constexpr std::size_t arena_block_bytes = std::size_t{512} << 10;
/// A block of a table: blocks of the journal are read in order, never looked up.
constexpr std::size_t table_block_bytes = std::size_t{64} << 10;
constexpr std::size_t message_bytes_max = 1'024;

/// Takes the place of the LOG file, which a reader must not write and nobody would read.
class NoticeLogger final : public rocksdb::Logger {
 public:
  explicit NoticeLogger(Notice notice)
      : rocksdb::Logger(rocksdb::InfoLogLevel::ERROR_LEVEL), notice_(std::move(notice)) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, message_bytes_max> line;
    std::vsnprintf(line.data(), line.size(), format, arguments);
    if (notice_) notice_(fmt::format("storage: {}", line.data()));
  }
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level >= rocksdb::InfoLogLevel::ERROR_LEVEL && level != rocksdb::InfoLogLevel::HEADER_LEVEL)
      Logv(format, arguments);
  }

 private:
  const Notice notice_;
};

}  // namespace

rocksdb::Options storage_options(const Notice& notice) {
  rocksdb::Options options;
  // Said explicitly: under the default a byte flipped in the middle of the log makes an open
  // succeed without the acknowledged blocks behind it.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  options.info_log = std::make_shared<NoticeLogger>(notice);
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = write_buffer_bytes;
  options.arena_block_size = arena_block_bytes;
  options.max_write_buffer_number = 2;
  options.max_background_jobs = 1;
  // Setting space aside ahead of the log made a synced write 5 to 10 % slower here, and a log that
  // ends where its last record does is easier to judge.
  options.allow_fallocate = false;
  // Keys only ever grow: files never overlap, so that merging them would buy nothing.
  options.disable_auto_compactions = true;
  options.level0_file_num_compaction_trigger = std::numeric_limits<int>::max();
  options.level0_slowdown_writes_trigger = std::numeric_limits<int>::max();
  options.level0_stop_writes_trigger = std::numeric_limits<int>::max();
  // One writer: what is made for many costs it a little each time.
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  rocksdb::BlockBasedTableOptions table;
  table.no_block_cache = true;
  table.block_size = table_block_bytes;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Error storage_error(const std::filesystem::path& directory, const rocksdb::Status& status) {
  return {Fault::kStorage, 0, fmt::format("journal {}: {}", directory.string(), status.ToString())};
}

}  // namespace frontrow::journal
