// Every reason for which a command can be refused, each with a permanent number. The table in
// `src/http/problem.cpp` turns a rejection into an HTTP status, a code and a text key.
#pragma once

#include <cstdint>

namespace frontrow {

/// Numbers are journal-stable and wire-internal: never change or reuse one.
enum class Rejection : std::uint16_t {
  kNone = 0,
  kBanned = 1,
  kNotFound = 2,  ///< The object named: absent, or another fan's.
  kIdempotencyKeyReused = 3,
  kRoundPaused = 4,
  kRoundClosed = 5,
  kLobbyNotOpen = 6,
  kNotShopping = 7,
  kUnknownSeat = 8,
  kUnknownZone = 9,
  kUnknownCategory = 10,
  kLimitReached = 11,
  kSeatsUnavailable = 12,
  kNotEnoughSeats = 13,
  kLeavesOrphan = 14,
  kOrderNotHeld = 15,
  kOrderNotPayable = 16,
  kOrderNotPaid = 17,
  kReturnClosed = 18,
  kNotCalled = 19,
  kShopFull = 20,
  kProofUsed = 21,  ///< This proof of work already made a place.
  kNotOnWaitlist = 22,
  kWaitlistNotNeeded = 23,  ///< What is asked for is free now: it can be bought.
  kAlreadyOnWaitlist = 24,
  kRoundFull = 25,        ///< A bound of `limits.hpp` is reached.
  kScheduleRefused = 26,  ///< Not later, or after the draw.
  kBeaconTooEarly = 27,
  kBeaconRefused = 28,   ///< Malformed, of another round, or unlike the one already given.
  kAlreadyOpen = 29,     ///< A second `OpenRound`.
  kNotDue = 30,          ///< An act of the sequencer whose moment has not come (a stale `Tick`).
  kPaymentUnknown = 31,  ///< An outcome for an order or attempt that does not await one.
  kRecoveryUnknown = 32,
  kPhaseRefused = 33,      ///< No such change of phase from here.
  kSeatInOtherState = 34,  ///< Unblock of a seat that is not blocked.
  kDeparted = 35,          ///< The fan has left or missed the line; there is no place to act on.
  kCompanionAlone = 36,    ///< A companion seat without its accessible place.
  kHoldTooSoon = 37,       ///< Held and let go again too often: the next hold has to wait.
  kCategoryFixed = 38,     ///< The draw has been: prices stay what they are.
  kCount
};

}  // namespace frontrow
