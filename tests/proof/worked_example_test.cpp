// The worked example of docs/transparency-log.md, made anew: what stands there is what the code
// does.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/encoding.hpp"
#include "base/instant_text.hpp"
#include "proof/checkpoint.hpp"
#include "proof/evidence.hpp"
#include "proof/merkle_log.hpp"
#include "proof/sale_commitment.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

template <class Array>
Array filled(std::uint8_t byte) {
  Array bytes;
  bytes.fill(byte);
  return bytes;
}

Instant at(const std::string& text) { return parse_rfc3339(text).value(); }

struct Example {
  Example() {
    Bytes32 seed;
    for (std::size_t n = 0; n < seed.size(); ++n) seed[n] = static_cast<std::uint8_t>(n);
    signer = std::make_unique<NoteSigner>(log_name("tickets.example", "bkk-1"), seed);
    salt = sale_salt(filled<Bytes32>(0x77), "o0", "A1-3-12");
    const auto first = filled<Bytes16>(0x11);
    const auto second = filled<Bytes16>(0x22);
    const auto drawn_at = at("2027-01-10T03:01:00.000Z");
    facts = {
        {2, at("2027-01-10T03:00:00.000Z"), Joined{first, 1}},
        {3, at("2027-01-10T03:00:01.500Z"), Joined{second, 0}},
        {5, drawn_at, Drawn{second, 1}},
        {5, drawn_at, Drawn{first, 2}},
        {6, at("2027-01-10T03:01:00.250Z"), Called{second}},
        {9, at("2027-01-10T03:02:30.000Z"),
         Sold{sale_commitment(salt, "o0", "A1-3-12"), "A1-3-12"}},
        {12, at("2027-01-11T08:00:00.000Z"),
         Returned{sale_commitment(salt, "o0", "A1-3-12"), "A1-3-12"}},
    };
    for (const auto& fact : facts) log.append(merkle_leaf(encode_fact(fact)));
    log.publish();
  }

  std::string checkpoint(std::uint64_t size) const {
    return sign_checkpoint(*signer, size, *log.root(size));
  }

  std::unique_ptr<NoteSigner> signer;
  Bytes32 salt{};
  std::vector<Fact> facts;
  MerkleLog log;
};

std::string document() {
  std::ifstream in(std::string(FRONTROW_SOURCE_DIR) + "/docs/transparency-log.md");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the worked example in the documentation is what the code makes of it") {
  const Example example;
  const std::string text = document();
  REQUIRE(text.size() > 1'000);
  const auto written = [&](const std::string& value) {
    CAPTURE(value);
    CHECK(text.find(value) != std::string::npos);
  };

  written(to_hex(example.signer->verifier_key().public_key()));
  written(example.signer->verifier_key().text());
  written(to_hex(example.salt));
  for (std::uint64_t n = 0; n < example.facts.size(); ++n) {
    written("`" + to_hex(encode_fact(example.facts[n])) + "`");
    written("`" + to_hex(*example.log.leaf(n)) + "`");
  }
  for (const std::uint64_t size : {std::uint64_t{3}, std::uint64_t{7}}) {
    written(to_hex(*example.log.root(size)));
    written("```\n" + example.checkpoint(size) + "```");
  }
  const auto list = [](const std::vector<Bytes32>& nodes) {
    std::string json = "[";
    for (const auto& node : nodes_to_text(nodes))
      json += (json.size() == 1 ? "\n  \"" : ",\n  \"") + node + "\"";
    return json + "]";
  };
  const auto inclusion = *example.log.prove_inclusion(1, 7);
  written("{\"index\": 1, \"size\": 7, \"nodes\": " + list(inclusion.nodes) + "}");
  const auto consistency = *example.log.prove_consistency(3, 7);
  written("{\"from\": 3, \"to\": 7, \"nodes\": " + list(consistency.nodes) + "}");

  const auto receipt = sign_receipt(example.signer->key(), "bkk-1", example.facts[1]);
  const auto fields = to_fields(receipt);
  written("{\"round\": \"" + fields.round + "\",\n \"entry\": \"" + fields.entry +
          "\",\n \"tier\": " + std::to_string(fields.tier) + ",\n \"joined_at\": \"" +
          fields.joined_at + "\",\n \"sequence\": " + std::to_string(fields.sequence) +
          ",\n \"leaf\": \"" + fields.leaf + "\",\n \"signature\": \"" + fields.signature + "\"}");

  const Evidence evidence{receipt,
                          {{encode_fact(example.facts[1]), inclusion}},
                          example.checkpoint(7),
                          example.checkpoint(3),
                          consistency};
  const auto verdict = check_evidence(evidence, example.signer->verifier_key());
  CHECK(verdict.passed());
  for (const auto& step : verdict.steps) written("`" + step.name + "`");
}
