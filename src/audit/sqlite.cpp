#include "audit/sqlite.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <utility>

namespace frontrow::audit {

Sqlite::Sqlite(const std::filesystem::path& file) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) == SQLITE_OK) return;
  const std::string problem = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
  sqlite3_close(handle_);
  throw std::runtime_error(problem);
}

Sqlite::~Sqlite() { sqlite3_close(handle_); }

void Sqlite::fail() const { throw std::runtime_error(sqlite3_errmsg(handle_)); }

void Sqlite::run(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

void Sqlite::close() {
  if (sqlite3_close(handle_) != SQLITE_OK) fail();
  handle_ = nullptr;
}

SqliteInsert::SqliteInsert(Sqlite& database, std::string_view sql) : database_(database) {
  if (sqlite3_prepare_v2(database.handle_, sql.data(), static_cast<int>(sql.size()), &statement_,
                         nullptr) != SQLITE_OK) {
    database.fail();
  }
}

SqliteInsert::~SqliteInsert() { sqlite3_finalize(statement_); }

void SqliteInsert::bind(int column, std::int64_t number) {
  if (sqlite3_bind_int64(statement_, column, number) != SQLITE_OK) database_.fail();
}

void SqliteInsert::bind(int column, std::string_view text) {
  // The text outlives the step, which is all that SQLite needs of it.
  if (sqlite3_bind_text64(statement_, column, text.data(), text.size(), SQLITE_STATIC,
                          SQLITE_UTF8) != SQLITE_OK) {
    database_.fail();
  }
}

void SqliteInsert::bind_null(int column) {
  if (sqlite3_bind_null(statement_, column) != SQLITE_OK) database_.fail();
}

void SqliteInsert::step() {
  const int result = sqlite3_step(statement_);
  sqlite3_reset(statement_);
  if (result != SQLITE_DONE) database_.fail();
}

}  // namespace frontrow::audit
