#include "base/names.hpp"

namespace frontrow {

// No switch has a default: a value without a name does not compile.

std::string_view name_of(Rejection rejection) {
  switch (rejection) {
    case Rejection::kNone:
      return "none";
    case Rejection::kBanned:
      return "banned";
    case Rejection::kNotFound:
      return "not-found";
    case Rejection::kIdempotencyKeyReused:
      return "idempotency-key-reused";
    case Rejection::kRoundPaused:
      return "round-paused";
    case Rejection::kRoundClosed:
      return "round-closed";
    case Rejection::kLobbyNotOpen:
      return "lobby-not-open";
    case Rejection::kNotShopping:
      return "not-shopping";
    case Rejection::kUnknownSeat:
      return "unknown-seat";
    case Rejection::kUnknownZone:
      return "unknown-zone";
    case Rejection::kUnknownCategory:
      return "unknown-category";
    case Rejection::kLimitReached:
      return "limit-reached";
    case Rejection::kSeatsUnavailable:
      return "seats-unavailable";
    case Rejection::kNotEnoughSeats:
      return "not-enough-seats";
    case Rejection::kLeavesOrphan:
      return "leaves-orphan";
    case Rejection::kOrderNotHeld:
      return "order-not-held";
    case Rejection::kOrderNotPayable:
      return "order-not-payable";
    case Rejection::kOrderNotPaid:
      return "order-not-paid";
    case Rejection::kReturnClosed:
      return "return-closed";
    case Rejection::kNotCalled:
      return "not-called";
    case Rejection::kShopFull:
      return "shop-full";
    case Rejection::kProofUsed:
      return "proof-used";
    case Rejection::kNotOnWaitlist:
      return "not-on-waitlist";
    case Rejection::kWaitlistNotNeeded:
      return "waitlist-not-needed";
    case Rejection::kAlreadyOnWaitlist:
      return "already-on-waitlist";
    case Rejection::kRoundFull:
      return "round-full";
    case Rejection::kScheduleRefused:
      return "schedule-refused";
    case Rejection::kBeaconTooEarly:
      return "beacon-too-early";
    case Rejection::kBeaconRefused:
      return "beacon-refused";
    case Rejection::kAlreadyOpen:
      return "already-open";
    case Rejection::kNotDue:
      return "not-due";
    case Rejection::kPaymentUnknown:
      return "payment-unknown";
    case Rejection::kRecoveryUnknown:
      return "recovery-unknown";
    case Rejection::kPhaseRefused:
      return "phase-refused";
    case Rejection::kSeatInOtherState:
      return "seat-in-other-state";
    case Rejection::kDeparted:
      return "departed";
    case Rejection::kCompanionAlone:
      return "companion-alone";
    case Rejection::kHoldTooSoon:
      return "hold-too-soon";
    case Rejection::kCategoryFixed:
      return "category-fixed";
    case Rejection::kCount:
      break;
  }
  return "unknown";
}

std::string_view name_of(BlockReason reason) {
  switch (reason) {
    case BlockReason::kOther:
      return "other";
    case BlockReason::kProduction:
      return "production";
    case BlockReason::kSponsor:
      return "sponsor";
    case BlockReason::kSightLine:
      return "sight-line";
    case BlockReason::kZoneClosed:
      return "zone-closed";
  }
  return "unknown";
}

std::string_view name_of(OrderState state) {
  switch (state) {
    case OrderState::kHeld:
      return "held";
    case OrderState::kPaying:
      return "paying";
    case OrderState::kPaid:
      return "paid";
    case OrderState::kReleased:
      return "released";
    case OrderState::kExpired:
      return "expired";
    case OrderState::kRefunding:
      return "refunding";
    case OrderState::kRefunded:
      return "refunded";
  }
  return "unknown";
}

std::string_view name_of(FanState state) {
  switch (state) {
    case FanState::kLobby:
      return "lobby";
    case FanState::kWaiting:
      return "waiting";
    case FanState::kCalled:
      return "called";
    case FanState::kShopping:
      return "shopping";
    case FanState::kEnded:
      return "ended";
    case FanState::kLeft:
      return "left";
    case FanState::kMissed:
      return "missed";
  }
  return "unknown";
}

std::string_view name_of(PaymentMethod method) {
  switch (method) {
    case PaymentMethod::kCard:
      return "card";
    case PaymentMethod::kPromptPay:
      return "promptpay";
    case PaymentMethod::kMobileBankingScb:
      return "mobile_banking_scb";
    case PaymentMethod::kMobileBankingKbank:
      return "mobile_banking_kbank";
    case PaymentMethod::kMobileBankingBbl:
      return "mobile_banking_bbl";
    case PaymentMethod::kMobileBankingKtb:
      return "mobile_banking_ktb";
    case PaymentMethod::kMobileBankingBay:
      return "mobile_banking_bay";
    case PaymentMethod::kTrueMoney:
      return "truemoney";
    case PaymentMethod::kRabbitLinePay:
      return "rabbit_linepay";
    case PaymentMethod::kShopeePay:
      return "shopeepay";
  }
  return "unknown";
}

std::optional<PaymentMethod> parse_payment_method(std::string_view name) {
  for (std::size_t n = 0; n < payment_method_count; ++n)
    if (name_of(static_cast<PaymentMethod>(n)) == name) return static_cast<PaymentMethod>(n);
  return std::nullopt;
}

std::string_view name_of(PaymentFailure failure) {
  switch (failure) {
    case PaymentFailure::kNone:
      return "";
    case PaymentFailure::kDeclined:
      return "declined";
    case PaymentFailure::kInsufficientFunds:
      return "insufficient-funds";
    case PaymentFailure::kExpiredCard:
      return "expired-card";
    case PaymentFailure::kFraudSuspected:
      return "fraud-suspected";
    case PaymentFailure::kNotFoundAtGateway:
      return "not-found";
    case PaymentFailure::kCancelled:
      return "cancelled";
    case PaymentFailure::kGatewayUnavailable:
      return "gateway-unavailable";
    case PaymentFailure::kInvalidToken:
      return "invalid-token";
  }
  return "unknown";
}

std::string_view name_of(GatewayHealth health) {
  switch (health) {
    case GatewayHealth::kGood:
      return "good";
    case GatewayHealth::kFailing:
      return "failing";
    case GatewayHealth::kTrying:
      return "trying";
  }
  return "unknown";
}

std::string_view name_of(RequestedPhase phase) {
  switch (phase) {
    case RequestedPhase::kOnSale:
      return "onsale";
    case RequestedPhase::kPaused:
      return "paused";
    case RequestedPhase::kClosed:
      return "closed";
  }
  return "unknown";
}

std::string_view name_of(PaceReason reason) {
  switch (reason) {
    case PaceReason::kAsConfigured:
      return "as-configured";
    case PaceReason::kTurnUp:
      return "turn-up";
    case PaceReason::kGatewaySlow:
      return "gateway-slow";
    case PaceReason::kGatewayFailing:
      return "gateway-failing";
    case PaceReason::kGatewayRecovering:
      return "gateway-recovering";
    case PaceReason::kSeatsSpokenFor:
      return "seats-spoken-for";
  }
  return "unknown";
}

}  // namespace frontrow
