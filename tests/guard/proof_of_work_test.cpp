#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "guard/proof_of_work.hpp"

using namespace frontrow;
using guard::ProofOfWork;
using nlohmann::json;

namespace {

constexpr Instant now{1'800'000'000'000'000};

ProofOfWork::Settings settings_of(std::string algorithm = "SHA-256", std::uint32_t cost = 20) {
  ProofOfWork::Settings settings;
  settings.key.fill(7);
  settings.algorithm = std::move(algorithm);
  settings.cost = cost;
  return settings;
}

json decoded(const std::string& payload) {
  const auto bytes = from_base64(payload);
  REQUIRE(bytes);
  return json::parse(bytes->begin(), bytes->end());
}

std::string encoded(const std::string& text) { return to_base64(as_bytes(text)); }

/// What the reference library gave and said; `altcha_peer.mjs` writes the file.
json vectors() {
  std::ifstream in(FRONTROW_SOURCE_DIR "/tests/guard/altcha_vectors.json");
  REQUIRE(in);
  return json::parse(in);
}

}  // namespace

TEST_CASE("our solver finds what the reference solver finds in the reference's challenges") {
  const json recorded = vectors();
  REQUIRE(recorded["solved"].size() >= 30);
  std::set<std::string> algorithms;
  for (const json& one : recorded["solved"]) {
    CAPTURE(one.dump());
    const auto payload = guard::solve_challenge(one["challenge"].dump());
    REQUIRE(payload);
    const json found = decoded(*payload);
    CHECK(found["challenge"] == one["challenge"]);
    CHECK(found["solution"]["counter"] == one["solution"]["counter"]);
    CHECK(found["solution"]["derivedKey"] == one["solution"]["derivedKey"]);
    algorithms.insert(one["challenge"]["parameters"]["algorithm"]);
  }
  CHECK(algorithms.size() == 6);
}

TEST_CASE("our checker says what the reference checker says") {
  const json recorded = vectors();
  ProofOfWork::Settings settings;
  REQUIRE(from_hex(recorded["key"].get<std::string>(), settings.key));
  const ProofOfWork proof(settings);
  CHECK(proof.signature_secret() == recorded["signature_secret"]);
  CHECK(proof.key_signature_secret() == recorded["key_signature_secret"]);
  const Instant then{recorded["now_us"].get<std::int64_t>()};
  std::size_t good = 0, refused = 0;
  for (const json& one : recorded["checked"]) {
    CAPTURE(one["kind"]);
    const auto checked = proof.check(one["payload"].get<std::string>(), then);
    CHECK(checked.good == one["good"].get<bool>());
    CHECK((checked.digest != Bytes16{}) == checked.good);
    ++(checked.good ? good : refused);
  }
  CHECK(good >= 7);
  CHECK(refused >= 35);
}

TEST_CASE("a challenge is what the protocol says, and solved it is accepted") {
  for (const char* algorithm :
       {"SHA-256", "SHA-384", "SHA-512", "PBKDF2/SHA-256", "PBKDF2/SHA-384", "PBKDF2/SHA-512"}) {
    CAPTURE(algorithm);
    CHECK(ProofOfWork::supports(algorithm));
    const ProofOfWork proof(settings_of(algorithm));
    const std::string text = proof.challenge_json(now);
    CHECK(text.size() <= guard::challenge_bytes_max);
    const json challenge = json::parse(text);
    const json& parameters = challenge["parameters"];
    CHECK(parameters["algorithm"] == algorithm);
    CHECK(parameters["cost"] == 20);
    CHECK(parameters["keyLength"] == 32);
    CHECK(parameters["expiresAt"] == 1'800'000'600);
    CHECK(parameters["nonce"].get<std::string>().size() == 32);
    CHECK(parameters["salt"].get<std::string>().size() == 32);
    CHECK(parameters["keyPrefix"].get<std::string>().size() == 32);
    // Sorted keys without spaces, as it was signed.
    CHECK(to_hex(hmac_sha256(as_bytes(proof.signature_secret()), as_bytes(parameters.dump()))) ==
          challenge["signature"]);

    const auto payload = guard::solve_challenge(text);
    REQUIRE(payload);
    CHECK(payload->size() <= guard::proof_payload_characters_max);
    const auto counter = decoded(*payload)["solution"]["counter"].get<std::uint32_t>();
    CHECK(counter >= guard::proof_counter_min);
    CHECK(counter < guard::proof_counter_max);
    CHECK(proof.check(*payload, now).good);
  }
}

TEST_CASE("only algorithms that are there are supported") {
  for (const char* name : {"", "SHA-1", "sha-256", "SHA256", "PBKDF2", "PBKDF2/SHA-1", "SCRYPT",
                           "ARGON2ID", "SHA-256 "}) {
    CAPTURE(name);
    CHECK_FALSE(ProofOfWork::supports(name));
  }
}

TEST_CASE("a proof is good until its challenge expires") {
  const ProofOfWork proof(settings_of());
  const auto payload = guard::solve_challenge(proof.challenge_json(now));
  REQUIRE(payload);
  CHECK(proof.check(*payload, now + seconds(600)).good);
  CHECK_FALSE(proof.check(*payload, now + seconds(601)).good);
}

TEST_CASE("every proof has a digest of its own, the same however it is spelt") {
  const ProofOfWork proof(settings_of());
  std::set<Bytes16> digests;
  for (int n = 0; n < 20; ++n) {
    const auto payload = guard::solve_challenge(proof.challenge_json(now));
    REQUIRE(payload);
    const auto checked = proof.check(*payload, now);
    digests.insert(checked.digest);
    json changed = decoded(*payload);
    changed["solution"]["time"] = 99;
    changed["solution"]["counter"] = 5;
    changed["more"] = {1, 2, 3};
    const auto again = proof.check(encoded(changed.dump(4)), now);
    CHECK(again.good);
    CHECK(again.digest == checked.digest);
  }
  CHECK(digests.size() == 20);
}

TEST_CASE("a restarted server takes the proofs of before; another round's does not") {
  const ProofOfWork proof(settings_of());
  const auto payload = guard::solve_challenge(proof.challenge_json(now));
  REQUIRE(payload);
  CHECK(ProofOfWork(settings_of()).check(*payload, now).good);
  CHECK(ProofOfWork(settings_of("SHA-512", 500)).check(*payload, now).good);
  auto other = settings_of();
  other.key.fill(8);
  CHECK_FALSE(ProofOfWork(other).check(*payload, now).good);
}

TEST_CASE("a payload that is none is refused") {
  const ProofOfWork proof(settings_of());
  const auto payload = guard::solve_challenge(proof.challenge_json(now));
  REQUIRE(payload);
  const std::string text = decoded(*payload).dump();
  REQUIRE(proof.check(encoded(text), now).good);

  const std::string hostile[] = {
      "",
      "=",
      "AAAA",
      text,                                     // Not in base64.
      payload->substr(0, payload->size() - 4),  // Cut.
      *payload + "AAAA",
      *payload + std::string(guard::proof_payload_characters_max, 'A'),
      " " + *payload,
      encoded(""),
      encoded("null"),
      encoded("[]"),
      encoded("{}"),
      encoded("{"),
      encoded("\"text\""),
      encoded(std::string("\xff\xfe{}")),
      encoded(text + text),
      encoded(text.substr(0, text.size() - 1)),
      encoded(std::string(1'000, '[')),
      encoded(std::string(1'000, '{')),
      encoded(R"({"a":)" + std::string(500, '[') + std::string(500, ']') + "," + text.substr(1)),
      encoded(R"({"challenge":null,"solution":null})"),
      encoded(R"({"challenge":"x","solution":"y"})"),
      encoded(R"({"challenge":{"parameters":[],"signature":1},"solution":{}})"),
      encoded(std::string("{\"a\":\"\\") + "ud800\"}"),
  };
  for (const std::string& one : hostile) {
    CAPTURE(one.substr(0, 100), one.size());
    const auto checked = proof.check(one, now);
    CHECK_FALSE(checked.good);
    CHECK(checked.digest == Bytes16{});
  }
}

TEST_CASE("a payload with bytes changed at random is refused or means the same") {
  const ProofOfWork proof(settings_of());
  const auto payload = guard::solve_challenge(proof.challenge_json(now));
  REQUIRE(payload);
  const std::string text = decoded(*payload).dump();
  const Bytes16 digest = proof.check(*payload, now).digest;
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::size_t refused = 0;
  for (int n = 0; n < 5'000; ++n) {
    std::string changed = text;
    for (auto times = 1 + random() % 3; times > 0; --times)
      changed[random() % changed.size()] = static_cast<char>(random());
    const auto checked = proof.check(encoded(changed), now);
    if (!checked.good) ++refused;
    // The counter and the time are not signed; whatever they say, the proof is the same one.
    REQUIRE((!checked.good || checked.digest == digest));
  }
  CHECK(refused > 4'000);
}

TEST_CASE("the solver refuses what it could never solve") {
  const json good = json::parse(ProofOfWork(settings_of()).challenge_json(now));
  const auto with = [&](const char* name, const json& value) {
    json changed = good;
    changed["parameters"][name] = value;
    return changed.dump();
  };
  const auto without = [&](const char* name) {
    json changed = good;
    changed["parameters"].erase(name);
    return changed.dump();
  };
  const std::string hostile[] = {
      "",
      "null",
      "[]",
      "{}",
      R"({"parameters":{}})",
      good.dump() + std::string(guard::challenge_bytes_max, ' '),
      std::string(1'000, '['),
      with("algorithm", "ARGON2ID"),
      with("algorithm", 1),
      with("cost", 0),
      with("cost", -1),
      with("cost", 1.5),
      with("cost", std::uint64_t{guard::proof_cost_max} + 1),
      with("cost", 18'446'744'073'709'551'615ULL),
      with("keyLength", 0),
      with("keyLength", 65),
      with("keyLength", "32"),
      with("keyPrefix", ""),
      with("keyPrefix", "0x"),
      with("keyPrefix", std::string(65, '0')),
      with("nonce", ""),
      with("nonce", "abc"),
      with("nonce", std::string(130, 'a')),
      with("salt", "zz"),
      without("nonce"),
      without("salt"),
      without("keyPrefix"),
      without("cost"),
      without("algorithm"),
  };
  for (const std::string& one : hostile) {
    CAPTURE(one.substr(0, 200));
    CHECK_FALSE(guard::solve_challenge(one));
  }
}

TEST_CASE("the solver stops where it is told to") {
  json challenge = json::parse(ProofOfWork(settings_of()).challenge_json(now));
  challenge["parameters"]["keyPrefix"] = std::string(64, '0');
  challenge["parameters"]["cost"] = 1'000;
  int calls = 0;
  CHECK_FALSE(guard::solve_challenge(challenge.dump(), [&](std::uint32_t) { return ++calls < 3; }));
  CHECK(calls == 3);
}
