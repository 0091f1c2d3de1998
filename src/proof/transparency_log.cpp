#include "proof/transparency_log.hpp"

#include <algorithm>
#include <mutex>
#include <tuple>
#include <utility>

#include "base/assert.hpp"
#include "base/id_text.hpp"
#include "proof/checkpoint.hpp"
#include "proof/sale_commitment.hpp"

namespace frontrow::proof {
namespace {

bool is_about_a_fan(FactKind kind) {
  return kind != FactKind::kSold && kind != FactKind::kReturned;
}

/// What orders the notes of one kind within one command; calls stay as they came.
std::uint32_t place_of(const FactNote& note) {
  switch (note.kind) {
    case FactKind::kDrawn:
      return note.rank;
    case FactKind::kSold:
    case FactKind::kReturned:
      return note.seat.value;
    case FactKind::kJoined:
    case FactKind::kCalled:
      break;
  }
  return 0;
}

bool comes_before(const FactNote& a, const FactNote& b) {
  return std::tuple(a.sequence, a.kind, place_of(a)) < std::tuple(b.sequence, b.kind, place_of(b));
}

Fact fact_of_indexed(const IndexedFact& indexed, const Bytes16& entry) {
  Fact fact{indexed.sequence, indexed.at, Called{entry}};
  if (indexed.kind == FactKind::kJoined) fact.body = Joined{entry, indexed.tier};
  if (indexed.kind == FactKind::kDrawn) fact.body = Drawn{entry, indexed.rank};
  return fact;
}

}  // namespace

void put_in_leaf_order(std::vector<FactNote>& notes) {
  if (!std::is_sorted(notes.begin(), notes.end(), comes_before))
    std::stable_sort(notes.begin(), notes.end(), comes_before);
}

TransparencyLog::TransparencyLog(NoteSigner signer, std::string round, const Bytes32& sale_salt_key,
                                 const Published& published)
    : signer_(std::move(signer)),
      round_(std::move(round)),
      sale_salt_key_(sale_salt_key),
      published_(published),
      index_(published) {}

Fact TransparencyLog::fact_of(const FactNote& note) const {
  Fact fact{note.sequence, note.at, {}};
  if (is_about_a_fan(note.kind)) {
    const auto view = published_.read_fan(note.fan);
    FRONTROW_ASSERT(view.has_value());
    if (note.kind == FactKind::kJoined)
      fact.body = Joined{view->entry, note.tier};
    else if (note.kind == FactKind::kDrawn)
      fact.body = Drawn{view->entry, note.rank};
    else
      fact.body = Called{view->entry};
    return fact;
  }
  const std::string order = to_text(note.order);
  const std::string& seat = published_.plan().seat(note.seat).id;
  const Bytes32 commitment = sale_commitment(sale_salt(sale_salt_key_, order, seat), order, seat);
  if (note.kind == FactKind::kSold)
    fact.body = Sold{commitment, seat};
  else
    fact.body = Returned{commitment, seat};
  return fact;
}

void TransparencyLog::append(std::span<const FactNote> notes) {
  while (!notes.empty()) {
    const std::size_t count = std::min(notes.size(), append_batch_max);
    append_batch(notes.first(count));
    notes = notes.subspan(count);
  }
}

void TransparencyLog::append_batch(std::span<const FactNote> batch) {
  const std::uint64_t first = tree_.appended();
  for (const FactNote& note : batch) {
    FRONTROW_ASSERT(note.sequence >= last_sequence_);
    last_sequence_ = note.sequence;
    encode_fact(fact_of(note), encoded_);
    tree_.append(merkle_leaf(encoded_));
  }
  {
    const std::unique_lock lock(mutex_);
    for (std::size_t n = 0; n < batch.size(); ++n)
      if (is_about_a_fan(batch[n].kind)) index_.add(batch[n], first + n);
  }
  tree_.publish();
}

void TransparencyLog::sign_checkpoint(Instant now) {
  const std::uint64_t size = tree_.size();
  auto made = std::make_shared<const SignedCheckpoint>(
      SignedCheckpoint{size, proof::sign_checkpoint(signer_, size, *tree_.root(size)), now});
  const std::unique_lock lock(mutex_);
  checkpoint_ = std::move(made);
}

std::shared_ptr<const SignedCheckpoint> TransparencyLog::checkpoint() const {
  const std::shared_lock lock(mutex_);
  return checkpoint_;
}

bool TransparencyLog::joined_lately(const Bytes16& entry, std::uint32_t fans_in_log) const {
  const std::uint32_t end = published_.fan_count();
  if (end <= fans_in_log) return false;
  const std::uint32_t first = end - std::min(end - fans_in_log, unlogged_fans_searched_max);
  for (std::uint32_t fan = first; fan < end; ++fan)
    if (published_.read_fan(FanId{fan})->entry == entry) return true;
  return false;
}

EntryProof TransparencyLog::prove_entry(const Bytes16& entry) const {
  EntryProof proof;
  std::vector<IndexedFact> found;
  std::uint32_t fans_in_log = 0;
  {
    const std::shared_lock lock(mutex_);
    proof.checkpoint = checkpoint_;
    fans_in_log = index_.fans();
    if (const auto fan = index_.find(entry)) found = index_.facts_of(*fan);
  }
  if (found.empty()) {
    if (joined_lately(entry, fans_in_log)) proof.state = EntryProof::State::kPending;
    return proof;
  }
  const std::uint64_t size = proof.checkpoint != nullptr ? proof.checkpoint->size : 0;
  for (const IndexedFact& indexed : found) {
    if (indexed.leaf >= size) break;
    const Fact fact = fact_of_indexed(indexed, entry);
    auto inclusion = tree_.prove_inclusion(indexed.leaf, size);
    FRONTROW_ASSERT(inclusion.has_value());
    proof.facts.push_back({fact_name(fact), {encode_fact(fact), std::move(*inclusion)}});
  }
  proof.state = proof.facts.empty() ? EntryProof::State::kPending : EntryProof::State::kProven;
  return proof;
}

std::optional<ConsistencyProof> TransparencyLog::prove_consistency(std::uint64_t from,
                                                                   std::uint64_t to) const {
  const auto newest = checkpoint();
  if (newest == nullptr || to > newest->size) return std::nullopt;
  return tree_.prove_consistency(from, to);
}

std::optional<Receipt> TransparencyLog::sign_receipt_of(FanId fan) const {
  const auto view = published_.read_fan(fan);
  if (!view) return std::nullopt;
  std::uint8_t tier = view->tier;
  {
    // A fan may be given another tier after joining; the log has the one of joining.
    const std::shared_lock lock(mutex_);
    if (const auto found = index_.facts_of(fan); !found.empty()) tier = found.front().tier;
  }
  return sign_receipt(signer_.key(), round_,
                      {view->joined_sequence, view->joined_at, Joined{view->entry, tier}});
}

}  // namespace frontrow::proof
