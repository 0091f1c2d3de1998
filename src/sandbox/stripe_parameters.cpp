#include "sandbox/stripe_parameters.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/names.hpp"
#include "sandbox/card_verdict.hpp"
#include "sandbox/later.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/sandbox_limits.hpp"
#include "sandbox/stripe_error.hpp"

namespace frontrow::sandbox {
namespace {

/// What of `parameters` is named so; null where it is absent.
const Json& under(const Json& parameters, const char* name) {
  static const Json absent;
  const auto found = parameters.find(name);
  return found != parameters.end() ? *found : absent;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
  return text;
}

std::string currency_of(const Json& parameters) {
  const std::string currency = upper(text_of(parameters, "currency"));
  if (currency.empty()) throw missing_parameter("currency");
  const bool good =
      currency.size() == 3 &&
      std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!good) throw invalid_parameter("currency", "Invalid currency");
  return currency;
}

std::string metadata_of(const Json& parameters) {
  const Json& metadata = under(parameters, "metadata");
  if (metadata.is_null()) return {};
  if (!metadata.is_object()) throw invalid_parameter("metadata", "Invalid object");
  for (const auto& [name, value] : metadata.items()) {
    if (!value.is_string()) throw invalid_parameter("metadata[" + name + "]", "Invalid string");
    if (name.size() > 40 || value.get_ref<const std::string&>().size() > 500)
      throw invalid_parameter("metadata[" + name + "]",
                              "Metadata keys have up to 40 characters, "
                              "values up to 500");
  }
  if (metadata.size() > 50) throw invalid_parameter("metadata", "Up to 50 keys");
  return to_text(metadata);
}

/// Only methods that both Stripe and the sandbox have.
PaymentMethod method_of_type(const std::string& type, const std::string& param) {
  if (type.empty()) throw missing_parameter(param);
  const auto method = parse_payment_method(type);
  if (method != PaymentMethod::kCard && method != PaymentMethod::kPromptPay)
    throw invalid_parameter(param, "Invalid payment method type: " + type.substr(0, 64));
  return *method;
}

std::string digits_of(const std::string& text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

bool three_decimals(const std::string& currency) {
  static constexpr std::string_view known[] = {"BHD", "JOD", "KWD", "OMR", "TND"};
  return std::find(std::begin(known), std::end(known), currency) != std::end(known);
}

}  // namespace

void allow_parameters(const Json& parameters, std::initializer_list<const char*> known) {
  for (const auto& [name, value] : parameters.items()) {
    const bool fine =
        std::any_of(known.begin(), known.end(), [&](const char* one) { return name == one; });
    if (fine) continue;
    const std::string shown = name.substr(0, 64);
    throw StripeError{400,
                      "invalid_request_error",
                      "parameter_unknown",
                      "Received unknown parameter: " + shown,
                      shown,
                      {}};
  }
}

std::optional<std::int64_t> stripe_amount(const Json& parameters, const char* name) {
  if (!parameters.contains(name)) return std::nullopt;
  const auto amount = whole_number_of(parameters, name);
  if (!amount) {
    throw StripeError{400,
                      "invalid_request_error",
                      "parameter_invalid_integer",
                      std::string("Invalid integer: ") + name,
                      name,
                      {}};
  }
  if (*amount < 1) throw invalid_parameter(name, "This value must be greater than or equal to 1.");
  if (*amount > limits::amount_max) {
    throw StripeError{400, "invalid_request_error", "amount_too_large", "Amount too large", name,
                      {}};
  }
  return amount;
}

bool truth_of(const Json& parameters, const char* name, bool absent) {
  if (!parameters.contains(name)) return absent;
  const std::string text = text_of(parameters, name);
  if (text == "true") return true;
  if (text == "false") return false;
  throw invalid_parameter(name, "Invalid boolean");
}

std::vector<std::string> list_of(const Json& parameters, const char* name) {
  const Json& list = under(parameters, name);
  std::vector<std::string> values;
  if (list.is_null()) return values;
  if (!list.is_object()) throw invalid_parameter(name, "Invalid array");
  for (const Json& value : list) {
    if (!value.is_string()) throw invalid_parameter(name, "Invalid array");
    values.push_back(value.get<std::string>());
  }
  return values;
}

bool expands(const Json& parameters, const char* path) {
  const auto list = list_of(parameters, "expand");
  return std::find(list.begin(), list.end(), path) != list.end();
}

std::size_t page_limit(const Json& parameters) {
  if (!parameters.contains("limit")) return 10;
  const auto limit = whole_number_of(parameters, "limit").value_or(0);
  if (limit < 1 || limit > 100) throw invalid_parameter("limit", "Limit must be from 1 to 100");
  return static_cast<std::size_t>(limit);
}

bool created_within(const Json& parameters, Instant made_at) {
  const Json& created = under(parameters, "created");
  if (!created.is_object()) return true;
  const std::int64_t moment = made_at.microseconds / 1'000'000;
  const auto holds = [&](const char* name, auto compares) {
    const auto bound = whole_number_of(created, name);
    return !bound || compares(moment, *bound);
  };
  return holds("gte", std::greater_equal<>()) && holds("gt", std::greater<>()) &&
         holds("lte", std::less_equal<>()) && holds("lt", std::less<>());
}

Charge intent_wanted(const Json& parameters) {
  Charge charge;
  charge.dialect = Dialect::kStripe;
  const auto amount = stripe_amount(parameters, "amount");
  if (!amount) throw missing_parameter("amount");
  charge.amount = {*amount};
  charge.currency = currency_of(parameters);
  if (three_decimals(charge.currency) && *amount % 10 != 0)
    throw invalid_parameter("amount", "The last of three decimals must be 0 in this currency");
  charge.metadata = metadata_of(parameters);
  charge.reference = text_of(under(parameters, "metadata"), "reference");
  charge.description = text_of(parameters, "description").substr(0, limits::text_bytes_max);
  const std::string capture = parameters.contains("capture_method")
                                  ? text_of(parameters, "capture_method")
                                  : std::string("automatic_async");
  if (capture != "automatic" && capture != "automatic_async" && capture != "manual")
    throw invalid_parameter("capture_method", "Invalid capture_method");
  charge.capture_later = capture == "manual";

  auto types = list_of(parameters, "payment_method_types");
  const bool automatic = types.empty();
  if (automatic) {
    types = {"card"};
    if (charge.currency == "THB" && !charge.capture_later) types.push_back("promptpay");
  }
  for (const std::string& type : types) {
    const auto method = method_of_type(type, "payment_method_types");
    if (method != PaymentMethod::kPromptPay) continue;
    if (charge.currency != "THB")
      throw invalid_parameter("currency", "promptpay supports the currency thb alone");
    if (charge.capture_later)
      throw invalid_parameter("capture_method", "promptpay does not support manual capture");
  }
  charge.detail =
      to_text({{"types", types}, {"capture_method", capture}, {"automatic", automatic}});
  return charge;
}

Instrument instrument_wanted(const Json& parameters, const std::string& where) {
  const auto named = [&](const std::string& name) {
    return where.empty() ? name : where + "[" + name + "]";
  };
  Instrument instrument;
  instrument.id = Ledger::new_id("pm_");
  instrument.made_at = wall_now();
  instrument.method = method_of_type(text_of(parameters, "type"), named("type"));
  if (instrument.method != PaymentMethod::kCard) return instrument;
  const Json& card = under(parameters, "card");
  const std::string token = text_of(card, "token"), number = digits_of(text_of(card, "number"));
  instrument.last_digits = "4242";
  if (!token.empty()) {
    const auto verdict = verdict_of_token(token);
    if (!verdict) throw no_such("token", "tok_…", named("card[token]"));
    instrument.verdict = *verdict;
  } else if (number.size() >= 12) {
    instrument.verdict = verdict_of_number(number);
    instrument.last_digits = number.substr(number.size() - 4);
  } else {
    throw missing_parameter(named("card"));
  }
  return instrument;
}

std::optional<Attempt> attempt_wanted(const Json& parameters, InstrumentStore& instruments) {
  Attempt attempt;
  attempt.return_url = text_of(parameters, "return_url");
  if (attempt.return_url.size() > limits::text_bytes_max)
    throw invalid_parameter("return_url", "Invalid URL");
  const std::string id = text_of(parameters, "payment_method");
  const Instrument* instrument = nullptr;
  if (!id.empty()) {
    instrument = instruments.find(id);
    const auto verdict = id.starts_with("pm_card_") ? verdict_of_token(id) : std::nullopt;
    if (instrument == nullptr && !verdict) throw no_such("PaymentMethod", id, "payment_method");
    if (instrument == nullptr) {
      attempt.verdict = *verdict;
      attempt.instrument = id;
      return attempt;
    }
  } else if (const Json& data = under(parameters, "payment_method_data"); !data.is_null()) {
    if (!data.is_object()) throw invalid_parameter("payment_method_data", "Invalid object");
    instrument = &instruments.keep(instrument_wanted(data, "payment_method_data"));
  } else {
    return std::nullopt;
  }
  attempt.method = instrument->method;
  attempt.verdict = instrument->verdict;
  attempt.instrument = instrument->id;
  return attempt;
}

void allow_method(const Charge& charge, const Attempt& attempt) {
  const Json detail = Json::parse(charge.detail);
  const std::string wanted(name_of(attempt.method));
  for (const Json& type : detail.at("types"))
    if (type == wanted) return;
  throw invalid_parameter("payment_method", "The PaymentMethod is of the type " + wanted +
                                                ", which this PaymentIntent does not take");
}

}  // namespace frontrow::sandbox
