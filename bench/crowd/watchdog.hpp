// Bounds a connection's operations in time, with one timer a client. Used on its io_context's
// thread alone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>

#include "crowd/clock.hpp"
#include "crowd/transport_error.hpp"

namespace frontrow::crowd {

class Stream;

class Watchdog {
 public:
  explicit Watchdog(boost::asio::io_context& io);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Aborts `stream` at `deadline` unless disarmed before. `stream` must outlive the watch.
  void arm(Stream& stream, Moment deadline);
  void disarm();
  bool armed() const;
  /// Aborts the watched stream now, for `reason`.
  void strike(TransportError reason);
  /// Why the last watched stream was aborted; `kNone` where it was not.
  TransportError struck_for() const;

 private:
  /// Shared with the timer's handler, which may run after the watch, or the dog, has ended.
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace frontrow::crowd
