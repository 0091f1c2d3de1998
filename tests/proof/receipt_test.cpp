#include "proof/receipt.hpp"

#include <catch2/catch.hpp>

#include "base/encoding.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

Ed25519Key key_of(std::uint8_t filling) {
  Bytes32 seed;
  seed.fill(filling);
  return Ed25519Key(seed);
}

Fact joined() {
  Bytes16 entry;
  entry.fill(0x11);
  // 2027-02-13T12:00:00.123456Z
  return {4711, Instant{1'802'520'000'123'456}, Joined{entry, 1}};
}

}  // namespace

TEST_CASE("a receipt says what was journaled and is signed by the log's key") {
  const auto key = key_of(1);
  const Receipt receipt = sign_receipt(key, "bkk-1", joined());
  CHECK(receipt.round == "bkk-1");
  CHECK(receipt.sequence == 4711);
  CHECK(receipt.leaf == encode_fact(joined()));
  CHECK(receipt_is_signed_by(receipt, key.public_key()));
  CHECK(receipt_matches_leaf(receipt));
  CHECK_FALSE(receipt_is_signed_by(receipt, key_of(2).public_key()));
  CHECK(sign_receipt(key, "bkk-1", joined()) == receipt);
}

TEST_CASE("a receipt's fields are spelled as documented and come back") {
  const auto fields = to_fields(sign_receipt(key_of(1), "bkk-1", joined()));
  CHECK(fields.round == "bkk-1");
  CHECK(fields.entry == "11111111111111111111111111111111");
  CHECK(fields.tier == 1);
  CHECK(fields.joined_at == "2027-02-13T12:00:00.123Z");
  CHECK(fields.sequence == 4711);
  const auto read = from_fields(fields);
  REQUIRE(read.has_value());
  CHECK(*read == sign_receipt(key_of(1), "bkk-1", joined()));
}

TEST_CASE("the signature is over the bytes that are written down") {
  const auto key = key_of(1);
  const auto receipt = sign_receipt(key, "bkk-1", joined());
  const std::string domain("frontrow/receipt/v1\0", 20);
  const std::string text = domain +
                           "11111111111111111111111111111111\n"
                           "1\n"
                           "2027-02-13T12:00:00.123Z\n"
                           "4711\n" +
                           to_base64(receipt.leaf) + "\nbkk-1\n";
  CHECK(ed25519_verify(key.public_key(), as_bytes(text), receipt.signature));
}

TEST_CASE("a receipt changed in any one field is not signed any more") {
  const auto key = key_of(1);
  const auto good = sign_receipt(key, "bkk-1", joined());
  const auto refused = [&](auto&& change) {
    Receipt changed = good;
    change(changed);
    REQUIRE(changed != good);
    return !receipt_is_signed_by(changed, key.public_key());
  };
  CHECK(refused([](Receipt& r) { r.round = "bkk-2"; }));
  CHECK(refused([](Receipt& r) { r.round += "\n"; }));
  CHECK(refused([](Receipt& r) { r.round.clear(); }));
  CHECK(refused([](Receipt& r) { r.tier = 0; }));
  CHECK(refused([](Receipt& r) { r.sequence = 4710; }));
  CHECK(refused([](Receipt& r) { r.joined_at.microseconds += 1'000; }));
  for (std::size_t bit = 0; bit < good.entry.size() * 8; ++bit) {
    CHECK(refused([&](Receipt& r) {
      r.entry[bit / 8] = static_cast<std::uint8_t>(r.entry[bit / 8] ^ (1U << bit % 8));
    }));
  }
  for (std::size_t bit = 0; bit < good.leaf.size() * 8; ++bit) {
    CHECK(refused([&](Receipt& r) {
      r.leaf[bit / 8] = static_cast<std::uint8_t>(r.leaf[bit / 8] ^ (1U << bit % 8));
    }));
  }
  for (std::size_t bit = 0; bit < good.signature.size() * 8; ++bit) {
    CHECK(refused([&](Receipt& r) {
      r.signature[bit / 8] = static_cast<std::uint8_t>(r.signature[bit / 8] ^ (1U << bit % 8));
    }));
  }
}

TEST_CASE("a receipt whose leaf says something else does not match it") {
  const auto good = sign_receipt(key_of(1), "bkk-1", joined());
  const auto with_leaf = [&](const Fact& fact) {
    Receipt changed = good;
    changed.leaf = encode_fact(fact);
    return receipt_matches_leaf(changed);
  };
  CHECK(with_leaf(joined()));
  auto fact = joined();
  std::get<Joined>(fact.body).tier = 2;
  CHECK_FALSE(with_leaf(fact));
  fact = joined();
  fact.sequence = 1;
  CHECK_FALSE(with_leaf(fact));
  fact = joined();
  fact.at.microseconds += 1'000;
  CHECK_FALSE(with_leaf(fact));
  fact = joined();
  fact.body = Called{std::get<Joined>(joined().body).entry};
  CHECK_FALSE(with_leaf(fact));
  Receipt empty = good;
  empty.leaf.clear();
  CHECK_FALSE(receipt_matches_leaf(empty));
}

TEST_CASE("fields in another spelling are refused") {
  const auto good = to_fields(sign_receipt(key_of(1), "bkk-1", joined()));
  REQUIRE(from_fields(good).has_value());
  const auto refused = [&](auto&& change) {
    ReceiptFields changed = good;
    change(changed);
    REQUIRE(changed != good);
    return !from_fields(changed).has_value();
  };
  CHECK(refused([](ReceiptFields& f) { f.entry = "AA" + f.entry.substr(2); }));
  CHECK(refused([](ReceiptFields& f) { f.entry.pop_back(); }));
  CHECK(refused([](ReceiptFields& f) { f.entry += "11"; }));
  CHECK(refused([](ReceiptFields& f) { f.tier = 256; }));
  CHECK(refused([](ReceiptFields& f) { f.joined_at = "2027-02-13T12:00:00.1230Z"; }));
  CHECK(refused([](ReceiptFields& f) { f.joined_at = "2027-02-13T19:00:00.123+07:00"; }));
  CHECK(refused([](ReceiptFields& f) { f.joined_at = "yesterday"; }));
  CHECK(refused([](ReceiptFields& f) { f.leaf += "="; }));
  CHECK(refused([](ReceiptFields& f) { f.leaf = std::string(1'028, 'A'); }));
  CHECK(refused([](ReceiptFields& f) { f.signature.clear(); }));
  CHECK(refused([](ReceiptFields& f) { f.signature += "AAAA"; }));
  CHECK(refused([](ReceiptFields& f) { f.signature[3] = '-'; }));
}
