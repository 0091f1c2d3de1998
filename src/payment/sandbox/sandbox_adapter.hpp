// The sandbox's own API (docs/sandbox.md), over the same client as the gateways that move money.
// Belongs to the payment thread.
#pragma once

#include <memory>

#include "payment/gateway_api.hpp"
#include "payment/gateway_settings.hpp"

namespace frontrow::payment {

class SandboxAdapter final : public Gateway {
 public:
  SandboxAdapter(boost::asio::io_context& context, const GatewaySettings& settings);

  void create(const ChargeRequest& request, Callback done) override;
  void look_up(const PaymentReference& reference, Callback done) override;
  void cancel(const PaymentReference& reference, Callback done) override;
  void refund(const PaymentReference& reference, Amount amount, Callback done) override;
  void list(std::string from, PageCallback done) override;

 private:
  /// What a charge of the API says; unreachable where it is not one of that reference.
  ChargeOutcome read_charge(const Json& charge, const PaymentReference& reference);

  const std::string prefix_;  ///< Of this round's references.
  GatewayApi api_;
};

std::unique_ptr<Gateway> make_sandbox_adapter(const GatewaySettings& settings,
                                              boost::asio::io_context& context);

}  // namespace frontrow::payment
