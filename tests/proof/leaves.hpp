// Leaves for tests, all different, the same in every run.
#pragma once

#include <string>
#include <vector>

#include "base/digest.hpp"
#include "proof/merkle_log.hpp"

namespace frontrow::proof {

inline std::vector<Bytes32> make_leaves(std::size_t count, const std::string& kind = "leaf") {
  std::vector<Bytes32> leaves;
  for (std::size_t n = 0; n < count; ++n)
    leaves.push_back(merkle_leaf(as_bytes(kind + " " + std::to_string(n))));
  return leaves;
}

inline void append_all(MerkleLog& log, const std::vector<Bytes32>& leaves) {
  for (const auto& leaf : leaves) log.append(leaf);
  log.publish();
}

/// Calls `use` with each copy of `value` in which one bit differs.
template <class Use>
void for_each_flipped_bit(const Bytes32& value, const Use& use) {
  for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
    Bytes32 changed = value;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << bit % 8));
    use(changed);
  }
}

}  // namespace frontrow::proof
