#include "sandbox/omise_objects.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/instant_text.hpp"
#include "base/names.hpp"
#include "sandbox/later.hpp"

namespace frontrow::sandbox {
namespace {

struct FailureText {
  const char* code;
  const char* message;
};

FailureText failure_of(const Charge& charge) {
  switch (charge.failure) {
    case PaymentFailure::kInsufficientFunds:
      return {"insufficient_fund",
              "insufficient funds in the account or the card has reached "
              "its limit"};
    case PaymentFailure::kFraudSuspected:
      return {"failed_fraud_check", "card was marked as fraudulent"};
    case PaymentFailure::kExpiredCard:
      return {"failed_processing", "the card has expired"};
    default:
      return {"payment_rejected", "the payment was rejected"};
  }
}

/// UTC without fractions, as Omise writes it.
std::string time_text(Instant instant) {
  const Instant whole{instant.microseconds / 1'000'000 * 1'000'000};
  std::string text = to_rfc3339(whole);
  if (const auto dot = text.find('.'); dot != std::string::npos) text = text.substr(0, dot) + "Z";
  return text;
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

bool cancelled(const Charge& charge) {
  return charge.state == ChargeState::kFailed && charge.failure == PaymentFailure::kCancelled;
}

const char* flow_of(PaymentMethod method) {
  return method == PaymentMethod::kPromptPay ? "offline" : "redirect";
}

Json source_object(const std::string& id, PaymentMethod method, Amount amount,
                   const std::string& currency, Instant made_at) {
  return {{"object", "source"},
          {"id", id},
          {"livemode", false},
          {"location", "/sources/" + id},
          {"amount", amount.minor},
          {"currency", currency},
          {"created_at", time_text(made_at)},
          {"flow", flow_of(method)},
          {"type", name_of(method)},
          {"charge_status", "unknown"},
          {"references", nullptr},
          {"scannable_code", nullptr}};
}

Json card_object(const std::string& id, const std::string& last_digits, Instant made_at) {
  return {{"object", "card"},
          {"id", "card_test_" + id},
          {"livemode", false},
          {"location", nullptr},
          {"deleted", false},
          {"brand", "Visa"},
          {"last_digits", last_digits},
          {"security_code_check", true},
          {"created_at", time_text(made_at)}};
}

Json source_of(const Charge& charge, const PayLinks& links) {
  if (charge.attempt.method == PaymentMethod::kCard) return nullptr;
  Json source = source_object(charge.attempt.instrument, charge.attempt.method, charge.amount,
                              charge.currency, charge.made_at);
  source["charge_status"] = omise_status(charge);
  if (charge.attempt.method == PaymentMethod::kPromptPay) {
    const std::string document = "docu_test_" + charge.id.substr(charge.id.rfind('_') + 1);
    source["scannable_code"] = {{"object", "barcode"},
                                {"type", "qr"},
                                {"image",
                                 {{"object", "document"},
                                  {"livemode", false},
                                  {"id", document},
                                  {"deleted", false},
                                  {"filename", "qrcode.svg"},
                                  {"kind", "qr"},
                                  {"location", "/charges/" + charge.id + "/documents/" + document},
                                  {"download_uri", links.picture(charge)},
                                  {"created_at", time_text(charge.made_at)}}}};
  }
  return source;
}

}  // namespace

Answer answer_of(const OmiseError& error) {
  std::string anchor = error.code;
  std::replace(anchor.begin(), anchor.end(), '_', '-');
  Answer answer;
  answer.status = error.status;
  answer.body = to_text({{"object", "error"},
                         {"location", "https://www.omise.co/api-errors#" + anchor},
                         {"code", error.code},
                         {"message", error.message}});
  return answer;
}

std::string omise_status(const Charge& charge) {
  if (charge.state == ChargeState::kCaptured) return "successful";
  if (charge.state != ChargeState::kFailed) return "pending";
  if (!cancelled(charge)) return "failed";
  return charge.was_authorized ? "reversed" : "expired";
}

Json omise_charge(const Charge& charge, const Ledger& ledger, const PayLinks& links) {
  const std::string location = "/charges/" + charge.id;
  const bool captured = charge.state == ChargeState::kCaptured;
  const bool authorized = charge.state == ChargeState::kAuthorized;
  const bool failed = charge.state == ChargeState::kFailed && !cancelled(charge);
  const bool reversed = cancelled(charge) && charge.was_authorized;
  const bool expired = cancelled(charge) && !charge.was_authorized;
  const bool card = charge.attempt.method == PaymentMethod::kCard;
  const bool to_page =
      charge.state == ChargeState::kAction && charge.attempt.method != PaymentMethod::kPromptPay;
  const Amount refunded = charge.refunded();
  Json refunds = Json::array();
  for (const Refund& refund : charge.refunds) refunds.push_back(omise_refund(charge, refund));
  const std::size_t refund_count = refunds.size();
  const Json ended = charge.ended() ? Json(time_text(charge.ended_at)) : Json();
  return {{"object", "charge"},
          {"id", charge.id},
          {"location", location},
          {"livemode", false},
          {"amount", charge.amount.minor},
          {"authorized_amount", captured || authorized ? charge.amount.minor : 0},
          {"captured_amount", charge.captured.minor},
          {"refunded_amount", refunded.minor},
          {"currency", charge.currency},
          {"funding_amount", charge.amount.minor},
          {"funding_currency", charge.currency},
          {"description", or_null(charge.description)},
          {"metadata", charge.metadata.empty() ? Json::object() : Json::parse(charge.metadata)},
          {"status", omise_status(charge)},
          {"authorized", captured || charge.was_authorized},
          {"capture", !charge.capture_later},
          {"capturable", authorized},
          {"paid", captured},
          {"paid_at", captured ? ended : Json()},
          {"expired", expired},
          {"expired_at", expired ? ended : Json()},
          {"expires_at", time_text(ledger.expires_at(charge))},
          {"reversed", reversed},
          {"reversed_at", reversed ? ended : Json()},
          {"reversible", authorized},
          {"voided", false},
          {"refundable", captured && refunded < charge.captured},
          {"partially_refundable", true},
          {"disputable", captured},
          {"failure_code", failed ? Json(failure_of(charge).code) : Json()},
          {"failure_message", failed ? Json(failure_of(charge).message) : Json()},
          {"authorize_uri", to_page ? Json(links.page(charge)) : Json()},
          {"return_uri", or_null(charge.attempt.return_url)},
          {"card",
           card ? card_object(charge.attempt.instrument, charge.detail, charge.made_at) : Json()},
          {"source", source_of(charge, links)},
          {"customer", nullptr},
          {"dispute", nullptr},
          {"ip", nullptr},
          {"link", nullptr},
          {"schedule", nullptr},
          {"transaction", captured ? Json("trxn_test_" + charge.id.substr(10)) : Json()},
          {"refunds",
           omise_list(location + "/refunds", std::move(refunds), 0, 20, refund_count, false)},
          {"created_at", time_text(charge.made_at)}};
}

Json omise_refund(const Charge& charge, const Refund& refund) {
  return {{"object", "refund"},
          {"id", refund.id},
          {"location", "/charges/" + charge.id + "/refunds/" + refund.id},
          {"livemode", false},
          {"amount", refund.amount.minor},
          {"currency", charge.currency},
          {"charge", charge.id},
          {"metadata", Json::object()},
          {"status", "closed"},
          {"transaction", "trxn_test_" + refund.id.substr(10)},
          {"voided", false},
          {"created_at", time_text(refund.made_at)}};
}

Json omise_token(const Instrument& instrument) {
  return {
      {"object", "token"},
      {"id", instrument.id},
      {"livemode", false},
      {"location", "/tokens/" + instrument.id},
      {"used", instrument.used},
      {"charge_status", "unknown"},
      {"card", card_object(instrument.id.substr(10), instrument.last_digits, instrument.made_at)},
      {"created_at", time_text(instrument.made_at)}};
}

Json omise_source(const Instrument& instrument) {
  return source_object(instrument.id, instrument.method, instrument.amount, instrument.currency,
                       instrument.made_at);
}

Json omise_event(const std::string& id, const char* key, Json data) {
  return {{"object", "event"},
          {"id", id},
          {"livemode", false},
          {"location", "/events/" + id},
          {"webhook_deliveries", Json::array()},
          {"data", std::move(data)},
          {"key", key},
          {"created_at", time_text(wall_now())}};
}

Json omise_list(const std::string& location, Json data, std::size_t offset, std::size_t limit,
                std::size_t total, bool newest_first) {
  return {{"object", "list"},
          {"data", std::move(data)},
          {"limit", limit},
          {"offset", offset},
          {"total", total},
          {"location", location},
          {"order", newest_first ? "reverse_chronological" : "chronological"},
          {"from", "1970-01-01T00:00:00Z"},
          {"to", time_text(wall_now())}};
}

}  // namespace frontrow::sandbox
