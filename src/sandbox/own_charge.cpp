#include "sandbox/own_charge.hpp"

#include <nlohmann/json.hpp>

#include "base/instant_text.hpp"
#include "base/names.hpp"

namespace frontrow::sandbox {
namespace {

const char* state_name(ChargeState state) {
  switch (state) {
    case ChargeState::kOpen:
    case ChargeState::kPending:
    case ChargeState::kAuthorized:
      return "pending";
    case ChargeState::kAction:
      return "action";
    case ChargeState::kCaptured:
      return "captured";
    case ChargeState::kFailed:
      return "failed";
  }
  return "unknown";
}

Json next_action(const Charge& charge, const Ledger& ledger, const PayLinks& links) {
  if (charge.state != ChargeState::kAction) return nullptr;
  if (charge.attempt.method != PaymentMethod::kPromptPay)
    return {{"type", "redirect"}, {"url", links.page(charge)}};
  return {{"type", "qr"},
          {"data", links.page(charge)},
          {"image", links.picture(charge)},
          {"expires_at", to_rfc3339(ledger.expires_at(charge))}};
}

}  // namespace

Json own_charge(const Charge& charge, const Ledger& ledger, const PayLinks& links) {
  const bool failed = charge.state == ChargeState::kFailed;
  return {{"id", charge.id},
          {"reference", charge.reference},
          {"amount", charge.amount.minor},
          {"currency", charge.currency},
          {"method", name_of(charge.attempt.method)},
          {"state", state_name(charge.state)},
          {"failure_code", failed ? Json(name_of(charge.failure)) : Json()},
          {"refunded", charge.refunded().minor},
          {"next_action", next_action(charge, ledger, links)},
          {"made_at", to_rfc3339(charge.made_at)}};
}

}  // namespace frontrow::sandbox
