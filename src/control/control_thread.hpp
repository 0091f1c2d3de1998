// What the round does by itself beside the engine's timers, in one thread: beacons are fetched, and
// the calls are paced. It asks for changes as anyone else does, by commands through a channel.
//
// Made, started and stopped by the thread that wires the server. Its channel's near side is the
// control thread's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/channel.hpp"
#include "base/published.hpp"
#include "control/report.hpp"
#include "frontrow/round_definition.hpp"
#include "outbound/http_client.hpp"

namespace frontrow::control {

/// Commands that await an answer: one of each kind at most.
inline constexpr std::size_t control_in_flight_max = 8;

struct ControlParts {
  const RoundDefinition& definition;
  const Published& published;
  /// Subscribed to nothing, attached to its sequencer.
  Channel& channel;
  /// The wall's clock; any thread.
  std::function<Instant()> now;
  Report report;
  outbound::HttpClientSettings http;
};

class ControlThread {
 public:
  /// All that `parts` refers to outlives this.
  explicit ControlThread(ControlParts parts);
  /// Stops.
  ~ControlThread();
  ControlThread(const ControlThread&) = delete;
  ControlThread& operator=(const ControlThread&) = delete;

  /// After the sequencer has begun, which publishes the state. What went wrong, if anything.
  std::optional<std::string> start();
  /// Before the sequencer stops. A name that is being resolved is waited for. Idempotent.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::control
