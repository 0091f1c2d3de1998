#include "proof/evidence.hpp"

#include <catch2/catch.hpp>
#include <functional>

#include "base/encoding.hpp"
#include "leaves.hpp"
#include "proof/checkpoint.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

Bytes16 entry_of(std::uint8_t number) {
  Bytes16 entry;
  entry.fill(number);
  return entry;
}

Bytes32 seed_of(std::uint8_t number) {
  Bytes32 seed;
  seed.fill(number);
  return seed;
}

Instant second(std::int64_t n) { return Instant{1'802'520'000'000'000 + n * 1'000'000}; }

/// Twenty fans join, all are drawn, the first five are called.
std::vector<Fact> sale() {
  std::vector<Fact> facts;
  for (std::uint8_t n = 0; n < 20; ++n)
    facts.push_back({Sequence{2} + n, second(n), Joined{entry_of(n), 1}});
  for (std::uint8_t n = 0; n < 20; ++n)
    facts.push_back({30, second(60), Drawn{entry_of(n), std::uint32_t{n} + 1}});
  for (std::uint8_t n = 0; n < 5; ++n)
    facts.push_back({Sequence{31} + n, second(61), Called{entry_of(n)}});
  return facts;
}

struct Round {
  explicit Round(std::vector<Fact> journaled = sale(), std::uint8_t seed = 1)
      : facts(std::move(journaled)), signer(log_name("tickets.example", "bkk-1"), seed_of(seed)) {
    for (const auto& fact : facts) log.append(merkle_leaf(encode_fact(fact)));
    log.publish();
  }

  std::string checkpoint(std::uint64_t size) const {
    return sign_checkpoint(signer, size, *log.root(size));
  }
  LoggedFact logged(std::uint64_t index, std::uint64_t size) const {
    return {encode_fact(facts[index]), *log.prove_inclusion(index, size)};
  }
  /// What a fan has who joined third, saw the log at 10 leaves, and asks at its end.
  Evidence evidence() const {
    return {sign_receipt(signer.key(), "bkk-1", facts[2]),
            {logged(2, facts.size()), logged(22, facts.size()), logged(42, facts.size())},
            checkpoint(facts.size()),
            checkpoint(10),
            *log.prove_consistency(10, facts.size())};
  }

  std::vector<Fact> facts;
  NoteSigner signer;
  MerkleLog log;
};

std::string outcomes(const Verdict& verdict) {
  std::string text;
  for (const auto& step : verdict.steps) {
    if (!text.empty()) text += ", ";
    text += step.name;
    if (step.outcome == Outcome::kFailed) text += " FAILED";
    if (step.outcome == Outcome::kNotChecked) text += " not checked";
  }
  return text;
}

const std::string all_passed =
    "receipt-signature, receipt-matches-leaf, checkpoint-signature, receipt-round, inclusion, "
    "receipt-in-log, older-checkpoint-signature, consistency";

}  // namespace

TEST_CASE("an honest round's evidence passes every step") {
  const Round round;
  const auto verdict = check_evidence(round.evidence(), round.signer.verifier_key());
  CHECK(outcomes(verdict) == all_passed);
  CHECK(verdict.passed());
  for (const auto& step : verdict.steps) {
    CAPTURE(step.name);
    CHECK_FALSE(step.detail.empty());
    CHECK(step.detail.find('\n') == std::string::npos);
  }
}

TEST_CASE("what is not given is not asked for, but a receipt needs its proof") {
  const Round round;
  const auto& key = round.signer.verifier_key();
  Evidence evidence = round.evidence();
  evidence.older_checkpoint.reset();
  evidence.consistency.reset();
  CHECK(check_evidence(evidence, key).passed());
  evidence.receipt.reset();
  CHECK(outcomes(check_evidence(evidence, key)) == "checkpoint-signature, inclusion");
  evidence.facts.clear();
  CHECK(outcomes(check_evidence(evidence, key)) == "checkpoint-signature");
  CHECK(check_evidence(evidence, key).passed());

  evidence = round.evidence();
  evidence.facts.erase(evidence.facts.begin());
  CHECK(outcomes(check_evidence(evidence, key)) ==
        "receipt-signature, receipt-matches-leaf, checkpoint-signature, receipt-round, inclusion, "
        "receipt-in-log FAILED, older-checkpoint-signature, consistency");
  evidence.facts.clear();
  CHECK_FALSE(check_evidence(evidence, key).passed());
  CHECK_FALSE(check_evidence({}, key).passed());
  CHECK_FALSE(Verdict{}.passed());
}

TEST_CASE("each forgery fails at the step that is about it") {
  const Round round;
  struct Forgery {
    std::string what;
    std::function<void(Evidence&)> change;
    std::vector<std::string> failed;
    std::vector<std::string> not_checked;
  };
  const auto size = round.facts.size();
  const Round stranger(sale(), 9);
  const std::vector<Forgery> forgeries = {
      {"an earlier instant in the receipt",
       [](Evidence& e) { e.receipt->joined_at.microseconds -= 1'000'000; },
       {"receipt-signature", "receipt-matches-leaf"},
       {}},
      {"a receipt by another key",
       [&](Evidence& e) {
         e.receipt = sign_receipt(stranger.signer.key(), "bkk-1", round.facts[2]);
       },
       {"receipt-signature"},
       {}},
      {"a receipt of another round",
       [&](Evidence& e) { e.receipt = sign_receipt(round.signer.key(), "bkk-2", round.facts[2]); },
       {"receipt-round"},
       {}},
      {"a receipt for a place that never was",
       [&](Evidence& e) {
         e.receipt =
             sign_receipt(round.signer.key(), "bkk-1", {1, second(0), Joined{entry_of(99), 0}});
       },
       {"receipt-in-log"},
       {}},
      {"a checkpoint by another key",
       [&](Evidence& e) { e.checkpoint = stranger.checkpoint(size); },
       {"checkpoint-signature"},
       {"receipt-round", "inclusion", "receipt-in-log", "consistency"}},
      {"another size on the checkpoint",
       [](Evidence& e) { e.checkpoint.replace(e.checkpoint.find("\n45\n"), 4, "\n46\n"); },
       {"checkpoint-signature"},
       {"receipt-round", "inclusion", "receipt-in-log", "consistency"}},
      {"no checkpoint at all",
       [](Evidence& e) { e.checkpoint.clear(); },
       {"checkpoint-signature"},
       {"receipt-round", "inclusion", "receipt-in-log", "consistency"}},
      {"a bit of a proof",
       [](Evidence& e) { e.facts[1].inclusion.nodes[2][31] ^= 1; },
       {"inclusion"},
       {"receipt-in-log"}},
      {"another place in the log",
       [](Evidence& e) { ++e.facts[0].inclusion.index; },
       {"inclusion"},
       {"receipt-in-log"}},
      {"a proof for another checkpoint",
       [&](Evidence& e) { e.facts[0] = round.logged(2, 30); },
       {"inclusion"},
       {"receipt-in-log"}},
      {"a better rank",
       [&](Evidence& e) {
         e.facts[1].leaf = encode_fact(Fact{30, second(60), Drawn{entry_of(2), 1}});
       },
       {"inclusion"},
       {"receipt-in-log"}},
      {"bytes that are no fact",
       [](Evidence& e) {
         e.facts[2].leaf = {1, 2, 3};
       },
       {"inclusion"},
       {"receipt-in-log"}},
      {"more facts than are gone through",
       [](Evidence& e) { e.facts.resize(evidence_facts_max + 1, e.facts[0]); },
       {"inclusion"},
       {"receipt-in-log"}},
      {"an older checkpoint by another key",
       [&](Evidence& e) { e.older_checkpoint = stranger.checkpoint(10); },
       {"older-checkpoint-signature"},
       {"consistency"}},
      {"no older checkpoint beside the proof",
       [](Evidence& e) { e.older_checkpoint.reset(); },
       {"older-checkpoint-signature"},
       {"consistency"}},
      {"no proof beside the older checkpoint",
       [](Evidence& e) { e.consistency.reset(); },
       {"consistency"},
       {}},
      {"a consistency proof from another size",
       [&](Evidence& e) { e.consistency = round.log.prove_consistency(9, size); },
       {"consistency"},
       {}},
      {"a bit of the consistency proof",
       [](Evidence& e) { e.consistency->nodes[0][0] ^= 0x80; },
       {"consistency"},
       {}},
      {"an older checkpoint that is the newer one",
       [&](Evidence& e) {
         e.older_checkpoint = round.checkpoint(size);
         e.checkpoint = round.checkpoint(10);
         e.consistency = ConsistencyProof{size, 10, {}};
         e.facts = {round.logged(2, 10)};
       },
       {"consistency"},
       {}},
  };
  for (const auto& forgery : forgeries) {
    Evidence evidence = round.evidence();
    forgery.change(evidence);
    const auto verdict = check_evidence(evidence, round.signer.verifier_key());
    std::vector<std::string> failed, not_checked;
    for (const auto& step : verdict.steps) {
      if (step.outcome == Outcome::kFailed) failed.push_back(step.name);
      if (step.outcome == Outcome::kNotChecked) not_checked.push_back(step.name);
    }
    CAPTURE(forgery.what, outcomes(verdict));
    CHECK(failed == forgery.failed);
    CHECK(not_checked == forgery.not_checked);
    CHECK_FALSE(verdict.passed());
  }
}

TEST_CASE("a journal rewritten from the middle passes alone and fails beside what was published") {
  const Round original;
  // The operator lets entry 2 join one second earlier, with all that follows as it was, and signs
  // everything anew with the right key.
  auto facts = sale();
  facts[2].at.microseconds -= 1'000'000;
  const Round rewritten(facts);
  const auto& key = original.signer.verifier_key();

  Evidence evidence = rewritten.evidence();
  CHECK(check_evidence(evidence, key).passed());
  evidence.older_checkpoint = original.checkpoint(10);
  CHECK(outcomes(check_evidence(evidence, key)) ==
        "receipt-signature, receipt-matches-leaf, checkpoint-signature, receipt-round, inclusion, "
        "receipt-in-log, older-checkpoint-signature, consistency FAILED");
  // Nor does the original's own proof help.
  evidence.consistency = original.evidence().consistency;
  CHECK_FALSE(check_evidence(evidence, key).passed());
  // A checkpoint from before the change still continues: that part is as it was.
  evidence.older_checkpoint = original.checkpoint(2);
  evidence.consistency = rewritten.log.prove_consistency(2, facts.size());
  CHECK(check_evidence(evidence, key).passed());

  // The receipt that was given out shows the change too.
  evidence.receipt = original.evidence().receipt;
  CHECK(outcomes(check_evidence(evidence, key)).find("receipt-in-log FAILED") != std::string::npos);
}
