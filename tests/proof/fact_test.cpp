#include "proof/fact.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "base/encoding.hpp"
#include "proof/sale_commitment.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

Bytes16 entry(std::uint8_t filling) {
  Bytes16 bytes;
  bytes.fill(filling);
  return bytes;
}
Bytes32 commitment(std::uint8_t filling) {
  Bytes32 bytes;
  bytes.fill(filling);
  return bytes;
}

// 2027-02-13T12:00:00.123Z
constexpr Instant at{1'802'520'000'123'000};

struct Golden {
  Fact fact;
  std::string name;
  std::string hex;
};

std::vector<Golden> golden() {
  const std::string head = "0000000000001267000001a3ae90767b";
  return {
      {{4711, at, Joined{entry(0x11), 1}}, "joined", "01" + head + std::string(32, '1') + "01"},
      {{4711, at, Drawn{entry(0x22), 258}},
       "drawn",
       "02" + head + std::string(32, '2') + "00000102"},
      {{4711, at, Called{entry(0x33)}}, "called", "03" + head + std::string(32, '3')},
      {{4711, at, Sold{commitment(0x44), "A1-3-12"}},
       "sold",
       "04" + head + std::string(64, '4') + "000741312d332d3132"},
      {{4711, at, Returned{commitment(0x55), "ก"}},
       "returned",
       "05" + head + std::string(64, '5') + "0003e0b881"},
  };
}

}  // namespace

TEST_CASE("every fact has the bytes that are written down, and comes back from them") {
  for (const auto& [fact, name, hex] : golden()) {
    CAPTURE(name);
    CHECK(to_hex(encode_fact(fact)) == hex);
    CHECK(decode_fact(*from_hex(hex)) == fact);
    CHECK(fact_name(fact) == name);
  }
  CHECK(to_hex(merkle_leaf(encode_fact(golden()[0].fact))) ==
        to_hex(sha256(*from_hex("00" + golden()[0].hex))));
}

TEST_CASE("encoding replaces what the buffer held") {
  std::vector<std::uint8_t> buffer(100, 7);
  encode_fact(golden()[2].fact, buffer);
  CHECK(to_hex(buffer) == golden()[2].hex);
}

TEST_CASE("an instant is encoded in milliseconds, what is finer is cut") {
  auto fact = golden()[0].fact;
  fact.at.microseconds += 999;
  CHECK(to_hex(encode_fact(fact)) == golden()[0].hex);
}

TEST_CASE("a fact that is cut short, longer, or of no known kind is refused") {
  for (const auto& [fact, name, hex] : golden()) {
    CAPTURE(name);
    const auto bytes = *from_hex(hex);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK_FALSE(decode_fact(ByteView(bytes).first(size)).has_value());
    auto longer = bytes;
    longer.push_back(0);
    CHECK_FALSE(decode_fact(longer).has_value());
    for (const int kind : {0, 6, 7, 128, 255}) {
      auto changed = bytes;
      changed[0] = static_cast<std::uint8_t>(kind);
      CHECK_FALSE(decode_fact(changed).has_value());
    }
  }
}

TEST_CASE("what no writer writes is refused") {
  const std::string head = "0000000000001267000001a3ae90767b";
  const std::string no_instant_has = "0000000000001267";
  const std::string cases[] = {
      "02" + head + std::string(32, '2') + "00000000",    // rank 0
      "04" + head + std::string(64, '4') + "0000",        // no seat
      "04" + head + std::string(64, '4') + "0002410a00",  // longer than said
      "04" + head + std::string(64, '4') + "0002ff41",    // no UTF-8
      "04" + head + std::string(64, '4') + "00024100",    // a control character
      "03" + no_instant_has + "ffffffffffffffff" + std::string(32, '3'),
      "03" + no_instant_has + "0000e677d21fdc00" + std::string(32, '3'),  // the year 10000
  };
  for (const auto& hex : cases) {
    CAPTURE(hex);
    CHECK_FALSE(decode_fact(*from_hex(hex)).has_value());
  }
  CHECK(decode_fact(*from_hex("03" + no_instant_has + "0000e677d21fdbff" + std::string(32, '3')))
            .has_value());
  // A length past the bound, with all its bytes there.
  auto seat = *from_hex("04" + head + std::string(64, '4') + "ffff");
  seat.resize(seat.size() + 0xffff, 'a');
  CHECK_FALSE(decode_fact(seat).has_value());
}

TEST_CASE("whatever bytes are read as a fact, writing it gives them again") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto examples = golden();
  int read = 0;
  for (int n = 0; n < 20'000; ++n) {
    auto bytes = *from_hex(examples[random() % examples.size()].hex);
    for (auto changes = random() % 4; changes > 0; --changes)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    const auto fact = decode_fact(bytes);
    if (!fact) continue;
    ++read;
    CHECK(encode_fact(*fact) == bytes);
  }
  CHECK(read > 1'000);
}

TEST_CASE("a sale's commitment opens with salt, order and seat, and ties no two seats together") {
  const Bytes32 key = commitment(7);
  const Bytes32 salt = sale_salt(key, "o17", "A1-3-12");
  const Bytes32 sale = sale_commitment(salt, "o17", "A1-3-12");
  // From another implementation of HMAC and SHA-256.
  CHECK(to_hex(salt) == "37e000b0742a5e7e7700e7a4dbdc1f7c6fc16e5443b40839aeb6efb659f1b8b1");
  CHECK(to_hex(sale) == "32f670d5521488cbc400ebf2eae73d71249a4fb3906a88395d4c0141b05fa698");
  CHECK(sale_salt(key, "o17", "A1-3-13") != salt);
  CHECK(sale_salt(key, "o18", "A1-3-12") != salt);
  CHECK(sale_salt(commitment(8), "o17", "A1-3-12") != salt);
  CHECK(sale_commitment(salt, "o18", "A1-3-12") != sale);
  CHECK(sale_commitment(salt, "o17", "A1-3-13") != sale);
  CHECK(sale_commitment(commitment(9), "o17", "A1-3-12") != sale);
}
