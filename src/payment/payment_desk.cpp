#include "payment/payment_desk.hpp"

#include <limits>
#include <utility>

#include "base/assert.hpp"

namespace frontrow::payment {
namespace {

/// Attempts share the correlation's lower half with the bit that says "refund".
constexpr std::uint32_t attempts_max = std::numeric_limits<std::uint32_t>::max() >> 1;

}  // namespace

PaymentDesk::PaymentDesk(Gateway& gateway, TimerQueue& timers, DeskSettings settings, Report report,
                         Log log)
    : gateway_(gateway),
      timers_(timers),
      settings_(std::move(settings)),
      report_(std::move(report)),
      log_(std::move(log)),
      random_(std::random_device{}()) {}

std::uint64_t PaymentDesk::correlation_of(CaseId id) {
  FRONTROW_ASSERT(id.attempt.attempt < attempts_max);
  return std::uint64_t{id.attempt.order.value} << 32 | std::uint64_t{id.attempt.attempt} << 1 |
         std::uint64_t{id.refund};
}

// --- what the engine wants ----------------------------------------------------------------

void PaymentDesk::charge(const ChargeWanted& wanted, std::string card_token) {
  const CaseId id{{wanted.order, wanted.attempt}, false};
  if (cases_.contains(id)) return;
  if (cases_.size() >= charges_max) {
    report_(no_case, RecordPaymentFailure{wanted.order, wanted.attempt,
                                          PaymentFailure::kGatewayUnavailable});
    return;
  }
  Case& its = cases_[id];
  its.method = wanted.method;
  its.amount = wanted.amount;
  its.card_token = std::move(card_token);
  call(id, its);
}

void PaymentDesk::cancel(const CancelWanted& wanted) {
  const CaseId id{{wanted.order, wanted.attempt}, false};
  // An unknown case is one whose outcome has been told already. The engine asked before it heard
  // of that, so it is answered again: with what the gateway says.
  const auto [place, made] = cases_.try_emplace(id);
  Case& its = place->second;
  if (its.step == Step::kReported) return;
  its.cancel_wanted = true;
  if (its.calling) {  // on_answer looks at cancel_wanted
    return gateway_.expect_cancel(make_reference(settings_.round_id, id.attempt));
  }
  change_step(its, Step::kCancel);
  call(id, its);
}

void PaymentDesk::refund(const RefundWanted& wanted) {
  const CaseId id{{wanted.order, wanted.attempt}, true};
  if (cases_.contains(id)) return;
  Case& its = cases_[id];
  its.step = Step::kRefund;
  its.amount = wanted.amount;
  call(id, its);
}

void PaymentDesk::settle(const Unsettled& unsettled) {
  const CaseId id{{unsettled.order, unsettled.attempt}, unsettled.refunding};
  if (cases_.contains(id)) return;
  Case& its = cases_[id];
  its.step = unsettled.refunding ? Step::kRefund : Step::kLookUp;
  its.method = unsettled.method;
  its.amount = unsettled.amount;
  its.cancel_wanted = unsettled.cancel_wanted;
  its.found_after_start = true;
  const PaymentReference reference = make_reference(settings_.round_id, id.attempt);
  gateway_.recall({reference, its.amount, settings_.currency, its.method, {}, {}});
  if (its.cancel_wanted) gateway_.expect_cancel(reference);
  call(id, its);
}

void PaymentDesk::answered(std::uint64_t correlation, Rejection rejection) {
  if (correlation == no_case) return;
  const CaseId id{{OrderId{static_cast<std::uint32_t>(correlation >> 32)},
                   static_cast<std::uint32_t>(correlation) >> 1},
                  (correlation & 1) != 0};
  const auto found = cases_.find(id);
  if (found == cases_.end()) return;
  if (rejection != Rejection::kNone && found->second.success_reported && log_) {
    log_("payment " + make_reference(settings_.round_id, id.attempt) +
         ": captured at the gateway, but the order does not await it");
  }
  if (rejection == Rejection::kNone && found->second.success_reported) remember_paid(id);
  cases_.erase(found);
}

void PaymentDesk::remember_paid(CaseId id) {
  if (!paid_.insert(id).second) return;
  paid_in_order_.push_back(id);
  if (paid_in_order_.size() <= paid_remembered_max) return;
  paid_.erase(paid_in_order_.front());
  paid_in_order_.pop_front();
}

// --- calls to the gateway -----------------------------------------------------------------

void PaymentDesk::change_step(Case& its, Step step) {
  its.step = step;
  its.tries = 0;
  its.card_token.clear();  // only the first step needs it, and none goes back to that
}

void PaymentDesk::call(CaseId id, Case& its) {
  FRONTROW_ASSERT(!its.calling && its.step != Step::kReported);
  its.calling = true;
  const std::uint64_t turn = ++its.turn;
  const PaymentReference reference = make_reference(settings_.round_id, id.attempt);
  auto done = [this, id, turn](const ChargeOutcome& outcome) { on_answer(id, turn, outcome); };
  switch (its.step) {
    case Step::kCreate:
      gateway_.create({reference, its.amount, settings_.currency, its.method, its.card_token,
                       settings_.return_url},
                      std::move(done));
      break;
    case Step::kLookUp:
      gateway_.look_up(reference, std::move(done));
      break;
    case Step::kCancel:
      gateway_.cancel(reference, std::move(done));
      break;
    case Step::kRefund:
      gateway_.refund(reference, its.amount, std::move(done));
      break;
    case Step::kReported:
      break;
  }
}

void PaymentDesk::call_later(CaseId id, Case& its, Duration delay) {
  const std::uint64_t turn = ++its.turn;
  timers_.after(delay, [this, id, turn] {
    const auto found = cases_.find(id);
    if (found == cases_.end() || found->second.turn != turn) return;
    call(id, found->second);
  });
}

void PaymentDesk::on_answer(CaseId id, std::uint64_t turn, const ChargeOutcome& outcome) {
  const auto found = cases_.find(id);
  if (found == cases_.end() || found->second.turn != turn) return;
  Case& its = found->second;
  its.calling = false;
  if (id.refund) return on_refund_answer(id, its, outcome);
  if (std::exchange(its.confirming, false)) {
    on_confirmed(id, its, outcome);
  } else {
    on_charge_answer(id, its, outcome);
  }
  if (its.notice && !its.calling) {
    const GatewayNotice notice = *std::exchange(its.notice, std::nullopt);
    if (its.step == Step::kReported) {
      if (!its.success_reported) ask_aside(id, notice);
    } else {
      confirm(id, its, notice);
    }
  }
}

void PaymentDesk::on_charge_answer(CaseId id, Case& its, const ChargeOutcome& outcome) {
  switch (outcome.state) {
    case ChargeState::kCaptured:
      return report_success(id, its, outcome);
    case ChargeState::kFailed:
      if (outcome.failure == PaymentFailure::kCancelled && its.gave_up) {
        return report_failure(id, its, PaymentFailure::kGatewayUnavailable);
      }
      if (outcome.failure == PaymentFailure::kCancelled && its.barred) {
        return report_failure(id, its, PaymentFailure::kNotFoundAtGateway);
      }
      return report_failure(id, its, outcome.failure);
    case ChargeState::kNotFound:
      return on_not_found(id, its);
    case ChargeState::kPending:
    case ChargeState::kAction:
      return wait_and_see(id, its, outcome);
    case ChargeState::kUnreachable:
      return try_again(id, its);
  }
}

void PaymentDesk::on_refund_answer(CaseId id, Case& its, const ChargeOutcome& outcome) {
  if (outcome.state == ChargeState::kCaptured) {
    its.step = Step::kReported;
    report_(correlation_of(id), RecordRefund{id.attempt.order, outcome.gateway_reference});
    return;
  }
  // A fan's money is owed until it has gone back: a refund is asked for as long as it takes.
  if (outcome.state == ChargeState::kFailed || outcome.state == ChargeState::kNotFound) {
    if (log_) {
      log_("refund " + make_reference(settings_.round_id, id.attempt) +
           ": refused by the gateway, will be asked for again");
    }
  }
  try_again(id, its);
}

void PaymentDesk::on_not_found(CaseId id, Case& its) {
  // Where a notice came during the call, what was not found may stand there by now.
  if (its.notice) return try_again(id, its);
  if (its.found_after_start) {
    // The card token died with the process, so it is never sent again. What the process had sent
    // may still be on its way, though: the cancellation bars it.
    if (its.step == Step::kCancel) {
      return report_failure(id, its, PaymentFailure::kNotFoundAtGateway);
    }
    its.barred = true;
    change_step(its, Step::kCancel);
    return call(id, its);
  }
  if (its.step == Step::kCancel) {
    return report_failure(
        id, its, its.gave_up ? PaymentFailure::kGatewayUnavailable : PaymentFailure::kCancelled);
  }
  // A gateway that took the charge and does not show it yet: it is asked again.
  try_again(id, its);
}

void PaymentDesk::wait_and_see(CaseId id, Case& its, const ChargeOutcome& outcome) {
  if (outcome.state == ChargeState::kAction) report_action(id, its, outcome);
  if (its.step == Step::kCancel) return try_again(id, its);
  if (its.cancel_wanted) {
    change_step(its, Step::kCancel);
    return call(id, its);
  }
  if (its.step == Step::kCreate) change_step(its, Step::kLookUp);
  ++its.tries;
  call_later(id, its,
             retry_delay(settings_.retry.first_look, settings_.retry.longest, its.tries, random()));
}

void PaymentDesk::try_again(CaseId id, Case& its) {
  ++its.tries;
  if (its.cancel_wanted && its.step != Step::kCancel) {
    change_step(its, Step::kCancel);
    return call(id, its);
  }
  if (its.step == Step::kCreate && its.tries >= settings_.retry.create_attempts_max) {
    // Nothing is known of what the gateway did with what was sent, so it may not be called
    // failed yet: it is when a cancellation says so.
    its.gave_up = true;
    change_step(its, Step::kCancel);
    its.tries = settings_.retry.create_attempts_max;
  }
  call_later(id, its,
             retry_delay(settings_.retry.first, settings_.retry.longest, its.tries, random()));
}

// --- what the gateway tells of its own accord ---------------------------------------------

void PaymentDesk::notice(const GatewayNotice& notice) {
  const auto attempt = parse_reference(settings_.round_id, notice.reference);
  if (!attempt || attempt->attempt >= attempts_max) return;
  const CaseId id{*attempt, false};
  if (paid_.contains(id)) return;  // a repeat of what is settled
  const auto found = cases_.find(id);
  if (found == cases_.end()) return ask_aside(id, notice);
  Case& its = found->second;
  if (its.calling) {
    its.notice = notice;
  } else if (its.step != Step::kReported) {
    confirm(id, its, notice);
  } else if (!its.success_reported) {
    ask_aside(id, notice);
  }
}

void PaymentDesk::confirm(CaseId id, Case& its, const GatewayNotice& notice) {
  its.calling = its.confirming = true;
  gateway_.confirm(notice, [this, id, turn = ++its.turn](const ChargeOutcome& outcome) {
    on_answer(id, turn, outcome);
  });
}

void PaymentDesk::on_confirmed(CaseId id, Case& its, const ChargeOutcome& outcome) {
  if (outcome.state != ChargeState::kNotFound && outcome.state != ChargeState::kUnreachable) {
    return on_charge_answer(id, its, outcome);
  }
  // What was not found may still be made, and a question that nobody answered says nothing: the
  // case goes on with its own step, and this was none of that step's tries.
  if (its.cancel_wanted && its.step != Step::kCancel) {
    change_step(its, Step::kCancel);
    return call(id, its);
  }
  call_later(id, its,
             retry_delay(settings_.retry.first, settings_.retry.longest, its.tries, random()));
}

/// About a charge whose case is closed, or whose outcome was told: money that moved after all is
/// told whatever was told before.
void PaymentDesk::ask_aside(CaseId id, const GatewayNotice& notice) {
  const auto found = asides_.find(id);
  if (found != asides_.end()) {
    found->second = notice;
    return;
  }
  if (asides_.size() >= asides_max) return;
  asides_.emplace(id, std::nullopt);
  gateway_.confirm(notice,
                   [this, id](const ChargeOutcome& outcome) { on_aside_answer(id, outcome); });
}

void PaymentDesk::on_aside_answer(CaseId id, const ChargeOutcome& outcome) {
  const auto found = asides_.find(id);
  const std::optional<GatewayNotice> next = std::move(found->second);
  asides_.erase(found);
  if (outcome.state == ChargeState::kCaptured) {
    Case& its = cases_[id];
    if (!its.success_reported) report_success(id, its, outcome);
  } else if (next) {
    notice(*next);
  }
}

// --- reports to the engine ----------------------------------------------------------------

void PaymentDesk::report_action(CaseId id, Case& its, const ChargeOutcome& outcome) {
  if (outcome.action.empty() || outcome.action == its.action_reported) return;
  its.action_reported = outcome.action;
  report_(no_case, RecordPaymentAction{id.attempt.order, id.attempt.attempt, outcome.action});
}

void PaymentDesk::report_success(CaseId id, Case& its, const ChargeOutcome& outcome) {
  change_step(its, Step::kReported);
  its.success_reported = true;
  its.calling = false;
  ++its.turn;
  report_(correlation_of(id), RecordPaymentSuccess{id.attempt.order, id.attempt.attempt,
                                                   outcome.amount, outcome.gateway_reference});
}

void PaymentDesk::report_failure(CaseId id, Case& its, PaymentFailure failure) {
  change_step(its, Step::kReported);
  ++its.turn;
  if (failure == PaymentFailure::kNone) failure = PaymentFailure::kDeclined;
  report_(correlation_of(id), RecordPaymentFailure{id.attempt.order, id.attempt.attempt, failure});
}

}  // namespace frontrow::payment
