// The HTTPS and WebSocket front of one round: as many threads as there are channels, each with
// its own listeners and connections. Made, started and stopped by one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/channel.hpp"
#include "base/published.hpp"
#include "frontrow/round_definition.hpp"
#include "http/http_settings.hpp"

namespace frontrow::http {

/// Submissions without an answer that one front thread's channel should allow.
inline constexpr std::size_t submissions_in_flight_max = 8'192;

class Server {
 public:
  /// One front thread for each of `channels`, which must have `Subscription::fans`. Everything
  /// handed over outlives the server.
  Server(HttpSettings settings, FrontServices services,
         std::shared_ptr<const RoundDefinition> round, const Published& published,
         std::vector<Channel*> channels);
  /// Stops, where that has not been done.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Opens the listeners; whoever connects waits until `start`. One line where that cannot be
  /// done; then nothing is open.
  std::optional<std::string> open();
  /// Opens the listeners, where `open` has not, and starts the threads.
  std::optional<std::string> start();
  /// "https://127.0.0.1:8443", with the port that was really taken.
  const std::string& address() const;
  const std::string& operator_address() const;  ///< The same where operators have no other.

  /// Takes nothing new, answers what is in flight, closes live sockets with 1001, ends the threads;
  /// bounded by `limits::stop_seconds_max`. The sequencer must still be answering.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::http
