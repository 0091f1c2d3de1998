#include "sandbox/stripe_objects.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/names.hpp"
#include "sandbox/later.hpp"
#include "sandbox/stripe_error.hpp"

namespace frontrow::sandbox {
namespace {

constexpr const char* api_version = "2023-08-16";

std::int64_t seconds_of(Instant instant) { return instant.microseconds / 1'000'000; }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return text;
}

Json object_in(const std::string& text) {
  return text.empty() ? Json::object() : Json::parse(text);
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json next_action(const Charge& charge, const PayLinks& links) {
  if (charge.state != ChargeState::kAction) return nullptr;
  if (charge.attempt.method == PaymentMethod::kPromptPay) {
    return {{"type", "promptpay_display_qr_code"},
            {"promptpay_display_qr_code",
             {{"data", links.page(charge)},
              {"hosted_instructions_url", links.page(charge)},
              {"image_url_png", links.picture(charge)},
              {"image_url_svg", links.picture(charge)}}}};
  }
  return {{"type", "redirect_to_url"},
          {"redirect_to_url",
           {{"url", links.page(charge)}, {"return_url", or_null(charge.attempt.return_url)}}}};
}

/// An attempt has failed, and another may be made.
bool has_failed(const Charge& charge) {
  return charge.state == ChargeState::kFailed && charge.failure != PaymentFailure::kCancelled;
}

}  // namespace

std::string stripe_status(const Charge& charge) {
  switch (charge.state) {
    case ChargeState::kOpen:
      return charge.attempt.instrument.empty() ? "requires_payment_method"
                                               : "requires_confirmation";
    case ChargeState::kPending:
      return "processing";
    case ChargeState::kAction:
      return "requires_action";
    case ChargeState::kAuthorized:
      return "requires_capture";
    case ChargeState::kCaptured:
      return "succeeded";
    case ChargeState::kFailed:
      return has_failed(charge) ? "requires_payment_method" : "canceled";
  }
  return "unknown";
}

std::string stripe_charge_id(const Charge& charge) { return "ch_" + charge.id.substr(3); }

std::string intent_id_of(const std::string& id) {
  return id.starts_with("ch_") ? "pi_" + id.substr(3) : std::string();
}

Json payment_intent(const Charge& charge, const PayLinks& links, bool expanded) {
  const Json detail = object_in(charge.detail);
  const bool captured = charge.state == ChargeState::kCaptured;
  const bool authorized = charge.state == ChargeState::kAuthorized;
  const bool canceled = charge.state == ChargeState::kFailed && !has_failed(charge);
  const bool has_charge = charge.was_authorized || captured || has_failed(charge);
  const auto secret = sha256(as_bytes("client secret of " + charge.id));
  Json intent{
      {"id", charge.id},
      {"object", "payment_intent"},
      {"amount", charge.amount.minor},
      {"amount_capturable", authorized ? charge.amount.minor : 0},
      {"amount_received", charge.captured.minor},
      {"application", nullptr},
      {"application_fee_amount", nullptr},
      {"automatic_payment_methods", detail.value("automatic", false)
                                        ? Json{{"allow_redirects", "always"}, {"enabled", true}}
                                        : Json()},
      {"canceled_at", canceled ? Json(seconds_of(charge.ended_at)) : Json()},
      {"cancellation_reason", detail.contains("cancellation_reason") && canceled
                                  ? detail.at("cancellation_reason")
                                  : Json()},
      {"capture_method", detail.value("capture_method", std::string("automatic_async"))},
      {"client_secret", charge.id + "_secret_" + to_hex(ByteView(secret).first(12))},
      {"confirmation_method", "automatic"},
      {"created", seconds_of(charge.made_at)},
      {"currency", lower(charge.currency)},
      {"customer", nullptr},
      {"description", or_null(charge.description)},
      {"last_payment_error", has_failed(charge) ? payment_error(charge) : Json()},
      {"latest_charge", nullptr},
      {"livemode", false},
      {"metadata", object_in(charge.metadata)},
      {"next_action", next_action(charge, links)},
      {"on_behalf_of", nullptr},
      // After a failure the next attempt needs a method of its own.
      {"payment_method", has_failed(charge) ? Json() : or_null(charge.attempt.instrument)},
      {"payment_method_options", Json::object()},
      {"payment_method_types", detail.value("types", Json::array({"card"}))},
      {"processing", nullptr},
      {"receipt_email", nullptr},
      {"review", nullptr},
      {"setup_future_usage", nullptr},
      {"shipping", nullptr},
      {"statement_descriptor", nullptr},
      {"statement_descriptor_suffix", nullptr},
      {"status", stripe_status(charge)},
      {"transfer_data", nullptr},
      {"transfer_group", nullptr}};
  if (has_charge)
    intent["latest_charge"] = expanded ? stripe_charge(charge) : Json(stripe_charge_id(charge));
  return intent;
}

Json stripe_charge(const Charge& charge) {
  const bool captured = charge.state == ChargeState::kCaptured;
  const bool failed = has_failed(charge);
  const Json error = failed ? payment_error(charge) : Json::object();
  const std::string type(name_of(charge.attempt.method));
  const Amount refunded = charge.refunded();
  return {{"id", stripe_charge_id(charge)},
          {"object", "charge"},
          {"amount", charge.amount.minor},
          {"amount_captured", charge.captured.minor},
          {"amount_refunded", refunded.minor},
          {"captured", captured},
          {"created", seconds_of(charge.made_at)},
          {"currency", lower(charge.currency)},
          {"description", or_null(charge.description)},
          {"disputed", false},
          {"failure_code", failed ? error.at("code") : Json()},
          {"failure_message", failed ? error.at("message") : Json()},
          {"livemode", false},
          {"metadata", object_in(charge.metadata)},
          {"paid", captured || charge.state == ChargeState::kAuthorized},
          {"payment_intent", charge.id},
          {"payment_method", or_null(charge.attempt.instrument)},
          {"payment_method_details", {{"type", type}, {type, Json::object()}}},
          {"refunded", captured && refunded == charge.captured},
          {"status", failed ? "failed" : "succeeded"}};
}

Json stripe_refund(const Charge& charge, const Refund& refund) {
  return {{"id", refund.id},
          {"object", "refund"},
          {"amount", refund.amount.minor},
          {"balance_transaction", nullptr},
          {"charge", stripe_charge_id(charge)},
          {"created", seconds_of(refund.made_at)},
          {"currency", lower(charge.currency)},
          {"metadata", Json::object()},
          {"payment_intent", charge.id},
          {"reason", nullptr},
          {"receipt_number", nullptr},
          {"source_transfer_reversal", nullptr},
          {"status", "succeeded"},
          {"transfer_reversal", nullptr}};
}

Json payment_method(const Instrument& instrument) {
  const std::string type(name_of(instrument.method));
  Json object{{"id", instrument.id},
              {"object", "payment_method"},
              {"allow_redisplay", "unspecified"},
              {"billing_details",
               {{"address", nullptr}, {"email", nullptr}, {"name", nullptr}, {"phone", nullptr}}},
              {"created", seconds_of(instrument.made_at)},
              {"customer", nullptr},
              {"livemode", false},
              {"metadata", Json::object()},
              {"type", type}};
  object[type] = Json::object();
  if (instrument.method == PaymentMethod::kCard)
    object[type] = {{"brand", "visa"}, {"last4", instrument.last_digits}, {"country", "TH"}};
  return object;
}

Json stripe_event(const std::string& id, const char* type, Json object) {
  return {{"id", id},
          {"object", "event"},
          {"api_version", api_version},
          {"created", seconds_of(wall_now())},
          {"data", {{"object", std::move(object)}}},
          {"livemode", false},
          {"pending_webhooks", 1},
          {"request", {{"id", nullptr}, {"idempotency_key", nullptr}}},
          {"type", type}};
}

}  // namespace frontrow::sandbox
