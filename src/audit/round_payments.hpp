// The payments of a round as its journal leaves them, for a comparison with the gateway. Any
// thread.
#pragma once

#include <functional>
#include <vector>

#include "audit/payment_history.hpp"
#include "audit/settlement.hpp"
#include "engine/engine.hpp"

namespace frontrow::audit {

/// What an attempt is called at the gateway.
using ReferenceOf = std::function<PaymentReference(OrderId order, std::uint32_t attempt)>;

/// `history` has taken every command that made `engine`.
std::vector<RoundPayment> round_payments(const PaymentHistory& history, const Engine& engine,
                                         const ReferenceOf& reference_of);

}  // namespace frontrow::audit
