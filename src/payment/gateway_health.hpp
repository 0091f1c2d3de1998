// How the gateways are, for whoever wants to know: written by the payment thread, read by any.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/command.hpp"
#include "payment/circuit_breaker.hpp"

namespace frontrow::payment {

/// "closed", "open", "half_open".
std::string_view name_of(BreakerState state);

/// Of one gateway. Not moved or copied once the payment thread runs.
struct GatewayHealthRow {
  struct Method {
    std::atomic<BreakerState> state{BreakerState::kClosed};
    std::atomic<std::uint64_t> calls{0};         ///< Answered or not.
    std::atomic<std::uint64_t> unanswered{0};    ///< Of them.
    std::atomic<std::uint64_t> times_opened{0};  ///< Of the breaker.
    std::atomic<std::uint64_t> refused{0};       ///< Charges that were not sent: it was open.
  };
  std::string name;
  std::vector<PaymentMethod> methods;
  std::array<Method, payment_method_count> by_method;
  std::atomic<std::uint64_t> waiting{0};    ///< Calls that wait for a connection.
  std::atomic<std::uint64_t> under_way{0};  ///< Calls.
};

class GatewayHealthBoard {
 public:
  /// The gateway for new charges, then the one that stands in.
  explicit GatewayHealthBoard(std::span<const std::string> names);
  std::vector<GatewayHealthRow>& rows() { return rows_; }
  const std::vector<GatewayHealthRow>& rows() const { return rows_; }

 private:
  std::vector<GatewayHealthRow> rows_;
};

}  // namespace frontrow::payment
