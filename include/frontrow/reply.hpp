// Answers to commands and queries, and events: what a command changed, told to others.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "frontrow/command.hpp"
#include "frontrow/view.hpp"

namespace frontrow {

/// The place that a join made or found again.
struct JoinedView {
  FanId fan;
  bool created = true;  ///< False: a pass or a recovery code that already had this place.
};
/// Particulars of a refusal: the seats it names.
struct ConflictView {
  std::vector<SeatIndex> seats;        ///< Taken ones, or the orphans that would be left.
  std::vector<SeatIndex> suggestions;  ///< What could be picked in their stead.
};
/// When the same may be asked again.
struct RetryView {
  Duration after;
};
struct OrderListView {
  std::vector<OrderView> orders;
};
/// An order that the gateway must be asked about: its payment or refund is under way.
struct UnsettledOrder {
  OrderId order;
  std::uint32_t attempt = 0;
  OrderState state = OrderState::kPaying;  ///< `kPaying` or `kRefunding`.
  PaymentMethod method = PaymentMethod::kCard;
  bool cancel_wanted = false;
  Amount amount;
};
/// Answers `ListUnsettled`: those of one stretch, and where the next one begins.
struct UnsettledView {
  std::vector<UnsettledOrder> orders;
  bool more = false;
  bool next_captures = false;  ///< The next stretch is of captures beside the paying ones.
  std::uint32_t next_from = 0;
};
/// What a captured charge of the gateway is to the round.
enum class ChargeStanding : std::uint8_t {
  kRecorded = 0,     ///< The engine knows of the capture, or awaits the attempt's outcome.
  kUntold = 1,       ///< The attempt was made, but nobody has told that it was captured.
  kWrongAmount = 2,  ///< The attempt was made, for another amount.
  kNoAttempt = 3,    ///< There is no such order or attempt.
};
/// Answers `JudgeCharges`, in its order.
struct ChargeStandingsView {
  std::vector<ChargeStanding> standings;
};
/// More particulars for operators' searches.
struct FanDetailView {
  FanId fan;
  FanView view;
  std::uint32_t seats_counted = 0;  ///< Held and owned.
};

using ReplyBody =
    std::variant<std::monostate, JoinedView, OrderView, OrderListView, WaitlistView, ConflictView,
                 FanDetailView, RetryView, UnsettledView, ChargeStandingsView>;

struct Reply {
  Rejection rejection = Rejection::kNone;
  bool repeated = false;  ///< An Idempotency-Key that had already succeeded: shown as it is now.
  Sequence sequence = 0;  ///< Of the command; for a query, of the last command before it.
  ReplyBody body;
};

// --- queries: answered between commands by the sequencer's thread, never journaled ---------

struct GetOrder {
  FanId fan;  ///< none(): an operator asks.
  OrderId order;
};
struct ListOrders {
  FanId fan;
};
struct GetWaitlist {
  FanId fan;
};
/// For operators; each filter may be none.
struct FindOrders {
  SeatIndex seat;
  FanId fan;
  std::uint8_t state = 255;
};
struct GetFan {
  FanId fan;
};
/// For settling: the unsettled among the next `limits::unsettled_looked_at_max` orders, so that no
/// single answer keeps others waiting.
struct ListUnsettled {
  bool captures = false;  ///< Captures beside the paying ones, whose money goes back.
  std::uint32_t from = 0;
};
/// For settling: what these captured charges are, `limits::charges_judged_max` at most.
struct JudgeCharges {
  struct Charge {
    OrderId order;
    std::uint32_t attempt = 0;
    Amount amount;
  };
  std::vector<Charge> charges;
};
using Query = std::variant<GetOrder, ListOrders, GetWaitlist, FindOrders, GetFan, ListUnsettled,
                           JudgeCharges>;

// --- events ---------------------------------------------------------------------------

/// An order was made or changed. Told to the fan's sockets.
struct OrderChanged {
  OrderView order;
};
struct NoticePosted {
  LocalizedText text;
};
/// To the payment thread: make the charge. Sent once, never after a restart.
struct ChargeWanted {
  OrderId order;
  std::uint32_t attempt = 0;
  PaymentMethod method = PaymentMethod::kCard;
  Amount amount;
};
/// To the payment thread: time ran out or the fan was banned; cancel, then say what stands.
struct CancelWanted {
  OrderId order;
  std::uint32_t attempt = 0;
};
struct RefundWanted {
  OrderId order;
  std::uint32_t attempt = 0;
  Amount amount;
};
/// The draw's record grew (commitment, root, draw); the record is immutable.
struct DrawPublished {
  std::shared_ptr<const DrawRecord> record;
};
struct LateWindowPublished {
  std::shared_ptr<const LateWindowRecord> record;
};
/// What a journaled command made so, noted for the transparency log.
enum class FactKind : std::uint8_t {
  kJoined = 1,
  kDrawn = 2,
  kCalled = 3,
  kSold = 4,
  kReturned = 5
};
struct FactNote {
  Sequence sequence = 0;
  Instant at;  ///< The command's time.
  FactKind kind = FactKind::kJoined;
  std::uint8_t tier = 0;   ///< Of `kJoined`.
  FanId fan;               ///< Of `kJoined`, `kDrawn`, `kCalled`.
  std::uint32_t rank = 0;  ///< Of `kDrawn`.
  OrderId order;           ///< Of `kSold`, `kReturned`: one note a seat.
  SeatIndex seat;
};
/// To the transparency log: the facts of a group, in the order in which they came to be.
struct FactsRecorded {
  std::vector<FactNote> facts;
};
using Event = std::variant<OrderChanged, NoticePosted, ChargeWanted, CancelWanted, RefundWanted,
                           DrawPublished, LateWindowPublished, FactsRecorded>;

}  // namespace frontrow
