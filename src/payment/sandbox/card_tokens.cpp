#include "payment/sandbox/card_tokens.hpp"

#include <array>
#include <utility>

namespace frontrow::payment::sandbox {

Verdict verdict_of(std::string_view card_token) {
  static constexpr std::array<std::pair<std::string_view, Verdict>, 7> table{{
      {"tok_ok", {}},
      {"tok_slow", {PaymentFailure::kNone, true, false}},
      {"tok_never", {PaymentFailure::kNone, false, true}},
      {"tok_declined", {PaymentFailure::kDeclined, false, false}},
      {"tok_insufficient_funds", {PaymentFailure::kInsufficientFunds, false, false}},
      {"tok_expired_card", {PaymentFailure::kExpiredCard, false, false}},
      {"tok_fraud", {PaymentFailure::kFraudSuspected, false, false}},
  }};
  for (const auto& [token, verdict] : table) {
    if (token == card_token) return verdict;
  }
  return {PaymentFailure::kInvalidToken, false, false};
}

}  // namespace frontrow::payment::sandbox
