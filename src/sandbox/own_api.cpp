#include "sandbox/own_api.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/names.hpp"
#include "sandbox/access.hpp"
#include "sandbox/card_verdict.hpp"
#include "sandbox/form.hpp"
#include "sandbox/own_charge.hpp"
#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {
namespace {

constexpr std::size_t own_reference_bytes_max = 128;

bool good_reference(const std::string& reference) {
  return !reference.empty() && reference.size() <= own_reference_bytes_max &&
         std::all_of(reference.begin(), reference.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.' || c == ':';
         });
}

bool good_currency(const std::string& currency) {
  return currency.size() == 3 &&
         std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Answer unwritable() {
  return own_error(503, "book-unwritable", "the book of charges cannot be written");
}
Answer unknown() { return own_error(404, "not-found", "no charge has this reference"); }
Answer invalid(const std::string& message) { return own_error(400, "invalid-request", message); }
Answer wrong_method(const char* allowed) {
  Answer answer = own_error(405, "method-not-allowed", "this path has other methods");
  answer.headers.emplace_back("Allow", allowed);
  return answer;
}

struct Wanted {
  Charge charge;
  Attempt attempt;
};
std::optional<Wanted> wanted_by(const std::string& body, std::string& problem) {
  const auto json = parse_json(body);
  Wanted wanted;
  const auto no = [&](const char* text) {
    problem = text;
    return std::nullopt;
  };
  if (!json || !json->is_object()) return no("a JSON object was expected");
  wanted.charge.reference = text_of(*json, "reference");
  if (!good_reference(wanted.charge.reference))
    return no("reference: 1 to 128 letters, digits and - _ . : were expected");
  const auto amount = json->contains("amount") && json->at("amount").is_number_integer()
                          ? whole_number_of(*json, "amount")
                          : std::nullopt;
  if (!amount || *amount < 1 || *amount > limits::amount_max)
    return no("amount: a whole number of minor units was expected");
  wanted.charge.amount = {*amount};
  wanted.charge.currency = text_of(*json, "currency");
  if (!good_currency(wanted.charge.currency)) return no("currency: like THB");
  const auto method = parse_payment_method(text_of(*json, "method"));
  if (!method) return no("method: no such method");
  wanted.attempt.method = *method;
  wanted.attempt.return_url = text_of(*json, "return_url");
  if (wanted.attempt.return_url.size() > limits::text_bytes_max) return no("return_url: too long");
  if (*method == PaymentMethod::kCard) {
    wanted.attempt.verdict =
        verdict_of_token(text_of(*json, "token"))
            .value_or(Verdict{PaymentFailure::kInvalidToken, false, false, false});
  }
  return wanted;
}

}  // namespace

Answer own_error(unsigned status, const char* code, const std::string& message) {
  Answer answer;
  answer.status = status;
  answer.body = to_text({{"error", {{"code", code}, {"message", message}}}});
  return answer;
}

Answer OwnApi::told(unsigned status, const Charge& charge) const {
  Answer answer;
  answer.status = status;
  answer.body = to_text(own_charge(charge, ledger_, links_));
  return answer;
}

Answer OwnApi::answer(const Request& request) {
  if (!fits(key_of(request, true, false), secret_))
    return own_error(401, "unauthenticated", "the sandbox's secret is expected as Bearer token");
  const auto& path = request.path;
  const bool charges = path.size() >= 3 && path[1] == "v1" && path[2] == "charges";
  if (!charges || path.size() > 5) return own_error(404, "not-found", "no such path");
  const bool get = request.method == "GET", post = request.method == "POST";
  if (path.size() == 3) {
    if (get) return list(request);
    return post ? create(request) : wrong_method("GET, POST");
  }
  if (path.size() == 4) {
    if (!get) return wrong_method("GET");
    const Charge* charge = ledger_.book().find_reference(path[3]);
    return charge != nullptr ? told(200, *charge) : unknown();
  }
  if (path[4] != "cancel" && path[4] != "refund")
    return own_error(404, "not-found", "no such path");
  if (!post) return wrong_method("POST");
  return path[4] == "cancel" ? cancel(path[3]) : refund(path[3], request);
}

Answer OwnApi::create(const Request& request) {
  std::string problem;
  auto wanted = wanted_by(request.body, problem);
  if (!wanted) return invalid(problem);
  const std::string reference = wanted->charge.reference;
  const bool barred = ledger_.book().barred(reference);
  const Charge* charge = ledger_.book().find_reference(reference);
  if (charge != nullptr) {
    const bool same = charge->amount == wanted->charge.amount &&
                      charge->currency == wanted->charge.currency &&
                      charge->attempt.method == wanted->attempt.method;
    if (!same) {
      return own_error(422, "reference-reused", "another charge has been made under it");
    }
    if (barred && !ledger_.cancel(charge->id)) return unwritable();
    return told(barred ? 409 : 200, *charge);
  }
  wanted->charge.id = Ledger::new_id("sandbox_charge_");
  if (barred) {
    // In the book as a charge that failed, so that it is the same however often it is asked for.
    wanted->charge.attempt.method = wanted->attempt.method;
    charge = ledger_.make(std::move(wanted->charge), std::nullopt);
    if (charge == nullptr || !ledger_.cancel(charge->id)) return unwritable();
    return told(409, *charge);
  }
  charge = ledger_.make(std::move(wanted->charge), std::move(wanted->attempt));
  return charge != nullptr ? told(201, *charge) : unwritable();
}

Answer OwnApi::cancel(const std::string& reference) {
  if (const Charge* charge = ledger_.book().find_reference(reference)) {
    return ledger_.cancel(charge->id) ? told(200, *charge) : unwritable();
  }
  if (!good_reference(reference)) return invalid("not a reference");
  if (!ledger_.book().barred(reference) && !ledger_.bar(reference)) return unwritable();
  return unknown();
}

Answer OwnApi::refund(const std::string& reference, const Request& request) {
  const Charge* charge = ledger_.book().find_reference(reference);
  if (charge == nullptr) return unknown();
  const auto json = parse_json(request.body);
  const auto amount = json ? whole_number_of(*json, "amount") : std::nullopt;
  if (!amount || *amount < 1 || *amount > limits::amount_max)
    return invalid("amount: a whole number of minor units was expected");
  if (charge->state != ChargeState::kCaptured)
    return own_error(409, "not-captured", "nothing was captured that could be given back");
  if (!charge->refunds.empty()) return told(200, *charge);
  if (*amount > charge->captured.minor)
    return own_error(422, "refund-too-large", "more than was captured");
  Refund refund{Ledger::new_id("sandbox_refund_"), {*amount}, charge->made_at};
  return ledger_.refund(charge->id, std::move(refund), {}) ? told(200, *charge) : unwritable();
}

Answer OwnApi::list(const Request& request) {
  const auto query = parse_form(request.query);
  if (!query) return invalid("not a query");
  const std::string prefix = text_of(*query, "prefix");
  std::int64_t after = 0;
  auto limit = static_cast<std::int64_t>(limits::list_page_max);
  if (query->contains("after")) after = whole_number_of(*query, "after").value_or(-1);
  if (query->contains("limit")) limit = whole_number_of(*query, "limit").value_or(0);
  if (after < 0 || limit < 1) return invalid("after and limit: not numbers that were given out");
  limit = std::min(limit, static_cast<std::int64_t>(limits::list_page_max));

  Json page = Json::array();
  Json next;
  const auto& charges = ledger_.book().charges();
  for (auto n = static_cast<std::uint64_t>(after); n < charges.size(); ++n) {
    const Charge& charge = charges[n];
    if (!charge.reference.starts_with(prefix)) continue;
    if (page.size() == static_cast<std::size_t>(limit)) {
      next = std::to_string(n);
      break;
    }
    page.push_back(own_charge(charge, ledger_, links_));
  }
  Answer answer;
  answer.body = to_text({{"charges", std::move(page)}, {"next", std::move(next)}});
  return answer;
}

}  // namespace frontrow::sandbox
