#include "payment/omise/omise_words.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/gateway_facts.hpp"
#include "base/instant_text.hpp"
#include "base/names.hpp"

namespace frontrow::payment::omise {
namespace {

struct Word {
  std::string_view code;
  PaymentFailure failure;
};
constexpr std::array words = {
    Word{"insufficient_fund", PaymentFailure::kInsufficientFunds},
    Word{"insufficient_balance", PaymentFailure::kInsufficientFunds},
    Word{"credit_limit_exceeded", PaymentFailure::kInsufficientFunds},
    Word{"expired_card", PaymentFailure::kExpiredCard},
    Word{"stolen_or_lost_card", PaymentFailure::kFraudSuspected},
    Word{"failed_fraud_check", PaymentFailure::kFraudSuspected},
    Word{"invalid_card", PaymentFailure::kInvalidToken},
    Word{"invalid_card_token", PaymentFailure::kInvalidToken},
    Word{"used_token", PaymentFailure::kInvalidToken},
    Word{"not_found", PaymentFailure::kInvalidToken},
    Word{"payment_cancelled", PaymentFailure::kCancelled},
    Word{"payment_expired", PaymentFailure::kCancelled},
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

/// The code to scan of a charge's source, or the page to go to.
std::string action_of(const Json& charge, Duration payment_time) {
  const Json& code = member_in(member_in(charge, "source"), "scannable_code");
  if (code.is_object()) {
    const auto created = parse_rfc3339(text_in(charge, "created_at"));
    const auto ends = parse_rfc3339(text_in(charge, "expires_at"));
    const Instant expires = ends ? *ends : created.value_or(Instant{}) + payment_time;
    return qr_action(text_in(code, "raw_data"), text_in(member_in(code, "image"), "download_uri"),
                     expires);
  }
  return redirect_action(text_in(charge, "authorize_uri"));
}

}  // namespace

PaymentFailure failure_of(std::string_view code) {
  for (const Word& word : words)
    if (word.code == code) return word.failure;
  return PaymentFailure::kDeclined;
}

std::string_view source_of(PaymentMethod method) {
  if (method == PaymentMethod::kCard) return {};
  // The wallet's own app; the other source asks for a telephone number, which nobody gave.
  if (method == PaymentMethod::kTrueMoney) return "truemoney_jumpapp";
  return name_of(method);  // ours are Omise's
}

ChargeReading read_charge(const Json& charge, std::string_view currency, Duration payment_time) {
  ChargeReading reading;
  const std::string_view id = text_in(charge, "id");
  const auto amount = from_gateway_amount("omise", number_in(charge, "amount"), currency);
  if (id.empty() || !amount || text_in(charge, "object") != "charge" ||
      lower(text_in(charge, "currency")) != lower(currency))
    return reading;
  ChargeOutcome& outcome = reading.outcome;
  outcome.gateway_reference = id;
  outcome.amount = *amount;
  reading.good = true;
  const std::string_view status = text_in(charge, "status");
  if (status == "successful") {
    outcome.state = ChargeState::kCaptured;
  } else if (status == "failed") {
    outcome.state = ChargeState::kFailed;
    outcome.failure = failure_of(text_in(charge, "failure_code"));
  } else if (status == "reversed" || status == "expired") {
    outcome.state = ChargeState::kFailed;
    outcome.failure = PaymentFailure::kCancelled;
  } else if (status == "pending") {
    outcome.state = ChargeState::kPending;
    if (flag_in(charge, "authorized")) {
      reading.to_capture = !flag_in(charge, "capture") && !flag_in(charge, "paid");
    } else if (std::string action = action_of(charge, payment_time); !action.empty()) {
      outcome.state = ChargeState::kAction;
      outcome.action = std::move(action);
    }
  } else {
    reading.good = false;
  }
  return reading;
}

}  // namespace frontrow::payment::omise
