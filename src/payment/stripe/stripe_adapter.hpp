// Stripe, by PaymentIntents. An intent is made first, without the means to pay: its making is
// repeated, under the same idempotency key, by whoever has to find it again, and moves nothing.
// Then it is confirmed with the card or as PromptPay. Belongs to the payment thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

#include "payment/charge_finder.hpp"
#include "payment/gateway_api.hpp"
#include "payment/gateway_settings.hpp"

namespace frontrow::payment {

class StripeAdapter final : public Gateway {
 public:
  /// Charges whose particulars are remembered, the latest ones. An older one is found in the list.
  static constexpr std::size_t recalled_max = 262'144;

  StripeAdapter(boost::asio::io_context& context, const GatewaySettings& settings);

  void recall(const ChargeRequest& request) override;
  void expect_cancel(const PaymentReference& reference) override;
  void create(const ChargeRequest& request, Callback done) override;
  void look_up(const PaymentReference& reference, Callback done) override;
  void cancel(const PaymentReference& reference, Callback done) override;
  void refund(const PaymentReference& reference, Amount amount, Callback done) override;
  void list(std::string from, PageCallback done) override;

 private:
  struct Recalled {
    Amount amount;
    PaymentMethod method = PaymentMethod::kCard;
    bool to_cancel = false;
    std::uint32_t refunds_failed = 0;  ///< Each further attempt has a key of its own.
  };
  using WithIntent = std::function<void(Found, const std::string& id)>;

  Recalled* recalled(const PaymentReference& reference);
  /// Finds the intent: remembered, by making it once more, or in the list.
  void with_intent(const PaymentReference& reference, WithIntent then);
  void make_intent(const PaymentReference& reference, const Recalled& its, WithIntent then);
  void confirm_intent(const ChargeRequest& request, const std::string& id, Callback done);
  void get_intent(const PaymentReference& reference, const std::string& id, bool may_capture,
                  Callback done);
  /// Of an answer with an intent; goes on where it is authorised and not captured.
  void judge(const PaymentReference& reference, const Json& intent, bool may_capture,
             Callback done);
  void capture(const PaymentReference& reference, const std::string& id, Callback done);
  void cancel_intent(const PaymentReference& reference, const std::string& id, Callback done);
  void refund_intent(const PaymentReference& reference, const std::string& id, Amount amount,
                     Callback done);
  void read_refund(const PaymentReference& reference, const Json& refund, bool look_again,
                   Callback done);
  void refund_failed(const PaymentReference& reference);
  void fetch_page(const std::string& from, std::function<void(const ApiAnswer&)> done);

  const GatewaySettings settings_;
  const std::string prefix_;
  GatewayApi api_;
  ChargeFinder finder_;
  std::unordered_map<PaymentReference, Recalled> recalled_;
  std::deque<PaymentReference> recalled_in_order_;
};

std::unique_ptr<Gateway> make_stripe_adapter(const GatewaySettings& settings,
                                             boost::asio::io_context& context);

}  // namespace frontrow::payment
