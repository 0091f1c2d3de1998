// One fan's live socket: connects, says hello, hands on what it hears, and comes back whenever
// the connection breaks, until it is stopped. Used on its io_context's thread alone.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "crowd/clock.hpp"
#include "crowd/live_message.hpp"
#include "crowd/random.hpp"
#include "crowd/watchdog.hpp"

namespace frontrow::crowd {

struct Endpoint;

/// Called from within `LiveClient::run`; must not block.
class LiveListener {
 public:
  virtual ~LiveListener() = default;
  /// A connection is being made, the first or another one.
  virtual void on_live_connecting() = 0;
  virtual void on_live_message(LiveMessage message) = 0;
  /// Something came that is no message of the protocol.
  virtual void on_live_unreadable() = 0;
  /// The connection could not be made or broke, and nobody here asked for it.
  virtual void on_live_error(std::string_view code) = 0;
};

class LiveClient {
 public:
  /// `listener` outlives `run`.
  LiveClient(boost::asio::io_context& io, const Endpoint& endpoint, std::uint32_t source,
             std::uint64_t seed, LiveListener& listener);
  ~LiveClient();
  LiveClient(const LiveClient&) = delete;
  LiveClient& operator=(const LiveClient&) = delete;

  /// Until stopped. Once.
  boost::asio::awaitable<void> run(std::string token);

  /// Watches one zone from now on, also after reconnections; an empty name: none more.
  boost::asio::awaitable<void> watch(std::string zone);
  /// Breaks the connection, as a lost network does, and comes back after `away_seconds`.
  void drop(double away_seconds);
  /// Says goodbye as a browser does, then `run` ends.
  boost::asio::awaitable<void> close();
  /// `run` ends as soon as it can.
  void stop();
  bool connected() const { return ready_; }

 private:
  struct Socket;
  boost::asio::awaitable<TransportError> open(Socket& socket);
  boost::asio::awaitable<TransportError> greet(std::shared_ptr<Socket> socket);
  boost::asio::awaitable<void> listen(Socket& socket);
  boost::asio::awaitable<void> flush_watch();

  boost::asio::io_context& io_;
  const Endpoint& endpoint_;
  const std::uint32_t source_;
  LiveListener& listener_;
  Random random_;
  Watchdog watchdog_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<Socket> socket_;
  std::string token_;
  std::string zone_wanted_, zone_sent_;
  double away_seconds_ = 0;  ///< What the next pause is to be, where a drop set it.
  bool ready_ = false;       ///< Connected, and hello has been sent.
  bool writing_ = false;
  bool dropping_ = false;
  bool stopping_ = false;
};

}  // namespace frontrow::crowd
