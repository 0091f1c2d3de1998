#include "sandbox/card_verdict.hpp"

#include <array>
#include <utility>

namespace frontrow::sandbox {
namespace {

using Row = std::pair<std::string_view, Verdict>;

constexpr Verdict failing(PaymentFailure failure) { return {failure, false, false, false}; }

constexpr std::array own_tokens{
    Row{"tok_ok", {}},
    Row{"tok_slow", {PaymentFailure::kNone, true, false, false}},
    Row{"tok_never", {PaymentFailure::kNone, false, true, false}},
    Row{"tok_authenticate", {PaymentFailure::kNone, false, false, true}},
    Row{"tok_declined", failing(PaymentFailure::kDeclined)},
    Row{"tok_insufficient_funds", failing(PaymentFailure::kInsufficientFunds)},
    Row{"tok_expired_card", failing(PaymentFailure::kExpiredCard)},
    Row{"tok_fraud", failing(PaymentFailure::kFraudSuspected)},
};

/// Behind `tok_`, `pm_card_` or `pm_card_visa_`.
constexpr std::array stripe_names{
    Row{"visa", {}},
    Row{"mastercard", {}},
    Row{"amex", {}},
    Row{"jcb", {}},
    Row{"authenticationRequired", {PaymentFailure::kNone, false, false, true}},
    Row{"threeDSecure2Required", {PaymentFailure::kNone, false, false, true}},
    Row{"chargeDeclined", failing(PaymentFailure::kDeclined)},
    Row{"chargeDeclinedInsufficientFunds", failing(PaymentFailure::kInsufficientFunds)},
    Row{"chargeDeclinedExpiredCard", failing(PaymentFailure::kExpiredCard)},
    Row{"chargeDeclinedFraudulent", failing(PaymentFailure::kFraudSuspected)},
};

constexpr std::array numbers{
    Row{"4000000000000002", failing(PaymentFailure::kDeclined)},
    Row{"4000000000009995", failing(PaymentFailure::kInsufficientFunds)},
    Row{"4000000000000069", failing(PaymentFailure::kExpiredCard)},
    Row{"4100000000000019", failing(PaymentFailure::kFraudSuspected)},
    Row{"4000002500003155", {PaymentFailure::kNone, false, false, true}},
    Row{"4111111111140011", failing(PaymentFailure::kInsufficientFunds)},
    Row{"4111111111110014", failing(PaymentFailure::kDeclined)},
    Row{"4111111111190016", failing(PaymentFailure::kFraudSuspected)},
};

template <std::size_t count>
std::optional<Verdict> find(const std::array<Row, count>& table, std::string_view name) {
  for (const auto& [known, verdict] : table)
    if (known == name) return verdict;
  return std::nullopt;
}

}  // namespace

std::optional<Verdict> verdict_of_token(std::string_view token) {
  if (const auto own = find(own_tokens, token)) return own;
  for (const std::string_view prefix : {"pm_card_visa_", "pm_card_", "tok_visa_", "tok_"}) {
    if (!token.starts_with(prefix)) continue;
    if (const auto known = find(stripe_names, token.substr(prefix.size()))) return known;
  }
  return std::nullopt;
}

Verdict verdict_of_number(std::string_view digits) {
  return find(numbers, digits).value_or(Verdict{});
}

}  // namespace frontrow::sandbox
