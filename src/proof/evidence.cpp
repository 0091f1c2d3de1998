#include "proof/evidence.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/instant_text.hpp"
#include "proof/checkpoint.hpp"
#include "proof/verify.hpp"

namespace frontrow::proof {
namespace {

std::string describe(const Checkpoint& checkpoint) {
  return checkpoint.origin + ", " + std::to_string(checkpoint.size) + " leaves, root " +
         to_hex(checkpoint.root);
}

std::string describe(const LoggedFact& logged, const Fact& fact) {
  return "leaf " + std::to_string(logged.inclusion.index) + ": " + std::string(fact_name(fact)) +
         ", sequence " + std::to_string(fact.sequence) + ", " + to_rfc3339(fact.at);
}

class Check {
 public:
  Check(const Evidence& evidence, const VerifierKey& key) : evidence_(evidence), key_(key) {}

  Verdict run() {
    if (evidence_.receipt) check_receipt();
    const auto checkpoint = open("checkpoint-signature", evidence_.checkpoint);
    if (evidence_.receipt) check_round(checkpoint);
    check_inclusion(checkpoint);
    if (evidence_.receipt) check_receipt_in_log();
    if (evidence_.older_checkpoint || evidence_.consistency) check_consistency(checkpoint);
    return std::move(verdict_);
  }

 private:
  void add(std::string name, bool passed, std::string detail) {
    verdict_.steps.push_back(
        {std::move(name), passed ? Outcome::kPassed : Outcome::kFailed, std::move(detail)});
  }
  void skip(std::string name, std::string detail) {
    verdict_.steps.push_back({std::move(name), Outcome::kNotChecked, std::move(detail)});
  }

  void check_receipt() {
    const Receipt& receipt = *evidence_.receipt;
    const bool signed_by_key = receipt_is_signed_by(receipt, key_.public_key());
    add("receipt-signature", signed_by_key,
        signed_by_key ? "signed with the key of " + key_.name()
                      : "not signed with the key of " + key_.name() + ", or changed since");
    const bool matches = receipt_matches_leaf(receipt);
    add("receipt-matches-leaf", matches,
        matches ? "entry " + to_hex(receipt.entry) + " joined at " + to_rfc3339(receipt.joined_at)
                : "the leaf does not say what the receipt says");
  }

  std::optional<Checkpoint> open(const std::string& name, const std::string& note) {
    auto opened = open_checkpoint(note, key_);
    add(name, opened.checkpoint.has_value(),
        opened.checkpoint ? describe(*opened.checkpoint) : opened.fault);
    return std::move(opened.checkpoint);
  }

  void check_round(const std::optional<Checkpoint>& checkpoint) {
    const std::string& round = evidence_.receipt->round;
    if (!checkpoint) return skip("receipt-round", "needs the checkpoint");
    const bool same = is_log_of_round(checkpoint->origin, round);
    add("receipt-round", same,
        same ? "receipt and log are of the round " + round
             : "the receipt is of the round " + round + ", the log is " + checkpoint->origin);
  }

  /// One step for all facts; it names the first that fails.
  void check_inclusion(const std::optional<Checkpoint>& checkpoint) {
    const std::string name = "inclusion";
    if (!checkpoint) return skip(name, "needs the checkpoint");
    if (evidence_.facts.size() > evidence_facts_max)
      return add(name, false, "more than " + std::to_string(evidence_facts_max) + " facts");
    std::string detail;
    for (const auto& logged : evidence_.facts) {
      const auto fact = decode_fact(logged.leaf);
      const std::string place = "leaf " + std::to_string(logged.inclusion.index);
      if (!fact) return add(name, false, place + ": not the encoding of a fact");
      if (logged.inclusion.size != checkpoint->size)
        return add(name, false, place + ": the proof is for another size than the checkpoint's");
      if (!verify_inclusion(merkle_leaf(logged.leaf), logged.inclusion, checkpoint->root))
        return add(name, false, place + ": the proof does not lead to the checkpoint's root");
      detail += (detail.empty() ? "" : "; ") + describe(logged, *fact);
    }
    included_ = true;
    // A checkpoint may be checked alone; a receipt without its proof fails at the next step.
    if (evidence_.facts.empty()) return;
    add(name, true, std::move(detail));
  }

  void check_receipt_in_log() {
    const std::string name = "receipt-in-log";
    if (!included_) return skip(name, "needs the inclusion");
    const auto& facts = evidence_.facts;
    const auto found = std::find_if(facts.begin(), facts.end(), [&](const LoggedFact& logged) {
      return logged.leaf == evidence_.receipt->leaf;
    });
    add(name, found != facts.end(),
        found != facts.end() ? "it is leaf " + std::to_string(found->inclusion.index)
                             : "no proof is given for the receipt's leaf");
  }

  void check_consistency(const std::optional<Checkpoint>& checkpoint) {
    const std::string name = "consistency";
    std::optional<Checkpoint> older;
    if (evidence_.older_checkpoint) {
      older = open("older-checkpoint-signature", *evidence_.older_checkpoint);
    } else {
      add("older-checkpoint-signature", false, "no older checkpoint is given");
    }
    if (!checkpoint || !older) return skip(name, "needs both checkpoints");
    if (!evidence_.consistency) return add(name, false, "no proof is given");
    const ConsistencyProof& proof = *evidence_.consistency;
    if (proof.from != older->size || proof.to != checkpoint->size)
      return add(name, false, "the proof is for other sizes than the checkpoints'");
    const bool consistent = verify_consistency(proof, older->root, checkpoint->root);
    const std::string sizes =
        std::to_string(older->size) + " to " + std::to_string(checkpoint->size) + " leaves";
    add(name, consistent,
        consistent ? "nothing was changed from " + sizes
                   : "the log of the newer checkpoint does not continue the older one: " + sizes);
  }

  const Evidence& evidence_;
  const VerifierKey& key_;
  Verdict verdict_;
  bool included_ = false;
};

}  // namespace

bool Verdict::passed() const {
  return !steps.empty() && std::all_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.outcome == Outcome::kPassed;
  });
}

Verdict check_evidence(const Evidence& evidence, const VerifierKey& key) {
  return Check(evidence, key).run();
}

}  // namespace frontrow::proof
