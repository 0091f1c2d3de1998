// Every command that the engine knows: what is asked of it, and nothing that it works out
// itself. A struct a command; the number beside each is its permanent number in the journal.
//
// Adding one: a struct here with the next number and a place in `Command`, its codec in
// `src/base/command_fields.hpp`, its judgement in `src/engine`; each place that forgets it does
// not compile.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "frontrow/ids.hpp"
#include "frontrow/round_definition.hpp"

namespace frontrow {

/// Most orders name few seats: eight fit without an allocation.
using SeatList = boost::container::small_vector<SeatIndex, 8>;

/// A fan's Idempotency-Key as it is remembered: digests, both zero where no key was given.
struct Idempotency {
  Bytes16 key{};              ///< First 16 bytes of SHA-256 over call and key.
  std::uint64_t request = 0;  ///< First 8 bytes of SHA-256 over the canonical body.
  bool given() const { return key != Bytes16{}; }
  friend bool operator==(const Idempotency&, const Idempotency&) = default;
};

enum class Together : std::uint8_t { kAny = 0, kRequired = 1, kPreferred = 2 };
/// The numbers are permanent. All but a card need an action of the fan: a code to scan, or a page
/// of the bank or wallet.
enum class PaymentMethod : std::uint8_t {
  kCard = 0,
  kPromptPay = 1,
  kMobileBankingScb = 2,
  kMobileBankingKbank = 3,
  kMobileBankingBbl = 4,
  kMobileBankingKtb = 5,
  kMobileBankingBay = 6,
  kTrueMoney = 7,
  kRabbitLinePay = 8,
  kShopeePay = 9,
};
inline constexpr std::size_t payment_method_count = 10;
/// Whether a gateway answers for a method; the numbers are permanent.
enum class GatewayHealth : std::uint8_t {
  kGood = 0,
  kFailing = 1,  ///< It is not asked any more; what fans pay waits.
  kTrying = 2,   ///< It failed, and a few payments are let through to find out about it.
};
/// Why fans are called at the pace they are; the numbers are permanent.
enum class PaceReason : std::uint8_t {
  kAsConfigured = 0,       ///< Nothing holds the calls back but the admission's own rules.
  kTurnUp = 1,             ///< So many called fans come, or do not, that more or fewer are called.
  kGatewaySlow = 2,        ///< Payments wait: no more are called than can pay.
  kGatewayFailing = 3,     ///< Payments fail or are not answered: nobody is called into that.
  kGatewayRecovering = 4,  ///< Payments succeed again: the calls go up step by step.
  kSeatsSpokenFor = 5,     ///< Who is called already will take the seats that are left.
};
/// What the admission controller allows within the admission's rules.
struct AdmissionPace {
  std::uint32_t calls_per_second = ~std::uint32_t{0};  ///< Never more than the rules' own.
  /// Fans called and shopping together; more than `max_shoppers` where not all who are called
  /// come, and never more than twice that. 0: as many as `max_shoppers`.
  std::uint32_t outstanding_max = 0;
  PaceReason reason = PaceReason::kAsConfigured;
  friend bool operator==(const AdmissionPace&, const AdmissionPace&) = default;
};
enum class RequestedPhase : std::uint8_t { kOnSale = 0, kPaused = 1, kClosed = 2 };

/// Why a payment failed; the numbers are permanent.
enum class PaymentFailure : std::uint8_t {
  kNone = 0,
  kDeclined = 1,
  kInsufficientFunds = 2,
  kExpiredCard = 3,
  kFraudSuspected = 4,
  kNotFoundAtGateway = 5,  ///< Looked up after a crash: it was never made.
  kCancelled = 6,          ///< Cancelled by us: time ran out, a ban.
  kGatewayUnavailable = 7,
  kInvalidToken = 8,
};

// --- the round itself -------------------------------------------------------------------

/// First command of every journal. `definition` is the JSON text from which
/// `round::parse_definition` makes the `RoundDefinition` that the engine is built with.
struct OpenRound {
  static constexpr std::uint16_t number = 1;
  std::uint32_t rules_version = 1;
  std::string definition;
};
/// First command after every start but the first: the sale's time stood still for `gap`.
struct Resume {
  static constexpr std::uint16_t number = 2;
  Duration gap;
};
/// Carries out every timer that is due, the calling included.
struct Tick {
  static constexpr std::uint16_t number = 3;
};
/// The lobby closes; root and count are what the engine works out itself, journaled so that
/// they stand before the beacon does. Refused unless due and equal.
struct CloseLobby {
  static constexpr std::uint16_t number = 4;
  Bytes32 lobby_root{};
  std::uint32_t count = 0;
};
/// The drand value that the round file names. Kept until `DrawLine`.
struct SetBeacon {
  static constexpr std::uint16_t number = 5;
  std::string operator_name;
  std::uint64_t round = 0;
  Bytes32 randomness{};
  std::string signature;  ///< Raw bytes; its SHA-256 is `randomness`.
};
/// The draw, with the beacon where there is one. Refused unless due.
struct DrawLine {
  static constexpr std::uint16_t number = 6;
};
/// Window `window` of the late fans is shuffled and joins the end of the line. Refused unless due.
struct CloseLateWindow {
  static constexpr std::uint16_t number = 7;
  std::uint64_t window = 0;
  std::uint64_t beacon_round = 0;  ///< Of the beacon's chain; 0 where there is no beacon.
  std::string beacon;              ///< 32 raw bytes, or empty.
  std::string beacon_signature;    ///< Raw bytes, or empty.
};
/// The admission controller's word: from here on fans are called at this pace. Refused while the
/// admission is pinned.
struct SetPace {
  static constexpr std::uint16_t number = 8;
  AdmissionPace pace;
  std::string measured;  ///< What it was concluded from, in one line for operators.
};

// --- the waiting room -------------------------------------------------------------------

struct JoinQueue {
  static constexpr std::uint16_t number = 10;
  Bytes16 entry{};  ///< Random; public.
  std::uint8_t tier = 1;
  Bytes16 subject{};  ///< Keyed hash of the pass's `iss` and `sub`; zero in open mode.
  Bytes16 proof{};    ///< Digest of the proof of work; zero where none is asked for.
  Bytes16 key{};      ///< Digest of the Idempotency-Key; zero where none is given.
  /// Seats of this fan in rounds that share the limit, as the promoter's pass says.
  std::uint16_t seats_elsewhere = 0;
};
struct EnterShop {
  static constexpr std::uint16_t number = 11;
  FanId fan;
};
struct LeaveQueue {
  static constexpr std::uint16_t number = 12;
  FanId fan;
};
struct CreateRecovery {
  static constexpr std::uint16_t number = 13;
  FanId fan;
  Bytes16 code{};  ///< Keyed hash of the code; replaces an earlier one.
};
struct RedeemRecovery {
  static constexpr std::uint16_t number = 14;
  Bytes16 code{};
};

// --- orders -----------------------------------------------------------------------------

/// Hold exactly these seats. A name that the plan does not have arrives as `SeatIndex::none()`.
struct PlaceHold {
  static constexpr std::uint16_t number = 20;
  FanId fan;
  Idempotency idempotency;
  SeatList seats;
};
/// Hold the best seats there are. One of `zone` and `category` is asked for (`by_zone`); an
/// unknown name arrives as `none()`.
struct PlaceBestHold {
  static constexpr std::uint16_t number = 21;
  FanId fan;
  Idempotency idempotency;
  bool by_zone = true;
  ZoneIndex zone;
  CategoryIndex category;
  std::uint32_t quantity = 1;
  Together together = Together::kAny;
};
struct ReleaseOrder {
  static constexpr std::uint16_t number = 22;
  FanId fan;
  OrderId order;
};
/// The card token is not here: it travels beside the journal (`Submission::card_token`).
struct StartPayment {
  static constexpr std::uint16_t number = 23;
  FanId fan;
  OrderId order;
  Idempotency idempotency;
  PaymentMethod method = PaymentMethod::kCard;
  bool accept_alternative = false;  ///< As good seats will do, should these be gone.
};
struct ReturnOrder {
  static constexpr std::uint16_t number = 24;
  FanId fan;
  OrderId order;
  Idempotency idempotency;
};

// --- outcomes from the gateway ----------------------------------------------------------

/// The fan has to act: scan a QR code or follow a link.
struct RecordPaymentAction {
  static constexpr std::uint16_t number = 30;
  OrderId order;
  std::uint32_t attempt = 0;
  std::string action;  ///< The JSON text of contract section 4's `next_action`.
};
/// The gateway has captured `amount`.
struct RecordPaymentSuccess {
  static constexpr std::uint16_t number = 31;
  OrderId order;
  std::uint32_t attempt = 0;
  Amount amount;
  std::string gateway_reference;
};
/// The gateway says no, or that a cancellation took place: nothing was or will be captured.
struct RecordPaymentFailure {
  static constexpr std::uint16_t number = 32;
  OrderId order;
  std::uint32_t attempt = 0;
  PaymentFailure failure = PaymentFailure::kDeclined;
};
struct RecordRefund {
  static constexpr std::uint16_t number = 33;
  OrderId order;
  std::string gateway_reference;
};
/// What the payment thread's circuit breaker thinks of the gateway for this method from here on.
struct RecordGatewayHealth {
  static constexpr std::uint16_t number = 34;
  PaymentMethod method = PaymentMethod::kCard;
  GatewayHealth health = GatewayHealth::kGood;
  std::string gateway;  ///< Its name, at most `limits::gateway_name_bytes_max` bytes.
};

// --- the waitlist -----------------------------------------------------------------------

struct JoinWaitlist {
  static constexpr std::uint16_t number = 40;
  FanId fan;
  Idempotency idempotency;
  std::vector<ZoneIndex> zones;  ///< None, and no categories: any seat.
  std::uint32_t quantity = 1;
  bool together = false;
  std::vector<CategoryIndex> categories{};  ///< Not with zones.
};
struct LeaveWaitlist {
  static constexpr std::uint16_t number = 41;
  FanId fan;
};

// --- operators' acts --------------------------------------------------------------------

struct SetPhase {
  static constexpr std::uint16_t number = 50;
  std::string operator_name;
  RequestedPhase phase = RequestedPhase::kOnSale;
};
/// Later only, and before the draw.
struct SetSchedule {
  static constexpr std::uint16_t number = 51;
  std::string operator_name;
  Instant lobby_opens_at, draw_at, closes_at;
};
struct SetAdmission {
  static constexpr std::uint16_t number = 52;
  std::string operator_name;  ///< `config` where a start changed it.
  AdmissionRules rules;
};
struct BlockSeats {
  static constexpr std::uint16_t number = 53;
  std::string operator_name;
  std::vector<SeatIndex> seats;
  BlockReason why = BlockReason::kOther;
  std::string reason{};  ///< In words; may be empty.
};
struct UnblockSeats {
  static constexpr std::uint16_t number = 54;
  std::string operator_name;
  std::vector<SeatIndex> seats;
};
struct BanFan {
  static constexpr std::uint16_t number = 55;
  std::string operator_name;
  FanId fan;
  std::string reason;
};
struct UnbanFan {
  static constexpr std::uint16_t number = 56;
  std::string operator_name;
  FanId fan;
  std::string reason;
};
struct RefundOrder {
  static constexpr std::uint16_t number = 57;
  std::string operator_name;
  OrderId order;
  std::string reason;
};
struct PostNotice {
  static constexpr std::uint16_t number = 58;
  std::string operator_name;
  LocalizedText text;
};
/// Says in the journal that the side store has forgotten this fan; the engine forgets the
/// hashes that it holds of them.
struct ErasePersonalData {
  static constexpr std::uint16_t number = 59;
  std::string operator_name;
  FanId fan;
};

/// A closed zone sells nothing: its free seats are blocked, and whatever comes free there is.
struct SetZoneOpen {
  static constexpr std::uint16_t number = 60;
  std::string operator_name;
  ZoneIndex zone;
  bool open = true;
  std::string reason;
};
/// These seats have another price category from here on. Before the draw, free or blocked ones.
struct MoveCategory {
  static constexpr std::uint16_t number = 61;
  std::string operator_name;
  std::vector<SeatIndex> seats;
  CategoryIndex category;
  std::string reason;
};

using Command =
    std::variant<OpenRound, Resume, Tick, CloseLobby, SetBeacon, DrawLine, CloseLateWindow, SetPace,
                 JoinQueue, EnterShop, LeaveQueue, CreateRecovery, RedeemRecovery, PlaceHold,
                 PlaceBestHold, ReleaseOrder, StartPayment, ReturnOrder, RecordPaymentAction,
                 RecordPaymentSuccess, RecordPaymentFailure, RecordRefund, RecordGatewayHealth,
                 JoinWaitlist, LeaveWaitlist, SetPhase, SetSchedule, SetAdmission, BlockSeats,
                 UnblockSeats, BanFan, UnbanFan, RefundOrder, PostNotice, ErasePersonalData,
                 SetZoneOpen, MoveCategory>;

}  // namespace frontrow
