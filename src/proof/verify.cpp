#include "proof/verify.hpp"

#include <bit>

#include "proof/tree_hash.hpp"

namespace frontrow::proof {
namespace {

bool odd(std::uint64_t number) { return (number & 1) != 0; }

/// Where the walk from a leaf to the root stands: `node` is the place of the subtree at hand in
/// its level, `last` that of the level's last one.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;

  bool at_root() const { return last == 0; }
  /// The next hash of the proof stands to the left of the subtree at hand. On the right edge of
  /// the tree that is so wherever the path is not cut short.
  bool sibling_is_left() const { return odd(node) || node == last; }
  void up() {
    node >>= 1;
    last >>= 1;
  }
  /// Levels at which the right edge has no sibling are no part of the proof.
  void skip_levels_without_sibling() {
    while (!odd(node) && node != 0) up();
  }
};

}  // namespace

bool verify_inclusion(const Bytes32& leaf_hash, const InclusionProof& proof, const Bytes32& root) {
  if (proof.index >= proof.size || proof.nodes.size() > proof_nodes_max) return false;
  Climb climb{proof.index, proof.size - 1};
  Bytes32 hash = leaf_hash;
  for (const auto& sibling : proof.nodes) {
    if (climb.at_root()) return false;
    if (climb.sibling_is_left()) {
      hash = merkle_node(sibling, hash);
      climb.skip_levels_without_sibling();
    } else {
      hash = merkle_node(hash, sibling);
    }
    climb.up();
  }
  return climb.at_root() && hash == root;
}

bool verify_consistency(const ConsistencyProof& proof, const Bytes32& from_root,
                        const Bytes32& to_root) {
  if (proof.from > proof.to || proof.nodes.size() > proof_nodes_max) return false;
  if (proof.from == proof.to) {
    if (proof.from == 0 && from_root != merkle_empty_root()) return false;
    return proof.nodes.empty() && from_root == to_root;
  }
  if (proof.from == 0) return proof.nodes.empty() && from_root == merkle_empty_root();
  if (proof.nodes.empty()) return false;

  // Where the older tree is one complete subtree, its root is the first hash and is left out.
  const bool older_is_complete = std::has_single_bit(proof.from);
  const auto first = older_is_complete ? proof.nodes.begin() : proof.nodes.begin() + 1;
  Bytes32 older = older_is_complete ? from_root : proof.nodes.front();
  Bytes32 newer = older;

  Climb climb{proof.from - 1, proof.to - 1};
  while (odd(climb.node)) climb.up();
  for (auto sibling = first; sibling != proof.nodes.end(); ++sibling) {
    if (climb.at_root()) return false;
    if (climb.sibling_is_left()) {
      older = merkle_node(*sibling, older);
      newer = merkle_node(*sibling, newer);
      climb.skip_levels_without_sibling();
    } else {
      newer = merkle_node(newer, *sibling);
    }
    climb.up();
  }
  return climb.at_root() && older == from_root && newer == to_root;
}

}  // namespace frontrow::proof
