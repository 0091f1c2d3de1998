// The journal on disk: one RocksDB under DIR/journal, one key a block, each write synced before
// it returns. One writer, and one process at a time: the caller holds the `DataDirectory`.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "journal/journal.hpp"

namespace frontrow::journal {

/// A line for the log, from the storage underneath.
using Notice = std::function<void(const std::string&)>;

struct WriterOptions {
  /// False: the operating system writes when it likes; a power cut may lose the tail.
  bool sync = true;
  Notice notice;
};

class RocksJournal final : public Journal {
 public:
  /// Opens, or makes where there is none, the journal of `data_directory`. `head` is where a
  /// reader has just found its end (an empty one for a first start); another end is an error.
  static Result<std::unique_ptr<RocksJournal>> open(const std::filesystem::path& data_directory,
                                                    const Head& head, const WriterOptions& options);
  ~RocksJournal() override;

 protected:
  Result<void> write(ByteView key, ByteView value) override;

 private:
  struct Store;
  RocksJournal(const Head& head, std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

/// DIR/journal.
std::filesystem::path journal_directory(const std::filesystem::path& data_directory);

}  // namespace frontrow::journal
