// The lock on a data directory: one process at a time changes what is in it. Held for as long
// as the object lives; the operating system gives it back when the process dies.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "journal/journal_error.hpp"

namespace frontrow::journal {

class DataDirectory {
 public:
  /// Makes the directory where there is none and locks it. `Fault::kInUse`: "data directory …
  /// is in use by process PID".
  static Result<DataDirectory> lock(const std::filesystem::path& path);
  ~DataDirectory();
  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&& other) noexcept;

  const std::filesystem::path& path() const { return path_; }

 private:
  DataDirectory(std::filesystem::path path, int descriptor);
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// The process that holds the lock now, without touching it: nothing where nobody does; 0 where
/// the process cannot be named.
std::optional<int> process_using(const std::filesystem::path& path);

}  // namespace frontrow::journal
