#include "audit/concern.hpp"

#include <algorithm>

namespace frontrow::audit {
namespace {

/// The order that the command names or has made.
OrderId order_of(const Carried& carried) {
  const OrderId named = std::visit(
      [](const auto& command) {
        if constexpr (requires { command.order; }) return command.order;
        return OrderId::none();
      },
      carried.command);
  if (named.exists()) return named;
  const auto* made = std::get_if<OrderView>(&carried.reply.body);
  return made != nullptr ? made->id : OrderId::none();
}

/// The fan whom the command names or has made.
FanId fan_of(const Carried& carried) {
  const FanId named = std::visit(
      [](const auto& command) {
        if constexpr (requires { command.fan; }) return command.fan;
        return FanId::none();
      },
      carried.command);
  if (named.exists()) return named;
  const auto* joined = std::get_if<JoinedView>(&carried.reply.body);
  return joined != nullptr ? joined->fan : FanId::none();
}

bool names_seat(const Command& command, SeatIndex seat) {
  return std::visit(
      [&](const auto& its) {
        if constexpr (requires { its.seats; }) {
          return std::find(its.seats.begin(), its.seats.end(), seat) != its.seats.end();
        }
        return false;
      },
      command);
}

bool is_known(OrderId order, const Engine& engine) {
  return order.exists() && order.value < engine.order_count();
}

}  // namespace

Concern::OrderMark Concern::mark_of(const OrderView& order) {
  return {order.state,          order.payment.state, order.payment.attempt,
          order.ticket_counter, order.tickets_void,  {order.seats.begin(), order.seats.end()}};
}

bool Concern::order_changed(WatchedOrder& watched, const Engine& engine) {
  if (!is_known(watched.order, engine)) return false;
  OrderMark now = mark_of(engine.order(watched.order));
  if (watched.mark == now) return false;
  watched.mark = std::move(now);
  return true;
}

bool Concern::sees_order(const Carried& carried) {
  watched_order_.order = *of_.order;
  const bool changed = order_changed(watched_order_, carried.engine);
  return changed || order_of(carried) == *of_.order;
}

bool Concern::sees_fan(const Carried& carried) {
  const Engine& engine = carried.engine;
  bool seen = fan_of(carried) == *of_.fan;
  for (; orders_seen_ < engine.order_count(); ++orders_seen_) {
    const OrderId order{orders_seen_};
    if (engine.order(order).fan == *of_.fan) orders_of_fan_.push_back({order, std::nullopt});
  }
  const OrderId named = order_of(carried);
  for (WatchedOrder& watched : orders_of_fan_) {
    // No short cut: each mark has to be renewed.
    if (order_changed(watched, engine) || watched.order == named) seen = true;
  }
  if (of_.fan->value < engine.fan_count()) {
    const FanView view = engine.fan(*of_.fan);
    const FanMark now{view.state, view.banned, view.tier, view.rank};
    if (fan_mark_ != now) seen = true;
    fan_mark_ = now;
  }
  return seen;
}

bool Concern::sees_seat(const Carried& carried) {
  const Engine& engine = carried.engine;
  bool seen = names_seat(carried.command, *of_.seat);
  const SeatMark now{engine.seat_state(*of_.seat), engine.seat_order(*of_.seat)};
  if (seat_mark_ && *seat_mark_ != now) seen = true;
  seat_mark_ = now;
  const OrderId order = order_of(carried);
  if (!seen && is_known(order, engine)) {
    const SeatList seats = engine.order(order).seats;
    seen = std::find(seats.begin(), seats.end(), *of_.seat) != seats.end();
  }
  return seen;
}

bool Concern::sees(const Carried& carried) {
  // Each is asked, so that each remembers what it saw.
  bool seen = true;
  if (of_.order && !sees_order(carried)) seen = false;
  if (of_.fan && !sees_fan(carried)) seen = false;
  if (of_.seat && !sees_seat(carried)) seen = false;
  return seen;
}

}  // namespace frontrow::audit
