#include "payment/sandbox/sandbox_adapter.hpp"

#include <nlohmann/json.hpp>

#include "base/gateway_facts.hpp"
#include "base/names.hpp"
#include "frontrow/limits.hpp"

namespace frontrow::payment {
namespace {

constexpr const char* json_type = "application/json";
constexpr int page_charges = 1'000;

std::string charge_path(const PaymentReference& reference) {
  return "/sandbox/v1/charges/" + percent_encoded(reference);
}

PaymentFailure failure_of(std::string_view code) {
  for (std::uint8_t n = 1; n <= static_cast<std::uint8_t>(PaymentFailure::kInvalidToken); ++n) {
    const auto failure = static_cast<PaymentFailure>(n);
    if (name_of(failure) == code) return failure;
  }
  return PaymentFailure::kDeclined;
}

GatewayApi::Settings api_settings(const GatewaySettings& settings) {
  GatewayApi::Settings made;
  made.name = "sandbox";
  made.url = settings.sandbox.url;
  made.headers = {{"Authorization", "Bearer " + settings.sandbox.secret}};
  made.connections_max = settings.connections_max;
  made.deadline = settings.request_deadline;
  made.log = settings.log;
  return made;
}

ChargeOutcome outcome_of(ChargeState state, PaymentFailure failure = PaymentFailure::kNone) {
  ChargeOutcome outcome;
  outcome.state = state;
  outcome.failure = failure;
  return outcome;
}

}  // namespace

SandboxAdapter::SandboxAdapter(boost::asio::io_context& context, const GatewaySettings& settings)
    : prefix_(settings.round_id + "-"), api_(context, api_settings(settings)) {}

ChargeOutcome SandboxAdapter::read_charge(const Json& charge, const PaymentReference& reference) {
  ChargeOutcome outcome;
  const std::string_view state = text_in(charge, "state");
  const std::int64_t amount = number_in(charge, "amount");
  if (text_in(charge, "reference") == reference && amount >= 0) {
    outcome.amount = {amount};
    outcome.gateway_reference = text_in(charge, "id");
    if (state == "captured") {
      outcome.state = ChargeState::kCaptured;
      return outcome;
    }
    if (state == "failed") {
      outcome.state = ChargeState::kFailed;
      outcome.failure = failure_of(text_in(charge, "failure_code"));
      return outcome;
    }
    if (state == "pending") {
      outcome.state = ChargeState::kPending;
      return outcome;
    }
    if (state == "action") {
      const Json& action = member_in(charge, "next_action");
      outcome.state = ChargeState::kAction;
      if (action.is_object()) outcome.action = action.dump();
      if (outcome.action.size() > limits::text_bytes_max) outcome.action.clear();
      return outcome;
    }
  }
  api_.complain("answered with a charge that cannot be");
  return {};
}

void SandboxAdapter::create(const ChargeRequest& request, Callback done) {
  const auto amount = to_gateway_amount("sandbox", request.amount, request.currency);
  if (!amount) {
    return api_.answer_later(std::move(done),
                             outcome_of(ChargeState::kFailed, PaymentFailure::kGatewayUnavailable));
  }
  Json body{{"reference", request.reference},
            {"amount", *amount},
            {"currency", request.currency},
            {"method", name_of(request.method)}};
  if (!request.card_token.empty()) body["token"] = request.card_token;
  if (!request.return_url.empty()) body["return_url"] = request.return_url;
  api_.send({"POST",
             "/sandbox/v1/charges",
             json_type,
             body.dump(-1, ' ', false, Json::error_handler_t::replace),
             {},
             true,
             false},
            [this, reference = request.reference, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kNothing) return done({});
              if (answer.answered == Answered::kYes)
                return done(read_charge(*answer.body, reference));
              if (answer.status == 409) {  // cancelled before it was made
                const Json& inner = member_in(*answer.body, "charge");
                return done(read_charge(inner.is_object() ? inner : *answer.body, reference));
              }
              api_.complain("refused a charge with status " + std::to_string(answer.status));
              // The same reference with other content stands there: what became of it is not this.
              if (answer.status == 404 || answer.status == 422) return done({});
              done(outcome_of(ChargeState::kFailed, PaymentFailure::kGatewayUnavailable));
            });
}

void SandboxAdapter::look_up(const PaymentReference& reference, Callback done) {
  api_.send({"GET", charge_path(reference), {}, {}, {}, true, false},
            [this, reference, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return done(read_charge(*answer.body, reference));
              done(outcome_of(answer.answered == Answered::kNo && answer.status == 404
                                  ? ChargeState::kNotFound
                                  : ChargeState::kUnreachable));
            });
}

void SandboxAdapter::cancel(const PaymentReference& reference, Callback done) {
  api_.send({"POST", charge_path(reference) + "/cancel", json_type, "{}", {}, true, false},
            [this, reference, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kYes)
                return done(read_charge(*answer.body, reference));
              done(outcome_of(answer.answered == Answered::kNo && answer.status == 404
                                  ? ChargeState::kNotFound
                                  : ChargeState::kUnreachable));
            });
}

void SandboxAdapter::refund(const PaymentReference& reference, Amount amount, Callback done) {
  api_.send({"POST",
             charge_path(reference) + "/refund",
             json_type,
             Json{{"amount", amount.minor}}.dump(),
             {},
             true,
             false},
            [this, reference, amount, done = std::move(done)](const ApiAnswer& answer) {
              if (answer.answered == Answered::kNothing) return done({});
              if (answer.answered == Answered::kNo) {
                return done(outcome_of(answer.status == 404 ? ChargeState::kNotFound
                                                            : ChargeState::kFailed));
              }
              ChargeOutcome outcome = read_charge(*answer.body, reference);
              if (outcome.state == ChargeState::kCaptured &&
                  number_in(*answer.body, "refunded") < amount.minor) {
                outcome.state = ChargeState::kPending;
              }
              done(outcome);
            });
}

void SandboxAdapter::list(std::string from, PageCallback done) {
  std::string path = "/sandbox/v1/charges?prefix=" + percent_encoded(prefix_) +
                     "&limit=" + std::to_string(page_charges);
  if (!from.empty()) path += "&after=" + percent_encoded(from);
  api_.send({"GET", std::move(path), {}, {}, {}, true, true}, [this, done = std::move(done)](
                                                                  const ApiAnswer& answer) {
    GatewayRecordPage page;
    if (answer.answered != Answered::kYes || !member_in(*answer.body, "charges").is_array()) {
      page.problem = why_no_list(answer);
      return done(std::move(page));
    }
    for (const Json& charge : member_in(*answer.body, "charges")) {
      GatewayRecord record;
      record.reference = text_in(charge, "reference");
      const ChargeOutcome outcome = read_charge(charge, record.reference);
      if (outcome.state == ChargeState::kUnreachable) {
        page.problem = "the sandbox lists a charge that cannot be";
        return done(std::move(page));
      }
      record.gateway_reference = outcome.gateway_reference;
      record.state = outcome.state;
      record.amount = outcome.amount;
      record.currency = text_in(charge, "currency");
      record.refunded = {std::max<std::int64_t>(number_in(charge, "refunded"), 0)};
      page.records.push_back(std::move(record));
    }
    page.next = text_in(*answer.body, "next");
    page.good = true;
    done(std::move(page));
  });
}

std::unique_ptr<Gateway> make_sandbox_adapter(const GatewaySettings& settings,
                                              boost::asio::io_context& context) {
  return std::make_unique<SandboxAdapter>(context, settings);
}

}  // namespace frontrow::payment
