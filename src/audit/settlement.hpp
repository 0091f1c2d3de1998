// Compares a round's payments with the gateway's own record of its charges: two lists in, what
// differs out. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/gateway.hpp"

namespace frontrow::audit {

/// An attempt to pay, as the journal leaves it.
struct RoundPayment {
  enum class State : std::uint8_t {
    kOpen,      ///< Its outcome is awaited: anything may stand at the gateway.
    kFailed,    ///< Nothing was or will be captured.
    kPays,      ///< Captured; its order is paid.
    kOwed,      ///< Captured; the money goes back and has not been told to be there.
    kReturned,  ///< Captured; the money is back.
  };
  PaymentReference reference;
  Amount amount;
  State state = State::kOpen;
};
inline constexpr std::size_t payment_states = 5;

enum class DifferenceKind : std::uint8_t {
  kNoAttempt,     ///< A charge of an order or an attempt that the round has not.
  kTwice,         ///< More than one captured charge of one name.
  kAmount,        ///< Charged and asked amounts differ.
  kCurrency,      ///< Charged in another currency than the round's.
  kNotCaptured,   ///< The round says captured, the gateway does not.
  kUntold,        ///< The gateway has captured it, the round says it failed.
  kNotReturned,   ///< The round says given back, the gateway has not, or not all of it.
  kReturned,      ///< The gateway has given money back of an order that is paid.
  kOverReturned,  ///< The gateway has given back more than it took.
  kStillOpen,     ///< The round says failed, but the charge could still be captured.
};
inline constexpr std::size_t difference_kinds = 10;

struct Difference {
  DifferenceKind kind = DifferenceKind::kNoAttempt;
  PaymentReference reference;
  std::string text;  ///< In words, the reference in front.
  friend bool operator==(const Difference&, const Difference&) = default;
};

struct CountAndSum {
  std::uint64_t count = 0;
  Amount sum;
};

struct Settlement {
  std::array<CountAndSum, payment_states> round;  ///< By `RoundPayment::State`.
  struct AtGateway {
    CountAndSum captured, returned, pending, failed;
  } gateway;
  std::uint64_t under_way = 0;          ///< Payments and refunds that neither side calls finished.
  std::uint64_t of_others = 0;          ///< Charges that are not of this round.
  std::vector<Difference> differences;  ///< By reference.
  std::vector<std::string> remarks;     ///< What is in order now, and worth knowing.

  bool agrees() const { return differences.empty(); }
};

/// `is_ours` knows a name of the round's attempts; records of other names are only counted.
Settlement settle(const std::function<bool(std::string_view)>& is_ours, std::string_view currency,
                  const std::vector<RoundPayment>& payments,
                  const std::vector<GatewayRecord>& records);

/// Leaves of `now` only the differences that `before` had as well: beside a running server the two
/// lists are of different moments, and what differs for that reason differs once.
void keep_lasting(Settlement& now, const Settlement& before);

std::string_view name_of(RoundPayment::State state);
std::string_view name_of(DifferenceKind kind);

}  // namespace frontrow::audit
