// Our name for one attempt to pay one order, as the gateway knows it: "ROUND-oNNN-ATTEMPT".
// Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "frontrow/gateway.hpp"
#include "frontrow/ids.hpp"

namespace frontrow::payment {

struct AttemptId {
  OrderId order;
  std::uint32_t attempt = 0;
  friend auto operator<=>(const AttemptId&, const AttemptId&) = default;
};

PaymentReference make_reference(std::string_view round_id, AttemptId attempt);

/// Strict: exactly what `make_reference` writes for this round; nothing otherwise.
std::optional<AttemptId> parse_reference(std::string_view round_id, std::string_view reference);

}  // namespace frontrow::payment
