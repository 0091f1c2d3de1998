// Every attempt to pay, put together from the commands that made and settled it: the state alone
// keeps the last one of an order. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "audit/command_fields.hpp"

namespace frontrow::audit {

struct PaymentRecord {
  PaymentMethod method = PaymentMethod::kCard;
  Amount amount;
  enum class State : std::uint8_t {
    kPending,
    kCaptured,
    kFailed,
    kRefunded
  } state = State::kPending;
  PaymentFailure failure = PaymentFailure::kNone;
  Instant started_at;
  std::optional<Instant> settled_at, refunded_at;
  std::string gateway_reference, refund_reference;
  bool pays = false;           ///< Captured for the order itself, not beside another attempt.
  std::uint64_t captured = 0;  ///< Captures are counted up; 0: it was not captured.
};

const char* name_of(PaymentRecord::State state);

class PaymentHistory {
 public:
  /// By order and attempt.
  using Records = std::map<std::pair<OrderId, std::uint32_t>, PaymentRecord>;

  void take(const Carried& carried);
  const Records& records() const { return records_; }

 private:
  PaymentRecord* find(OrderId order, std::uint32_t attempt);
  PaymentRecord* refunded_by(OrderId order, const Carried& carried);
  Records records_;
  std::uint64_t captures_ = 0;
};

}  // namespace frontrow::audit
