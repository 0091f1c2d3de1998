// Fans who pay, all in one thread: orders that are held, payments that are started, and what became
// of them, seen as a front thread sees it.
#pragma once

#include <cstdint>
#include <vector>

#include "bench_round.hpp"

namespace frontrow::bench {

class Till {
 public:
  /// `pipeline` has `fans` shopping; `events` is a channel of it that is told what fans are told.
  Till(Pipeline& pipeline, Channel& events, std::uint32_t fans, std::uint32_t orders);

  /// Seats are held for all orders.
  void hold_all();
  /// Starts the payment of the next order that is held. False where there is none, or no room.
  bool start_one();
  /// Takes what has arrived; true where anything had.
  bool receive();
  /// A hold and its release by turns, of a seat that nobody buys: how long the sequencer takes
  /// for a command, in microseconds from submission to answer. `receive` goes on meanwhile.
  double probe();

  std::uint64_t started() const { return started_; }
  std::uint64_t paid() const { return paid_; }
  std::uint64_t in_flight() const { return started_ - paid_ - failed_; }
  std::uint64_t failed() const { return failed_; }

 private:
  struct Order {
    FanId fan;
    OrderId id;
  };
  void take(Outgoing& outgoing);

  Pipeline& pipeline_;
  Channel& events_;
  const std::uint32_t fans_, seats_;
  std::vector<Order> orders_;
  std::vector<std::uint32_t> ready_;     ///< Orders that are held; the last one is next.
  std::vector<std::uint8_t> paying_;     ///< By order.
  std::vector<std::uint32_t> place_of_;  ///< In `orders_`, by order id.
  std::uint64_t started_ = 0, paid_ = 0, failed_ = 0, probes_ = 0;
  OrderId probe_order_;
  bool probe_answered_ = false;
};

}  // namespace frontrow::bench
