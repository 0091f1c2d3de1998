// The transparency log's thread: takes the facts that recovery found, then those that the
// sequencer sends, and signs a checkpoint every few seconds when there is something new.
//
// Made, started and stopped by the thread that wires the server. Its channel's near side is the
// log thread's.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include "base/channel.hpp"
#include "proof/transparency_log.hpp"

namespace frontrow::proof {

/// A leaf waits at most about this long for a checkpoint that covers it.
inline constexpr Duration checkpoint_period = seconds(2);

class LogKeeper {
 public:
  /// `channel` (subscribed to facts) and `log` outlive the keeper. `recovered` are the notes of the
  /// journal up to this start, in the order of the leaves.
  LogKeeper(TransparencyLog& log, Channel& channel, std::deque<FactNote> recovered);
  /// Stops.
  ~LogKeeper();
  LogKeeper(const LogKeeper&) = delete;
  LogKeeper& operator=(const LogKeeper&) = delete;

  /// Once the sequencer has published the recovered state. The first checkpoint covers everything
  /// that was recovered: an older one may have.
  void start();
  /// What has not been taken is in the journal, and so in the log of the next start. Idempotent.
  void stop();

  /// Any thread, for metrics: recovered notes and groups of live ones that are still to be
  /// appended.
  std::size_t backlog() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::proof
