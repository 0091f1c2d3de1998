// What Omise's words mean to us: states, failures, sources and next actions as values. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "payment/gateway_api.hpp"

namespace frontrow::payment::omise {

/// A charge's `failure_code`, or the `code` of an error object.
PaymentFailure failure_of(std::string_view code);
/// The `type` of the source for a method; empty for a card.
std::string_view source_of(PaymentMethod method);

struct ChargeReading {
  ChargeOutcome outcome;
  bool good = false;        ///< A charge, and a status that is known.
  bool to_capture = false;  ///< Authorised, and not captured.
};
/// `currency` is the round's. A charge of another currency is not good.
ChargeReading read_charge(const Json& charge, std::string_view currency, Duration payment_time);

}  // namespace frontrow::payment::omise
