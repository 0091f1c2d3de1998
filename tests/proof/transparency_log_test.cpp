// The round's log as one object: the order of its leaves, what it proves of an entry, and readers
// beside the one who appends.
#include "proof/transparency_log.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "log_room.hpp"
#include "proof/tree_hash.hpp"
#include "proof/verify.hpp"

using namespace frontrow;
using namespace frontrow::proof;
using frontrow::test::LogRoom;
using State = EntryProof::State;

namespace {

using Names = std::vector<std::string>;

/// Three fans who joined, were drawn with one command and called with the next.
std::vector<FactNote> three_fans(LogRoom& room) {
  std::vector<FactNote> notes{room.join(), room.join(0), room.join(4)};
  ++room.sequence;
  const std::uint32_t by_rank[] = {2, 0, 1};
  for (std::uint32_t n = 0; n < 3; ++n)
    notes.push_back(room.note(FactKind::kDrawn, FanId{by_rank[n]}, 0, n + 1));
  ++room.sequence;
  notes.push_back(room.note(FactKind::kCalled, FanId{2}));
  notes.push_back(room.note(FactKind::kCalled, FanId{0}));
  return notes;
}

}  // namespace

TEST_CASE("notes come into the documented order, whatever the order inside a command was") {
  LogRoom room;
  auto wanted = three_fans(room);
  ++room.sequence;
  // One command that sells two seats, takes two back and calls two: in the order of the kinds;
  // calls as they came, seats as the venue has them.
  wanted.push_back(room.note(FactKind::kCalled, FanId{1}));
  wanted.push_back(room.note(FactKind::kCalled, FanId{0}));
  wanted.push_back(room.sale(FactKind::kSold, OrderId{1}, SeatIndex{4}));
  wanted.push_back(room.sale(FactKind::kSold, OrderId{0}, SeatIndex{9}));
  wanted.push_back(room.sale(FactKind::kReturned, OrderId{7}, SeatIndex{2}));
  wanted.push_back(room.sale(FactKind::kReturned, OrderId{5}, SeatIndex{3}));
  auto notes = wanted;
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    std::shuffle(notes.begin(), notes.end(), random);
    // The order of calling is the notes' own, so the calls of one command are put back as they
    // were.
    std::vector<FactNote> calls, ordered;
    for (const auto& note : wanted)
      if (note.kind == FactKind::kCalled) calls.push_back(note);
    auto call = calls.begin();
    for (auto& note : notes)
      if (note.kind == FactKind::kCalled) note = *call++;
    ordered = notes;
    put_in_leaf_order(ordered);
    REQUIRE(room.root_of(ordered) == room.root_of(wanted));
  }
  room.append(wanted);
  room.log.sign_checkpoint(room.now());
  CHECK(room.newest() == Checkpoint{room.key().name(), wanted.size(), room.root_of(wanted), {}});
}

TEST_CASE("the log is the same however its notes are cut into batches") {
  LogRoom whole, cut;
  std::vector<FactNote> notes;
  for (int n = 0; n < 2'500; ++n) {
    notes.push_back(whole.join());
    cut.join();
  }
  whole.append(notes);
  for (std::size_t at = 0; at < notes.size();) {
    const std::size_t count = std::min<std::size_t>(1 + at % 7, notes.size() - at);
    cut.log.append(std::span(notes).subspan(at, count));
    at += count;
  }
  whole.log.sign_checkpoint(whole.now());
  cut.log.sign_checkpoint(cut.now());
  CHECK(whole.newest() == cut.newest());
  CHECK(whole.newest().root == whole.root_of(notes));
}

TEST_CASE("an empty log has a checkpoint") {
  LogRoom room;
  CHECK(room.log.checkpoint() == nullptr);
  room.log.sign_checkpoint(room.now());
  CHECK(room.newest() == Checkpoint{room.key().name(), 0, merkle_empty_root(), {}});
  CHECK(room.log.prove_consistency(0, 0) == ConsistencyProof{0, 0, {}});
}

TEST_CASE("all facts of an entry are proven against the newest checkpoint, a second call too") {
  LogRoom room;
  room.append(three_fans(room));
  room.log.sign_checkpoint(room.now());
  CHECK(LogRoom::names_of(room.log.prove_entry(room.entry(FanId{0}))) ==
        Names{"joined", "drawn", "called"});
  CHECK(LogRoom::names_of(room.log.prove_entry(room.entry(FanId{1}))) == Names{"joined", "drawn"});
  ++room.sequence;
  room.append({room.note(FactKind::kCalled, FanId{0})});
  // Not signed yet: readers are told what the checkpoint covers, no more.
  CHECK(room.log.prove_entry(room.entry(FanId{0})).facts.size() == 3);
  room.log.sign_checkpoint(room.now());
  CHECK(LogRoom::names_of(room.log.prove_entry(room.entry(FanId{0}))) ==
        Names{"joined", "drawn", "called", "called"});
  for (const FanId fan : {FanId{0}, FanId{1}, FanId{2}}) {
    const Verdict verdict = check_evidence(room.evidence_of(fan), room.key());
    for (const Step& step : verdict.steps) INFO(step.name << ": " << step.detail);
    CHECK(verdict.passed());
  }
}

TEST_CASE("an entry is pending until a checkpoint covers it, and unknown where there is none") {
  LogRoom room;
  room.log.sign_checkpoint(room.now());
  const Bytes16 entry = test::bytes_of(0);
  CHECK(room.log.prove_entry(entry).state == State::kUnknown);
  const FactNote joined = room.join();
  CHECK(room.log.prove_entry(entry).state == State::kPending);  // still on its way to the log
  room.append({joined});
  CHECK(room.log.prove_entry(entry).state == State::kPending);
  CHECK(room.log.leaves() == 1);
  room.log.sign_checkpoint(room.now());
  CHECK(room.log.prove_entry(entry).state == State::kProven);
  CHECK(room.log.prove_entry(test::bytes_of(1)).state == State::kUnknown);
}

TEST_CASE("a receipt is the log's leaf byte for byte, before it is there and ever after") {
  LogRoom room;
  const FactNote joined = room.join(3);
  const auto before = room.log.sign_receipt_of(FanId{0});
  REQUIRE(before.has_value());
  CHECK(before->leaf == room.leaf_of(joined));
  CHECK(before->tier == 3);
  CHECK(receipt_is_signed_by(*before, room.key().public_key()));
  room.append({joined});
  CHECK(room.log.sign_receipt_of(FanId{0}) == before);
  // Another tier that the fan is given later is not the one of joining.
  FanView view = *room.published.read_fan(FanId{0});
  view.tier = 255;
  room.published.write_fan(FanId{0}, view);
  CHECK(room.log.sign_receipt_of(FanId{0}) == before);
  room.log.sign_checkpoint(room.now());
  CHECK(check_evidence(room.evidence_of(FanId{0}), room.key()).passed());
  CHECK_FALSE(room.log.sign_receipt_of(FanId{1}).has_value());
}

TEST_CASE("consistency is shown between sizes up to the newest checkpoint and no further") {
  LogRoom room;
  const auto notes = three_fans(room);
  room.append({notes.begin(), notes.begin() + 3});
  room.log.sign_checkpoint(room.now());
  const Checkpoint older = room.newest();
  room.append({notes.begin() + 3, notes.end()});
  CHECK_FALSE(room.log.prove_consistency(3, 8).has_value());
  CHECK_FALSE(room.log.prove_consistency(3, 2).has_value());
  room.log.sign_checkpoint(room.now());
  const auto proof = room.log.prove_consistency(3, 8);
  REQUIRE(proof.has_value());
  CHECK(verify_consistency(*proof, older.root, room.newest().root));
  CHECK_FALSE(room.log.prove_consistency(3, 9).has_value());
}

TEST_CASE("the log can be read from all sides while it grows") {
  LogRoom room;
  std::vector<FactNote> notes;
  for (int n = 0; n < 3'000; ++n) notes.push_back(room.join());
  room.log.sign_checkpoint(room.now());
  std::atomic<bool> done{false};
  std::atomic<std::size_t> proven{0}, wrong{0};
  const auto read = [&](std::uint32_t seed) {
    std::mt19937 random(seed);
    auto older = *open_checkpoint(room.log.checkpoint()->note, room.key()).checkpoint;
    while (!done.load() || proven.load() == 0) {
      const FanId fan{static_cast<std::uint32_t>(random() % notes.size())};
      const EntryProof proof = room.log.prove_entry(room.entry(fan));
      const auto newer = open_checkpoint(proof.checkpoint->note, room.key());
      if (!newer.checkpoint || newer.checkpoint->size < older.size) ++wrong;
      for (const auto& fact : proof.facts) {
        const bool good = verify_inclusion(merkle_leaf(fact.logged.leaf), fact.logged.inclusion,
                                           newer.checkpoint->root);
        ++(good ? proven : wrong);
      }
      const auto consistency = room.log.prove_consistency(older.size, newer.checkpoint->size);
      if (!consistency || !verify_consistency(*consistency, older.root, newer.checkpoint->root))
        ++wrong;
      older = *newer.checkpoint;
    }
  };
  std::thread readers[] = {std::thread(read, 1), std::thread(read, 2)};
  for (std::size_t n = 0; n < notes.size(); ++n) {
    room.log.append({&notes[n], 1});
    if (n % 100 == 99) room.log.sign_checkpoint(room.now());
  }
  done.store(true);
  for (auto& reader : readers) reader.join();
  CHECK(wrong.load() == 0);
  CHECK(proven.load() > 0);
  CHECK(room.newest().root == room.root_of(notes));
}
