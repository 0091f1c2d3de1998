// As much of SQLite as the export needs, with its errors as exceptions. Private to src/audit: the
// export catches them. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace frontrow::audit {

class Sqlite {
 public:
  /// Throws `std::runtime_error`, as everything here, with SQLite's own words.
  explicit Sqlite(const std::filesystem::path& file);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  void run(const char* sql);
  /// Throws where the file cannot be closed whole.
  void close();

 private:
  friend class SqliteInsert;
  [[noreturn]] void fail() const;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement without results: `insert(1, "two", std::nullopt)`.
class SqliteInsert {
 public:
  SqliteInsert(Sqlite& database, std::string_view sql);
  ~SqliteInsert();
  SqliteInsert(const SqliteInsert&) = delete;
  SqliteInsert& operator=(const SqliteInsert&) = delete;

  template <class... Values>
  void operator()(const Values&... values) {
    int column = 0;
    (bind(++column, values), ...);
    step();
  }

 private:
  void bind(int column, std::int64_t number);
  void bind(int column, std::uint64_t number) { bind(column, static_cast<std::int64_t>(number)); }
  void bind(int column, std::uint32_t number) { bind(column, std::int64_t{number}); }
  void bind(int column, std::uint16_t number) { bind(column, std::int64_t{number}); }
  void bind(int column, std::uint8_t number) { bind(column, std::int64_t{number}); }
  void bind(int column, bool flag) { bind(column, std::int64_t{flag}); }
  void bind(int column, std::string_view text);
  void bind(int column, const std::string& text) { bind(column, std::string_view(text)); }
  void bind(int column, const char* text) { bind(column, std::string_view(text)); }
  template <class Value>
  void bind(int column, const std::optional<Value>& value) {
    if (value)
      bind(column, *value);
    else
      bind_null(column);
  }
  void bind_null(int column);
  void step();

  Sqlite& database_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace frontrow::audit
