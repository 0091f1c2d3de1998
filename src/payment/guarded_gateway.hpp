// One gateway, or one and another that stands in for it, with a circuit breaker for each of their
// methods. A new charge goes to the first whose breaker lets it; where none does it fails at once,
// unsent. Everything else (looking up, cancelling, refunds, and a charge that was sent before) goes
// on, to the gateway that has the charge. Calls past the bound of connections wait here.
//
// Belongs to the payment thread.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontrow/gateway.hpp"
#include "payment/circuit_breaker.hpp"
#include "payment/gateway_health.hpp"
#include "payment/timer_queue.hpp"

namespace frontrow::payment {

class GuardedGateway final : public Gateway {
 public:
  /// Charges of which it is remembered where they are, the latest ones. For an older one, and after
  /// a start, every gateway is asked.
  static constexpr std::size_t remembered_max = 262'144;

  struct Settings {
    BreakerRules rules;
    std::size_t calls_max = 1'024;  ///< Under way at one gateway at a time.
    std::function<Instant()> now;   ///< Never goes back.
    /// Told when a method begins or ends to be of use, whichever gateway has it.
    std::function<void(PaymentMethod, GatewayHealth, const std::string& gateway)> on_health;
    std::function<void(const std::string& line)> log;
  };

  /// As many gateways as `board` has rows, in their order.
  GuardedGateway(std::vector<std::unique_ptr<Gateway>> gateways,
                 std::shared_ptr<GatewayHealthBoard> board, boost::asio::io_context& context,
                 Settings settings);
  ~GuardedGateway() override;

  void recall(const ChargeRequest& request) override;
  void expect_cancel(const PaymentReference& reference) override;
  void create(const ChargeRequest& request, Callback done) override;
  void look_up(const PaymentReference& reference, Callback done) override;
  void cancel(const PaymentReference& reference, Callback done) override;
  void refund(const PaymentReference& reference, Amount amount, Callback done) override;
  void list(std::string from, PageCallback done) override;
  void confirm(const GatewayNotice& notice, Callback done) override;

 private:
  /// Starts a call at a gateway; the gateway tells its end.
  using Start = std::function<void(Gateway&, Callback)>;
  struct Call {
    Start start;
    Callback done;
    std::optional<PaymentMethod> method;  ///< Nothing: it tells no breaker.
    std::optional<PaymentReference> new_charge;
  };
  struct Link {
    std::unique_ptr<Gateway> gateway;
    GatewayHealthRow* row = nullptr;
    std::array<CircuitBreaker, payment_method_count> breakers;
    std::deque<Call> waiting;
    std::size_t under_way = 0;
    bool has(PaymentMethod method) const;
  };
  struct Place {
    std::optional<std::size_t> link;  ///< Nothing: not known yet.
    std::optional<PaymentMethod> method;
  };

  Place& place_of(const PaymentReference& reference);
  std::optional<std::size_t> link_of(const PaymentReference& reference) const;
  std::optional<PaymentMethod> method_of(const PaymentReference& reference) const;
  void enqueue(std::size_t link, Call call);
  void pump(std::size_t link);
  void begin(std::size_t link, Call call);
  void fail_unsent(std::size_t link, PaymentMethod method, Callback done);
  void record(std::size_t link, PaymentMethod method, bool answered, Instant begun);
  void tell_health(PaymentMethod method);
  /// Asks the gateway that has the charge, or all of them.
  void ask(const PaymentReference& reference, Start start, Callback done);
  void ask_all(const PaymentReference& reference, const Start& start, Callback done);

  const Settings settings_;
  const std::shared_ptr<GatewayHealthBoard> board_;
  TimerQueue timers_;
  std::vector<Link> links_;
  std::unordered_map<PaymentReference, Place> places_;
  std::deque<PaymentReference> places_in_order_;
  std::array<GatewayHealth, payment_method_count> told_{};
};

}  // namespace frontrow::payment
