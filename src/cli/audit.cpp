#include "cli/audit.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "audit/evidence_file.hpp"
#include "cli/commands.hpp"
#include "proof/evidence.hpp"

namespace frontrow::cli {
namespace {

/// Paths as given; empty where they are not.
struct VerifyOptions {
  std::string key, receipt, proof, checkpoint, older_checkpoint, consistency;
};

/// Why the job ends before the check: the option whose content is at fault, and how.
struct Unreadable {
  std::string option, what;
};

std::string content_of(const char* option, const std::string& path) {
  std::string problem;
  auto text = audit::read_evidence_file(path, problem);
  if (!text) throw Unreadable{option, fmt::format("{} {}", path, problem)};
  return std::move(*text);
}

/// What `parse` makes of the file at `path`.
template <class Parse>
auto parsed(const char* option, const std::string& path, Parse&& parse) {
  std::string problem;
  auto value = parse(content_of(option, path), problem);
  if (!value) throw Unreadable{option, fmt::format("{}: {}", path, problem)};
  return std::move(*value);
}

proof::VerifierKey key_of(const std::string& given) {
  if (auto key = proof::VerifierKey::parse(given)) return std::move(*key);
  std::string text = content_of("key", given);
  if (text.ends_with('\n')) text.pop_back();
  auto key = proof::VerifierKey::parse(text);
  if (!key) throw Unreadable{"key", given + " is not a verifier key: NAME+ID+KEY in one line"};
  return std::move(*key);
}

proof::Evidence evidence_of(const VerifyOptions& options) {
  proof::Evidence evidence;
  if (!options.receipt.empty())
    evidence.receipt = parsed("receipt", options.receipt, audit::parse_receipt);
  if (!options.proof.empty()) {
    auto file = parsed("proof", options.proof, audit::parse_entry_proof);
    evidence.checkpoint = std::move(file.checkpoint);
    evidence.facts = std::move(file.facts);
  }
  if (!options.checkpoint.empty())
    evidence.checkpoint = content_of("checkpoint", options.checkpoint);
  if (!options.older_checkpoint.empty())
    evidence.older_checkpoint = content_of("older-checkpoint", options.older_checkpoint);
  if (!options.consistency.empty())
    evidence.consistency = parsed("consistency", options.consistency, audit::parse_consistency);
  return evidence;
}

const char* word_of(proof::Outcome outcome) {
  switch (outcome) {
    case proof::Outcome::kPassed:
      return "ok";
    case proof::Outcome::kFailed:
      return "FAILED";
    case proof::Outcome::kNotChecked:
      break;
  }
  return "not checked";
}

int fail(const std::string& option, const std::string& what) {
  std::fflush(stdout);
  fmt::print(stderr, "frontrow audit verify: {}: {}\n", option, what);
  return exit_failure;
}

int verify(const VerifyOptions& options) {
  try {
    const proof::VerifierKey key = key_of(options.key);
    const proof::Verdict verdict = proof::check_evidence(evidence_of(options), key);
    const proof::Step* failed = nullptr;
    for (const proof::Step& step : verdict.steps) {
      fmt::print("{:<26} {:<11} {}\n", step.name, word_of(step.outcome), step.detail);
      if (failed == nullptr && step.outcome != proof::Outcome::kPassed) failed = &step;
    }
    if (failed != nullptr) return fail(failed->name, failed->detail);
    fmt::print("verified: {} steps with the key of {}\n", verdict.steps.size(), key.name());
    return exit_success;
  } catch (const Unreadable& unreadable) {
    return fail(unreadable.option, unreadable.what);
  }
}

}  // namespace

void add_audit_command(CLI::App& app, int& exit_code) {
  CLI::App* audit = app.add_subcommand("audit", "The transparency log");
  audit->require_subcommand(1);
  CLI::App* command = audit->add_subcommand(
      "verify", "Checks receipts and proofs of the log with its key alone, without the server");
  const auto options = std::make_shared<VerifyOptions>();
  command->add_option("--key", options->key, "The log's key (GET /api/v1/audit/key), or its file")
      ->required()
      ->type_name("KEY|FILE");
  command
      ->add_option("--receipt", options->receipt,
                   "A receipt, or a whole answer of POST /api/v1/queue")
      ->type_name("FILE");
  CLI::Option* const entry_proof =
      command
          ->add_option("--proof", options->proof,
                       "An answer of GET /api/v1/audit/proof; its checkpoint is the one to check")
          ->type_name("FILE");
  CLI::Option* const checkpoint =
      command
          ->add_option("--checkpoint", options->checkpoint,
                       "A checkpoint (GET /api/v1/audit/checkpoint) in place of the proof's")
          ->type_name("FILE");
  CLI::Option* const older = command
                                 ->add_option("--older-checkpoint", options->older_checkpoint,
                                              "A checkpoint that was kept from before")
                                 ->type_name("FILE");
  CLI::Option* const consistency =
      command
          ->add_option("--consistency", options->consistency,
                       "An answer of GET /api/v1/audit/consistency from the older size")
          ->type_name("FILE");
  older->needs(consistency);
  consistency->needs(older);
  command->callback([=, &exit_code] {
    if (entry_proof->count() + checkpoint->count() == 0)
      throw CLI::RequiredError("--proof or --checkpoint");
    exit_code = verify(*options);
  });
}

}  // namespace frontrow::cli
