#include "base/digest.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "base/encoding.hpp"

namespace frontrow {
namespace {

std::string hex(const Bytes32& bytes) { return to_hex(bytes); }

TEST_CASE("SHA-256 agrees with the examples of FIPS 180-4") {
  CHECK(hex(sha256(as_bytes(""))) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(sha256(as_bytes("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("the hash of parts is the hash of the whole") {
  CHECK(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}) == sha256(as_bytes("abc")));
}

TEST_CASE("HMAC-SHA-256 agrees with the examples of RFC 4231") {
  CHECK(hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const std::string long_key(131, '\xaa');
  CHECK(hex(hmac_sha256(as_bytes(long_key),
                        as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("one key serves many messages") {
  HmacSha256 keyed(as_bytes("key"));
  for (const char* message : {"", "a", "another"})
    CHECK(keyed(as_bytes(message)) == hmac_sha256(as_bytes("key"), as_bytes(message)));
}

TEST_CASE("the tree hash is that of RFC 6962") {
  CHECK(hex(merkle_root({})) == hex(sha256(as_bytes(""))));
  const auto leaf = [](std::string_view data) { return merkle_leaf(as_bytes(data)); };
  const auto node = [](const Bytes32& left, const Bytes32& right) {
    const std::uint8_t prefix = 1;
    return sha256({ByteView(&prefix, 1), left, right});
  };
  CHECK(merkle_root({leaf("a")}) == leaf("a"));
  CHECK(merkle_root({leaf("a"), leaf("b"), leaf("c")}) ==
        node(node(leaf("a"), leaf("b")), leaf("c")));
  CHECK(merkle_root({leaf("a"), leaf("b"), leaf("c"), leaf("d"), leaf("e")}) ==
        node(node(node(leaf("a"), leaf("b")), node(leaf("c"), leaf("d"))), leaf("e")));
  CHECK(merkle_root({leaf("a"), leaf("b"), leaf("c"), leaf("d"), leaf("e"), leaf("f")}) ==
        node(node(node(leaf("a"), leaf("b")), node(leaf("c"), leaf("d"))),
             node(leaf("e"), leaf("f"))));
}

TEST_CASE("the root of the contract's example is what the contract says") {
  std::vector<Bytes32> leaves;
  for (const auto& [byte, tier] :
       {std::pair{0x11, 1}, {0x22, 1}, {0x33, 0}, {0x44, 1}, {0x55, 1}}) {
    std::vector<std::uint8_t> data(16, static_cast<std::uint8_t>(byte));
    data.push_back(static_cast<std::uint8_t>(tier));
    leaves.push_back(merkle_leaf(data));
  }
  CHECK(hex(merkle_root(leaves)) ==
        "365365a0819b4084d959838509c13609fb540ba2c3c6727e1fa799d953001b5c");
}

TEST_CASE("equality in constant time is equality") {
  CHECK(equal_in_constant_time(as_bytes("secret"), as_bytes("secret")));
  CHECK_FALSE(equal_in_constant_time(as_bytes("secret"), as_bytes("secreT")));
  CHECK_FALSE(equal_in_constant_time(as_bytes("secret"), as_bytes("secre")));
  CHECK(equal_in_constant_time({}, {}));
}

TEST_CASE("each thread hashes with a context of its own") {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int n = 0; n < 4; ++n)
    threads.emplace_back([&wrong, n] {
      const std::string text(static_cast<std::size_t>(n) * 100, 'x');
      const auto expected = sha256(as_bytes(text));
      for (int again = 0; again < 1'000; ++again)
        if (sha256(as_bytes(text)) != expected) ++wrong;
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("random bytes differ from call to call") {
  CHECK(random_array<Bytes32>() != random_array<Bytes32>());
}

}  // namespace
}  // namespace frontrow
