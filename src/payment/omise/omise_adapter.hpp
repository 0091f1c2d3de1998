// Omise, by charges with card tokens and sources. It knows no idempotency keys: what was sent and
// not answered is never sent again, but looked for by our reference in the charges' metadata.
// Belongs to the payment thread.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>

#include "payment/charge_finder.hpp"
#include "payment/gateway_api.hpp"
#include "payment/gateway_settings.hpp"

namespace frontrow::payment {

class OmiseAdapter final : public Gateway {
 public:
  /// Charges of which it is remembered that they were sent, the latest ones.
  static constexpr std::size_t sent_remembered_max = 262'144;

  OmiseAdapter(boost::asio::io_context& context, const GatewaySettings& settings);

  void expect_cancel(const PaymentReference& reference) override;
  void create(const ChargeRequest& request, Callback done) override;
  void look_up(const PaymentReference& reference, Callback done) override;
  void cancel(const PaymentReference& reference, Callback done) override;
  void refund(const PaymentReference& reference, Amount amount, Callback done) override;
  void list(std::string from, PageCallback done) override;
  /// The event is fetched back, and the charge that it names.
  void confirm(const GatewayNotice& notice, Callback done) override;

 private:
  struct Sent {
    bool maybe = false;  ///< It may have reached the gateway, or has.
    bool to_cancel = false;
  };
  enum class Then : std::uint8_t { kCapture, kLeave };

  Sent& sent(const PaymentReference& reference);
  void send_charge(const ChargeRequest& request, Callback done);
  void get_charge(const PaymentReference& reference, const std::string& id, Then then,
                  Callback done);
  void judge(const PaymentReference& reference, const Json& charge, Then then, Callback done);
  void act(const PaymentReference& reference, const std::string& id, std::string_view action,
           Callback done);
  void refund_charge(const PaymentReference& reference, const std::string& id, Amount amount,
                     Callback done);
  void fetch_page(const std::string& offset, std::string_view order,
                  std::function<void(const ApiAnswer&)> done);
  bool is_of(const Json& charge, const PaymentReference& reference) const;

  const GatewaySettings settings_;
  const std::string prefix_;
  GatewayApi api_;
  ChargeFinder finder_;
  std::unordered_map<PaymentReference, Sent> sent_;
  std::deque<PaymentReference> sent_in_order_;
};

std::unique_ptr<Gateway> make_omise_adapter(const GatewaySettings& settings,
                                            boost::asio::io_context& context);

}  // namespace frontrow::payment
