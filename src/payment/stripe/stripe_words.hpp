// What Stripe's words mean to us: states, errors and next actions as values. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "payment/gateway_api.hpp"

namespace frontrow::payment::stripe {

/// An error object of a card's decline, in an answer or as `last_payment_error`.
PaymentFailure failure_of(const Json& error);

/// What `next_action` of an intent asks of the fan; empty where a page can do nothing with it.
std::string action_of(const Json& intent, Duration payment_time);

struct IntentReading {
  ChargeOutcome outcome;
  bool good = false;        ///< An intent, and a status that is known.
  bool to_confirm = false;  ///< It waits for a way to pay: nobody has confirmed it.
  bool to_capture = false;  ///< Authorised, and not captured.
};
/// `currency` is the round's. An intent of another currency is not good.
IntentReading read_intent(const Json& intent, std::string_view currency, Duration payment_time);

}  // namespace frontrow::payment::stripe
