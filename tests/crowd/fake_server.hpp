// A server that answers as the contract says, as far as the crowd can tell, and does wrong where
// a test asks it to. Plain HTTP on a port of 127.0.0.1, in a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace frontrow::crowd::test {

struct Faults {
  bool sells_twice = false;      ///< Gives seats away as if none had ever been taken.
  bool forgets_orders = false;   ///< Shows no orders once they are paid.
  bool forgets_tickets = false;  ///< Hands out tickets once, and then others.
  bool breaks_orders = false;    ///< Carries a first `POST /orders` out and hangs up unanswered.
  std::uint32_t overloaded = 0;  ///< So many calls are refused with 503 first.
  bool talks_nonsense = false;   ///< Live messages that are none, between good ones.
};

/// What the server saw. Read after `stop`.
struct Seen {
  std::uint32_t joins = 0, orders = 0, repeated_keys = 0, paid = 0, sold = 0, leaves = 0;
  std::uint32_t lives = 0;      ///< Live sockets that said hello.
  std::uint32_t addresses = 0;  ///< Different source addresses.
};

class FakeServer {
 public:
  FakeServer(std::uint32_t seats, Faults faults);
  ~FakeServer();
  std::string url() const;
  Seen stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::crowd::test
