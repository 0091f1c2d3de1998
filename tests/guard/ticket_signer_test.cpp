#include <catch2/catch.hpp>
#include <set>

#include "base/digest.hpp"
#include "base/ed25519.hpp"
#include "base/encoding.hpp"
#include "guard/base32.hpp"
#include "guard/ticket_signer.hpp"

using namespace frontrow;
using guard::TicketFacts;
using guard::TicketSigner;

namespace {

Bytes32 bytes_of(std::uint8_t byte) {
  Bytes32 bytes;
  bytes.fill(byte);
  return bytes;
}

}  // namespace

TEST_CASE("base32 writes the vectors of RFC 4648 and reads them back") {
  const std::pair<std::string, std::string> rows[] = {{"", ""},
                                                      {"f", "MY"},
                                                      {"fo", "MZXQ"},
                                                      {"foo", "MZXW6"},
                                                      {"foob", "MZXW6YQ"},
                                                      {"fooba", "MZXW6YTB"},
                                                      {"foobar", "MZXW6YTBOI"}};
  for (const auto& [plain, text] : rows) {
    CHECK(guard::to_base32(as_bytes(plain)) == text);
    const auto back = guard::from_base32(text);
    REQUIRE(back);
    CHECK(std::string(back->begin(), back->end()) == plain);
  }
}

TEST_CASE("base32 is strict on reading") {
  for (const char* text : {"M", "MZX", "MZXW6Y", "my", "MY======", "MZ", "M0", "M1", "M8", "M Y",
                           "MZXR", "\xff\xff"}) {
    CAPTURE(text);
    CHECK_FALSE(guard::from_base32(text));
  }
}

TEST_CASE("Ed25519 gives the first vector of RFC 8032") {
  Bytes32 seed, expected_public;
  REQUIRE(from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed));
  REQUIRE(from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                   expected_public));
  const Ed25519Key key(seed);
  CHECK(key.public_key() == expected_public);
  CHECK(to_hex(key.sign({})) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b");
}

TEST_CASE("a ticket's code says which ticket it is, for whoever has the public key") {
  const TicketSigner signer(bytes_of(1), bytes_of(2), "bkk-1");
  const TicketFacts rows[] = {{OrderId(0), 0, SeatIndex(0), 0},
                              {OrderId(4711), 3, SeatIndex(49'999), 2},
                              {OrderId(63'999'999), 999, SeatIndex(999'999), 4'000'000'000U}};
  for (const TicketFacts& facts : rows) {
    const std::string code = signer.code(facts.order, facts.index, facts.seat, facts.counter);
    CHECK(code.size() == TicketSigner::code_characters);
    CHECK(code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == std::string::npos);
    CHECK(TicketSigner::verify(code, signer.public_key(), "bkk-1") == facts);
    CHECK_FALSE(TicketSigner::verify(code, signer.public_key(), "bkk-2"));
    CHECK_FALSE(TicketSigner::verify(code, bytes_of(9), "bkk-1"));
  }
}

TEST_CASE("a code stays the same until the ticket is reissued") {
  const TicketSigner signer(bytes_of(1), bytes_of(2), "bkk-1");
  const TicketSigner restarted(bytes_of(1), bytes_of(2), "bkk-1");
  const auto code = signer.code(OrderId(1), 0, SeatIndex(7), 0);
  CHECK(restarted.code(OrderId(1), 0, SeatIndex(7), 0) == code);
  CHECK(restarted.code(OrderId(1), 0, SeatIndex(7), 1) != code);
  CHECK(restarted.rotation_secret(OrderId(1), 0, 0) == signer.rotation_secret(OrderId(1), 0, 0));
}

TEST_CASE("a code changed anywhere is refused") {
  const TicketSigner signer(bytes_of(1), bytes_of(2), "bkk-1");
  const auto code = signer.code(OrderId(1), 0, SeatIndex(7), 0);
  const auto good = [&](const std::string& text) {
    return TicketSigner::verify(text, signer.public_key(), "bkk-1").has_value();
  };
  REQUIRE(good(code));
  for (std::size_t n = 0; n < code.size(); ++n) {
    auto changed = code;
    changed[n] = changed[n] == 'A' ? 'B' : 'A';
    CAPTURE(n);
    CHECK_FALSE(good(changed));
  }
  CHECK_FALSE(good(""));
  CHECK_FALSE(good(code.substr(1)));
  CHECK_FALSE(good(code.substr(0, code.size() - 1)));
  CHECK_FALSE(good(code + "A"));
  CHECK_FALSE(good(std::string(1'000'000, 'A')));
  std::string lower = code;
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  CHECK_FALSE(good(lower));
}

TEST_CASE("every ticket and every reissue has a rotation secret of its own") {
  const TicketSigner signer(bytes_of(1), bytes_of(2), "bkk-1");
  const TicketSigner other_round(bytes_of(1), bytes_of(2), "bkk-2");
  std::set<std::string> secrets;
  for (std::uint32_t order = 0; order < 10; ++order)
    for (std::uint32_t index = 0; index < 4; ++index)
      for (std::uint32_t counter = 0; counter < 3; ++counter) {
        secrets.insert(signer.rotation_secret(OrderId(order), index, counter));
        secrets.insert(other_round.rotation_secret(OrderId(order), index, counter));
      }
  CHECK(secrets.size() == 240);
  for (const auto& secret : secrets) CHECK(secret.size() == 32);
}

TEST_CASE("a rotating code's MAC is the one that anyone works out from the secret's text") {
  // Worked out with Python's hmac and base64 modules.
  CHECK(TicketSigner::rotation_mac("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 120'000'000) ==
        "WGFSCPNYFVK6O");
  CHECK(TicketSigner::rotation_mac("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 0) == "4CSVIZF6LEXAI");
}
