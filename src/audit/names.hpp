// What states and reasons are called in the log and the export: the words of the API where it has
// one. Any thread.
#pragma once

#include <string_view>

#include "engine/engine.hpp"

namespace frontrow::audit {

std::string_view name_of(Rejection rejection);
std::string_view name_of(OrderState state);
std::string_view name_of(FanState state);
std::string_view name_of(PaymentMethod method);
std::string_view name_of(PaymentFailure failure);  ///< Empty for `kNone`.
std::string_view name_of(RequestedPhase phase);
std::string_view name_of(Engine::SeatState state);

}  // namespace frontrow::audit
