// Proof of work in the ALTCHA protocol, version 2, in its deterministic mode: the server picks
// the counter, works out its key, publishes half of it as the prefix to look for and signs the
// whole, so that checking a proof costs two HMACs whatever the algorithm costs. Nothing is
// stored here: a proof's digest is journaled with the join, which makes it single-use.
//
// Made once; any thread may call it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "frontrow/round_definition.hpp"
#include "frontrow/time.hpp"

namespace frontrow::guard {

/// Characters of a base64 payload that are looked at; ours have about 700.
inline constexpr std::size_t proof_payload_characters_max = 4'096;
/// Bytes of a challenge's JSON text that the solver looks at.
inline constexpr std::size_t challenge_bytes_max = 4'096;
/// Nesting of a payload's or a challenge's JSON; the protocol needs 3.
inline constexpr int proof_json_depth_max = 6;
/// Rounds of the algorithm for each counter; more is neither issued nor solved.
inline constexpr std::uint32_t proof_cost_max = 10'000'000;
/// The counter is picked from this range: the mean is 64 times the cost, and the worst case half
/// as much again, where looking for a prefix by luck would have no bound.
inline constexpr std::uint32_t proof_counter_min = 32, proof_counter_max = 96;

class ProofOfWork {
 public:
  struct Settings {
    Bytes32 key{};
    std::string algorithm = "SHA-256";
    std::uint32_t cost = 1'000;
    Duration lifetime = seconds(600);
  };

  /// The algorithm must be one that `supports` names and the cost from 1 to `proof_cost_max`.
  explicit ProofOfWork(Settings settings);

  /// SHA-256, SHA-384, SHA-512 (iterated), PBKDF2/SHA-256, PBKDF2/SHA-384, PBKDF2/SHA-512.
  static bool supports(std::string_view algorithm);

  /// The answer to `GET /challenge`. Costs one derivation of the algorithm (`cost` hashes).
  std::string challenge_json(Instant now) const;

  struct Checked {
    bool good = false;
    Bytes16 digest{};  ///< Of the challenge's signature; zero where not good.
  };
  /// A fan's `altcha`: good where the challenge is one of ours, unaltered and not yet expired,
  /// and the key is the one that only working through the counters gives.
  Checked check(std::string_view base64_payload, Instant now) const;

  /// The texts from which the two signatures are made, as the reference library takes them;
  /// for cross-checking in tests.
  const std::string& signature_secret() const { return signature_secret_; }
  const std::string& key_signature_secret() const { return key_signature_secret_; }

 private:
  Settings settings_;
  std::string signature_secret_, key_signature_secret_;
};

/// Called now and then with the counter reached; false stops the work.
using SolveProgress = std::function<bool(std::uint32_t counter)>;

/// The payload for `altcha` that answers a challenge of either mode. Nothing for a challenge
/// that cannot be read, is not solvable, or was stopped by `progress`.
std::optional<std::string> solve_challenge(std::string_view challenge_json,
                                           const SolveProgress& progress = {});

}  // namespace frontrow::guard
