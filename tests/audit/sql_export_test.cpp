#include "audit/sql_export.hpp"

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "audit/small_sale.hpp"
#include "base/encoding.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::audit {
namespace {

/// Rows, their columns joined by '|'; null is empty.
std::vector<std::string> query(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  std::vector<std::string> rows;
  const auto take = [](void* to, int count, char** values, char**) {
    std::string row;
    for (int n = 0; n < count; ++n) {
      if (n > 0) row += '|';
      if (values[n] != nullptr) row += values[n];
    }
    static_cast<std::vector<std::string>*>(to)->push_back(row);
    return 0;
  };
  const int result = sqlite3_exec(database, sql.c_str(), take, &rows, nullptr);
  CAPTURE(sql, std::string(sqlite3_errmsg(database)));
  sqlite3_close(database);
  REQUIRE(result == SQLITE_OK);
  return rows;
}

std::size_t files_in(const std::filesystem::path& directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

}  // namespace

TEST_CASE("the export holds the commands, the final state and every attempt to pay") {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "out.sqlite";
  SqlExport out(file);
  REQUIRE_FALSE(out.begin());
  SmallSale sale([&](const Carried& carried) { REQUIRE_FALSE(out.add(carried)); });
  sale.sell();
  sale.hold(SmallSale::second, {sale.seat("B-1-1"), sale.seat("B-1-2")}, seconds(410));
  CHECK_FALSE(std::filesystem::exists(file));
  REQUIRE_FALSE(out.finish(sale.engine));

  CHECK(query(file, "SELECT count(*), max(sequence) FROM commands") ==
        std::vector<std::string>{std::to_string(sale.engine.sequence()) + "|" +
                                 std::to_string(sale.engine.sequence())});
  CHECK(query(file,
              "SELECT json_extract(fields, '$.fan'), code FROM commands "
              "WHERE command = 'PlaceHold' AND outcome = 'refused'") ==
        std::vector<std::string>{"f1|seats-unavailable"});
  CHECK(query(file, "SELECT id, fan, state, total FROM orders ORDER BY id") ==
        std::vector<std::string>{"o0|f0|refunded|1360000", "o1|f1|expired|680000",
                                 "o2|f1|held|900000"});
  CHECK(query(file, "SELECT * FROM order_seats WHERE order_id = 'o2'") ==
        std::vector<std::string>{"o2|B-1-1|450000", "o2|B-1-2|450000"});
  CHECK(query(file, "SELECT state, count(*), count(order_id) FROM seats GROUP BY state") ==
        std::vector<std::string>{"free|82|0", "held|2|2"});
  CHECK(query(file, "SELECT id, state, banned, tier FROM fans ORDER BY id") ==
        std::vector<std::string>{"f0|shopping|0|1", "f1|shopping|0|1"});
  CHECK(query(file,
              "SELECT order_id, attempt, method, state, failure_code, amount, "
              "gateway_reference, refund_reference FROM payments ORDER BY attempt") ==
        std::vector<std::string>{"o0|1|card|failed|declined|1360000||",
                                 "o0|2|card|refunded||1360000|charge-7|refund-7"});
  CHECK(query(file, "SELECT count(*) FROM commands WHERE fields LIKE '%" +
                        to_hex(sale.engine.definition().secrets.late_secret) + "%'") ==
        std::vector<std::string>{"0"});
  CHECK(files_in(directory.path()) == 1);
}

TEST_CASE("an existing file is refused and left as it is") {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "out.sqlite";
  std::ofstream(file) << "mine";
  {
    SqlExport out(file);
    const auto problem = out.begin();
    REQUIRE(problem);
    CHECK(problem->find("out.sqlite") != std::string::npos);
  }
  CHECK(files_in(directory.path()) == 1);
  std::string text;
  std::ifstream(file) >> text;
  CHECK(text == "mine");
}

TEST_CASE("a file that came to be meanwhile is not written over") {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "out.sqlite";
  SmallSale sale;
  sale.open();
  {
    SqlExport out(file);
    REQUIRE_FALSE(out.begin());
    std::ofstream(file) << "mine";
    CHECK(out.finish(sale.engine));
  }
  CHECK(files_in(directory.path()) == 1);
  std::string text;
  std::ifstream(file) >> text;
  CHECK(text == "mine");
}

TEST_CASE("an export that does not come to its end leaves nothing behind") {
  const TemporaryDirectory directory;
  {
    SqlExport out(directory.path() / "out.sqlite");
    REQUIRE_FALSE(out.begin());
    CHECK(files_in(directory.path()) == 1);
  }
  CHECK(files_in(directory.path()) == 0);
  SqlExport nowhere(directory.path() / "absent" / "out.sqlite");
  CHECK(nowhere.begin());
}

}  // namespace frontrow::audit
