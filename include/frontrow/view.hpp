// What the engine tells about its objects: values, complete, made at the moment of the answer.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "frontrow/command.hpp"
#include "frontrow/ids.hpp"
#include "frontrow/money.hpp"
#include "frontrow/rejection.hpp"
#include "frontrow/time.hpp"

namespace frontrow {

enum class OrderState : std::uint8_t {
  kHeld = 0,
  kPaying = 1,
  kPaid = 2,
  kReleased = 3,
  kExpired = 4,
  kRefunding = 5,
  kRefunded = 6,
};
enum class OrderOrigin : std::uint8_t { kSale = 0, kWaitlist = 1 };
enum class PaymentState : std::uint8_t {
  kNone = 0,
  kPending = 1,
  kAction = 2,
  kSucceeded = 3,
  kFailed = 4,
};

/// How the seats of a best-available order lie, told where `"prefer"` was asked.
enum class Arrangement : std::uint8_t {
  kAsAsked = 0,
  kSideBySide = 1,
  kNearby = 2,
  kScattered = 3,
  kAdjacentRows = 4,
  kPairs = 5
};

struct PaymentView {
  PaymentState state = PaymentState::kNone;
  PaymentMethod method = PaymentMethod::kCard;
  PaymentFailure failure = PaymentFailure::kNone;
  std::uint32_t attempt = 0;
  std::string action;  ///< JSON text of `next_action`, or empty.
};

struct OrderView {
  OrderId id;
  FanId fan;
  OrderState state = OrderState::kHeld;
  OrderOrigin origin = OrderOrigin::kSale;
  Arrangement arrangement = Arrangement::kAsAsked;
  bool tickets_void = false;
  std::uint32_t ticket_counter = 0;  ///< How often its tickets were reissued.
  SeatList seats;
  Amount total;
  Instant created_at;
  Instant held_until;  ///< As the wall's time, were the round to run on from now. 0 where none.
  PaymentView payment;
};

struct WaitlistView {
  std::uint32_t place = 0;  ///< From 1.
  std::uint32_t ahead = 0;
  std::vector<ZoneIndex> zones;
  std::uint32_t quantity = 0;
  bool together = false;
  std::vector<CategoryIndex> categories{};
};

/// A fan's state in the waiting room. A ban is a flag beside it, not a state of its own.
enum class FanState : std::uint8_t {
  kLobby = 0,
  kWaiting = 1,
  kCalled = 2,
  kShopping = 3,
  kEnded = 4,
  kLeft = 5,
  kMissed = 6,
};
inline constexpr std::size_t fan_state_count = 7;

/// What the front publishes of a fan (`src/base/published.hpp`); deadlines are in sale time.
struct FanView {
  Bytes16 entry{};
  FanState state = FanState::kLobby;
  bool banned = false;
  std::uint8_t tier = 1;
  std::uint32_t rank = 0;        ///< From 1; 0: none yet.
  LineSlot slot;                 ///< Where in the line; none before the draw or the window's close.
  SaleTime deadline;             ///< Of `kCalled` (enter_until) and `kShopping` (shop_until).
  bool missed_once = false;      ///< The second chance has been given.
  Sequence joined_sequence = 0;  ///< Of the command that made the place, and its time.
  Instant joined_at;
};

enum class Phase : std::uint8_t {
  kScheduled = 0,
  kLobby = 1,
  kOnSale = 2,
  kPaused = 3,
  kSoldOut = 4,
  kClosed = 5,
};

struct SeatTotals {
  std::uint32_t capacity = 0, free = 0, held = 0, sold = 0, blocked = 0;
};

/// What has happened since the round began: never falls, but by a restart from an older journal.
/// Durations are in the sale's time.
struct SaleCounts {
  std::uint64_t called = 0;                ///< Calls, second ones of the same fan included.
  std::uint64_t entered = 0;               ///< Calls that were taken up.
  std::uint64_t missed = 0;                ///< Calls that were not.
  std::int64_t entering_microseconds = 0;  ///< From call to entering, all together.
  std::uint64_t turns_ended = 0;
  std::int64_t turn_microseconds = 0;  ///< Of all ended turns together.
  std::uint64_t turn_seats = 0;        ///< Seats that fans had when their turns ended.
  std::uint64_t payments_started = 0, payments_succeeded = 0, payments_failed = 0;
  std::int64_t payment_microseconds = 0;  ///< From start to success, all together.
  std::uint64_t seats_held = 0;           ///< In orders that were made.
  std::uint64_t seats_let_go = 0;         ///< Of those: released, expired, cancelled.
  std::uint64_t seats_given_back = 0;     ///< Sold ones that were returned or refunded.
  std::uint64_t seats_offered = 0;        ///< To the waitlist.
  /// Payments by how they left the gateway's hands, each once: with its word (captured, refused,
  /// or the fan is asked to act), or without (cancelled by us, never reached). What was started
  /// and is in neither waits for the gateway.
  std::uint64_t payments_answered = 0, payments_unanswered = 0;
  std::uint64_t payments_by_method[payment_method_count] = {};  ///< Started ones.
};

/// The round as one value: published after every group that changed it.
struct RoundStatus {
  Phase phase = Phase::kScheduled;
  bool drawn = false;
  SeatTotals seats;
  std::uint32_t fans_by_state[fan_state_count] = {};
  std::uint32_t banned = 0;
  std::uint32_t waitlist_entries = 0;
  std::uint32_t waitlist_seats = 0;  ///< Seats that all of them want together.
  Instant lobby_opens_at, draw_at, closes_at;
  /// Wall time minus sale time. While paused the sale's time is `paused_at - sale_offset`.
  Duration sale_offset;
  Instant paused_at;  ///< 0 where not paused.
  AdmissionRules admission;
  AdmissionPace pace;
  GatewayHealth gateway_health[payment_method_count] = {};  ///< As the payment thread has told.
  SaleCounts counts;
  Amount revenue;
  std::uint32_t orders_by_state[7] = {};
  std::uint32_t late_waiting = 0;  ///< Late fans whose window has not closed.
  Sequence sequence = 0;
  std::uint64_t state_hash[2] = {};
};

/// The public record of the draw; the fields come one after another, as contract section 6 says.
struct DrawEntry {
  Bytes16 entry{};
  std::uint8_t tier = 1;
  std::uint32_t rank = 0;
};
struct DrawRecord {
  Bytes32 commitment{}, late_commitment{};
  bool lobby_closed = false;
  Bytes32 lobby_root{};
  std::uint32_t count = 0;
  bool drawn = false;
  Bytes32 secret{};
  std::string beacon;            ///< Empty or 32 raw bytes.
  std::string beacon_signature;  ///< Raw bytes.
  Bytes32 seed{};
  std::vector<DrawEntry> entries;  ///< By rank.
};
struct LateWindowRecord {
  std::uint64_t window = 0;
  std::uint64_t beacon_round = 0;  ///< 0: it went without a beacon.
  Bytes32 window_secret{}, window_root{}, seed{};
  std::string beacon, beacon_signature;
  std::vector<DrawEntry> entries;
};

}  // namespace frontrow
