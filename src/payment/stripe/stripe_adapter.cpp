#include "payment/stripe/stripe_adapter.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/gateway_facts.hpp"
#include "payment/stripe/stripe_words.hpp"

namespace frontrow::payment {
namespace {

constexpr const char* form_type = "application/x-www-form-urlencoded";
constexpr const char* api_version = "2023-08-16";
constexpr int page_intents = 100;
constexpr std::string_view intents_path = "/v1/payment_intents";

GatewayApi::Settings api_settings(const GatewaySettings& settings) {
  GatewayApi::Settings made;
  made.name = "stripe";
  made.url = settings.stripe.url;
  made.headers = {{"Authorization", "Bearer " + settings.stripe.secret_key},
                  {"Stripe-Version", api_version}};
  made.authorities = settings.stripe.authorities;
  made.connections_max = settings.connections_max;
  made.deadline = settings.request_deadline;
  made.log = settings.log;
  return made;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string intent_path(const std::string& id, std::string_view action = {}) {
  std::string path(intents_path);
  path += '/';
  path += percent_encoded(id);
  path += action;
  return path;
}

ChargeOutcome outcome_of(ChargeState state, PaymentFailure failure = PaymentFailure::kNone) {
  ChargeOutcome outcome;
  outcome.state = state;
  outcome.failure = failure;
  return outcome;
}

ApiRequest get(std::string path) { return {"GET", std::move(path), {}, {}, {}, true, false}; }
ApiRequest post(std::string path, const FormBody& form, std::string key) {
  return {"POST", std::move(path), form_type, form.text(), std::move(key), true, false};
}

}  // namespace

StripeAdapter::StripeAdapter(boost::asio::io_context& context, const GatewaySettings& settings)
    : settings_(settings),
      prefix_(settings.round_id + "-"),
      api_(context, api_settings(settings)),
      finder_([this](const std::string& from, std::function<void(ChargeFinder::Page&&)> done) {
        fetch_page(from, [done = std::move(done)](const ApiAnswer& answer) {
          ChargeFinder::Page page;
          page.good = answer.answered == Answered::kYes;
          if (!page.good) return done(std::move(page));
          const Json& intents = member_in(*answer.body, "data");
          for (const Json& intent : intents) {
            const std::string_view name = text_in(member_in(intent, "metadata"), "reference");
            if (!name.empty()) page.charges.emplace_back(name, text_in(intent, "id"));
          }
          if (flag_in(*answer.body, "has_more") && !intents.empty())
            page.next = text_in(intents.back(), "id");
          done(std::move(page));
        });
      }) {}

// --- what is remembered -------------------------------------------------------------------

void StripeAdapter::recall(const ChargeRequest& request) {
  const auto [place, first] = recalled_.try_emplace(request.reference);
  place->second.amount = request.amount;
  place->second.method = request.method;
  if (!first) return;
  recalled_in_order_.push_back(request.reference);
  if (recalled_in_order_.size() <= recalled_max) return;
  recalled_.erase(recalled_in_order_.front());
  recalled_in_order_.pop_front();
}

StripeAdapter::Recalled* StripeAdapter::recalled(const PaymentReference& reference) {
  const auto found = recalled_.find(reference);
  return found == recalled_.end() ? nullptr : &found->second;
}

void StripeAdapter::expect_cancel(const PaymentReference& reference) {
  if (Recalled* its = recalled(reference)) its->to_cancel = true;
}

// --- finding ------------------------------------------------------------------------------

void StripeAdapter::with_intent(const PaymentReference& reference, WithIntent then) {
  if (const std::string* id = finder_.remembered(reference))
    return then(Found::kYes, std::string(*id));
  if (const Recalled* its = recalled(reference); its != nullptr && its->amount.minor > 0)
    return make_intent(reference, *its, std::move(then));
  finder_.find(reference, std::move(then));
}

void StripeAdapter::make_intent(const PaymentReference& reference, const Recalled& its,
                                WithIntent then) {
  const auto amount = to_gateway_amount("stripe", its.amount, settings_.currency);
  const bool card = its.method == PaymentMethod::kCard;
  FormBody form;
  form.add("amount", std::to_string(amount.value_or(0)))
      .add("currency", lower(settings_.currency))
      .add("payment_method_types[]", card ? "card" : "promptpay")
      .add("capture_method", card && settings_.stripe.manual_capture ? "manual" : "automatic")
      .add("metadata[reference]", reference);
  api_.send(
      post(std::string(intents_path), form, reference),
      [this, reference, then = std::move(then)](const ApiAnswer& answer) {
        if (answer.answered == Answered::kYes &&
            text_in(*answer.body, "object") == "payment_intent" &&
            !text_in(*answer.body, "id").empty()) {
          const std::string id(text_in(*answer.body, "id"));
          finder_.remember(reference, id);
          return then(Found::kYes, id);
        }
        if (answer.answered == Answered::kNo) {
          const Json& error = member_in(*answer.body, "error");
          const std::string_view type = text_in(error, "type");
          api_.complain("refused a payment intent with status " + std::to_string(answer.status));
          // Under way there, or made with other particulars by an earlier configuration: the
          // list has it.
          if (type == "idempotency_error") return finder_.find(reference, then);
          if (answer.status != 409) return then(Found::kNo, {});
        }
        then(Found::kUnknown, {});
      });
}

void StripeAdapter::fetch_page(const std::string& from,
                               std::function<void(const ApiAnswer&)> done) {
  std::string path(intents_path);
  path += "?limit=" + std::to_string(page_intents) + "&expand%5B%5D=data.latest_charge";
  if (!from.empty()) path += "&starting_after=" + percent_encoded(from);
  ApiRequest request = get(std::move(path));
  request.long_answer = true;
  api_.send(std::move(request), [done = std::move(done)](const ApiAnswer& answer) {
    if (answer.answered == Answered::kYes && !member_in(*answer.body, "data").is_array())
      return done({});
    done(answer);
  });
}

// --- the calls of the port ----------------------------------------------------------------

void StripeAdapter::create(const ChargeRequest& request, Callback done) {
  if (!to_gateway_amount("stripe", request.amount, settings_.currency)) {
    return api_.answer_later(std::move(done),
                             outcome_of(ChargeState::kFailed, PaymentFailure::kGatewayUnavailable));
  }
  recall(request);
  const PaymentReference reference = request.reference;
  with_intent(reference, [this, request, done = std::move(done)](Found found,
                                                                 const std::string& id) {
    if (found == Found::kYes) return confirm_intent(request, id, done);
    done(found == Found::kNo ? outcome_of(ChargeState::kFailed, PaymentFailure::kGatewayUnavailable)
                             : ChargeOutcome{});
  });
}

void StripeAdapter::confirm_intent(const ChargeRequest& request, const std::string& id,
                                   Callback done) {
  FormBody form;
  if (request.method == PaymentMethod::kPromptPay) {
    form.add("payment_method_data[type]", "promptpay");
    if (!settings_.stripe.promptpay_email.empty())
      form.add("payment_method_data[billing_details][email]", settings_.stripe.promptpay_email);
  } else if (request.card_token.starts_with("tok_")) {
    form.add("payment_method_data[type]", "card")
        .add("payment_method_data[card][token]", request.card_token);
  } else {
    form.add("payment_method", request.card_token);
  }
  if (!request.return_url.empty()) form.add("return_url", request.return_url);
  api_.send(
      post(intent_path(id, "/confirm"), form, request.reference + "-confirm"),
      [this, reference = request.reference, id, done = std::move(done)](const ApiAnswer& answer) {
        if (answer.answered == Answered::kNothing) return done({});
        if (answer.answered == Answered::kYes) return judge(reference, *answer.body, true, done);
        const Json& error = member_in(*answer.body, "error");
        if (answer.status == 409) return done({});
        if (text_in(error, "code") == "payment_intent_unexpected_state" ||
            text_in(error, "type") == "idempotency_error")
          return get_intent(reference, id, true, done);
        done(outcome_of(ChargeState::kFailed, stripe::failure_of(error)));
      });
}

void StripeAdapter::look_up(const PaymentReference& reference, Callback done) {
  with_intent(
      reference, [this, reference, done = std::move(done)](Found found, const std::string& id) {
        if (found == Found::kYes) return get_intent(reference, id, true, done);
        done(outcome_of(found == Found::kNo ? ChargeState::kNotFound : ChargeState::kUnreachable));
      });
}

void StripeAdapter::get_intent(const PaymentReference& reference, const std::string& id,
                               bool may_capture, Callback done) {
  api_.send(get(intent_path(id)),
            [this, reference, may_capture, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return judge(reference, *answer.body, may_capture, done);
              done(outcome_of(answer.answered == Answered::kNo && answer.status == 404
                                  ? ChargeState::kNotFound
                                  : ChargeState::kUnreachable));
            });
}

void StripeAdapter::judge(const PaymentReference& reference, const Json& intent, bool may_capture,
                          Callback done) {
  const auto reading = stripe::read_intent(intent, settings_.currency, settings_.payment_time);
  const std::string_view named = text_in(member_in(intent, "metadata"), "reference");
  if (!reading.good || named != reference) {
    api_.complain("ALARM: an intent that cannot be, status \"" +
                  percent_encoded(text_in(intent, "status").substr(0, 40)) + "\"");
    return done({});
  }
  if (!reading.to_capture || !may_capture) return done(reading.outcome);
  const Recalled* its = recalled(reference);
  const std::string id = reading.outcome.gateway_reference;
  if (its != nullptr && its->to_cancel) return cancel_intent(reference, id, std::move(done));
  capture(reference, id, std::move(done));
}

void StripeAdapter::capture(const PaymentReference& reference, const std::string& id,
                            Callback done) {
  api_.send(post(intent_path(id, "/capture"), {}, reference + "-capture"),
            [this, reference, id, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return judge(reference, *answer.body, false, done);
              if (answer.answered == Answered::kNo) return get_intent(reference, id, false, done);
              done({});
            });
}

void StripeAdapter::cancel(const PaymentReference& reference, Callback done) {
  expect_cancel(reference);
  with_intent(
      reference, [this, reference, done = std::move(done)](Found found, const std::string& id) {
        if (found == Found::kYes) return cancel_intent(reference, id, done);
        done(outcome_of(found == Found::kNo ? ChargeState::kNotFound : ChargeState::kUnreachable));
      });
}

void StripeAdapter::cancel_intent(const PaymentReference& reference, const std::string& id,
                                  Callback done) {
  // Without a key: a refusal that was kept for its key would be told for ever.
  api_.send(post(intent_path(id, "/cancel"), {}, {}),
            [this, reference, id, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return judge(reference, *answer.body, false, done);
              if (answer.answered == Answered::kNothing) return done({});
              // It cannot be cancelled as it stands: what stands is asked.
              get_intent(reference, id, false, [done](const ChargeOutcome& outcome) {
                // Not confirmed, and not cancelled either: nothing may be called off yet.
                if (outcome.state == ChargeState::kNotFound)
                  return done(outcome_of(ChargeState::kUnreachable));
                done(outcome);
              });
            });
}

// --- refunds ------------------------------------------------------------------------------

void StripeAdapter::refund(const PaymentReference& reference, Amount amount, Callback done) {
  with_intent(reference, [this, reference, amount, done = std::move(done)](Found found,
                                                                           const std::string& id) {
    if (found == Found::kYes) return refund_intent(reference, id, amount, done);
    done(outcome_of(found == Found::kNo ? ChargeState::kNotFound : ChargeState::kUnreachable));
  });
}

void StripeAdapter::refund_intent(const PaymentReference& reference, const std::string& id,
                                  Amount amount, Callback done) {
  const auto number = to_gateway_amount("stripe", amount, settings_.currency);
  if (!number) return api_.answer_later(std::move(done), outcome_of(ChargeState::kFailed));
  const Recalled* its = recalled(reference);
  std::string key = reference + "-refund";
  if (its != nullptr && its->refunds_failed > 0) key += "-" + std::to_string(its->refunds_failed);
  FormBody form;
  form.add("payment_intent", id)
      .add("amount", std::to_string(*number))
      .add("metadata[reference]", reference);
  api_.send(post("/v1/refunds", form, std::move(key)),
            [this, reference, amount, id, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return read_refund(reference, *answer.body, true, done);
              if (answer.answered == Answered::kNothing || answer.status == 409) return done({});
              const Json& error = member_in(*answer.body, "error");
              if (text_in(error, "code") == "charge_already_refunded") {
                ChargeOutcome made = outcome_of(ChargeState::kCaptured);
                made.amount = amount;
                made.gateway_reference = id;
                return done(made);
              }
              // The refusal is kept for its key: the next attempt has another.
              refund_failed(reference);
              done(outcome_of(ChargeState::kFailed));
            });
}

void StripeAdapter::read_refund(const PaymentReference& reference, const Json& refund,
                                bool look_again, Callback done) {
  const std::string_view id = text_in(refund, "id"), status = text_in(refund, "status");
  const auto amount =
      from_gateway_amount("stripe", number_in(refund, "amount"), settings_.currency);
  if (text_in(refund, "object") != "refund" || id.empty() || !amount) return done({});
  if (status == "succeeded") {
    ChargeOutcome made = outcome_of(ChargeState::kCaptured);
    made.amount = *amount;
    made.gateway_reference = id;
    return done(made);
  }
  if (look_again) {
    // What was kept for the key may be older than what stands.
    return api_.send(get("/v1/refunds/" + percent_encoded(id)),
                     [this, reference, done = std::move(done)](const ApiAnswer& answer) {
                       if (answer.answered != Answered::kYes) return done({});
                       read_refund(reference, *answer.body, false, done);
                     });
  }
  if (status == "pending" || status == "requires_action")
    return done(outcome_of(ChargeState::kPending));
  refund_failed(reference);
  done(outcome_of(ChargeState::kFailed));
}

void StripeAdapter::refund_failed(const PaymentReference& reference) {
  const auto [place, first] = recalled_.try_emplace(reference);
  ++place->second.refunds_failed;
  if (first) recalled_in_order_.push_back(reference);
}

// --- the record ---------------------------------------------------------------------------

void StripeAdapter::list(std::string from, PageCallback done) {
  fetch_page(from, [this, done = std::move(done)](const ApiAnswer& answer) {
    GatewayRecordPage page;
    if (answer.answered != Answered::kYes) {
      page.problem = why_no_list(answer);
      return done(std::move(page));
    }
    const Json& intents = member_in(*answer.body, "data");
    for (const Json& intent : intents) {
      const std::string_view reference = text_in(member_in(intent, "metadata"), "reference");
      if (!reference.starts_with(prefix_)) continue;  // another round's, or another business
      std::string currency(text_in(intent, "currency"));
      std::transform(currency.begin(), currency.end(), currency.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      });
      const auto reading = stripe::read_intent(intent, currency, settings_.payment_time);
      if (!reading.good) {
        page.problem = "Stripe lists an intent that cannot be";
        return done(std::move(page));
      }
      // Not confirmed: it was made and nobody was charged.
      if (reading.to_confirm) continue;
      GatewayRecord record;
      record.reference = reference;
      record.gateway_reference = reading.outcome.gateway_reference;
      record.state = reading.outcome.state;
      record.amount = reading.outcome.amount;
      record.currency = currency;
      const Json& charge = member_in(intent, "latest_charge");
      const auto refunded = from_gateway_amount(
          "stripe", std::max<std::int64_t>(number_in(charge, "amount_refunded"), 0), currency);
      record.refunded = refunded.value_or(Amount{});
      page.records.push_back(std::move(record));
    }
    if (flag_in(*answer.body, "has_more") && !intents.empty())
      page.next = text_in(intents.back(), "id");
    page.good = true;
    done(std::move(page));
  });
}

std::unique_ptr<Gateway> make_stripe_adapter(const GatewaySettings& settings,
                                             boost::asio::io_context& context) {
  return std::make_unique<StripeAdapter>(context, settings);
}

}  // namespace frontrow::payment
