// The port to payment gateways. One implementation a folder of `src/payment/`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/command.hpp"
#include "frontrow/money.hpp"
#include "frontrow/time.hpp"

namespace frontrow {

/// Our name for one attempt to pay one order: "ROUND-ORDER-ATTEMPT". The gateway's idempotency
/// key and the reference by which we look a charge up.
using PaymentReference = std::string;

struct ChargeRequest {
  PaymentReference reference;
  Amount amount;
  std::string currency;
  PaymentMethod method = PaymentMethod::kCard;
  std::string card_token;  ///< Never logged, never stored.
  std::string return_url;  ///< Where a fan comes back to who had to leave the page; may be empty.
};

enum class ChargeState : std::uint8_t {
  kPending,      ///< Not known yet; ask again.
  kAction,       ///< The fan has to act; `action` says how.
  kCaptured,     ///< Money has moved.
  kFailed,       ///< It never will.
  kNotFound,     ///< The gateway knows no such reference.
  kUnreachable,  ///< No answer; nothing is known.
};

struct ChargeOutcome {
  ChargeState state = ChargeState::kUnreachable;
  PaymentFailure failure = PaymentFailure::kNone;
  Amount amount;
  std::string gateway_reference;
  std::string action;  ///< JSON text of `next_action`.
};

/// A charge as the gateway's own record has it, for settling.
struct GatewayRecord {
  PaymentReference reference;  ///< Empty: the charge carries no reference of ours.
  std::string gateway_reference;
  ChargeState state = ChargeState::kPending;
  Amount amount;
  std::string currency;
  Amount refunded;
};
struct GatewayRecordPage {
  bool good = false;  ///< Else `problem` says why, for a log.
  std::string problem;
  std::vector<GatewayRecord> records;
  std::string next;  ///< Hand it in again for the next page; empty: that was the last one.
};

/// What a gateway's notice (webhook) is about. It says that something changed; what is true is
/// asked of the gateway itself, so that notices may come twice, late and in any order.
struct GatewayNotice {
  std::string id;              ///< The gateway's name for the event.
  PaymentReference reference;  ///< Empty: about nothing of ours.
};

/// Every call returns at once; the callback runs later on the payment thread, once for each
/// call. Made, used and destroyed on the payment thread alone.
class Gateway {
 public:
  using Callback = std::function<void(const ChargeOutcome&)>;
  using PageCallback = std::function<void(GatewayRecordPage&&)>;

  virtual ~Gateway() = default;
  /// What a charge under way is, all but its token, before any call about it after a start: a
  /// gateway may find it by that.
  virtual void recall(const ChargeRequest&) {}
  /// `cancel` will be called once the call under way for that reference has been answered: what
  /// is not captured yet need not be.
  virtual void expect_cancel(const PaymentReference&) {}
  /// Makes the charge. A repeat with the same reference never charges again.
  virtual void create(const ChargeRequest& request, Callback done) = 0;
  /// What stands at the gateway under our reference.
  virtual void look_up(const PaymentReference& reference, Callback done) = 0;
  /// Sees to it that nothing more is captured, and says what stands then: `kFailed`, or
  /// `kCaptured` where it was too late, or `kNotFound`.
  virtual void cancel(const PaymentReference& reference, Callback done) = 0;
  /// Gives all of the money back; `kCaptured` in the outcome means the refund was made.
  virtual void refund(const PaymentReference& reference, Amount amount, Callback done) = 0;
  /// A page of the charges that the gateway has for this round, oldest or newest first. `from` is
  /// empty for the first page.
  virtual void list(std::string from, PageCallback done) = 0;
  /// What is true after `notice`, whose signature was good. Gateways whose notices are to be
  /// fetched back do that first.
  virtual void confirm(const GatewayNotice& notice, Callback done) {
    look_up(notice.reference, std::move(done));
  }
};

enum class NoticeFault : std::uint8_t { kNone, kUnsigned, kBadSignature, kStale, kMalformed };
struct NoticeReading {
  NoticeFault fault = NoticeFault::kMalformed;
  GatewayNotice notice;
};

/// Checks and reads a gateway's notices. Immutable: any thread.
class NoticeReader {
 public:
  /// `header` finds a field by its name, whatever its case; empty where there is none.
  struct Message {
    std::function<std::string_view(std::string_view name)> header;
    std::string_view body;
  };
  virtual ~NoticeReader() = default;
  virtual NoticeReading read(const Message& message, Instant now) const = 0;
};

}  // namespace frontrow
