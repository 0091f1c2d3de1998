#include "crowd/watchdog.hpp"

#include <boost/asio/steady_timer.hpp>

#include "crowd/stream.hpp"

namespace frontrow::crowd {

struct Watchdog::State {
  explicit State(boost::asio::io_context& io) : timer(io) {}
  void strike(TransportError reason) {
    struck_for = reason;
    watched->abort();
  }
  boost::asio::steady_timer timer;
  Stream* watched = nullptr;
  std::uint64_t watch = 0;  ///< Tells a late handler that its watch is over.
  TransportError struck_for = TransportError::kNone;
};

Watchdog::Watchdog(boost::asio::io_context& io) : state_(std::make_shared<State>(io)) {}
Watchdog::~Watchdog() { disarm(); }

void Watchdog::arm(Stream& stream, Moment deadline) {
  state_->watched = &stream;
  state_->struck_for = TransportError::kNone;
  const std::uint64_t watch = ++state_->watch;
  state_->timer.expires_at(deadline);
  state_->timer.async_wait([state = state_, watch](boost::system::error_code error) {
    if (!error && state->watched != nullptr && state->watch == watch)
      state->strike(TransportError::kTimeout);
  });
}

void Watchdog::disarm() {
  state_->watched = nullptr;
  state_->timer.cancel();
}

bool Watchdog::armed() const { return state_->watched != nullptr; }

void Watchdog::strike(TransportError reason) {
  if (armed()) state_->strike(reason);
}

TransportError Watchdog::struck_for() const { return state_->struck_for; }

}  // namespace frontrow::crowd
