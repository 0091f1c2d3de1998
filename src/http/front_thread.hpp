// One thread of the front: its io_context, its listeners, its connections, its channel to the
// sequencer. Nothing in it is shared with another thread but `FrontShared`; only `stop` may be
// called from outside while it runs.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "http/front.hpp"
#include "http/live_hub.hpp"
#include "http/stream_types.hpp"
#include "http/timing_wheel.hpp"
#include "http/tls_context.hpp"

namespace frontrow::http {

/// A connection as its thread sees it.
class Connection : public Timed {
 public:
  /// The server stops: finish what is under way, take nothing new.
  virtual void stop() = 0;
};

class FrontThread {
 public:
  FrontThread(FrontShared& shared, Channel& channel);
  ~FrontThread();

  /// Before `run`. One line where it cannot be done. Port 0 is replaced by the one that was given.
  std::optional<std::string> listen(asio::ip::tcp::endpoint& endpoint, Surface surface);
  /// Before `run`, where the settings ask for TLS.
  std::optional<std::string> use_tls(const TlsFiles& files);
  /// The thread's body: until stopped and everything has ended, or the bound for that is reached.
  void run();
  /// Any thread, once.
  void stop();

  // --- for connections, on this thread ---------------------------------------------------

  Front& front() { return front_; }
  LiveHub& hub() { return hub_; }
  TimingWheel& wheel() { return wheel_; }
  bool stopping() const { return stopping_; }
  void opened(Connection& connection);
  void closed(Connection& connection);
  /// The thread has live sockets to look after: its turns come more often.
  void live_opened();
  void live_closed();

 private:
  struct Listener {
    asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor;
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, Executor>
        pause;
    Surface surface;
  };
  void accept(Listener& listener);
  void on_accepted(Listener& listener, PlainStream&& socket);
  void wait_for_answers();
  void take_answers();
  void schedule_turn();
  void turn();
  void begin_stop();
  void end_if_empty();

  FrontShared& shared_;
  Channel& channel_;
  Front front_;
  LiveHub hub_;
  TimingWheel wheel_;
  std::unordered_set<Connection*> connections_;
  std::unique_ptr<asio::ssl::context> tls_;
  bool running_ = false;
  bool stopping_ = false;
  bool turn_scheduled_ = false;
  std::int64_t turn_took_milliseconds_ = 0;
  // The handlers in it hold the connections, which refer to everything above: destroyed before.
  asio::io_context io_{1};
  std::vector<std::unique_ptr<Listener>> listeners_;
  asio::steady_timer turn_timer_;
  asio::steady_timer stop_timer_;
  asio::posix::stream_descriptor arrivals_;
};

}  // namespace frontrow::http
