#include <catch2/catch.hpp>

#include "observe/log.hpp"

using namespace frontrow;
using namespace frontrow::observe;

namespace {

constexpr Instant now{1'802'520'000'000'000};

}  // namespace

TEST_CASE("a line of the log has time, level, message and fields") {
  CHECK(log_line(now, Level::kInfo, "listening https://0.0.0.0:8443",
                 {{"round", "bkk-1"}, {"threads", 2}, {"tls", true}, {"share", 0.5}}) ==
        "2027-02-13T12:00:00.000Z info  listening https://0.0.0.0:8443 round=bkk-1 threads=2 "
        "tls=true share=0.500000");
  CHECK(log_line(now, Level::kError, "x", {}) == "2027-02-13T12:00:00.000Z error x");
  CHECK(log_line(now, Level::kWarning, "x", {}) == "2027-02-13T12:00:00.000Z warn  x");
  CHECK(log_line(now, Level::kDebug, "x", {}) == "2027-02-13T12:00:00.000Z debug x");
}

TEST_CASE("values that are not plain are quoted") {
  const struct {
    const char* value;
    const char* written;
  } rows[] = {
      {"plain", "plain"},
      {"", "\"\""},
      {"two words", "\"two words\""},
      {"a=b", "\"a=b\""},
      {"say \"hi\"", "\"say \\\"hi\\\"\""},
      {"back\\slash", "\"back\\\\slash\""},
      {"ไทย", "ไทย"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.value);
    CHECK(log_line(now, Level::kInfo, "m", {{"k", row.value}}) ==
          "2027-02-13T12:00:00.000Z info  m k=" + std::string(row.written));
  }
}

TEST_CASE("nothing from outside can forge a line or steer a terminal") {
  const std::string hostile = std::string("a\n2027 error forged\r\t\x1b[2J\x7f\xC2\x9b") + '\0';
  const std::string line = log_line(now, Level::kInfo, hostile, {{"value", hostile}});
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    CHECK(byte >= 0x20);
    CHECK(byte != 0x7f);
  }
  CHECK(line.find("\xC2\x9b") == std::string::npos);
  CHECK(line.find("a\\n2027 error forged\\x0d\\x09\\x1b[2J\\x7f") != std::string::npos);
}

TEST_CASE("a line is cut at its bound, never inside a character") {
  std::string thai;
  for (int n = 0; n < 10'000; ++n) thai += "ไ";
  for (std::size_t ahead = 0; ahead < 3; ++ahead) {
    const std::string line =
        log_line(now, Level::kInfo, std::string(ahead, 'x'), {{"k", thai}, {"after", thai}});
    CHECK(line.size() <= log_line_bytes_max);
    CHECK(line.size() > log_line_bytes_max - 3);
    CHECK(line.ends_with("ไ"));
  }
}

TEST_CASE("a bounded place writes so many lines a second and tells of the rest") {
  LogBound bound(3);
  std::uint64_t dropped = 99;
  for (int n = 0; n < 3; ++n) {
    CHECK(bound.admit(now, dropped));
    CHECK(dropped == 0);
  }
  for (int n = 0; n < 10; ++n) CHECK_FALSE(bound.admit(now + milliseconds(999), dropped));
  CHECK(bound.admit(now + seconds(1), dropped));
  CHECK(dropped == 10);
  CHECK(bound.admit(now + seconds(1), dropped));
  CHECK(dropped == 0);
}
