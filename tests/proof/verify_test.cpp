#include "proof/verify.hpp"

#include <catch2/catch.hpp>

#include "leaves.hpp"
#include "naive_tree.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

constexpr std::size_t size_max = 40;

struct Tree {
  Tree() : leaves(make_leaves(size_max)) {
    append_all(log, leaves);
    for (std::size_t size = 0; size <= size_max; ++size) roots.push_back(*log.root(size));
  }
  std::vector<Bytes32> leaves;
  MerkleLog log;
  std::vector<Bytes32> roots;
};

}  // namespace

TEST_CASE("an inclusion proof with one bit changed in leaf, root or node is refused") {
  const Tree tree;
  std::size_t accepted = 0;
  for (const std::size_t size : {1U, 2U, 3U, 5U, 8U, 13U, 31U, 40U}) {
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = *tree.log.prove_inclusion(index, size);
      const Bytes32 root = tree.roots[size];
      REQUIRE(verify_inclusion(tree.leaves[index], proof, root));
      for_each_flipped_bit(tree.leaves[index], [&](const Bytes32& changed) {
        accepted += verify_inclusion(changed, proof, root) ? 1 : 0;
      });
      for_each_flipped_bit(root, [&](const Bytes32& changed) {
        accepted += verify_inclusion(tree.leaves[index], proof, changed) ? 1 : 0;
      });
      for (std::size_t n = 0; n < proof.nodes.size(); ++n) {
        for_each_flipped_bit(proof.nodes[n], [&](const Bytes32& changed) {
          auto changed_proof = proof;
          changed_proof.nodes[n] = changed;
          accepted += verify_inclusion(tree.leaves[index], changed_proof, root) ? 1 : 0;
        });
      }
    }
  }
  CHECK(accepted == 0);
}

TEST_CASE("an inclusion proof for another index is refused") {
  const Tree tree;
  std::size_t accepted = 0;
  for (std::size_t size = 1; size <= size_max; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      auto proof = *tree.log.prove_inclusion(index, size);
      for (std::uint64_t other = 0; other < 2 * size_max; ++other) {
        if (other == index) continue;
        proof.index = other;
        accepted += verify_inclusion(tree.leaves[index], proof, tree.roots[size]) ? 1 : 0;
      }
      for (int bit = 0; bit < 64; ++bit) {
        proof.index = index ^ std::uint64_t{1} << bit;
        accepted += verify_inclusion(tree.leaves[index], proof, tree.roots[size]) ? 1 : 0;
      }
    }
  }
  CHECK(accepted == 0);
}

TEST_CASE("an inclusion proof with a node more, a node less or two exchanged is refused") {
  const Tree tree;
  for (std::size_t size = 1; size <= size_max; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      const auto proof = *tree.log.prove_inclusion(index, size);
      const auto refused = [&](InclusionProof changed) {
        return !verify_inclusion(tree.leaves[index], changed, tree.roots[size]);
      };
      auto longer = proof;
      longer.nodes.push_back(tree.roots[size]);
      CHECK(refused(longer));
      if (proof.nodes.empty()) continue;
      auto shorter = proof;
      shorter.nodes.pop_back();
      CHECK(refused(shorter));
      if (proof.nodes.size() < 2) continue;
      auto exchanged = proof;
      std::swap(exchanged.nodes[0], exchanged.nodes[1]);
      CHECK(refused(exchanged));
    }
  }
}

TEST_CASE("a proof that is longer than its tree is high is refused, even where its hashes fit") {
  const Tree tree;
  // Leaf 1 of two, given out for the only leaf of a tree of one with the same root.
  CHECK(verify_inclusion(tree.leaves[1], {1, 2, {tree.leaves[0]}}, tree.roots[2]));
  CHECK_FALSE(verify_inclusion(tree.leaves[1], {0, 1, {tree.leaves[0]}}, tree.roots[2]));
  const auto proof = *tree.log.prove_inclusion(7, 8);
  CHECK(verify_inclusion(tree.leaves[7], proof, tree.roots[8]));
  CHECK_FALSE(verify_inclusion(tree.leaves[7], {3, 4, proof.nodes}, tree.roots[8]));
  CHECK_FALSE(verify_inclusion(tree.leaves[7], {1, 2, proof.nodes}, tree.roots[8]));
}

TEST_CASE("a node of the tree cannot be passed off as a leaf") {
  const Tree tree;
  // Leaves 0 and 1 of a tree of 4: their parent stands one level up, as a leaf would in a tree
  // of 2.
  const Bytes32 parent = *tree.log.root(2);
  const auto upper = tree.log.prove_inclusion(0, 4)->nodes.back();
  // The hash alone fits; what keeps it out is that no data has it as its leaf hash.
  CHECK(verify_inclusion(parent, {0, 2, {upper}}, tree.roots[4]));
  std::vector<std::uint8_t> data(tree.leaves[0].begin(), tree.leaves[0].end());
  data.insert(data.end(), tree.leaves[1].begin(), tree.leaves[1].end());
  CHECK_FALSE(verify_inclusion(merkle_leaf(data), {0, 2, {upper}}, tree.roots[4]));
  data.insert(data.begin(), 0x01);
  CHECK_FALSE(verify_inclusion(merkle_leaf(data), {0, 2, {upper}}, tree.roots[4]));
}

TEST_CASE("a consistency proof with one bit changed in a root or node is refused") {
  const Tree tree;
  std::size_t accepted = 0;
  for (const std::size_t to : {1U, 2U, 3U, 7U, 8U, 13U, 40U}) {
    for (std::size_t from = 0; from <= to; ++from) {
      const auto proof = *tree.log.prove_consistency(from, to);
      const Bytes32 old_root = tree.roots[from];
      const Bytes32 new_root = tree.roots[to];
      REQUIRE(verify_consistency(proof, old_root, new_root));
      for_each_flipped_bit(old_root, [&](const Bytes32& changed) {
        accepted += verify_consistency(proof, changed, new_root) ? 1 : 0;
      });
      // Of the empty tree every tree is a continuation: there the newer root is not looked at.
      if (from == 0) continue;
      for_each_flipped_bit(new_root, [&](const Bytes32& changed) {
        accepted += verify_consistency(proof, old_root, changed) ? 1 : 0;
      });
      for (std::size_t n = 0; n < proof.nodes.size(); ++n) {
        for_each_flipped_bit(proof.nodes[n], [&](const Bytes32& changed) {
          auto changed_proof = proof;
          changed_proof.nodes[n] = changed;
          accepted += verify_consistency(changed_proof, old_root, new_root) ? 1 : 0;
        });
      }
    }
  }
  CHECK(accepted == 0);
}

TEST_CASE("a consistency proof with a node more or less, or with sizes out of order, is refused") {
  const Tree tree;
  for (std::size_t to = 1; to <= size_max; ++to) {
    for (std::size_t from = 0; from <= to; ++from) {
      CAPTURE(from, to);
      const auto proof = *tree.log.prove_consistency(from, to);
      auto longer = proof;
      longer.nodes.push_back(tree.roots[to]);
      CHECK_FALSE(verify_consistency(longer, tree.roots[from], tree.roots[to]));
      if (!proof.nodes.empty()) {
        auto shorter = proof;
        shorter.nodes.pop_back();
        CHECK_FALSE(verify_consistency(shorter, tree.roots[from], tree.roots[to]));
      }
      if (from < to)
        CHECK_FALSE(verify_consistency({to, from, proof.nodes}, tree.roots[to], tree.roots[from]));
    }
  }
}

TEST_CASE("proofs with absurd sizes are refused without harm") {
  const Tree tree;
  const std::uint64_t huge = ~std::uint64_t{0};
  const std::vector<Bytes32> many(proof_nodes_max + 1, tree.roots[1]);
  CHECK_FALSE(verify_inclusion(tree.leaves[0], {0, 0, {}}, tree.roots[0]));
  CHECK_FALSE(verify_inclusion(tree.leaves[0], {huge, huge, {}}, tree.roots[1]));
  CHECK_FALSE(verify_inclusion(tree.leaves[0], {huge - 1, huge, {}}, tree.roots[1]));
  CHECK_FALSE(verify_inclusion(tree.leaves[0], {0, huge, many}, tree.roots[1]));
  CHECK_FALSE(verify_consistency({huge - 1, huge, {}}, tree.roots[1], tree.roots[1]));
  CHECK_FALSE(verify_consistency({1, huge, many}, tree.roots[1], tree.roots[1]));
  CHECK_FALSE(verify_consistency({std::uint64_t{1} << 63, huge, {tree.roots[1]}}, tree.roots[1],
                                 tree.roots[1]));
  CHECK_FALSE(verify_consistency({0, 0, {}}, tree.roots[1], tree.roots[1]));
}

TEST_CASE("a log rewritten from the middle is consistent with the old one only up to there") {
  constexpr std::size_t kept = 17;
  const auto original = make_leaves(size_max);
  auto rewritten = original;
  for (std::size_t n = kept; n < size_max; ++n)
    rewritten[n] = merkle_leaf(as_bytes("rewritten " + std::to_string(n)));
  // One leaf in the middle is enough, however much of the end is the same.
  auto one_changed = original;
  one_changed[kept] = rewritten[kept];

  for (const auto& other_leaves : {rewritten, one_changed}) {
    MerkleLog log, other;
    append_all(log, original);
    append_all(other, other_leaves);
    for (std::size_t from = 1; from <= size_max; ++from) {
      for (std::size_t to = from; to <= size_max; ++to) {
        CAPTURE(from, to);
        // The best that the rewriter can offer: the proofs of either log between those sizes.
        const auto from_root = *log.root(from);
        const auto to_root = *other.root(to);
        const bool theirs =
            verify_consistency(*other.prove_consistency(from, to), from_root, to_root);
        const bool ours = verify_consistency(*log.prove_consistency(from, to), from_root, to_root);
        CHECK(theirs == (from <= kept));
        CHECK(ours == (to <= kept));
      }
    }
  }
}

TEST_CASE("a proof's hashes come back from their text, and nothing but hashes does") {
  const auto leaves = make_leaves(3);
  auto texts = nodes_to_text(leaves);
  CHECK(texts.size() == 3);
  CHECK(nodes_from_text(texts) == leaves);
  CHECK(nodes_from_text({}) == std::vector<Bytes32>{});
  for (const std::string bad : {"", "AA==", "!", "AAAA"}) {
    auto changed = texts;
    changed[1] = bad;
    CHECK_FALSE(nodes_from_text(changed).has_value());
  }
  auto unpadded = texts;
  unpadded[2].pop_back();
  CHECK_FALSE(nodes_from_text(unpadded).has_value());
  CHECK_FALSE(nodes_from_text(std::vector<std::string>(proof_nodes_max + 1, texts[0])).has_value());
}
