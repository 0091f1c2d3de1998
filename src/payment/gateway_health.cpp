#include "payment/gateway_health.hpp"

#include "base/gateway_facts.hpp"

namespace frontrow::payment {

std::string_view name_of(BreakerState state) {
  switch (state) {
    case BreakerState::kClosed:
      return "closed";
    case BreakerState::kOpen:
      return "open";
    case BreakerState::kHalfOpen:
      return "half_open";
  }
  return "closed";
}

GatewayHealthBoard::GatewayHealthBoard(std::span<const std::string> names) : rows_(names.size()) {
  for (std::size_t n = 0; n < names.size(); ++n) {
    rows_[n].name = names[n];
    const auto methods = gateway_methods(names[n]);
    rows_[n].methods.assign(methods.begin(), methods.end());
  }
}

}  // namespace frontrow::payment
