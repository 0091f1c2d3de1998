#include "payment/omise/omise_adapter.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/gateway_facts.hpp"
#include "base/instant_text.hpp"
#include "payment/omise/omise_words.hpp"

namespace frontrow::payment {
namespace {

constexpr const char* json_type = "application/json";
constexpr const char* api_version = "2019-05-29";
constexpr std::int64_t page_charges = 100;
constexpr std::string_view charges_path = "/charges";

GatewayApi::Settings api_settings(const GatewaySettings& settings) {
  GatewayApi::Settings made;
  made.name = "omise";
  made.url = settings.omise.url;
  made.headers = {
      {"Authorization", "Basic " + to_base64(as_bytes(settings.omise.secret_key + ":"))},
      {"Omise-Version", api_version}};
  made.authorities = settings.omise.authorities;
  made.connections_max = settings.connections_max;
  made.deadline = settings.request_deadline;
  made.log = settings.log;
  return made;
}

std::string charge_path(const std::string& id, std::string_view action = {}) {
  std::string path(charges_path);
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
/// Never sent twice by itself: Omise would act twice.
ApiRequest post(std::string path, const Json& body) {
  return {
      "POST", std::move(path), json_type, body.dump(-1, ' ', false, Json::error_handler_t::replace),
      {},     false,           false};
}

Instant now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

/// The offset of the page after this one; empty where it was the last.
std::string next_offset(const Json& page, std::size_t count) {
  const std::int64_t offset = number_in(page, "offset"), total = number_in(page, "total");
  const auto next = offset + static_cast<std::int64_t>(count);
  return count == 0 || offset < 0 || next >= total ? std::string() : std::to_string(next);
}

}  // namespace

OmiseAdapter::OmiseAdapter(boost::asio::io_context& context, const GatewaySettings& settings)
    : settings_(settings),
      prefix_(settings.round_id + "-"),
      api_(context, api_settings(settings)),
      finder_([this](const std::string& from, std::function<void(ChargeFinder::Page&&)> done) {
        fetch_page(
            from, "reverse_chronological", [done = std::move(done)](const ApiAnswer& answer) {
              ChargeFinder::Page page;
              page.good = answer.answered == Answered::kYes;
              if (!page.good) return done(std::move(page));
              const Json& charges = member_in(*answer.body, "data");
              for (const Json& charge : charges) {
                const std::string_view name = text_in(member_in(charge, "metadata"), "reference");
                if (!name.empty()) page.charges.emplace_back(name, text_in(charge, "id"));
              }
              page.next = next_offset(*answer.body, charges.size());
              done(std::move(page));
            });
      }) {}

OmiseAdapter::Sent& OmiseAdapter::sent(const PaymentReference& reference) {
  const auto [place, first] = sent_.try_emplace(reference);
  if (!first) return place->second;
  sent_in_order_.push_back(reference);
  if (sent_in_order_.size() > sent_remembered_max) {
    sent_.erase(sent_in_order_.front());
    sent_in_order_.pop_front();
  }
  return place->second;
}

void OmiseAdapter::expect_cancel(const PaymentReference& reference) {
  sent(reference).to_cancel = true;
}

bool OmiseAdapter::is_of(const Json& charge, const PaymentReference& reference) const {
  return text_in(member_in(charge, "metadata"), "reference") == reference;
}

void OmiseAdapter::fetch_page(const std::string& offset, std::string_view order,
                              std::function<void(const ApiAnswer&)> done) {
  std::string path(charges_path);
  path += "?limit=" + std::to_string(page_charges) + "&order=" + std::string(order) +
          "&offset=" + (offset.empty() ? "0" : percent_encoded(offset));
  ApiRequest request = get(std::move(path));
  request.long_answer = true;
  api_.send(std::move(request), [done = std::move(done)](const ApiAnswer& answer) {
    if (answer.answered == Answered::kYes && !member_in(*answer.body, "data").is_array())
      return done({});
    done(answer);
  });
}

// --- the calls of the port ----------------------------------------------------------------

void OmiseAdapter::create(const ChargeRequest& request, Callback done) {
  if (!to_gateway_amount("omise", request.amount, settings_.currency)) {
    return api_.answer_later(std::move(done),
                             outcome_of(ChargeState::kFailed, PaymentFailure::kGatewayUnavailable));
  }
  if (finder_.remembered(request.reference) == nullptr && !sent(request.reference).maybe)
    return send_charge(request, std::move(done));
  look_up(request.reference, [done = std::move(done)](const ChargeOutcome& outcome) {
    // It may be on its way still: sent again it could be charged twice. Whoever gives up on it
    // cancels it, and what arrives all the same is found when the round is settled.
    done(outcome.state == ChargeState::kNotFound ? ChargeOutcome{} : outcome);
  });
}

void OmiseAdapter::send_charge(const ChargeRequest& request, Callback done) {
  const auto amount = to_gateway_amount("omise", request.amount, settings_.currency);
  Json body{{"amount", amount.value_or(0)},
            {"currency", settings_.currency},
            {"metadata", {{"reference", request.reference}}}};
  if (request.method == PaymentMethod::kCard) {
    body["card"] = request.card_token;
    body["capture"] = !settings_.omise.manual_capture;
  } else {
    body["source"] = {{"type", omise::source_of(request.method)},
                      {"amount", amount.value_or(0)},
                      {"currency", settings_.currency}};
    // A code must not be paid after the fan's time is over.
    body["expires_at"] = to_rfc3339(now() + settings_.payment_time);
  }
  if (!request.return_url.empty()) body["return_uri"] = request.return_url;
  sent(request.reference).maybe = true;
  api_.send(post(std::string(charges_path), body),
            [this, reference = request.reference, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return judge(reference, *answer.body, Then::kCapture, done);
              if (answer.answered == Answered::kNothing) {
                // Not sent at all, or turned away unread: it may be sent again.
                sent(reference).maybe = answer.sent && answer.status != 429;
                return done({});
              }
              const std::string_view code = text_in(*answer.body, "code");
              const PaymentFailure failure = omise::failure_of(code);
              if (failure == PaymentFailure::kDeclined)
                api_.complain("refused a charge with status " + std::to_string(answer.status));
              done(outcome_of(ChargeState::kFailed, failure));
            });
}

void OmiseAdapter::look_up(const PaymentReference& reference, Callback done) {
  finder_.find(
      reference, [this, reference, done = std::move(done)](Found found, const std::string& id) {
        if (found == Found::kYes) return get_charge(reference, id, Then::kCapture, done);
        done(outcome_of(found == Found::kNo ? ChargeState::kNotFound : ChargeState::kUnreachable));
      });
}

void OmiseAdapter::get_charge(const PaymentReference& reference, const std::string& id, Then then,
                              Callback done) {
  api_.send(get(charge_path(id)),
            [this, reference, then, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return judge(reference, *answer.body, then, done);
              done(outcome_of(answer.answered == Answered::kNo && answer.status == 404
                                  ? ChargeState::kNotFound
                                  : ChargeState::kUnreachable));
            });
}

void OmiseAdapter::judge(const PaymentReference& reference, const Json& charge, Then then,
                         Callback done) {
  const auto reading = omise::read_charge(charge, settings_.currency, settings_.payment_time);
  if (!reading.good || !is_of(charge, reference)) {
    api_.complain("ALARM: a charge that cannot be, status \"" +
                  percent_encoded(text_in(charge, "status").substr(0, 40)) + "\"");
    return done({});
  }
  const std::string& id = reading.outcome.gateway_reference;
  finder_.remember(reference, id);
  if (!reading.to_capture || then == Then::kLeave) return done(reading.outcome);
  act(reference, id, sent(reference).to_cancel ? "/reverse" : "/capture", std::move(done));
}

void OmiseAdapter::act(const PaymentReference& reference, const std::string& id,
                       std::string_view action, Callback done) {
  api_.send(post(charge_path(id, action), Json::object()),
            [this, reference, id, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return judge(reference, *answer.body, Then::kLeave, done);
              // Whether it was refused or not answered: what stands is asked.
              if (answer.answered == Answered::kNo)
                return get_charge(reference, id, Then::kLeave, done);
              done({});
            });
}

void OmiseAdapter::cancel(const PaymentReference& reference, Callback done) {
  expect_cancel(reference);
  finder_.find(reference, [this, reference, done = std::move(done)](Found found,
                                                                    const std::string& id) {
    if (found != Found::kYes) {
      return done(
          outcome_of(found == Found::kNo ? ChargeState::kNotFound : ChargeState::kUnreachable));
    }
    // Asking reverses what is authorised. What only waits for the fan is made to expire.
    get_charge(
        reference, id, Then::kCapture, [this, reference, id, done](const ChargeOutcome& outcome) {
          if (outcome.state != ChargeState::kPending && outcome.state != ChargeState::kAction)
            return done(outcome);
          act(reference, id, "/expire", done);
        });
  });
}

// --- refunds ------------------------------------------------------------------------------

void OmiseAdapter::refund(const PaymentReference& reference, Amount amount, Callback done) {
  finder_.find(reference, [this, reference, amount, done = std::move(done)](Found found,
                                                                            const std::string& id) {
    if (found == Found::kYes) return refund_charge(reference, id, amount, done);
    done(outcome_of(found == Found::kNo ? ChargeState::kNotFound : ChargeState::kUnreachable));
  });
}

void OmiseAdapter::refund_charge(const PaymentReference& reference, const std::string& id,
                                 Amount amount, Callback done) {
  // What the charge has given back already is asked first: an earlier answer may have been lost.
  api_.send(get(charge_path(id)), [this, reference, id, amount,
                                   done = std::move(done)](const ApiAnswer& answer) {
    if (answer.answered != Answered::kYes || !is_of(*answer.body, reference)) return done({});
    const auto reading =
        omise::read_charge(*answer.body, settings_.currency, settings_.payment_time);
    if (!reading.good) return done({});
    if (reading.outcome.state != ChargeState::kCaptured)
      return done(outcome_of(ChargeState::kFailed));
    ChargeOutcome made = outcome_of(ChargeState::kCaptured);
    made.amount = amount;
    made.gateway_reference = id;
    std::int64_t returned = number_in(*answer.body, "refunded_amount");
    if (returned < 0) returned = number_in(*answer.body, "refunded");
    if (returned >= amount.minor) return done(made);
    const Json body{{"amount", to_gateway_amount("omise", amount, settings_.currency).value_or(0)},
                    {"metadata", {{"reference", reference}}}};
    api_.send(
        post(charge_path(id, "/refunds"), body), [made, done](const ApiAnswer& refunded) mutable {
          if (refunded.answered == Answered::kNothing) return done({});
          if (refunded.answered == Answered::kNo || text_in(*refunded.body, "object") != "refund")
            return done(outcome_of(ChargeState::kFailed));
          made.gateway_reference = text_in(*refunded.body, "id");
          done(made);
        });
  });
}

// --- notices and the record ---------------------------------------------------------------

void OmiseAdapter::confirm(const GatewayNotice& notice, Callback done) {
  api_.send(get("/events/" + percent_encoded(notice.id)),
            [this, reference = notice.reference, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered != Answered::kYes) return done({});
              const Json& data = member_in(*answer.body, "data");
              const std::string id(text_in(data, "object") == "charge" ? text_in(data, "id")
                                                                       : text_in(data, "charge"));
              // The charge says whose it is: one of another reference is not taken for this one.
              if (id.empty()) return done({});
              get_charge(reference, id, Then::kCapture, done);
            });
}

void OmiseAdapter::list(std::string from, PageCallback done) {
  fetch_page(from, "chronological", [this, done = std::move(done)](const ApiAnswer& answer) {
    GatewayRecordPage page;
    if (answer.answered != Answered::kYes) {
      page.problem = why_no_list(answer);
      return done(std::move(page));
    }
    const Json& charges = member_in(*answer.body, "data");
    for (const Json& charge : charges) {
      const std::string_view reference = text_in(member_in(charge, "metadata"), "reference");
      if (!reference.starts_with(prefix_)) continue;  // another round's, or another business
      const auto reading = omise::read_charge(charge, settings_.currency, settings_.payment_time);
      if (!reading.good) {
        page.problem = "Omise lists a charge that cannot be";
        return done(std::move(page));
      }
      GatewayRecord record;
      record.reference = reference;
      record.gateway_reference = reading.outcome.gateway_reference;
      record.state = reading.outcome.state;
      record.amount = reading.outcome.amount;
      record.currency = settings_.currency;
      std::int64_t returned = number_in(charge, "refunded_amount");
      if (returned < 0) returned = number_in(charge, "refunded");
      record.refunded = {std::max<std::int64_t>(returned, 0)};
      page.records.push_back(std::move(record));
    }
    page.next = next_offset(*answer.body, charges.size());
    page.good = true;
    done(std::move(page));
  });
}

std::unique_ptr<Gateway> make_omise_adapter(const GatewaySettings& settings,
                                            boost::asio::io_context& context) {
  return std::make_unique<OmiseAdapter>(context, settings);
}

}  // namespace frontrow::payment
