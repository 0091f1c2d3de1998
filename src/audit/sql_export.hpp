// The journal and the final state as an SQLite file; its tables and columns are described in
// docs/auditing.md. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "audit/command_fields.hpp"

namespace frontrow::audit {

/// Writes beside `file` under a name of its own and gives it its name when all is there, so that
/// nobody sees half of it. Leaves nothing behind where it does not come to that.
class SqlExport {
 public:
  explicit SqlExport(std::filesystem::path file);
  ~SqlExport();
  SqlExport(const SqlExport&) = delete;
  SqlExport& operator=(const SqlExport&) = delete;

  // Each returns what went wrong; then there is no point in going on.

  /// A `file` that exists is refused.
  std::optional<std::string> begin();
  std::optional<std::string> add(const Carried& carried);
  std::optional<std::string> finish(const Engine& engine);

 private:
  struct Writer;
  template <class Work>
  std::optional<std::string> guarded(Work&& work);

  const std::filesystem::path file_;
  std::filesystem::path unfinished_;  ///< Empty: there is none.
  std::unique_ptr<Writer> writer_;
};

}  // namespace frontrow::audit
