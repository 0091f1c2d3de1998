// The payment thread: carries what the engine wants of the gateway (charge, cancel, refund) out,
// and brings what became of it back as commands. The sequencer never waits for it.
//
// Made, started and stopped by the thread that wires the server. Its channel's near side is the
// payment thread's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/channel.hpp"
#include "payment/payment_desk.hpp"

namespace frontrow::payment {

/// Makes the gateway on the payment thread. May throw: the message is what `start` returns.
using GatewayMaker = std::function<std::unique_ptr<Gateway>(boost::asio::io_context&)>;

class PaymentWorker {
 public:
  /// `channel` (subscribed to payments, attached to its sequencer) must outlive the worker.
  /// `log` is called on the payment thread; no card token ever reaches it.
  PaymentWorker(Channel& channel, DeskSettings settings, GatewayMaker make_gateway,
                PaymentDesk::Log log = {});
  /// Stops.
  ~PaymentWorker();
  PaymentWorker(const PaymentWorker&) = delete;
  PaymentWorker& operator=(const PaymentWorker&) = delete;

  /// Returns once the gateway stands and the thread listens, or with what went wrong.
  std::optional<std::string> start();
  /// After recovery, before or after `start`: asks the gateway what became of these.
  void settle(std::vector<Unsettled> unsettled);
  /// Any further outcomes are left for `settle` after the next start. Idempotent.
  void stop();

  /// Any thread, for metrics: cases open, and reports that wait for room in the ring.
  std::size_t cases() const;
  std::size_t reports_waiting() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::payment
