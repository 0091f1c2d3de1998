// A charge as the sandbox knows it, however it was made, as values. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frontrow/command.hpp"
#include "frontrow/money.hpp"
#include "frontrow/time.hpp"

namespace frontrow::sandbox {

/// By which API a charge was made; each dialect knows its own charges alone, the own API all.
enum class Dialect : std::uint8_t { kOwn = 0, kStripe = 1, kOmise = 2 };

/// How an attempt to pay will end, settled when it is made. The card token itself is not kept.
struct Verdict {
  PaymentFailure failure = PaymentFailure::kNone;  ///< None: the money moves.
  bool slow = false;
  bool never = false;         ///< Stays pending until it is cancelled.
  bool authenticate = false;  ///< A card whose holder has to approve first.
};

/// One attempt to pay a charge. A PaymentIntent of Stripe may see several, the others one.
struct Attempt {
  PaymentMethod method = PaymentMethod::kCard;
  Verdict verdict;
  std::string instrument;  ///< What the dialect calls it by: "pm_…", "src_…"; never a card token.
  std::string return_url;  ///< Where the page that approves leads back to; may be empty.
  Instant due_at;          ///< When it ends by itself, if `verdict.never` does not say otherwise.
  bool by_hand = false;    ///< A person has until `due_at` to approve; else it is approved then.
};
/// Whether somebody has to approve it before it can end well.
inline bool needs_approval(const Attempt& attempt) {
  return attempt.method != PaymentMethod::kCard || attempt.verdict.authenticate;
}

enum class ChargeState : std::uint8_t {
  kOpen,        ///< No attempt yet.
  kPending,     ///< Ends by itself.
  kAction,      ///< A person has to approve.
  kAuthorized,  ///< To be captured by another call.
  kCaptured,
  kFailed,
};

struct Refund {
  std::string id;
  Amount amount;
  Instant made_at;
};

/// What a repeat of the request under the same Idempotency-Key is recognized by.
struct RequestKey {
  std::string key;     ///< Empty: none was given.
  std::string digest;  ///< Of what was asked.
};

struct Charge {
  std::uint64_t number = 0;  ///< From 1, in the order of making.
  std::string id;
  Dialect dialect = Dialect::kOwn;
  std::string reference;  ///< Of whom it was made for; empty where it was not given.
  Amount amount;
  std::string currency;  ///< "THB"
  std::string metadata;  ///< JSON text of an object of texts.
  std::string description;
  std::string detail;          ///< JSON text: what only the dialect knows of.
  bool capture_later = false;  ///< Authorized first.
  Instant made_at;
  Attempt attempt;
  ChargeState state = ChargeState::kOpen;
  PaymentFailure failure = PaymentFailure::kNone;  ///< Of a failed one.
  bool was_authorized = false;
  Amount captured;
  Instant ended_at;
  std::vector<Refund> refunds;
  RequestKey key;

  Amount refunded() const {
    Amount sum;
    for (const Refund& refund : refunds) sum = sum + refund.amount;
    return sum;
  }
  bool under_way() const { return state == ChargeState::kPending || state == ChargeState::kAction; }
  bool ended() const { return state == ChargeState::kCaptured || state == ChargeState::kFailed; }
};

}  // namespace frontrow::sandbox
