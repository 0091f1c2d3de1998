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
#include <string_view>
#include <vector>

#include "base/channel.hpp"
#include "payment/payment_desk.hpp"
#include "payment/stray_charges.hpp"

namespace frontrow::payment {

/// Tells the round what a circuit breaker thinks of its gateway from now on. Payment thread.
using TellHealth =
    std::function<void(PaymentMethod method, GatewayHealth health, std::string_view gateway)>;
/// What a gateway is made with. A maker that needs no more than the context may take just that.
struct GatewayMeans {
  boost::asio::io_context& context;
  TellHealth tell_health;
  operator boost::asio::io_context&() const { return context; }
};
/// Makes the gateway on the payment thread. May throw: the message is what `start` returns.
using GatewayMaker = std::function<std::unique_ptr<Gateway>(const GatewayMeans&)>;

/// How often the round is compared with the gateway's record.
struct SettlingRules {
  Duration orders_every = seconds(60);  ///< Orders that await something of the gateway.
  Duration first_charges = seconds(10);
  Duration charges_every = seconds(300);  ///< All charges that the gateway has of the round.
};

class PaymentWorker {
 public:
  /// Notices that wait for the payment thread.
  static constexpr std::size_t notices_max = 4'096;

  /// `channel` (subscribed to payments, attached to its sequencer) must outlive the worker.
  /// `log` is called on the payment thread; no card token ever reaches it.
  PaymentWorker(Channel& channel, DeskSettings settings, GatewayMaker make_gateway,
                PaymentDesk::Log log = {}, SettlingRules settling = {});
  /// Stops.
  ~PaymentWorker();
  PaymentWorker(const PaymentWorker&) = delete;
  PaymentWorker& operator=(const PaymentWorker&) = delete;

  /// Returns once the gateway stands and the thread listens, or with what went wrong.
  std::optional<std::string> start();
  /// After recovery, before or after `start`: asks the gateway what became of these.
  void settle(std::vector<Unsettled> unsettled);
  /// Any thread: the gateway's notice, whose signature was good. False where `notices_max` of them
  /// wait already: nothing is taken, and the gateway will send it again.
  bool notice(GatewayNotice notice);
  /// Any further outcomes are left for `settle` after the next start. Idempotent.
  void stop();

  /// Any thread, for metrics: cases open, and reports that wait for room in the ring.
  std::size_t cases() const;
  std::size_t reports_waiting() const;
  /// Notices refused because too many waited.
  std::uint64_t notices_refused() const;
  /// What the walks through the gateway's record have found so far.
  StrayCharges::Counts stray_charges() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::payment
