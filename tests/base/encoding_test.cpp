#include "base/encoding.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "base/digest.hpp"

namespace frontrow {
namespace {

std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

TEST_CASE("base64 agrees with the examples of RFC 4648") {
  struct Row {
    const char* plain;
    const char* padded;
    const char* url;
  };
  for (const Row& row : {Row{"", "", ""}, Row{"f", "Zg==", "Zg"}, Row{"fo", "Zm8=", "Zm8"},
                         Row{"foo", "Zm9v", "Zm9v"}, Row{"foob", "Zm9vYg==", "Zm9vYg"},
                         Row{"fooba", "Zm9vYmE=", "Zm9vYmE"}, Row{"foobar", "Zm9vYmFy", "Zm9vYmFy"},
                         Row{"\xfb\xff", "+/8=", "-_8"}}) {
    INFO(row.padded);
    CHECK(to_base64(as_bytes(row.plain)) == row.padded);
    CHECK(to_base64url(as_bytes(row.plain)) == row.url);
    const auto padded = from_base64(row.padded);
    const auto url = from_base64url(row.url);
    REQUIRE(padded);
    REQUIRE(url);
    CHECK(text_of(*padded) == row.plain);
    CHECK(text_of(*url) == row.plain);
  }
}

TEST_CASE("base64 that is not strict is refused") {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==Zg==", "Z g=", "Zm9v\n",
                           "-_8=", "====", "Zm=v"}) {
    INFO(text);
    CHECK_FALSE(from_base64(text));
  }
  for (const char* text : {"Z", "Zg==", "Zh", "Zm9", "+/8", "Zg ", "Zm9vY"}) {
    INFO(text);
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("hex is written in lower case and read in both") {
  const std::vector<std::uint8_t> bytes{0x00, 0x7f, 0xab, 0xff};
  CHECK(to_hex(bytes) == "007fabff");
  CHECK(from_hex("007fabff") == bytes);
  CHECK(from_hex("007FABFF") == bytes);
  CHECK(from_hex("") == std::vector<std::uint8_t>{});
  for (const char* text : {"0", "0g", "007fabf", " 0", "0x00"}) {
    INFO(text);
    CHECK_FALSE(from_hex(text));
  }
}

TEST_CASE("hex into a given space fits exactly or not at all") {
  Bytes16 out{};
  CHECK(from_hex("000102030405060708090a0b0c0d0e0f", out));
  CHECK(out[15] == 15);
  CHECK_FALSE(from_hex("000102030405060708090a0b0c0d0e", out));
  CHECK_FALSE(from_hex("000102030405060708090a0b0c0d0e0f00", out));
}

TEST_CASE("all bytes survive every encoding") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int n = 0; n < 2'000; ++n) {
    std::vector<std::uint8_t> bytes(random() % 100);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    REQUIRE(from_hex(to_hex(bytes)) == bytes);
    REQUIRE(from_base64(to_base64(bytes)) == bytes);
    REQUIRE(from_base64url(to_base64url(bytes)) == bytes);
  }
}

}  // namespace
}  // namespace frontrow
