#include "audit/draw_verifier.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace frontrow::audit {
namespace {

using namespace std::string_view_literals;
using Failure = std::optional<DrawVerdict::Failure>;

constexpr std::string_view algorithm_name = "frontrow/draw/v1";
constexpr std::string_view seed_label = "frontrow/draw/v1\0"sv;
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

Failure check_algorithm(const DrawFile& file) {
  if (file.algorithm.empty() || file.algorithm == algorithm_name) return {};
  return {{"algorithm", "the file follows \"" + file.algorithm + "\", this program knows " +
                            std::string(algorithm_name)}};
}

Failure check_commitment(const DrawFile& file) {
  if (sha256(file.secret) == file.commitment) return {};
  return {{"commitment", "SHA-256 of the secret is " + to_hex(sha256(file.secret))}};
}

Failure check_count(const DrawFile& file) {
  if (file.entries.size() == file.count) return {};
  return {{"count", "the file says " + std::to_string(file.count) + " and lists " +
                        std::to_string(file.entries.size()) + " entries"}};
}

Failure check_root(const DrawFile& file) {
  std::vector<std::array<std::uint8_t, 17>> leaves;
  leaves.reserve(file.entries.size());
  for (const PublicEntry& entry : file.entries) {
    auto& leaf = leaves.emplace_back();
    std::copy(entry.entry.begin(), entry.entry.end(), leaf.begin());
    leaf[16] = entry.tier;
  }
  std::sort(leaves.begin(), leaves.end());
  const auto same_entry = [](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.begin() + 16, b.begin());
  };
  const auto twice = std::adjacent_find(leaves.begin(), leaves.end(), same_entry);
  if (twice != leaves.end()) {
    return {{"lobby_root", "entry " + to_hex(ByteView(twice->data(), 16)) + " is there twice"}};
  }
  const Bytes32 root = tree_hash(leaves, 0, leaves.size());
  if (root == file.lobby_root) return {};
  return {{"lobby_root", "the tree hash of the entries is " + to_hex(root)}};
}

Failure check_beacon(const DrawFile& file) {
  if (!file.beacon) {
    if (file.beacon_signature.empty()) return {};
    return {{"beacon", "there is a signature, but no beacon"}};
  }
  if (file.beacon_signature.empty()) return {{"beacon", "the beacon has no signature"}};
  const Bytes32 expected = sha256(file.beacon_signature);
  if (expected == *file.beacon) return {};
  return {{"beacon", "SHA-256 of its signature is " + to_hex(expected)}};
}

Failure check_seed(const DrawFile& file) {
  const ByteView beacon = file.beacon ? ByteView(*file.beacon) : ByteView{};
  const Bytes32 seed =
      sha256({as_bytes(seed_label), ByteView(file.secret), ByteView(file.lobby_root), beacon});
  if (seed == file.seed) return {};
  return {{"seed", "label, secret, root and beacon give " + to_hex(seed)}};
}

Failure check_ranks(const DrawFile& file) {
  struct Drawn {
    std::uint8_t tier = 0;
    Bytes32 key{};
    const PublicEntry* entry = nullptr;
  };
  std::vector<Drawn> order;
  order.reserve(file.entries.size());
  for (const PublicEntry& entry : file.entries) {
    order.push_back({entry.tier, hmac_sha256(file.seed, entry.entry), &entry});
  }
  std::sort(order.begin(), order.end(), [](const Drawn& a, const Drawn& b) {
    return std::tie(a.tier, a.key) < std::tie(b.tier, b.key);
  });
  for (std::size_t n = 0; n < order.size(); ++n) {
    if (order[n].entry->rank == n + 1) continue;
    return {{"ranks", "entry " + to_hex(order[n].entry->entry) + " has rank " +
                          std::to_string(order[n].entry->rank) + ", the draw gives it " +
                          std::to_string(n + 1)}};
  }
  return {};
}

std::vector<std::string> remarks_on(const DrawFile& file) {
  std::vector<std::string> remarks;
  if (!file.beacon) {
    const std::string why =
        file.beacon_round
            ? "the named beacon, round " + std::to_string(*file.beacon_round) + ", was not used"
            : "the round names no beacon";
    remarks.push_back("drawn without a beacon (" + why +
                      "): the operator could have chosen the result");
  } else if (!file.beacon_round) {
    remarks.push_back(
        "the file does not name the beacon's round: unless it was public before the lobby opened, "
        "the operator could have chosen the result");
  } else {
    const std::string chain = file.beacon_chain.empty() ? "" : " of chain " + file.beacon_chain;
    remarks.push_back("compare the beacon with drand round " + std::to_string(*file.beacon_round) +
                      chain +
                      " at any relay: that the signature is drand's own is not checked here");
  }
  return remarks;
}

}  // namespace

DrawVerdict verify_draw(const DrawFile& file) {
  using Check = Failure (*)(const DrawFile&);
  static constexpr std::pair<const char*, Check> steps[] = {
      {"algorithm", check_algorithm}, {"commitment", check_commitment}, {"count", check_count},
      {"lobby_root", check_root},     {"beacon", check_beacon},         {"seed", check_seed},
      {"ranks", check_ranks},
  };
  DrawVerdict verdict;
  for (const auto& [name, check] : steps) {
    verdict.failure = check(file);
    if (verdict.failure) return verdict;
    verdict.passed.emplace_back(name);
  }
  verdict.remarks = remarks_on(file);
  return verdict;
}

}  // namespace frontrow::audit
