#include "sandbox/stripe_error.hpp"

#include <nlohmann/json.hpp>

namespace frontrow::sandbox {

Answer answer_of(const StripeError& error) {
  Json object = error.more.empty() ? Json::object() : Json::parse(error.more);
  object["type"] = error.type;
  object["message"] = error.message;
  if (!error.code.empty()) object["code"] = error.code;
  if (!error.param.empty()) object["param"] = error.param;
  Answer answer;
  answer.status = error.status;
  answer.body = to_text({{"error", std::move(object)}});
  return answer;
}

StripeError missing_parameter(const std::string& param) {
  return {
      400, "invalid_request_error", "parameter_missing", "Missing required param: " + param, param,
      {}};
}

StripeError invalid_parameter(const std::string& param, const std::string& message) {
  return {400, "invalid_request_error", "parameter_invalid", message, param, {}};
}

StripeError no_such(const std::string& what, const std::string& id, const std::string& param) {
  const unsigned status = param == "id" ? 404 : 400;
  return {status,
          "invalid_request_error",
          "resource_missing",
          "No such " + what + ": '" + id + "'",
          param,
          {}};
}

Json payment_error(const Charge& charge) {
  if (charge.attempt.method != PaymentMethod::kCard) {
    return {{"type", "invalid_request_error"},
            {"code", "payment_intent_payment_attempt_failed"},
            {"message", "The payment was not approved."}};
  }
  Json error{{"type", "card_error"}, {"code", "card_declined"}};
  switch (charge.failure) {
    case PaymentFailure::kInsufficientFunds:
      error["decline_code"] = "insufficient_funds";
      error["message"] = "The card has insufficient funds.";
      break;
    case PaymentFailure::kExpiredCard:
      error["code"] = "expired_card";
      error["decline_code"] = "expired_card";
      error["message"] = "The card has expired.";
      break;
    case PaymentFailure::kFraudSuspected:
      error["decline_code"] = "fraudulent";
      error["message"] = "The card was declined.";
      break;
    default:
      error["decline_code"] = "generic_decline";
      error["message"] = "The card was declined.";
  }
  return error;
}

}  // namespace frontrow::sandbox
