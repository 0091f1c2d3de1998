// A payment whose gateway failed while the fan paid gets the lost time back: once, and no more
// than the round allows. It is done when its time runs out, one order at a time, so that an outage
// costs nothing while it begins or ends, however many pay.
#include <algorithm>

#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

Rejection Engine::State::on(const RecordGatewayHealth& command, Reply&) {
  outages_.record(command.method, command.health, sale_now());
  return Rejection::kNone;
}

bool Engine::State::prolong_payment(OrderId order) {
  const OrderRecord& record = orders_[order.value];
  if (record.prolonged) return false;
  const Duration bound = definition_.sale.payment_outage;
  const SaleTime deadline = record.deadline;
  const bool lasts = outages_.lasts(record.method);
  // How long an outage that goes on will be nobody knows: then it is all that there is to give.
  const Duration by =
      lasts ? bound
            : std::min(bound, outages_.overlap(record.method, deadline - definition_.sale.payment,
                                               deadline));
  if (by <= Duration{}) return false;
  OrderEdit edit(*this, order);
  edit->prolonged = true;
  stop_order_timer(order);
  start_order_timer(order, lasts ? TimerKind::kProlongedInOutage : TimerKind::kProlonged,
                    deadline + by);
  return true;
}

}  // namespace frontrow
