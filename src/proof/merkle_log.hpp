// An append-only RFC 6962 tree that keeps every complete node: 64 bytes a leaf, proofs without
// hashing a leaf again. One thread appends; any number of threads read meanwhile.
//
// Nodes lie in one sequence in the order in which they become complete: a leaf, then each subtree
// that this leaf fills up. The sequence is cut into chunks, each as large as all before it, that
// never move. The appender writes behind the published size and then moves it (release); a reader
// takes the size (acquire) and looks at nothing behind it. So neither ever waits.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "frontrow/round_definition.hpp"
#include "proof/log_proof.hpp"

namespace frontrow::proof {

class MerkleLog {
 public:
  /// A leaf past it is our mistake: a round's facts stay far below.
  static constexpr std::uint64_t leaves_max = std::uint64_t{1} << 31;

  MerkleLog() = default;
  MerkleLog(const MerkleLog&) = delete;
  MerkleLog& operator=(const MerkleLog&) = delete;

  // --- the appending thread ---

  /// Adds a leaf by its hash (`merkle_leaf` of its data) and returns its index. Readers see it
  /// after the next `publish`.
  std::uint64_t append(const Bytes32& leaf_hash);
  /// Shows all leaves so far to the readers: call it once they are durable.
  void publish() { published_.store(appended_, std::memory_order_release); }
  /// Leaves so far, whether shown or not.
  std::uint64_t appended() const { return appended_; }

  // --- any thread ---

  /// Leaves that readers may ask for; never falls.
  std::uint64_t size() const { return published_.load(std::memory_order_acquire); }
  /// Each of these: nothing where the question reaches past `size()` or is out of order.
  std::optional<Bytes32> leaf(std::uint64_t index) const;
  std::optional<Bytes32> root(std::uint64_t size) const;
  std::optional<InclusionProof> prove_inclusion(std::uint64_t index, std::uint64_t size) const;
  std::optional<ConsistencyProof> prove_consistency(std::uint64_t from, std::uint64_t to) const;

 private:
  static constexpr int first_chunk_bits = 12;
  static constexpr std::size_t first_chunk_nodes = std::size_t{1} << first_chunk_bits;
  static constexpr int levels = 32;
  static constexpr std::size_t chunks = 33 - first_chunk_bits;

  /// A chunk and a place in it.
  struct Place {
    std::size_t chunk;
    std::size_t offset;
  };
  static Place place_of(std::uint64_t position);

  /// The complete subtree number `node` (from 0) of 2^`level` leaves.
  const Bytes32& complete(int level, std::uint64_t node) const;
  /// RFC 6962's MTH over the leaves of [begin, end), a range that its splitting yields.
  Bytes32 hash_of(std::uint64_t begin, std::uint64_t end) const;
  void push(const Bytes32& node);

  // Slots of chunks are written once, before the size that makes them reachable is published.
  std::array<std::unique_ptr<Bytes32[]>, chunks> chunks_;
  std::uint64_t appended_ = 0;
  std::uint64_t nodes_ = 0;
  /// At each level the complete subtree that waits for its right neighbour, if one does.
  std::array<Bytes32, levels> waiting_{};

  // On a line of its own: readers look at it all the time, the appender writes beside it.
  alignas(64) std::atomic<std::uint64_t> published_{0};
};

}  // namespace frontrow::proof
