// What the payment thread asks, so that the round and the gateway's own record agree: which orders
// await something of the gateway, and what a charge that the gateway has is to the round.
#include <algorithm>

#include "engine/state.hpp"
#include "frontrow/limits.hpp"

namespace frontrow {

using namespace engine;

void Engine::State::add_unsettled(OrderId order, std::vector<UnsettledOrder>& unsettled) const {
  const OrderRecord& record = orders_[order.value];
  if (record.state == OrderState::kPaying)
    unsettled.push_back(
        {order, record.attempt, record.state, record.method, record.cancel_wanted, record.total});
  else if (record.state == OrderState::kRefunding)
    unsettled.push_back(
        {order, record.captured_attempt, record.state, record.method, false, record.total});
}

void Engine::State::add_unsettled(const ExtraCapture& extra,
                                  std::vector<UnsettledOrder>& unsettled) const {
  if (extra.refunded) return;
  unsettled.push_back({extra.order, extra.attempt, OrderState::kRefunding,
                       orders_[extra.order.value].method, false, extra.amount});
}

std::vector<UnsettledOrder> Engine::State::unsettled_orders() const {
  std::vector<UnsettledOrder> unsettled;
  for (std::uint32_t n = 0; n < order_count(); ++n) add_unsettled(OrderId{n}, unsettled);
  for (const ExtraCapture& extra : extra_captures_) add_unsettled(extra, unsettled);
  return unsettled;
}

Rejection Engine::State::answer(const ListUnsettled& query, Reply& reply) const {
  auto& view = reply.body.emplace<UnsettledView>();
  const auto there =
      query.captures ? static_cast<std::uint32_t>(extra_captures_.size()) : order_count();
  const std::uint32_t from = std::min(query.from, there);
  const std::uint32_t to = from + std::min(limits::unsettled_looked_at_max, there - from);
  for (std::uint32_t n = from; n < to; ++n) {
    if (query.captures)
      add_unsettled(extra_captures_[n], view.orders);
    else
      add_unsettled(OrderId{n}, view.orders);
  }
  view.more = to < there || !query.captures;
  view.next_captures = query.captures || to == there;
  view.next_from = to < there ? to : 0;
  return Rejection::kNone;
}

ChargeStanding Engine::State::standing_of(const JudgeCharges::Charge& charge) const {
  if (!exists(charge.order) || charge.attempt == 0) return ChargeStanding::kNoAttempt;
  const OrderRecord& order = orders_[charge.order.value];
  if (charge.attempt > order.attempt) return ChargeStanding::kNoAttempt;
  if (charge.amount != order.total) return ChargeStanding::kWrongAmount;
  const bool awaited = order.state == OrderState::kPaying && charge.attempt == order.attempt;
  const bool recorded =
      awaited || charge.attempt == order.captured_attempt ||
      std::any_of(extra_captures_.begin(), extra_captures_.end(), [&](const ExtraCapture& extra) {
        return extra.order == charge.order && extra.attempt == charge.attempt;
      });
  return recorded ? ChargeStanding::kRecorded : ChargeStanding::kUntold;
}

Rejection Engine::State::answer(const JudgeCharges& query, Reply& reply) const {
  auto& standings = reply.body.emplace<ChargeStandingsView>().standings;
  const std::size_t count = std::min(query.charges.size(), limits::charges_judged_max);
  standings.reserve(count);
  for (std::size_t n = 0; n < count; ++n) standings.push_back(standing_of(query.charges[n]));
  return Rejection::kNone;
}

}  // namespace frontrow
