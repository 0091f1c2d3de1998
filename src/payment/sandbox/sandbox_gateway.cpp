#include "payment/sandbox/sandbox_gateway.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/instant_text.hpp"

namespace frontrow::payment::sandbox {
namespace {

/// Between attempts to write an outcome into a book that cannot be written.
constexpr Duration write_again_after = seconds(1);

Instant now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

std::string qr_action(const PaymentReference& reference, const BookedCharge& charge,
                      Duration lifetime) {
  return nlohmann::json{{"type", "qr"},
                        {"data", "frontrow-sandbox:promptpay:" + reference + ":" + charge.currency +
                                     ":" + std::to_string(charge.amount.minor)},
                        {"image", ""},
                        {"expires_at", to_rfc3339(charge.made_at + lifetime)}}
      .dump();
}

}  // namespace

SandboxGateway::SandboxGateway(SandboxSettings settings, boost::asio::io_context& context)
    : settings_(std::move(settings)), book_(settings_.book), timers_(context) {
  const Instant start = now();
  for (const auto& [reference, charge] : book_.charges()) {
    if (charge.state != BookedCharge::State::kPending || charge.verdict.never) continue;
    finish_after(charge.due_at - start, reference);
  }
}

Duration SandboxGateway::delay_of(PaymentMethod method, const Verdict& verdict) const {
  const Duration slow = settings_.slow_delay.value_or(
      std::max(seconds(3), microseconds(settings_.delay.microseconds * 10)));
  if (method == PaymentMethod::kPromptPay) return settings_.promptpay_delay.value_or(slow);
  return verdict.slow ? slow : settings_.delay;
}

void SandboxGateway::create(const ChargeRequest& request, Callback done) {
  // A repeat is told what stands, whatever else it asks for: one reference, one charge.
  if (book_.find(request.reference) == nullptr) {
    BookedCharge charge;
    charge.amount = request.amount;
    charge.currency = request.currency;
    charge.method = request.method;
    if (request.method == PaymentMethod::kCard) charge.verdict = verdict_of(request.card_token);
    charge.made_at = now();
    const Duration delay = delay_of(charge.method, charge.verdict);
    charge.due_at = charge.made_at + delay;
    if (!book_.add(request.reference, charge)) return answer(std::move(done), {});
    if (!charge.verdict.never) finish_after(delay, request.reference);
  }
  answer(std::move(done), outcome_of(request.reference));
}

void SandboxGateway::look_up(const PaymentReference& reference, Callback done) {
  answer(std::move(done), outcome_of(reference));
}

void SandboxGateway::cancel(const PaymentReference& reference, Callback done) {
  const BookedCharge* charge = book_.find(reference);
  if (charge == nullptr) {
    // Booked as failed, so that a charge that is still on its way cannot succeed afterwards.
    BookedCharge refused;
    refused.verdict.failure = PaymentFailure::kCancelled;
    refused.made_at = refused.due_at = now();
    if (!book_.add(reference, refused) || !book_.fail(reference, PaymentFailure::kCancelled)) {
      return answer(std::move(done), {});
    }
    ChargeOutcome outcome;
    outcome.state = ChargeState::kNotFound;
    return answer(std::move(done), std::move(outcome));
  }
  if (charge->state == BookedCharge::State::kPending &&
      !book_.fail(reference, PaymentFailure::kCancelled)) {
    return answer(std::move(done), {});
  }
  answer(std::move(done), outcome_of(reference));
}

void SandboxGateway::refund(const PaymentReference& reference, Amount amount, Callback done) {
  timers_.after(settings_.delay, [this, reference, amount, told = std::move(done)] {
    told(refund_now(reference, amount));
  });
}

void SandboxGateway::list(std::string, PageCallback done) {
  GatewayRecordPage page;
  page.good = true;
  for (const auto& [reference, charge] : book_.charges()) {
    page.records.push_back({reference, "sandbox_charge_" + reference, outcome_of(reference).state,
                            charge.amount, charge.currency,
                            charge.refunded ? charge.amount : Amount{}});
  }
  timers_.after(
      {}, [told = std::move(done), page = std::move(page)]() mutable { told(std::move(page)); });
}

ChargeOutcome SandboxGateway::refund_now(const PaymentReference& reference, Amount amount) {
  ChargeOutcome outcome;
  const BookedCharge* charge = book_.find(reference);
  if (charge == nullptr) {
    outcome.state = ChargeState::kNotFound;
  } else if (charge->state != BookedCharge::State::kCaptured || charge->amount != amount) {
    outcome.state = ChargeState::kFailed;
  } else if (charge->refunded || book_.refund(reference)) {
    outcome.state = ChargeState::kCaptured;
    outcome.amount = charge->amount;
    outcome.gateway_reference = "sandbox_refund_" + reference;
  }
  return outcome;
}

ChargeOutcome SandboxGateway::outcome_of(const PaymentReference& reference) const {
  ChargeOutcome outcome;
  const BookedCharge* charge = book_.find(reference);
  if (charge == nullptr) {
    outcome.state = ChargeState::kNotFound;
    return outcome;
  }
  outcome.amount = charge->amount;
  outcome.gateway_reference = "sandbox_charge_" + reference;
  switch (charge->state) {
    case BookedCharge::State::kCaptured:
      outcome.state = ChargeState::kCaptured;
      break;
    case BookedCharge::State::kFailed:
      outcome.state = ChargeState::kFailed;
      outcome.failure = charge->failure;
      break;
    case BookedCharge::State::kPending:
      outcome.state = ChargeState::kPending;
      if (charge->method == PaymentMethod::kPromptPay) {
        outcome.state = ChargeState::kAction;
        outcome.action = qr_action(reference, *charge, settings_.qr_lifetime);
      }
      break;
  }
  return outcome;
}

void SandboxGateway::answer(Callback done, ChargeOutcome outcome) {
  timers_.after({}, [told = std::move(done), outcome = std::move(outcome)] { told(outcome); });
}

void SandboxGateway::finish_after(Duration delay, const PaymentReference& reference) {
  timers_.after(delay, [this, reference] { finish(reference); });
}

void SandboxGateway::finish(const PaymentReference& reference) {
  const BookedCharge* charge = book_.find(reference);
  if (charge->state != BookedCharge::State::kPending) return;  // cancelled
  const PaymentFailure failure = charge->verdict.failure;
  const bool written =
      failure == PaymentFailure::kNone ? book_.capture(reference) : book_.fail(reference, failure);
  if (!written) return finish_after(write_again_after, reference);
  if (settings_.ended) settings_.ended(reference, outcome_of(reference));
}

std::unique_ptr<Gateway> make_sandbox_gateway(const GatewaySettings& settings,
                                              boost::asio::io_context& context) {
  SandboxSettings own;
  own.book = settings.data_directory / "sandbox.book";
  own.delay = settings.sandbox_delay;
  return std::make_unique<SandboxGateway>(std::move(own), context);
}

}  // namespace frontrow::payment::sandbox
