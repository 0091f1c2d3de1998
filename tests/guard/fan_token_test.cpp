#include <catch2/catch.hpp>
#include <random>

#include "base/encoding.hpp"
#include "guard/fan_token.hpp"

using namespace frontrow;
using guard::FanTokens;

namespace {

constexpr Instant sale{1'800'000'000'000'000};
constexpr Instant expiry = sale + seconds(86'400);

Bytes32 key_of(std::uint8_t byte) {
  Bytes32 key;
  key.fill(byte);
  return key;
}

}  // namespace

TEST_CASE("a fan's token names the fan that it was issued for") {
  const FanTokens tokens(key_of(1), "bkk-1", expiry);
  for (const std::uint32_t number : {0U, 1U, 17U, 255U, 65'536U, 3'999'999U, 0xffff'fffeU}) {
    const std::string token = tokens.issue(FanId(number));
    CHECK(token.size() == FanTokens::token_characters);
    CHECK(token == tokens.issue(FanId(number)));
    CHECK(tokens.check(token, sale) == FanId(number));
  }
}

TEST_CASE("a token's bytes are the documented ones") {
  const FanTokens tokens(key_of(1), "bkk-1", Instant{1'800'000'000'999'999});
  const auto bytes = from_base64url(tokens.issue(FanId(0x01020304)));
  REQUIRE(bytes);
  const std::string head("\x01\x04\x03\x02\x01\x00\xd2\x49\x6b\x00\x00\x00\x00", 13);
  CHECK(std::string(bytes->begin(), bytes->begin() + 13) == head);
  const Bytes32 mac = hmac_sha256(key_of(1), as_bytes(head + "bkk-1"));
  CHECK(std::equal(mac.begin(), mac.end(), bytes->begin() + 13, bytes->end()));
}

TEST_CASE("a token is good up to its expiry and not after") {
  const FanTokens tokens(key_of(1), "bkk-1", expiry);
  const std::string token = tokens.issue(FanId(5));
  CHECK(tokens.check(token, expiry));
  CHECK(tokens.check(token, expiry + microseconds(999'999)));
  CHECK_FALSE(tokens.check(token, expiry + seconds(1)));
}

TEST_CASE("a token of another key or another round is refused") {
  const FanTokens tokens(key_of(1), "bkk-1", expiry);
  const std::string token = tokens.issue(FanId(5));
  CHECK_FALSE(FanTokens(key_of(2), "bkk-1", expiry).check(token, sale));
  CHECK_FALSE(FanTokens(key_of(1), "bkk-2", expiry).check(token, sale));
  CHECK_FALSE(FanTokens(key_of(1), "bkk-", expiry).check(token, sale));
}

TEST_CASE("a token changed in any bit is refused") {
  const FanTokens tokens(key_of(1), "bkk-1", expiry);
  const auto bytes = from_base64url(tokens.issue(FanId(5)));
  REQUIRE(bytes);
  for (std::size_t bit = 0; bit < bytes->size() * 8; ++bit) {
    auto changed = *bytes;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    CAPTURE(bit);
    CHECK_FALSE(tokens.check(to_base64url(changed), sale));
  }
}

TEST_CASE("text that is no token is refused") {
  const FanTokens tokens(key_of(1), "bkk-1", expiry);
  const std::string token = tokens.issue(FanId(5));
  const std::string hostile[] = {
      "",
      "A",
      token.substr(1),
      token.substr(0, 59),
      token + "A",
      token + "=",
      " " + token,
      token.substr(0, 59) + " ",
      token.substr(0, 59) + "+",
      token.substr(0, 59) + "/",
      token.substr(0, 59) + std::string(1, '\0'),
      std::string(60, 'A'),
      std::string(60, '\xff'),
      std::string(1'000'000, 'A'),
  };
  for (const std::string& text : hostile) {
    CAPTURE(text.substr(0, 80));
    CHECK_FALSE(tokens.check(text, sale));
  }
}

TEST_CASE("random text of a token's length is refused") {
  const FanTokens tokens(key_of(1), "bkk-1", expiry);
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int n = 0; n < 10'000; ++n) {
    std::string text(FanTokens::token_characters, ' ');
    for (char& c : text) c = static_cast<char>(random());
    REQUIRE_FALSE(tokens.check(text, sale));
  }
}
