// Payment intents and refunds of Stripe's dialect: what is asked of one, and what becomes of it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sandbox/form.hpp"
#include "sandbox/later.hpp"
#include "sandbox/stripe_api.hpp"
#include "sandbox/stripe_error.hpp"
#include "sandbox/stripe_objects.hpp"
#include "sandbox/stripe_parameters.hpp"

namespace frontrow::sandbox {
namespace {

Answer good(const Json& object) {
  Answer answer;
  answer.body = to_text(object);
  return answer;
}

StripeError unwritable() {
  return {500, "api_error", {}, "The book of charges cannot be written", {}, {}};
}

StripeError unexpected_state(const Charge& charge, const PayLinks& links, const char* act) {
  return {400,
          "invalid_request_error",
          "payment_intent_unexpected_state",
          std::string("This PaymentIntent cannot be ") + act + ": its status is " +
              stripe_status(charge),
          {},
          to_text({{"payment_intent", payment_intent(charge, links, false)}})};
}

Json page(const char* url, Json data, bool more) {
  return {{"object", "list"}, {"url", url}, {"has_more", more}, {"data", std::move(data)}};
}

/// The reference that a search asks for: metadata['reference']:'X', with either quotes.
std::string searched_reference(const std::string& query) {
  for (const char quote : {'\'', '"'}) {
    const std::string mark(1, quote);
    const std::string begin = "metadata[" + mark + "reference" + mark + "]:" + mark;
    if (query.size() > begin.size() && query.starts_with(begin) && query.back() == quote)
      return query.substr(begin.size(), query.size() - begin.size() - 1);
  }
  throw invalid_parameter("query", "The sandbox searches metadata['reference']:'…' alone");
}

}  // namespace

Answer StripeApi::create_intent(const Json& parameters, const RequestKey& key) {
  allow_parameters(parameters, {"amount",
                                "currency",
                                "confirm",
                                "payment_method",
                                "payment_method_data",
                                "payment_method_types",
                                "payment_method_options",
                                "automatic_payment_methods",
                                "capture_method",
                                "confirmation_method",
                                "metadata",
                                "description",
                                "return_url",
                                "receipt_email",
                                "statement_descriptor",
                                "statement_descriptor_suffix",
                                "off_session",
                                "error_on_requires_action",
                                "use_stripe_sdk",
                                "expand"});
  Charge wanted = intent_wanted(parameters);
  wanted.id = Ledger::new_id("pi_");
  wanted.key = key;
  auto attempt = attempt_wanted(parameters, instruments_);
  if (attempt) allow_method(wanted, *attempt);
  const bool confirm = truth_of(parameters, "confirm", false);
  if (confirm && !attempt) {
    throw StripeError{400,
                      "invalid_request_error",
                      "parameter_missing",
                      "A PaymentIntent needs a payment method to be confirmed",
                      "payment_method",
                      {}};
  }
  if (!confirm && attempt) {
    wanted.attempt = std::move(*attempt);
    attempt.reset();
  }
  const Charge* charge = ledger_.make(std::move(wanted), std::move(attempt));
  if (charge == nullptr) throw unwritable();
  return outcome_of(*charge, parameters);
}

Answer StripeApi::confirm_intent(const Charge& charge, const Json& parameters) {
  allow_parameters(parameters,
                   {"payment_method", "payment_method_data", "payment_method_types",
                    "payment_method_options", "return_url", "receipt_email", "off_session",
                    "error_on_requires_action", "use_stripe_sdk", "client_secret", "expand"});
  const bool failed =
      charge.state == ChargeState::kFailed && charge.failure != PaymentFailure::kCancelled;
  if (charge.state != ChargeState::kOpen && !failed)
    throw unexpected_state(charge, links_, "confirmed");
  auto attempt = attempt_wanted(parameters, instruments_);
  if (!attempt && charge.state == ChargeState::kOpen && !charge.attempt.instrument.empty())
    attempt = charge.attempt;
  if (!attempt) {
    throw StripeError{400,
                      "invalid_request_error",
                      "payment_intent_unexpected_state",
                      "A PaymentIntent needs a payment method to be confirmed",
                      {},
                      {}};
  }
  allow_method(charge, *attempt);
  if (!ledger_.attempt(charge.id, std::move(*attempt))) throw unwritable();
  return outcome_of(charge, parameters);
}

Answer StripeApi::capture_intent(const Charge& charge, const Json& parameters) {
  allow_parameters(parameters, {"amount_to_capture", "final_capture", "metadata", "expand",
                                "statement_descriptor", "statement_descriptor_suffix"});
  if (charge.state != ChargeState::kAuthorized) throw unexpected_state(charge, links_, "captured");
  const auto amount = stripe_amount(parameters, "amount_to_capture");
  if (amount && *amount > charge.amount.minor) {
    throw StripeError{400,
                      "invalid_request_error",
                      "amount_too_large",
                      "More than was authorized",
                      "amount_to_capture",
                      {}};
  }
  if (!ledger_.capture(charge.id, {amount.value_or(charge.amount.minor)})) throw unwritable();
  return good(shown(charge, parameters));
}

Answer StripeApi::cancel_intent(const Charge& charge, const Json& parameters) {
  allow_parameters(parameters, {"cancellation_reason", "expand"});
  const std::string status = stripe_status(charge);
  if (status == "succeeded" || status == "canceled")
    throw unexpected_state(charge, links_, "canceled");
  if (!ledger_.cancel(charge.id)) throw unwritable();
  return good(shown(charge, parameters));
}

Answer StripeApi::list_intents(const Json& parameters) const {
  allow_parameters(parameters, {"limit", "starting_after", "created", "expand"});
  const std::size_t limit = page_limit(parameters);
  const auto& charges = ledger_.book().charges();
  std::size_t end = charges.size();
  if (const std::string after = text_of(parameters, "starting_after"); !after.empty())
    end = intent(after, "starting_after").number - 1;
  const bool expanded = expands(parameters, "data.latest_charge");
  Json data = Json::array();
  bool more = false;
  for (std::size_t n = end; n-- > 0 && !more;) {
    const Charge& charge = charges[n];
    if (charge.dialect != Dialect::kStripe || !created_within(parameters, charge.made_at)) continue;
    more = data.size() == limit;
    if (!more) data.push_back(payment_intent(charge, links_, expanded));
  }
  return good(page("/v1/payment_intents", std::move(data), more));
}

Answer StripeApi::search_intents(const Json& parameters) const {
  allow_parameters(parameters, {"query", "limit", "expand"});
  const std::string reference = searched_reference(text_of(parameters, "query"));
  const std::size_t limit = page_limit(parameters);
  const bool expanded = expands(parameters, "data.latest_charge");
  Json data = Json::array();
  bool more = false;
  const auto& places = ledger_.book().with_reference(reference);
  for (auto place = places.rbegin(); place != places.rend() && !more; ++place) {
    const Charge& charge = ledger_.book().charges()[*place];
    if (charge.dialect != Dialect::kStripe) continue;
    more = data.size() == limit;
    if (!more) data.push_back(payment_intent(charge, links_, expanded));
  }
  return good({{"object", "search_result"},
               {"url", "/v1/payment_intents/search"},
               {"has_more", more},
               {"next_page", nullptr},
               {"data", std::move(data)}});
}

Answer StripeApi::refunds(const Request& request, const Json& parameters, const RequestKey& key) {
  const auto& path = request.path;
  const bool post = request.method == "POST";
  if (path.size() == 2) return post ? create_refund(parameters, key) : list_refunds(parameters);
  if (path.size() == 3 && !post) {
    const Charge* charge = ledger_.book().find_refunded(path[2]);
    if (charge != nullptr && charge->dialect == Dialect::kStripe) {
      for (const Refund& refund : charge->refunds)
        if (refund.id == path[2]) return good(stripe_refund(*charge, refund));
    }
    throw no_such("refund", path[2].substr(0, 64), "id");
  }
  throw StripeError{404, "invalid_request_error", {}, "Unrecognized request URL", {}, {}};
}

const Charge& StripeApi::refunded_charge(const Json& parameters) const {
  const std::string id = text_of(parameters, "payment_intent");
  if (!id.empty()) return intent(id, "payment_intent");
  const std::string charge = text_of(parameters, "charge");
  if (charge.empty()) throw missing_parameter("payment_intent");
  return intent(intent_id_of(charge), "charge");
}

Answer StripeApi::create_refund(const Json& parameters, const RequestKey& key) {
  allow_parameters(parameters,
                   {"payment_intent", "charge", "amount", "reason", "metadata", "expand"});
  const Charge& charge = refunded_charge(parameters);
  if (charge.state != ChargeState::kCaptured) {
    throw StripeError{400,
                      "invalid_request_error",
                      {},
                      "This PaymentIntent has no captured charge to refund",
                      "payment_intent",
                      {}};
  }
  const Amount left = charge.captured - charge.refunded();
  if (left.minor == 0 || charge.refunds.size() >= limits::refunds_per_charge_max) {
    throw StripeError{400,
                      "invalid_request_error",
                      "charge_already_refunded",
                      "The charge has been refunded already",
                      {},
                      {}};
  }
  const std::int64_t amount = stripe_amount(parameters, "amount").value_or(left.minor);
  if (amount > left.minor)
    throw invalid_parameter("amount", "More than what has not been refunded of the charge");
  const Refund refund{Ledger::new_id("re_"), {amount}, wall_now()};
  if (!ledger_.refund(charge.id, refund, key)) throw unwritable();
  return good(stripe_refund(charge, refund));
}

Answer StripeApi::list_refunds(const Json& parameters) const {
  allow_parameters(parameters, {"payment_intent", "charge", "limit", "expand"});
  const std::size_t limit = page_limit(parameters);
  const Charge& charge = refunded_charge(parameters);
  Json data = Json::array();
  for (auto refund = charge.refunds.rbegin(); refund != charge.refunds.rend(); ++refund)
    if (data.size() < limit) data.push_back(stripe_refund(charge, *refund));
  const bool more = data.size() < charge.refunds.size();
  return good(page("/v1/refunds", std::move(data), more));
}

}  // namespace frontrow::sandbox
