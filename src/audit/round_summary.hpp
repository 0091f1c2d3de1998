// What `frontrow replay` says of a replayed round. Any thread.
#pragma once

#include <string>

#include "engine/engine.hpp"

namespace frontrow::audit {

/// Of an engine whose invariants have been found to hold.
struct RoundSummary {
  const Engine& engine;
  std::uint64_t commands = 0;
  std::uint64_t refused = 0;  ///< Of the commands.
  Instant time_first;         ///< Of the first command.
};

/// The high half first, each as 16 hex digits.
std::string state_hash_text(const StateHash& hash);

/// One object: `commands`, `refused`, `time_first`, `time_last`, `seats`, `orders`, `fans`,
/// `revenue`, `state_hash`, `invariants`.
std::string json_summary(const RoundSummary& summary);
/// A line each of the same, without a newline at the end.
std::string readable_summary(const RoundSummary& summary);

}  // namespace frontrow::audit
