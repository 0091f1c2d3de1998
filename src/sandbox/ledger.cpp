#include "sandbox/ledger.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "sandbox/later.hpp"

namespace frontrow::sandbox {
namespace {

/// Between attempts to write an outcome into a book that cannot be written.
constexpr Duration write_again_after = seconds(1);

}  // namespace

Ledger::Ledger(boost::asio::io_context& context, Book& book, FaultDice& dice, Changed changed)
    : context_(context), book_(book), dice_(dice), changed_(std::move(changed)) {
  for (const Charge& charge : book_.charges()) {
    if (charge.under_way() && !charge.attempt.verdict.never) {
      const Instant due_at = charge.attempt.due_at;
      later(context_, due_at - wall_now(), [this, id = charge.id, due_at] { finish(id, due_at); });
    }
  }
}

std::string Ledger::new_id(const char* prefix) {
  return prefix + to_hex(random_array<std::array<std::uint8_t, 12>>());
}

Duration Ledger::slow_delay() const {
  return std::max(seconds(3), microseconds(dice_.faults().capture_delay.microseconds * 10));
}

Attempt Ledger::begun(Dialect dialect, Attempt attempt, Instant now) {
  Verdict& verdict = attempt.verdict;
  const bool good = verdict.failure == PaymentFailure::kNone && !verdict.never;
  if (good && dice_.declines()) verdict.failure = PaymentFailure::kDeclined;
  if (needs_approval(attempt)) {
    attempt.by_hand = dice_.faults().approve_by_hand;
    attempt.due_at = now + (attempt.by_hand ? dice_.faults().approval_time : slow_delay());
  } else if (verdict.slow) {
    attempt.due_at = now + slow_delay();
  } else {
    // Stripe and Omise say of a card in their answer what became of it.
    attempt.due_at = dialect == Dialect::kOwn ? now + dice_.faults().capture_delay : now;
  }
  return attempt;
}

const Charge* Ledger::make(Charge charge, std::optional<Attempt> attempt) {
  charge.made_at = wall_now();
  charge.state = attempt ? ChargeState::kPending : ChargeState::kOpen;
  if (attempt) charge.attempt = begun(charge.dialect, std::move(*attempt), charge.made_at);
  const std::string id = charge.id;
  if (!book_.write(ChargeMade{std::move(charge)})) return nullptr;
  const Charge& made = *book_.find(id);
  changed_(made, Change::kMade);
  if (attempt) go_on(made);
  return &made;
}

bool Ledger::attempt(const std::string& id, Attempt attempt) {
  const Charge& charge = *book_.find(id);
  if (!book_.write(AttemptMade{id, begun(charge.dialect, std::move(attempt), wall_now())}))
    return false;
  go_on(charge);
  return true;
}

void Ledger::go_on(const Charge& charge) {
  if (charge.state == ChargeState::kAction) changed_(charge, Change::kMoved);
  if (charge.attempt.verdict.never) {
    // A person may still approve it.
    if (charge.state == ChargeState::kPending) changed_(charge, Change::kMoved);
    return;
  }
  const Instant due_at = charge.attempt.due_at;
  const Duration delay = due_at - wall_now();
  if (delay <= Duration{} && charge.state == ChargeState::kPending)
    return finish(charge.id, due_at);
  if (charge.state == ChargeState::kPending) changed_(charge, Change::kMoved);
  later(context_, delay, [this, id = charge.id, due_at] { finish(id, due_at); });
}

void Ledger::finish(const std::string& id, Instant due_at) {
  const Charge& charge = *book_.find(id);
  // It may have been cancelled, or be in another attempt since.
  if (!charge.under_way() || charge.attempt.due_at != due_at) return;
  const bool too_late = charge.state == ChargeState::kAction && charge.attempt.by_hand;
  const bool written = too_late ? fail(charge, PaymentFailure::kCancelled) : succeed(charge);
  if (!written) later(context_, write_again_after, [this, id, due_at] { finish(id, due_at); });
}

bool Ledger::succeed(const Charge& charge) {
  const PaymentFailure failure = charge.attempt.verdict.failure;
  if (failure != PaymentFailure::kNone) return fail(charge, failure);
  if (charge.capture_later) return moved(charge.id, Authorized{charge.id});
  return moved(charge.id, Captured{charge.id, charge.amount, wall_now()});
}

bool Ledger::fail(const Charge& charge, PaymentFailure failure) {
  return moved(charge.id, Failed{charge.id, failure, wall_now()});
}

bool Ledger::moved(const std::string& id, Fact fact) {
  const std::string name = id;
  if (!book_.write(std::move(fact))) return false;
  changed_(*book_.find(name), Change::kMoved);
  return true;
}

bool Ledger::approve(const std::string& id) {
  const Charge& charge = *book_.find(id);
  return charge.state != ChargeState::kAction || succeed(charge);
}

bool Ledger::decline(const std::string& id) {
  const Charge& charge = *book_.find(id);
  return charge.state != ChargeState::kAction || fail(charge, PaymentFailure::kDeclined);
}

bool Ledger::capture(const std::string& id, Amount amount) {
  const Charge& charge = *book_.find(id);
  return charge.state != ChargeState::kAuthorized || moved(id, Captured{id, amount, wall_now()});
}

bool Ledger::cancel(const std::string& id) {
  const Charge& charge = *book_.find(id);
  // A PaymentIntent of Stripe could be paid in another attempt after a decline: it is not over.
  const bool over = charge.ended() &&
                    (charge.state == ChargeState::kCaptured || charge.dialect != Dialect::kStripe ||
                     charge.failure == PaymentFailure::kCancelled);
  return over || fail(charge, PaymentFailure::kCancelled);
}

bool Ledger::refund(const std::string& id, Refund refund, RequestKey key) {
  if (!book_.write(Refunded{id, std::move(refund), std::move(key)})) return false;
  changed_(*book_.find(id), Change::kRefunded);
  return true;
}

bool Ledger::bar(const std::string& reference) { return book_.write(Barred{reference}); }

Instant Ledger::expires_at(const Charge& charge) const {
  return charge.attempt.by_hand ? charge.attempt.due_at
                                : charge.made_at + dice_.faults().approval_time;
}

}  // namespace frontrow::sandbox
