// The port to payment gateways. One implementation a folder of `src/payment/`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "frontrow/command.hpp"
#include "frontrow/money.hpp"

namespace frontrow {

/// Our name for one attempt to pay one order: "ROUND-ORDER-ATTEMPT". The gateway's idempotency
/// key and the reference by which we look a charge up.
using PaymentReference = std::string;

struct ChargeRequest {
  PaymentReference reference;
  Amount amount;
  std::string currency;
  PaymentMethod method = PaymentMethod::kCard;
  std::string card_token;  ///< Never logged, never stored.
};

enum class ChargeState : std::uint8_t {
  kPending,      ///< Not known yet; ask again.
  kAction,       ///< The fan has to act; `action` says how.
  kCaptured,     ///< Money has moved.
  kFailed,       ///< It never will.
  kNotFound,     ///< The gateway knows no such reference.
  kUnreachable,  ///< No answer; nothing is known.
};

struct ChargeOutcome {
  ChargeState state = ChargeState::kUnreachable;
  PaymentFailure failure = PaymentFailure::kNone;
  Amount amount;
  std::string gateway_reference;
  std::string action;  ///< JSON text of `next_action`.
};

/// Every call returns at once; the callback runs later on the payment thread, once for each
/// call. A charge that is pending may report further outcomes through `on_notice`. Made, used
/// and destroyed on the payment thread alone.
class Gateway {
 public:
  using Callback = std::function<void(const ChargeOutcome&)>;
  using Notice = std::function<void(const PaymentReference&, const ChargeOutcome&)>;

  virtual ~Gateway() = default;
  /// Makes the charge. A repeat with the same reference never charges again.
  virtual void create(const ChargeRequest& request, Callback done) = 0;
  /// What stands at the gateway under our reference.
  virtual void look_up(const PaymentReference& reference, Callback done) = 0;
  /// Sees to it that nothing more is captured, and says what stands then: `kFailed`, or
  /// `kCaptured` where it was too late, or `kNotFound`.
  virtual void cancel(const PaymentReference& reference, Callback done) = 0;
  /// Gives all of the money back; `kCaptured` in the outcome means the refund was made.
  virtual void refund(const PaymentReference& reference, Amount amount, Callback done) = 0;
  /// Called for outcomes that the gateway tells of its own accord.
  void on_notice(Notice notice) { notice_ = std::move(notice); }

 protected:
  Notice notice_;
};

}  // namespace frontrow
