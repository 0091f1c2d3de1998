// What the engine keeps of a fan and of an order: fixed-size records of one cache line each, tied
// together by indices. What is rarely looked at lies apart.
//
// Private to src/engine.
#pragma once

#include <cstdint>

#include "frontrow/ids.hpp"
#include "frontrow/view.hpp"
#include "queue/waitlist.hpp"

namespace frontrow::engine {

/// The end of a chain of indices.
inline constexpr std::uint32_t no_index = ~std::uint32_t{0};

/// Each kind of duration has a list of its own, so that deadlines arrive almost in order;
/// `kProlonged` has one for each method of payment, whose outages are its own.
enum class TimerKind : std::uint8_t {
  kHold = 0,
  kPayment = 1,
  kGrace = 2,
  kOffer = 3,
  kEnter = 4,
  kTurn = 5,
  kNone = 6,
  kProlonged = 7,          ///< A payment, by as much as it overlapped an outage that is over.
  kProlongedInOutage = 8,  ///< A payment, by the whole bound: the outage went on.
};

/// Neighbours in a timer's list or in a fan's list of orders.
struct Links {
  std::uint32_t previous = no_index;
  std::uint32_t next = no_index;
};

struct FanRecord {
  Bytes16 entry{};
  SaleTime deadline;  ///< Of `kCalled` and `kShopping`.
  std::uint32_t rank = 0;
  LineSlot slot;
  Links timer;
  std::uint32_t live_orders = no_index;   ///< Held, paying, paid, refunding; youngest first.
  std::uint32_t ended_orders = no_index;  ///< The others; the one that ended last first.
  std::uint32_t keys = no_index;          ///< Where the remembered Idempotency-Keys lie.
  std::uint32_t keys_count = 0;           ///< How many were ever remembered.
  std::uint16_t seats_counted = 0;        ///< Held and owned.
  std::uint16_t open_orders = 0;          ///< Held and paying.
  FanState state = FanState::kLobby;
  std::uint8_t tier = 1;
  bool banned = false;
  bool missed_once : 1 = false;
  // What most fans have not, so that a hold need not look elsewhere for it.
  bool has_seats_elsewhere : 1 = false;  ///< Their number is in the background.
  bool has_had_to_wait : 1 = false;      ///< Before a hold; their account says until when.
};
static_assert(sizeof(FanRecord) == 64);

/// The rest of a fan.
struct FanBackground {
  Bytes16 subject{};
  Sequence joined_sequence = 0;
  Instant joined_at;
  queue::WaitlistEntryId waitlist_entry;
  std::uint16_t late = 0;             ///< 1: joined after the lobby closed and not yet in the line.
  std::uint16_t seats_elsewhere = 0;  ///< In rounds that share the limit.
};

/// What of an order is small, in one word, so that it is hashed as one.
struct OrderFlags {
  OrderState state : 4 = OrderState::kHeld;
  OrderOrigin origin : 3 = OrderOrigin::kSale;
  bool prolonged : 1 = false;  ///< An outage has moved its deadline; it does so once.
  Arrangement arrangement : 4 = Arrangement::kAsAsked;
  PaymentState payment : 4 = PaymentState::kNone;
  PaymentMethod method : 4 = PaymentMethod::kCard;
  PaymentFailure failure : 4 = PaymentFailure::kNone;
  TimerKind timer_kind : 4 = TimerKind::kNone;
  bool cancel_wanted : 1 = false;       ///< The gateway was asked to cancel the open attempt.
  bool release_wanted : 1 = false;      ///< A ban: a failed attempt releases instead of expiring.
  bool accept_alternative : 1 = false;  ///< As good seats will do, should these be gone.
  bool tickets_void : 1 = false;
};
static_assert(sizeof(OrderFlags) == 4);

struct OrderRecord : OrderFlags {
  FanId fan;
  SaleTime deadline;
  Instant created_at;
  Amount total;
  Links timer;
  Links of_fan;
  std::uint32_t first_seat = 0;  ///< In the pool of order seats.
  std::uint32_t seat_count = 0;
  std::uint32_t attempt = 0;           ///< The last one; 0: none.
  std::uint32_t captured_attempt = 0;  ///< The one whose money pays for the seats; 0: none.
};
static_assert(sizeof(OrderRecord) == 64);

/// A capture beside the one that pays for an order: its money goes back.
struct ExtraCapture {
  OrderId order;
  std::uint32_t attempt = 0;
  Amount amount;
  bool refunded = false;
};

constexpr bool is_open(OrderState state) {
  return state == OrderState::kHeld || state == OrderState::kPaying;
}
/// Whether orders in this state have their seats.
constexpr bool has_seats(OrderState state) { return is_open(state) || state == OrderState::kPaid; }
/// Whether something is still to happen: such orders are listed first.
constexpr bool is_live(OrderState state) {
  return has_seats(state) || state == OrderState::kRefunding;
}

}  // namespace frontrow::engine
