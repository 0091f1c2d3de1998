// What Stripe's API refuses, as it says it. Thrown inside the dialect and answered at its border.
// Any thread.
#pragma once

#include <string>

#include "sandbox/charge.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/json_text.hpp"

namespace frontrow::sandbox {

struct StripeError {
  unsigned status = 400;
  std::string type = "invalid_request_error";
  std::string code;  ///< Empty: none.
  std::string message;
  std::string param;  ///< Empty: none.
  std::string more;   ///< JSON text of further fields; empty: none.
};

Answer answer_of(const StripeError& error);

StripeError missing_parameter(const std::string& param);
StripeError invalid_parameter(const std::string& param, const std::string& message);
StripeError no_such(const std::string& what, const std::string& id, const std::string& param);

/// The error object of a failed attempt to pay: type, code, decline_code, message.
Json payment_error(const Charge& charge);

}  // namespace frontrow::sandbox
