#include "payment/stripe/stripe_words.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/gateway_facts.hpp"

namespace frontrow::payment::stripe {
namespace {

struct Word {
  std::string_view code;
  PaymentFailure failure;
};
constexpr std::array words = {
    Word{"insufficient_funds", PaymentFailure::kInsufficientFunds},
    Word{"withdrawal_count_limit_exceeded", PaymentFailure::kInsufficientFunds},
    Word{"card_velocity_exceeded", PaymentFailure::kInsufficientFunds},
    Word{"expired_card", PaymentFailure::kExpiredCard},
    Word{"invalid_expiry_month", PaymentFailure::kExpiredCard},
    Word{"invalid_expiry_year", PaymentFailure::kExpiredCard},
    Word{"fraudulent", PaymentFailure::kFraudSuspected},
    Word{"merchant_blacklist", PaymentFailure::kFraudSuspected},
    Word{"stolen_card", PaymentFailure::kFraudSuspected},
    Word{"lost_card", PaymentFailure::kFraudSuspected},
    Word{"pickup_card", PaymentFailure::kFraudSuspected},
    Word{"restricted_card", PaymentFailure::kFraudSuspected},
    Word{"security_violation", PaymentFailure::kFraudSuspected},
    Word{"resource_missing", PaymentFailure::kInvalidToken},
    Word{"token_already_used", PaymentFailure::kInvalidToken},
    Word{"token_in_use", PaymentFailure::kInvalidToken},
    Word{"payment_method_invalid_parameter", PaymentFailure::kInvalidToken},
    Word{"payment_method_unexpected_state", PaymentFailure::kInvalidToken},
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

PaymentFailure failure_of(const Json& error) {
  // The decline code is the bank's own word and says more than the code above it.
  for (const char* key : {"decline_code", "code"}) {
    const std::string_view code = text_in(error, key);
    for (const Word& word : words)
      if (word.code == code) return word.failure;
  }
  if (text_in(error, "type") == "invalid_request_error" &&
      text_in(error, "param").starts_with("payment_method"))
    return PaymentFailure::kInvalidToken;
  return PaymentFailure::kDeclined;
}

std::string action_of(const Json& intent, Duration payment_time) {
  const Json& action = member_in(intent, "next_action");
  if (const Json& redirect = member_in(action, "redirect_to_url"); redirect.is_object())
    return redirect_action(text_in(redirect, "url"));
  if (const Json& code = member_in(action, "promptpay_display_qr_code"); code.is_object()) {
    std::string_view image = text_in(code, "image_url_png");
    if (image.empty()) image = text_in(code, "image_url_svg");
    // From the intent's own making, so that the action is the same at each look.
    const std::int64_t created =
        std::clamp<std::int64_t>(number_in(intent, "created"), 0, std::int64_t{1} << 33);
    return qr_action(text_in(code, "data"), image, Instant{created * 1'000'000} + payment_time);
  }
  return {};
}

IntentReading read_intent(const Json& intent, std::string_view currency, Duration payment_time) {
  IntentReading reading;
  const std::string_view id = text_in(intent, "id");
  const auto amount = from_gateway_amount("stripe", number_in(intent, "amount"), currency);
  if (id.empty() || !amount || text_in(intent, "object") != "payment_intent" ||
      text_in(intent, "currency") != lower(currency))
    return reading;
  ChargeOutcome& outcome = reading.outcome;
  outcome.gateway_reference = id;
  outcome.amount = *amount;
  reading.good = true;
  const std::string_view status = text_in(intent, "status");
  if (status == "succeeded") {
    const auto received =
        from_gateway_amount("stripe", number_in(intent, "amount_received"), currency);
    if (!received) {
      reading.good = false;
      return reading;
    }
    outcome.state = ChargeState::kCaptured;
    outcome.amount = *received;
  } else if (status == "canceled") {
    outcome.state = ChargeState::kFailed;
    outcome.failure = PaymentFailure::kCancelled;
  } else if (status == "requires_payment_method") {
    const Json& error = member_in(intent, "last_payment_error");
    if (error.is_object()) {
      outcome.state = ChargeState::kFailed;
      outcome.failure = failure_of(error);
    } else {
      outcome.state = ChargeState::kNotFound;
      reading.to_confirm = true;
    }
  } else if (status == "requires_action") {
    outcome.action = action_of(intent, payment_time);
    outcome.state = outcome.action.empty() ? ChargeState::kPending : ChargeState::kAction;
  } else if (status == "processing" || status == "requires_confirmation") {
    outcome.state = ChargeState::kPending;
  } else if (status == "requires_capture") {
    outcome.state = ChargeState::kPending;
    reading.to_capture = true;
  } else {
    reading.good = false;
  }
  return reading;
}

}  // namespace frontrow::payment::stripe
