// Proofs about the log as values, and their hashes as text. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "frontrow/round_definition.hpp"

namespace frontrow::proof {

/// Hashes that any proof can need: a tree of 2^64 leaves is 64 levels high, and a consistency
/// proof has one more. A longer one is refused unread.
inline constexpr std::size_t proof_nodes_max = 65;

/// RFC 6962 section 2.1.1: leaf `index` (from 0) is in the tree of the first `size` leaves.
struct InclusionProof {
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  std::vector<Bytes32> nodes;  ///< From the leaf's sibling up to the root's child.
  friend bool operator==(const InclusionProof&, const InclusionProof&) = default;
};

/// RFC 6962 section 2.1.2: the tree of the first `to` leaves begins with the tree of the first
/// `from`. For equal sizes, and for `from` 0, there is nothing to show and no node.
struct ConsistencyProof {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::vector<Bytes32> nodes;
  friend bool operator==(const ConsistencyProof&, const ConsistencyProof&) = default;
};

/// Base64 (standard, padded), one text a hash.
std::vector<std::string> nodes_to_text(std::span<const Bytes32> nodes);
/// Strict; nothing on more than `proof_nodes_max` or on a text that is not 32 bytes.
std::optional<std::vector<Bytes32>> nodes_from_text(std::span<const std::string> texts);

}  // namespace frontrow::proof
