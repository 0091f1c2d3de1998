// The payment side of a simulated sale: charges, cancellations and refunds as the engine wants
// them, answered by the gateway's model and by fans who scan a code.
#pragma once

#include <vector>

#include "sale/gateway_model.hpp"
#include "sale/stage.hpp"

namespace frontrow::sale {

class Till {
 public:
  Till(const Scenario& scenario, Stage& stage, Instant draw_at);

  /// What the engine wants of the gateway.
  void wanted(const Event& event);
  /// An act of the gateway or of a scanning fan. Returns the order that was declined, if one was.
  OrderId act(const Act& act);

 private:
  /// The attempt under way of an order.
  struct Charge {
    std::uint32_t attempt = 0;
    bool settled = true;
    PaymentMethod method = PaymentMethod::kCard;
    PaymentFailure failure = PaymentFailure::kNone;
    Amount amount;
  };

  Charge& charge_of(OrderId order);
  /// Whether this attempt still has no outcome; if so it has one from here on.
  bool settle(Charge& charge, std::uint32_t attempt);

  const Habits& habits_;
  Stage& stage_;
  GatewayModel gateway_;
  Random random_;
  std::vector<Charge> charges_;  ///< By order.
};

}  // namespace frontrow::sale
