// The round's transparency log as one object: the tree, its signed checkpoints, and what belongs
// to which entry (docs/transparency-log.md). Each function says who may call it; readers never
// make the sequencer wait, which only sends its notes into a channel.
//
// What readers are told is always proven against the newest checkpoint: nobody has to trust more
// of the log than has been signed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/published.hpp"
#include "frontrow/reply.hpp"
#include "proof/entry_index.hpp"
#include "proof/evidence.hpp"
#include "proof/fact.hpp"
#include "proof/merkle_log.hpp"
#include "proof/receipt.hpp"
#include "proof/signed_note.hpp"

namespace frontrow::proof {

/// Leaves appended before readers get their turn at the index.
inline constexpr std::size_t append_batch_max = 1'024;
/// Youngest fans among whom an entry is looked for that the log does not have yet.
inline constexpr std::uint32_t unlogged_fans_searched_max = 4'096;

/// Puts the notes of whole commands into the order of the leaves: by sequence; within a command by
/// kind, then by rank, in the order of calling, or in the venue's order of seats.
void put_in_leaf_order(std::vector<FactNote>& notes);

struct SignedCheckpoint {
  std::uint64_t size = 0;
  std::string note;
  Instant signed_at;
};

/// A fact as `fact_name` calls it, with its place in the log.
struct ProvenFact {
  std::string_view name;
  LoggedFact logged;
};

/// What the log has of one entry.
struct EntryProof {
  enum class State : std::uint8_t {
    kProven,
    kPending,  ///< There is such an entry; no checkpoint covers it yet.
    kUnknown,
  };
  State state = State::kUnknown;
  std::shared_ptr<const SignedCheckpoint> checkpoint;  ///< Where proven: what the proofs lead to.
  std::vector<ProvenFact> facts;                       ///< In the order of the log.
};

class TransparencyLog {
 public:
  /// `signer` is called as the log is. `sale_salt_key` is secret. `published` has every fan that a
  /// note is about before the note comes, and outlives the log.
  TransparencyLog(NoteSigner signer, std::string round, const Bytes32& sale_salt_key,
                  const Published& published);
  TransparencyLog(const TransparencyLog&) = delete;
  TransparencyLog& operator=(const TransparencyLog&) = delete;

  // --- the appending thread ---

  /// Notes in the order of the leaves, durable, following those that were appended before.
  void append(std::span<const FactNote> notes);
  /// Signs the log as it stands and shows it to the readers.
  void sign_checkpoint(Instant now);

  // --- any thread ---

  const VerifierKey& verifier_key() const { return signer_.verifier_key(); }
  /// The newest; nothing before the first has been signed.
  std::shared_ptr<const SignedCheckpoint> checkpoint() const;
  /// Before the first checkpoint every entry is unknown or pending.
  EntryProof prove_entry(const Bytes16& entry) const;
  /// Nothing where the sizes are out of order or beyond the newest checkpoint.
  std::optional<ConsistencyProof> prove_consistency(std::uint64_t from, std::uint64_t to) const;
  /// The receipt for a fan's place, whether the log has it already or is about to. Costs a
  /// signature. Nothing for a fan that there is not.
  std::optional<Receipt> sign_receipt_of(FanId fan) const;
  /// Leaves, under a checkpoint or not.
  std::uint64_t leaves() const { return tree_.size(); }

 private:
  Fact fact_of(const FactNote& note) const;
  void append_batch(std::span<const FactNote> batch);
  bool joined_lately(const Bytes16& entry, std::uint32_t fans_in_log) const;

  const NoteSigner signer_;
  const std::string round_;
  const Bytes32 sale_salt_key_;
  const Published& published_;
  MerkleLog tree_;

  // The appending thread's.
  Sequence last_sequence_ = 0;
  std::vector<std::uint8_t> encoded_;

  mutable std::shared_mutex mutex_;  ///< For what follows; held for moments.
  EntryIndex index_;
  std::shared_ptr<const SignedCheckpoint> checkpoint_;
};

}  // namespace frontrow::proof
