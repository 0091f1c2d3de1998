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
struct OrderListView {
  std::vector<OrderView> orders;
};
/// More particulars for operators' searches.
struct FanDetailView {
  FanId fan;
  FanView view;
  std::uint32_t seats_counted = 0;  ///< Held and owned.
};

using ReplyBody = std::variant<std::monostate, JoinedView, OrderView, OrderListView, WaitlistView,
                               ConflictView, FanDetailView>;

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
using Query = std::variant<GetOrder, ListOrders, GetWaitlist, FindOrders, GetFan>;

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
using Event = std::variant<OrderChanged, NoticePosted, ChargeWanted, CancelWanted, RefundWanted,
                           DrawPublished, LateWindowPublished>;

}  // namespace frontrow
