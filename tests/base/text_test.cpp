#include <catch2/catch.hpp>
#include <random>

#include "base/id_text.hpp"
#include "base/instant_text.hpp"

namespace frontrow {
namespace {

TEST_CASE("identifiers are read as they are written and in no other way") {
  CHECK(to_text(FanId{0}) == "f0");
  CHECK(to_text(OrderId{4'711}) == "o4711");
  CHECK(parse_fan("f0") == FanId{0});
  CHECK(parse_order("o4711") == OrderId{4'711});
  CHECK(parse_order("o4294967294") == OrderId{4'294'967'294});
  for (const char* text : {"", "o", "4711", "f4711", "o-1", "o+1", "o01", "o 1", "o1 ", "o1x", "O1",
                           "o4294967295", "o4294967296", "o99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_order(text));
  }
}

TEST_CASE("instants are written in UTC with milliseconds") {
  CHECK(to_rfc3339(Instant{0}) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(Instant{1'800'000'000'123'999}) == "2027-01-15T08:00:00.123Z");
  CHECK(to_rfc3339(Instant{-1}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("instants are read with any offset and fraction") {
  struct Row {
    const char* text;
    std::int64_t microseconds;
  };
  for (const Row& row :
       {Row{"1970-01-01T00:00:00Z", 0}, Row{"1970-01-01T07:00:00+07:00", 0},
        Row{"1969-12-31T19:30:00-04:30", 0}, Row{"2027-01-15T08:00:00.5Z", 1'800'000'000'500'000},
        Row{"2027-01-15t08:00:00.1234567z", 1'800'000'000'123'456},
        Row{"2024-02-29T00:00:00Z", 1'709'164'800'000'000},
        Row{"2016-12-31T23:59:60Z", 1'483'228'800'000'000}}) {
    INFO(row.text);
    const auto instant = parse_rfc3339(row.text);
    REQUIRE(instant);
    CHECK(instant->microseconds == row.microseconds);
  }
}

TEST_CASE("what is not an RFC 3339 instant is refused") {
  for (const char* text :
       {"", "2027", "2027-01-15", "2027-01-15T08:00:00", "2027-01-15T08:00:00+0700",
        "2027-01-15T08:00Z", "2027-13-01T00:00:00Z", "2027-02-29T00:00:00Z", "2027-01-15T24:00:00Z",
        "2027-01-15T08:60:00Z", "2027-01-15T08:00:61Z", "2027-01-15T08:00:00.Z",
        "2027-01-15T08:00:00Z ", " 2027-01-15T08:00:00Z", "2027-1-15T08:00:00Z",
        "2027-01-15T08:00:00+24:00", "2027-01-15T08:00:00+07:60", "+2027-01-15T08:00:00Z"}) {
    INFO(text);
    CHECK_FALSE(parse_rfc3339(text));
  }
}

TEST_CASE("an instant of whole milliseconds comes back from its text") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int n = 0; n < 10'000; ++n) {
    const Instant instant{static_cast<std::int64_t>(random() % 4'000'000'000'000) * 1'000};
    REQUIRE(parse_rfc3339(to_rfc3339(instant)) == instant);
  }
}

}  // namespace
}  // namespace frontrow
