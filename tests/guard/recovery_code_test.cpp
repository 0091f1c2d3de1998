#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "guard/recovery_code.hpp"

using namespace frontrow;

namespace {

Bytes32 key_of(std::uint8_t byte) {
  Bytes32 key;
  key.fill(byte);
  return key;
}

}  // namespace

TEST_CASE("a recovery code is three groups of five plain characters") {
  std::set<std::string> codes;
  std::set<char> characters;
  for (int n = 0; n < 2'000; ++n) {
    const std::string code = guard::make_recovery_code();
    REQUIRE(code.size() == 17);
    for (std::size_t at = 0; at < code.size(); ++at) {
      if (at == 5 || at == 11) {
        REQUIRE(code[at] == '-');
      } else {
        REQUIRE(std::string("0123456789ABCDEFGHJKMNPQRSTVWXYZ").find(code[at]) !=
                std::string::npos);
        characters.insert(code[at]);
      }
    }
    codes.insert(code);
  }
  CHECK(codes.size() == 2'000);
  CHECK(characters.size() == 32);
}

TEST_CASE("a recovery code is found again however it is written") {
  const Bytes16 digest = guard::recovery_digest(key_of(1), "7XK21-0QWRT-1HJ8P");
  for (const char* written :
       {"7xk21-0qwrt-1hj8p", "7XK210QWRT1HJ8P", "7XK21 0QWRT 1HJ8P", " 7XK21--0QWRT_1HJ8P\n",
        "7XK2I-OQWRT-LHJ8P", "7xk2l-oqwrt-ihj8p", "7 X K 2 1 0 Q W R T 1 H J 8 P",
        "7XK21\xE2\x80\x93"
        "0QWRT\xE2\x80\x94"
        "1HJ8P",
        "7XK21\xC2\xA0"
        "0QWRT.1HJ8P"}) {
    CAPTURE(written);
    CHECK(guard::recovery_digest(key_of(1), written) == digest);
  }
}

TEST_CASE("another code, another key, or no code has another digest") {
  const std::string code = "7XK21-0QWRT-1HJ8P";
  const Bytes16 digest = guard::recovery_digest(key_of(1), code);
  CHECK(digest != Bytes16{});
  CHECK(guard::recovery_digest(key_of(2), code) != digest);
  for (const std::string& other :
       {std::string(), std::string("-"), std::string("7XK21-0QWRT-1HJ8"), code + "A",
        std::string("7XK21-0QWRT-1HJ8Q"), std::string(100, 'A'), std::string(1'000'000, '-') + code,
        std::string("\0", 1) + code, std::string("\xE2\x80"), std::string("\xC2")}) {
    CAPTURE(other.substr(0, 40));
    CHECK(guard::recovery_digest(key_of(1), other) != digest);
    CHECK(guard::recovery_digest(key_of(1), other) != Bytes16{});
  }
}
