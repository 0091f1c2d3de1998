// A transparency log with fans and sales that a test makes up, and the leaves that it should have.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/id_text.hpp"
#include "base/published.hpp"
#include "proof/checkpoint.hpp"
#include "proof/sale_commitment.hpp"
#include "proof/transparency_log.hpp"
#include "support/small_round.hpp"

namespace frontrow::test {

inline Bytes32 filled_with(std::uint8_t byte) {
  Bytes32 bytes;
  bytes.fill(byte);
  return bytes;
}

struct LogRoom {
  LogRoom() : published(small_round().plan), log(signer(), "small-1", salt_key, published) {}

  static proof::NoteSigner signer() {
    return {proof::log_name("tickets.example", "small-1"), filled_with(7)};
  }
  const proof::VerifierKey& key() const { return log.verifier_key(); }
  Instant now() const { return after_start(milliseconds(static_cast<std::int64_t>(sequence))); }
  Bytes16 entry(FanId fan) const { return published.read_fan(fan)->entry; }

  /// Makes a fan, known to the front threads, and the note of the joining.
  FactNote join(std::uint8_t tier = 1) {
    const FanId fan{published.fan_count()};
    ++sequence;
    FanView view;
    view.entry = bytes_of(fan.value);
    view.tier = tier;
    view.joined_sequence = sequence;
    view.joined_at = now();
    published.write_fan(fan, view);
    return note(FactKind::kJoined, fan, tier);
  }
  FactNote note(FactKind kind, FanId fan, std::uint8_t tier = 0, std::uint32_t rank = 0) const {
    return {sequence, now(), kind, tier, fan, rank, {}, {}};
  }
  FactNote sale(FactKind kind, OrderId order, SeatIndex seat) const {
    return {sequence, now(), kind, 0, {}, 0, order, seat};
  }
  void append(const std::vector<FactNote>& notes) { log.append(notes); }
  /// What the format says that the note's leaf is.
  std::vector<std::uint8_t> leaf_of(const FactNote& note) const {
    proof::Fact fact{note.sequence, note.at, {}};
    const std::string order = note.order.exists() ? to_text(note.order) : "";
    const std::string seat = note.seat.exists() ? published.plan().seat(note.seat).id : "";
    const Bytes32 commitment =
        proof::sale_commitment(proof::sale_salt(salt_key, order, seat), order, seat);
    switch (note.kind) {
      case FactKind::kJoined:
        fact.body = proof::Joined{entry(note.fan), note.tier};
        break;
      case FactKind::kDrawn:
        fact.body = proof::Drawn{entry(note.fan), note.rank};
        break;
      case FactKind::kCalled:
        fact.body = proof::Called{entry(note.fan)};
        break;
      case FactKind::kSold:
        fact.body = proof::Sold{commitment, seat};
        break;
      case FactKind::kReturned:
        fact.body = proof::Returned{commitment, seat};
        break;
    }
    return proof::encode_fact(fact);
  }
  /// The root of the tree with these leaves.
  Bytes32 root_of(const std::vector<FactNote>& notes) const {
    std::vector<Bytes32> leaves;
    for (const FactNote& one : notes) leaves.push_back(merkle_leaf(leaf_of(one)));
    return merkle_root(std::move(leaves));
  }
  proof::Checkpoint newest() const {
    const auto opened = proof::open_checkpoint(log.checkpoint()->note, key());
    INFO(opened.fault);
    REQUIRE(opened.checkpoint.has_value());
    return *opened.checkpoint;
  }
  static std::vector<std::string> names_of(const proof::EntryProof& proof) {
    std::vector<std::string> names;
    for (const auto& fact : proof.facts) names.emplace_back(fact.name);
    return names;
  }
  /// What a fan keeps: the receipt, and the proof of the entry.
  proof::Evidence evidence_of(FanId fan) const {
    const auto proof = log.prove_entry(entry(fan));
    REQUIRE(proof.state == proof::EntryProof::State::kProven);
    proof::Evidence evidence;
    evidence.receipt = log.sign_receipt_of(fan);
    for (const auto& fact : proof.facts) evidence.facts.push_back(fact.logged);
    evidence.checkpoint = proof.checkpoint->note;
    return evidence;
  }

  static constexpr Bytes32 salt_key{0x77};
  Sequence sequence = 1;
  Published published;
  proof::TransparencyLog log;
};

}  // namespace frontrow::test
