// The offline check: a receipt, facts with their proofs, a checkpoint, and where there is one an
// older checkpoint, judged step by step with nothing but the log's public key. Pure; any thread;
// everything in the evidence may be hostile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proof/log_proof.hpp"
#include "proof/receipt.hpp"
#include "proof/signed_note.hpp"

namespace frontrow::proof {

/// Facts that one check goes through; more are refused.
inline constexpr std::size_t evidence_facts_max = 10'000;

/// The encoding of a fact and its place in the log.
struct LoggedFact {
  std::vector<std::uint8_t> leaf;
  InclusionProof inclusion;
};

struct Evidence {
  std::optional<Receipt> receipt;
  std::vector<LoggedFact> facts;  ///< Where there is a receipt, its leaf must be one of them.
  std::string checkpoint;         ///< The signed note that the inclusion proofs lead to.
  /// Both or neither: an earlier checkpoint, and the proof that the later one continues it.
  std::optional<std::string> older_checkpoint;
  std::optional<ConsistencyProof> consistency;
};

enum class Outcome : std::uint8_t {
  kPassed,
  kFailed,
  kNotChecked,  ///< It needs what an earlier step did not establish.
};

/// Names are stable: receipt-signature, receipt-matches-leaf, checkpoint-signature, receipt-round,
/// inclusion, receipt-in-log, older-checkpoint-signature, consistency.
struct Step {
  std::string name;
  Outcome outcome = Outcome::kNotChecked;
  std::string detail;  ///< One line for people.
};

struct Verdict {
  std::vector<Step> steps;  ///< Those that the evidence calls for, in the order of the names above.
  /// All steps passed, and there was something to check.
  bool passed() const;
};

Verdict check_evidence(const Evidence& evidence, const VerifierKey& key);

}  // namespace frontrow::proof
