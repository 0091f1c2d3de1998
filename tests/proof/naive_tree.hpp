// The definitions of RFC 6962 section 2.1 as they stand there: recursive, over all leaves, slow.
// The oracle for the log.
#pragma once

#include <span>
#include <vector>

#include "base/digest.hpp"

namespace frontrow::proof::naive {

using Leaves = std::span<const Bytes32>;  // hashes of leaves

inline Bytes32 node(const Bytes32& left, const Bytes32& right) {
  std::vector<std::uint8_t> bytes{0x01};
  bytes.insert(bytes.end(), left.begin(), left.end());
  bytes.insert(bytes.end(), right.begin(), right.end());
  return sha256(bytes);
}

inline std::size_t split(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

inline Bytes32 root(Leaves leaves) {
  if (leaves.empty()) return sha256(ByteView{});
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = split(leaves.size());
  return node(root(leaves.first(k)), root(leaves.subspan(k)));
}

inline std::vector<Bytes32> path(std::size_t m, Leaves leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = split(leaves.size());
  const bool left = m < k;
  auto result = left ? path(m, leaves.first(k)) : path(m - k, leaves.subspan(k));
  result.push_back(left ? root(leaves.subspan(k)) : root(leaves.first(k)));
  return result;
}

inline std::vector<Bytes32> subproof(std::size_t m, Leaves leaves, bool whole) {
  if (m == leaves.size()) {
    if (whole) return {};
    return {root(leaves)};
  }
  const std::size_t k = split(leaves.size());
  const bool left = m <= k;
  auto result =
      left ? subproof(m, leaves.first(k), whole) : subproof(m - k, leaves.subspan(k), false);
  result.push_back(left ? root(leaves.subspan(k)) : root(leaves.first(k)));
  return result;
}

inline std::vector<Bytes32> consistency(std::size_t m, Leaves leaves) {
  return subproof(m, leaves, true);
}

}  // namespace frontrow::proof::naive
