#include "audit/draw_steps.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace frontrow::audit {
namespace {

constexpr std::uint8_t leaf_prefix[] = {0x00};
constexpr std::uint8_t node_prefix[] = {0x01};

/// RFC 6962, section 2.1, word for word: the left half is the largest power of two below the size.
Bytes32 tree_hash(const std::vector<std::array<std::uint8_t, 17>>& leaves, std::size_t first,
                  std::size_t count) {
  if (count == 0) return sha256(ByteView{});
  if (count == 1) return sha256({ByteView(leaf_prefix), ByteView(leaves[first])});
  const std::size_t left = std::bit_ceil(count) / 2;
  const Bytes32 left_hash = tree_hash(leaves, first, left);
  const Bytes32 right_hash = tree_hash(leaves, first + left, count - left);
  return sha256({ByteView(node_prefix), ByteView(left_hash), ByteView(right_hash)});
}

}  // namespace

Problem root_problem(const std::vector<PublicEntry>& entries, const Bytes32& root) {
  std::vector<std::array<std::uint8_t, 17>> leaves;
  leaves.reserve(entries.size());
  for (const PublicEntry& entry : entries) {
    auto& leaf = leaves.emplace_back();
    std::copy(entry.entry.begin(), entry.entry.end(), leaf.begin());
    leaf[16] = entry.tier;
  }
  std::sort(leaves.begin(), leaves.end());
  const auto same_entry = [](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.begin() + 16, b.begin());
  };
  const auto twice = std::adjacent_find(leaves.begin(), leaves.end(), same_entry);
  if (twice != leaves.end())
    return "entry " + to_hex(ByteView(twice->data(), 16)) + " is there twice";
  const Bytes32 expected = tree_hash(leaves, 0, leaves.size());
  if (expected == root) return {};
  return "the tree hash of the entries is " + to_hex(expected);
}

Problem beacon_problem(const std::optional<Bytes32>& beacon,
                       const std::vector<std::uint8_t>& signature) {
  if (!beacon) {
    if (signature.empty()) return {};
    return "there is a signature, but no beacon";
  }
  if (signature.empty()) return "the beacon has no signature";
  const Bytes32 expected = sha256(signature);
  if (expected == *beacon) return {};
  return "SHA-256 of its signature is " + to_hex(expected);
}

Problem rank_problem(const std::vector<PublicEntry>& entries, const Bytes32& seed,
                     std::uint64_t first) {
  struct Drawn {
    std::uint8_t tier = 0;
    Bytes32 key{};
    const PublicEntry* entry = nullptr;
  };
  std::vector<Drawn> order;
  order.reserve(entries.size());
  for (const PublicEntry& entry : entries)
    order.push_back({entry.tier, hmac_sha256(seed, entry.entry), &entry});
  std::sort(order.begin(), order.end(), [](const Drawn& a, const Drawn& b) {
    return std::tie(a.tier, a.key) < std::tie(b.tier, b.key);
  });
  for (std::size_t n = 0; n < order.size(); ++n) {
    if (order[n].entry->rank == first + n) continue;
    return "entry " + to_hex(order[n].entry->entry) + " has rank " +
           std::to_string(order[n].entry->rank) + ", the draw gives it " +
           std::to_string(first + n);
  }
  return {};
}

}  // namespace frontrow::audit
