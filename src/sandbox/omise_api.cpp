#include "sandbox/omise_api.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/names.hpp"
#include "sandbox/access.hpp"
#include "sandbox/card_verdict.hpp"
#include "sandbox/form.hpp"
#include "sandbox/later.hpp"
#include "sandbox/omise_objects.hpp"
#include "sandbox/omise_parameters.hpp"

namespace frontrow::sandbox {
namespace {

Answer good(const Json& object) {
  Answer answer;
  answer.body = to_text(object);
  return answer;
}

OmiseError not_found(const std::string& what) {
  return {404, "not_found", what.substr(0, 80) + " was not found"};
}

OmiseError unwritable() { return {500, "internal_error", "the book cannot be written"}; }

Json parameters_of(const Request& request) {
  std::optional<Json> parameters;
  if (request.method == "GET") {
    parameters = parse_form(request.query);
  } else if (request.body.empty()) {
    parameters = Json::object();
  } else if (request.content_type.starts_with("application/json")) {
    parameters = parse_json(request.body);
    // A request without parameters is sent as null by some clients.
    if (parameters && parameters->is_null()) parameters = Json::object();
  } else {
    parameters = parse_form(request.body);
  }
  if (!parameters || !parameters->is_object())
    throw OmiseError{400, "bad_request", "the request could not be read"};
  return std::move(*parameters);
}

}  // namespace

Answer OmiseApi::answer(const Request& request) {
  try {
    authenticate(request);
    return route(request, parameters_of(request));
  } catch (const OmiseError& error) {
    return answer_of(error);
  }
}

void OmiseApi::authenticate(const Request& request) const {
  const std::string key = key_of(request, false, true);
  const std::string& kind = request.path.front();
  const bool for_public_key = kind == "tokens" || kind == "sources";
  if (fits(key, secret_) || (for_public_key && fits(key, public_key_))) return;
  throw OmiseError{401, "authentication_failure", "authentication failed"};
}

Answer OmiseApi::route(const Request& request, const Json& parameters) {
  const std::string& kind = request.path.front();
  if (request.method == "GET" || request.method == "POST") {
    if (kind == "charges") return charges(request, parameters);
    if (kind == "tokens") return tokens(request, parameters);
    if (kind == "sources") return sources(request, parameters);
    if (kind == "events") return event(request);
    if (kind == "search" && request.method == "GET") return search(parameters);
  }
  throw not_found("the requested object");
}

Answer OmiseApi::tokens(const Request& request, const Json& parameters) {
  if (request.path.size() == 1 && request.method == "POST") {
    const Json card = parameters.value("card", Json::object());
    std::string digits;
    for (const char c : text_of(card, "number"))
      if (c >= '0' && c <= '9') digits += c;
    if (digits.size() < 12 || digits.size() > 19)
      throw OmiseError{400, "invalid_card", "number is invalid"};
    if (!whole_number_of(card, "expiration_month") || !whole_number_of(card, "expiration_year"))
      throw OmiseError{400, "invalid_card", "expiration date is missing"};
    Instrument token;
    token.id = Ledger::new_id("tokn_test_");
    token.verdict = verdict_of_number(digits);
    token.last_digits = digits.substr(digits.size() - 4);
    token.made_at = wall_now();
    return good(omise_token(instruments_.keep(std::move(token))));
  }
  if (request.path.size() == 2 && request.method == "GET") {
    const Instrument* token = instruments_.find(request.path[1]);
    if (token != nullptr && token->method == PaymentMethod::kCard) return good(omise_token(*token));
  }
  throw not_found("token");
}

Answer OmiseApi::sources(const Request& request, const Json& parameters) {
  if (request.path.size() == 1 && request.method == "POST")
    return good(omise_source(new_source(parameters)));
  if (request.path.size() == 2 && request.method == "GET") {
    const Instrument* source = instruments_.find(request.path[1]);
    if (source != nullptr && source->method != PaymentMethod::kCard)
      return good(omise_source(*source));
  }
  throw not_found("source");
}

Instrument& OmiseApi::new_source(const Json& parameters) {
  Instrument source;
  const std::string type = text_of(parameters, "type");
  // TrueMoney's two ways, by the phone's number and by its app, are one method here.
  const auto method =
      type == "truemoney_jumpapp" ? PaymentMethod::kTrueMoney : parse_payment_method(type);
  if (!method || *method == PaymentMethod::kCard)
    throw OmiseError{400, "bad_request", "type is not one that is supported"};
  source.id = Ledger::new_id("src_test_");
  source.method = *method;
  source.amount = omise_amount(parameters, "amount");
  source.currency = omise_currency(parameters);
  source.made_at = wall_now();
  return instruments_.keep(std::move(source));
}

Answer OmiseApi::charges(const Request& request, const Json& parameters) {
  const auto& path = request.path;
  const bool post = request.method == "POST";
  if (path.size() == 1) return post ? create_charge(parameters) : list_charges(parameters);
  const Charge& charge = charge_named(path[1]);
  if (path.size() == 2 && !post) return told(charge);
  if (path.size() == 3 && post) {
    if (path[2] == "capture") return capture(charge, parameters);
    if (path[2] == "reverse") return reverse(charge);
    if (path[2] == "expire") return expire(charge);
  }
  if (path.size() >= 3 && path[2] == "refunds") return refunds(request, charge, parameters);
  throw not_found("the requested object");
}

const Charge& OmiseApi::charge_named(const std::string& id) const {
  const Charge* charge = ledger_.book().find(id);
  if (charge == nullptr || charge->dialect != Dialect::kOmise) throw not_found("charge " + id);
  return *charge;
}

Answer OmiseApi::told(const Charge& charge) const {
  return good(omise_charge(charge, ledger_, links_));
}

void OmiseApi::pay_with(Charge& charge, Attempt& attempt, const Json& parameters) {
  const std::string card = text_of(parameters, "card");
  const bool has_source = parameters.contains("source") && !parameters.at("source").is_null();
  if (!card.empty() && !has_source) {
    // A test token that the sandbox knows by its name, or one that was made here, for one charge.
    Instrument* const token = instruments_.find(card);
    const auto verdict = verdict_of_token(card);
    if (token == nullptr && !verdict) throw not_found("token");
    if (token != nullptr && token->used)
      throw OmiseError{400, "used_token", "token was already used"};
    attempt.verdict = token != nullptr ? token->verdict : *verdict;
    attempt.instrument = Ledger::new_id("");
    charge.detail = token != nullptr ? token->last_digits : "4242";
    if (token != nullptr) token->used = true;
    return;
  }
  if (!has_source || !card.empty())
    throw OmiseError{400, "invalid_charge", "one of card and source is needed"};
  const Json& wanted = parameters.at("source");
  const Instrument* source = nullptr;
  if (wanted.is_string()) {
    source = instruments_.find(wanted.get<std::string>());
    if (source == nullptr || source->method == PaymentMethod::kCard) throw not_found("source");
  } else if (wanted.is_object()) {
    Json all = wanted;
    for (const char* name : {"amount", "currency"})
      if (!all.contains(name)) all[name] = parameters.value(name, Json());
    source = &new_source(all);
  } else {
    throw OmiseError{400, "bad_request", "source is invalid"};
  }
  if (source->amount != charge.amount || source->currency != charge.currency)
    throw OmiseError{400, "invalid_charge", "amount and currency must be those of the source"};
  attempt.method = source->method;
  attempt.verdict = source->verdict;
  attempt.instrument = source->id;
}

Answer OmiseApi::create_charge(const Json& parameters) {
  Charge charge;
  charge.id = Ledger::new_id("chrg_test_");
  charge.dialect = Dialect::kOmise;
  charge.amount = omise_amount(parameters, "amount");
  charge.currency = omise_currency(parameters);
  charge.metadata = omise_metadata(parameters);
  charge.reference = omise_reference(parameters);
  charge.description = text_of(parameters, "description").substr(0, limits::text_bytes_max);
  charge.capture_later = !omise_truth(parameters, "capture", true);
  Attempt attempt;
  attempt.return_url = text_of(parameters, "return_uri");
  if (attempt.return_url.size() > limits::text_bytes_max)
    throw OmiseError{400, "bad_request", "return_uri is invalid"};
  pay_with(charge, attempt, parameters);
  const bool to_page = needs_approval(attempt) && attempt.method != PaymentMethod::kPromptPay;
  if (to_page && attempt.return_url.empty())
    throw OmiseError{400, "invalid_charge",
                     "return_uri is needed where a fan has to leave the page"};
  if (charge.capture_later && attempt.method != PaymentMethod::kCard)
    throw OmiseError{400, "invalid_charge", "only cards can be captured later"};
  const Charge* made = ledger_.make(std::move(charge), std::move(attempt));
  if (made == nullptr) throw unwritable();
  return told(*made);
}

Answer OmiseApi::capture(const Charge& charge, const Json& parameters) {
  if (charge.state != ChargeState::kAuthorized)
    throw OmiseError{400, "failed_capture", "charge was not authorized, or is captured already"};
  Amount amount = charge.amount;
  if (parameters.contains("capture_amount")) amount = omise_amount(parameters, "capture_amount");
  if (amount > charge.amount)
    throw OmiseError{400, "failed_capture", "capture_amount is more than was authorized"};
  if (!ledger_.capture(charge.id, amount)) throw unwritable();
  return told(charge);
}

Answer OmiseApi::reverse(const Charge& charge) {
  if (charge.state != ChargeState::kAuthorized)
    throw OmiseError{400, "failed_reverse", "only an authorized charge can be reversed"};
  if (!ledger_.cancel(charge.id)) throw unwritable();
  return told(charge);
}

Answer OmiseApi::expire(const Charge& charge) {
  if (!charge.under_way() || charge.attempt.method == PaymentMethod::kCard)
    throw OmiseError{400, "failed_expire", "expire failed"};
  if (!ledger_.cancel(charge.id)) throw unwritable();
  return told(charge);
}

Answer OmiseApi::refunds(const Request& request, const Charge& charge, const Json& parameters) {
  const auto& path = request.path;
  if (path.size() == 3 && request.method == "POST") {
    const Amount amount = omise_amount(parameters, "amount");
    const bool fits_in = charge.refunds.size() < limits::refunds_per_charge_max;
    if (charge.state != ChargeState::kCaptured || !fits_in ||
        amount > charge.captured - charge.refunded())
      throw OmiseError{400, "failed_refund", "charge cannot be refunded by this amount"};
    const Refund refund{Ledger::new_id("rfnd_test_"), amount, wall_now()};
    if (!ledger_.refund(charge.id, refund, {})) throw unwritable();
    return good(omise_refund(charge, refund));
  }
  if (request.method != "GET") throw not_found("the requested object");
  Json data = Json::array();
  for (const Refund& refund : charge.refunds) {
    if (path.size() == 4 && refund.id == path[3]) return good(omise_refund(charge, refund));
    data.push_back(omise_refund(charge, refund));
  }
  if (path.size() == 4) throw not_found("refund " + path[3]);
  const std::size_t count = data.size();
  return good(omise_list("/charges/" + charge.id + "/refunds", std::move(data), 0,
                         limits::refunds_per_charge_max, count, false));
}

Answer OmiseApi::list_charges(const Json& parameters) const {
  const OmisePage page = omise_page(parameters);
  const auto& all = ledger_.book().charges();
  Json data = Json::array();
  std::size_t total = 0;
  for (std::size_t n = 0; n < all.size(); ++n) {
    const Charge& charge = all[page.newest_first ? all.size() - 1 - n : n];
    if (charge.dialect != Dialect::kOmise || charge.made_at < page.from || charge.made_at > page.to)
      continue;
    if (total >= page.offset && data.size() < page.limit)
      data.push_back(omise_charge(charge, ledger_, links_));
    ++total;
  }
  return good(
      omise_list("/charges", std::move(data), page.offset, page.limit, total, page.newest_first));
}

Answer OmiseApi::search(const Json& parameters) const {
  if (text_of(parameters, "scope") != "charge")
    throw OmiseError{400, "bad_request", "the sandbox searches charges alone"};
  const std::string query = text_of(parameters, "query");
  Json data = Json::array();
  for (const std::size_t place : ledger_.book().with_reference(query)) {
    const Charge& charge = ledger_.book().charges()[place];
    if (charge.dialect == Dialect::kOmise && data.size() < limits::list_page_max)
      data.push_back(omise_charge(charge, ledger_, links_));
  }
  const std::size_t total = data.size();
  return good({{"object", "search"},
               {"order", "chronological"},
               {"scope", "charge"},
               {"query", query},
               {"filters", Json::object()},
               {"page", 1},
               {"per_page", limits::list_page_max},
               {"location", "/search"},
               {"total_pages", 1},
               {"total", total},
               {"data", std::move(data)}});
}

Answer OmiseApi::event(const Request& request) const {
  const std::string* text =
      request.path.size() == 2 && request.method == "GET" ? events_.find(request.path[1]) : nullptr;
  if (text == nullptr) throw not_found("event");
  Answer answer;
  answer.body = *text;
  return answer;
}

std::vector<std::string> OmiseApi::events_of(const Charge& charge, Ledger::Change change) {
  const char* key = nullptr;
  if (change == Ledger::Change::kMade) {
    key = "charge.create";
  } else if (change == Ledger::Change::kRefunded) {
    key = "refund.create";
  } else {
    const std::string status = omise_status(charge);
    if (status == "successful") key = charge.was_authorized ? "charge.capture" : "charge.complete";
    if (status == "failed") key = "charge.complete";
    if (status == "reversed") key = "charge.reverse";
    if (status == "expired") key = "charge.expire";
  }
  if (key == nullptr) return {};
  const std::string id = Ledger::new_id("evnt_test_");
  Json data = change == Ledger::Change::kRefunded ? omise_refund(charge, charge.refunds.back())
                                                  : omise_charge(charge, ledger_, links_);
  std::string text = to_text(omise_event(id, key, std::move(data)));
  events_.keep(id, text);
  return {std::move(text)};
}

}  // namespace frontrow::sandbox
