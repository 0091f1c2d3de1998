// The steps that a check of the draw and of a late window share, each after docs/fairness.md.
// Inside this folder alone. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/public_entry.hpp"

namespace frontrow::audit {

/// What is wrong with a step, in words; nothing where it holds.
using Problem = std::optional<std::string>;

/// No entry is there twice, and `root` is the tree hash over the entries with their tiers.
Problem root_problem(const std::vector<PublicEntry>& entries, const Bytes32& root);
/// The beacon is the SHA-256 of its signature, or there is neither.
Problem beacon_problem(const std::optional<Bytes32>& beacon,
                       const std::vector<std::uint8_t>& signature);
/// Each entry has the rank that its tier and its key give it, counted from `first`.
Problem rank_problem(const std::vector<PublicEntry>& entries, const Bytes32& seed,
                     std::uint64_t first);

}  // namespace frontrow::audit
