#include "proof/merkle_log.hpp"

#include <algorithm>
#include <bit>

#include "base/assert.hpp"
#include "proof/tree_hash.hpp"

namespace frontrow::proof {
namespace {

/// RFC 6962's k: the largest power of two below `width`, which is at least 2.
std::uint64_t split_of(std::uint64_t width) { return std::bit_floor(width - 1); }

}  // namespace

MerkleLog::Place MerkleLog::place_of(std::uint64_t position) {
  // Chunk c holds first_chunk_nodes << c nodes, so a position moved up by the first chunk's size
  // has the chunk in its highest bit and the offset in the rest.
  const std::uint64_t moved = position + first_chunk_nodes;
  const int bits = static_cast<int>(std::bit_width(moved)) - 1;
  return {static_cast<std::size_t>(bits - first_chunk_bits), moved ^ (std::uint64_t{1} << bits)};
}

void MerkleLog::push(const Bytes32& node) {
  const Place place = place_of(nodes_++);
  if (place.offset == 0) {
    // Left unwritten: pages that are not reached cost no memory.
    chunks_[place.chunk] =
        std::make_unique_for_overwrite<Bytes32[]>(first_chunk_nodes << place.chunk);
  }
  chunks_[place.chunk][place.offset] = node;
}

std::uint64_t MerkleLog::append(const Bytes32& leaf_hash) {
  FRONTROW_ASSERT(appended_ < leaves_max);
  const std::uint64_t index = appended_++;
  Bytes32 hash = leaf_hash;
  push(hash);
  // Each one bit at the end of the index is a left neighbour that this leaf completes.
  std::size_t level = 0;
  for (; (index >> level & 1) != 0; ++level) {
    hash = merkle_node(waiting_[level], hash);
    push(hash);
  }
  waiting_[level] = hash;
  return index;
}

const Bytes32& MerkleLog::complete(int level, std::uint64_t node) const {
  // Before leaf n there are n leaves and n - popcount(n) larger subtrees; the subtrees that its
  // last leaf fills up follow that leaf, smallest first.
  const std::uint64_t last_leaf = ((node + 1) << level) - 1;
  const std::uint64_t before = 2 * last_leaf - static_cast<std::uint64_t>(std::popcount(last_leaf));
  const Place place = place_of(before + static_cast<std::uint64_t>(level));
  return chunks_[place.chunk][place.offset];
}

Bytes32 MerkleLog::hash_of(std::uint64_t begin, std::uint64_t end) const {
  // The range is complete subtrees of falling size, one for each bit of its width; they are
  // folded from the smallest, which is the last.
  std::uint64_t width = end - begin;
  int level = std::countr_zero(width);
  Bytes32 hash = complete(level, (end - 1) >> level);
  end -= std::uint64_t{1} << level;
  width &= width - 1;
  while (width != 0) {
    level = std::countr_zero(width);
    hash = merkle_node(complete(level, (end - 1) >> level), hash);
    end -= std::uint64_t{1} << level;
    width &= width - 1;
  }
  return hash;
}

std::optional<Bytes32> MerkleLog::leaf(std::uint64_t index) const {
  if (index >= size()) return std::nullopt;
  return complete(0, index);
}

std::optional<Bytes32> MerkleLog::root(std::uint64_t tree_size) const {
  if (tree_size > size()) return std::nullopt;
  return tree_size == 0 ? merkle_empty_root() : hash_of(0, tree_size);
}

std::optional<InclusionProof> MerkleLog::prove_inclusion(std::uint64_t index,
                                                         std::uint64_t tree_size) const {
  if (tree_size > size() || index >= tree_size) return std::nullopt;
  InclusionProof proof{index, tree_size, {}};
  // From the root down to the leaf; the proof is told the other way round.
  std::uint64_t begin = 0;
  std::uint64_t end = tree_size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + split_of(end - begin);
    if (index < middle) {
      proof.nodes.push_back(hash_of(middle, end));
      end = middle;
    } else {
      proof.nodes.push_back(hash_of(begin, middle));
      begin = middle;
    }
  }
  std::reverse(proof.nodes.begin(), proof.nodes.end());
  return proof;
}

std::optional<ConsistencyProof> MerkleLog::prove_consistency(std::uint64_t from,
                                                             std::uint64_t to) const {
  if (to > size() || from > to) return std::nullopt;
  ConsistencyProof proof{from, to, {}};
  if (from == 0 || from == to) return proof;
  // From the root down to the subtree at which the older tree ends.
  std::uint64_t begin = 0;
  std::uint64_t end = to;
  while (end != from) {
    const std::uint64_t middle = begin + split_of(end - begin);
    if (from <= middle) {
      proof.nodes.push_back(hash_of(middle, end));
      end = middle;
    } else {
      proof.nodes.push_back(hash_of(begin, middle));
      begin = middle;
    }
  }
  // A subtree that begins at 0 is the whole older tree: the verifier has its root.
  if (begin != 0) proof.nodes.push_back(hash_of(begin, end));
  std::reverse(proof.nodes.begin(), proof.nodes.end());
  return proof;
}

}  // namespace frontrow::proof
