#include "sandbox/stripe_api.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "sandbox/access.hpp"
#include "sandbox/form.hpp"
#include "sandbox/stripe_error.hpp"
#include "sandbox/stripe_objects.hpp"
#include "sandbox/stripe_parameters.hpp"

namespace frontrow::sandbox {
namespace {

constexpr std::size_t key_characters_max = 255;

Answer good(const Json& object) {
  Answer answer;
  answer.body = to_text(object);
  return answer;
}

StripeError no_such_path() {
  return {404, "invalid_request_error", {}, "Unrecognized request URL", {}, {}};
}

std::string digest_of(const Request& request, const Json& parameters) {
  std::string text = request.method;
  for (const std::string& segment : request.path) text += "/" + segment;
  text += "\n" + to_text(parameters);
  return to_hex(ByteView(sha256(as_bytes(text))).first(16));
}

}  // namespace

Answer StripeApi::answer(const Request& request) {
  Answer answer;
  try {
    if (!fits(key_of(request, true, true), secret_))
      throw StripeError{401, "invalid_request_error", {}, "Invalid API Key provided", {}, {}};
    const bool has_body = request.method == "POST" && !request.body.empty();
    if (has_body && !request.content_type.starts_with("application/x-www-form-urlencoded"))
      throw StripeError{400, "invalid_request_error", {}, "Requests are form-encoded here", {}, {}};
    const auto parameters = parse_form(request.method == "POST" ? request.body : request.query);
    if (!parameters)
      throw StripeError{400, "invalid_request_error", {}, "Invalid request parameters", {}, {}};
    answer = remembered_or_new(request, *parameters);
  } catch (const StripeError& error) {
    answer = answer_of(error);
  }
  answer.headers.emplace_back("Request-Id", Ledger::new_id("req_"));
  return answer;
}

Answer StripeApi::remembered_or_new(const Request& request, const Json& parameters) {
  RequestKey key;
  if (request.method != "POST" || request.idempotency_key.empty())
    return route(request, parameters, key);
  if (request.idempotency_key.size() > key_characters_max)
    throw invalid_parameter("Idempotency-Key", "Idempotency keys have up to 255 characters");
  key = {request.idempotency_key, digest_of(request, parameters)};
  const auto found = answers_.find(key.key);
  const Book::KeyUse* const use = ledger_.book().find_key(key.key);
  const bool known = found != answers_.end();
  if (known || use != nullptr) {
    if ((known ? found->second.digest : use->digest) != key.digest) {
      throw StripeError{400, "idempotency_error",
                        {},  "This idempotency key was used with other parameters before",
                        {},  {}};
    }
    Answer again = known ? found->second.answer : replayed(*use);
    again.headers.emplace_back("Idempotent-Replayed", "true");
    return again;
  }
  Answer answer = route(request, parameters, key);
  remember(key, answer);
  return answer;
}

Answer StripeApi::replayed(const Book::KeyUse& use) const {
  const Charge& charge = *ledger_.book().find(use.charge_id);
  for (const Refund& refund : charge.refunds)
    if (refund.id == use.refund_id) return good(stripe_refund(charge, refund));
  try {
    return outcome_of(charge, Json::object());
  } catch (const StripeError& error) {
    return answer_of(error);
  }
}

void StripeApi::remember(const RequestKey& key, const Answer& answer) {
  if (answer_order_.size() == limits::answers_kept_max) {
    answers_.erase(answer_order_.front());
    answer_order_.pop_front();
  }
  answer_order_.push_back(key.key);
  answers_[key.key] = {key.digest, answer};
}

Answer StripeApi::route(const Request& request, const Json& parameters, const RequestKey& key) {
  const std::string kind = request.path.size() >= 2 ? request.path[1] : std::string();
  if (request.method != "GET" && request.method != "POST") throw no_such_path();
  if (kind == "payment_intents") return payment_intents(request, parameters, key);
  if (kind == "payment_methods") return payment_methods(request, parameters);
  if (kind == "charges") return charges(request);
  if (kind == "refunds") return refunds(request, parameters, key);
  if (kind == "events") return event(request);
  throw no_such_path();
}

Answer StripeApi::payment_intents(const Request& request, const Json& parameters,
                                  const RequestKey& key) {
  const auto& path = request.path;
  const bool post = request.method == "POST";
  try {
    if (path.size() == 2) return post ? create_intent(parameters, key) : list_intents(parameters);
    if (path.size() == 3 && !post && path[2] == "search") return search_intents(parameters);
    if (path.size() == 3 && !post) return good(shown(intent(path[2], "intent"), parameters));
    if (path.size() == 4 && post) {
      const Charge& charge = intent(path[2], "intent");
      if (path[3] == "confirm") return confirm_intent(charge, parameters);
      if (path[3] == "capture") return capture_intent(charge, parameters);
      if (path[3] == "cancel") return cancel_intent(charge, parameters);
    }
  } catch (StripeError& error) {
    // A decline is an outcome, and kept under the key as one.
    if (error.status != 402) throw;
    return answer_of(error);
  }
  throw no_such_path();
}

Answer StripeApi::payment_methods(const Request& request, const Json& parameters) {
  const auto& path = request.path;
  if (path.size() == 2 && request.method == "POST") {
    allow_parameters(parameters, {"type", "card", "promptpay", "billing_details", "metadata",
                                  "expand", "allow_redisplay"});
    return good(payment_method(instruments_.keep(instrument_wanted(parameters, {}))));
  }
  if (path.size() == 3 && request.method == "GET") {
    if (const Instrument* instrument = instruments_.find(path[2]))
      return good(payment_method(*instrument));
    throw no_such("PaymentMethod", path[2], "id");
  }
  throw no_such_path();
}

Answer StripeApi::charges(const Request& request) const {
  if (request.path.size() != 3 || request.method != "GET") throw no_such_path();
  const Charge* charge = ledger_.book().find(intent_id_of(request.path[2]));
  if (charge == nullptr || charge->state == ChargeState::kOpen)
    throw no_such("charge", request.path[2], "id");
  return good(stripe_charge(*charge));
}

Answer StripeApi::event(const Request& request) const {
  if (request.path.size() != 3 || request.method != "GET") throw no_such_path();
  const std::string* text = events_.find(request.path[2]);
  if (text == nullptr) throw no_such("event", request.path[2], "id");
  Answer answer;
  answer.body = *text;
  return answer;
}

const Charge& StripeApi::intent(const std::string& id, const std::string& param) const {
  const Charge* charge = ledger_.book().find(id);
  if (charge == nullptr || charge->dialect != Dialect::kStripe) {
    StripeError error = no_such("payment_intent", id.substr(0, 64), param);
    if (param == "intent") error.status = 404;
    throw error;
  }
  return *charge;
}

Json StripeApi::shown(const Charge& charge, const Json& parameters) const {
  return payment_intent(charge, links_, expands(parameters, "latest_charge"));
}

Answer StripeApi::outcome_of(const Charge& charge, const Json& parameters) const {
  const bool declined =
      charge.state == ChargeState::kFailed && charge.failure != PaymentFailure::kCancelled;
  if (!declined) return good(shown(charge, parameters));
  Json more = payment_error(charge);
  more["payment_intent"] = payment_intent(charge, links_, false);
  more["charge"] = stripe_charge_id(charge);
  const std::string type = more.at("type"), code = more.at("code"), message = more.at("message");
  throw StripeError{402, type, code, message, {}, to_text(more)};
}

std::vector<std::string> StripeApi::events_of(const Charge& charge, Ledger::Change change) {
  const char* type = nullptr;
  if (change == Ledger::Change::kMade) {
    type = "payment_intent.created";
  } else if (change == Ledger::Change::kRefunded) {
    type = "charge.refunded";
  } else {
    const std::string status = stripe_status(charge);
    if (status == "processing") type = "payment_intent.processing";
    if (status == "requires_action") type = "payment_intent.requires_action";
    if (status == "requires_capture") type = "payment_intent.amount_capturable_updated";
    if (status == "succeeded") type = "payment_intent.succeeded";
    if (status == "requires_payment_method") type = "payment_intent.payment_failed";
    if (status == "canceled") type = "payment_intent.canceled";
  }
  if (type == nullptr) return {};
  const std::string id = Ledger::new_id("evt_");
  Json object = change == Ledger::Change::kRefunded ? stripe_charge(charge)
                                                    : payment_intent(charge, links_, false);
  std::string text = to_text(stripe_event(id, type, std::move(object)));
  events_.keep(id, text);
  return {std::move(text)};
}

}  // namespace frontrow::sandbox
