// What states and reasons are called wherever they are written: in the API, the log, the export
// and the metrics. Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "frontrow/view.hpp"

namespace frontrow {

/// A name for each rejection. The API's code is another matter: several rejections may share one.
std::string_view name_of(Rejection rejection);
std::string_view name_of(OrderState state);
std::string_view name_of(FanState state);
std::string_view name_of(PaymentMethod method);
/// Nothing for a name that is none.
std::optional<PaymentMethod> parse_payment_method(std::string_view name);
std::string_view name_of(PaymentFailure failure);  ///< Empty for `kNone`.
std::string_view name_of(GatewayHealth health);
std::string_view name_of(RequestedPhase phase);
std::string_view name_of(PaceReason reason);
std::string_view name_of(BlockReason reason);

}  // namespace frontrow
