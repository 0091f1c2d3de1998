// What the engine tells about its objects, and answers to queries.
#include <algorithm>

#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

void Engine::State::fill_view(OrderId order, OrderView& view) const {
  const OrderRecord& record = orders_[order.value];
  view.id = order;
  view.fan = record.fan;
  view.state = record.state;
  view.origin = record.origin;
  view.arrangement = record.arrangement;
  view.tickets_void = record.tickets_void;
  const SeatSpan seats = seats_of(record);
  view.seats.resize(seats.size(), boost::container::default_init);
  std::copy(seats.begin(), seats.end(), view.seats.begin());
  view.total = record.total;
  view.created_at = record.created_at;
  view.held_until = is_open(record.state) ? now_ + (record.deadline - sale_now()) : Instant{};
  view.payment.state = record.payment;
  view.payment.method = record.method;
  view.payment.failure = record.failure;
  view.payment.attempt = record.attempt;
  if (record.payment == PaymentState::kAction) {
    const auto action = actions_.find(order.value);
    if (action != actions_.end()) view.payment.action = action->second;
  }
}

FanView Engine::State::fan_view(FanId fan) const {
  const FanRecord& record = fans_[fan.value];
  FanView view;
  view.entry = record.entry;
  view.state = record.state;
  view.banned = record.banned;
  view.tier = record.tier;
  view.rank = record.rank;
  view.slot = record.slot;
  view.deadline = record.deadline;
  view.missed_once = record.missed_once;
  const FanBackground& background = backgrounds_[fan.value];
  view.joined_sequence = background.joined_sequence;
  view.joined_at = background.joined_at;
  return view;
}

FanDetailView Engine::State::fan_detail(FanId fan) const {
  return {fan, fan_view(fan), fans_[fan.value].seats_counted};
}

WaitlistView Engine::State::waitlist_view(FanId fan) const {
  WaitlistView view;
  const auto entry = backgrounds_[fan.value].waitlist_entry;
  if (!entry.exists()) return view;
  view.ahead = waitlist_.ahead_of(entry);
  view.place = view.ahead + 1;
  const queue::WaitlistWish& wish = waitlist_.wish_of(entry);
  view.zones = wish.zones;
  view.quantity = wish.quantity;
  view.together = wish.together;
  view.categories = wish.categories;
  return view;
}

Phase Engine::State::phase() const {
  if (is_closed()) return Phase::kClosed;
  if (is_paused()) return Phase::kPaused;
  if (now_ < lobby_opens_at_) return Phase::kScheduled;
  if (!drawn_) return Phase::kLobby;
  if (seats_.totals().free == 0 && open_sale_orders_ == 0) return Phase::kSoldOut;
  return Phase::kOnSale;
}

RoundStatus Engine::State::status() const {
  RoundStatus status;
  status.phase = phase();
  status.drawn = drawn_;
  status.seats = seats_.totals();
  std::copy(std::begin(fans_by_state_), std::end(fans_by_state_), status.fans_by_state);
  status.banned = banned_count_;
  status.waitlist_entries = waitlist_.count();
  status.waitlist_seats = waitlist_.seats_wanted();
  status.lobby_opens_at = lobby_opens_at_;
  status.draw_at = draw_at_;
  status.closes_at = closes_at_;
  status.sale_offset = sale_offset_;
  status.paused_at = paused_at_;
  status.admission = admission_;
  status.pace = pace_;
  for (std::size_t n = 0; n < payment_method_count; ++n)
    status.gateway_health[n] = outages_.health(static_cast<PaymentMethod>(n));
  status.counts = counts_;
  status.revenue = revenue_;
  std::copy(std::begin(orders_by_state_), std::end(orders_by_state_), status.orders_by_state);
  status.late_waiting = late_waiting_;
  status.sequence = sequence_;
  const StateHash hash = state_hash();
  status.state_hash[0] = hash.low;
  status.state_hash[1] = hash.high;
  return status;
}

Reply Engine::State::answer(const Query& query) const {
  Reply reply;
  reply.sequence = sequence_;
  reply.rejection =
      std::visit([&](const auto& its_kind) { return answer(its_kind, reply); }, query);
  return reply;
}

Rejection Engine::State::answer(const GetOrder& query, Reply& reply) const {
  if (!exists(query.order)) return Rejection::kNotFound;
  if (query.fan.exists() && orders_[query.order.value].fan != query.fan)
    return Rejection::kNotFound;
  return show(query.order, reply);
}

Rejection Engine::State::answer(const ListOrders& query, Reply& reply) const {
  if (!exists(query.fan)) return Rejection::kNotFound;
  auto& orders = reply.body.emplace<OrderListView>().orders;
  const FanRecord& fan = fans_[query.fan.value];
  for (const std::uint32_t head : {fan.live_orders, fan.ended_orders})
    for (std::uint32_t n = head; n != no_index && orders.size() < limits::orders_listed_max;
         n = orders_[n].of_fan.next)
      fill_view(OrderId{n}, orders.emplace_back());
  return Rejection::kNone;
}

Rejection Engine::State::answer(const GetWaitlist& query, Reply& reply) const {
  if (!exists(query.fan)) return Rejection::kNotFound;
  if (!backgrounds_[query.fan.value].waitlist_entry.exists()) return Rejection::kNotOnWaitlist;
  reply.body = waitlist_view(query.fan);
  return Rejection::kNone;
}

Rejection Engine::State::answer(const FindOrders& query, Reply& reply) const {
  if (query.fan.exists() && !exists(query.fan)) return Rejection::kNotFound;
  if (query.seat.exists() && !seats_.exists(query.seat)) return Rejection::kUnknownSeat;
  auto& orders = reply.body.emplace<OrderListView>().orders;
  const auto consider = [&](std::uint32_t n) {
    const OrderRecord& record = orders_[n];
    if (query.fan.exists() && record.fan != query.fan) return;
    if (query.state != 255 && query.state != static_cast<std::uint8_t>(record.state)) return;
    if (query.seat.exists()) {
      const SeatSpan seats = seats_of(record);
      if (std::find(seats.begin(), seats.end(), query.seat) == seats.end()) return;
    }
    fill_view(OrderId{n}, orders.emplace_back());
  };
  std::uint32_t looked_at = 0;
  const auto go_on = [&] {
    return orders.size() < limits::orders_listed_max && looked_at++ < orders_searched_max;
  };
  if (query.fan.exists()) {
    const FanRecord& fan = fans_[query.fan.value];
    for (const std::uint32_t head : {fan.live_orders, fan.ended_orders})
      for (std::uint32_t n = head; n != no_index && go_on(); n = orders_[n].of_fan.next)
        consider(n);
    return Rejection::kNone;
  }
  // Who has the seat now comes first, however old the order is; then all others, youngest first.
  const OrderId holder = query.seat.exists() ? seats_.order_of(query.seat) : OrderId::none();
  if (holder.exists()) consider(holder.value);
  for (std::uint32_t n = order_count(); n > 0 && go_on(); --n)
    if (n - 1 != holder.value) consider(n - 1);
  return Rejection::kNone;
}

Rejection Engine::State::answer(const GetFan& query, Reply& reply) const {
  if (!exists(query.fan)) return Rejection::kNotFound;
  reply.body = fan_detail(query.fan);
  return Rejection::kNone;
}

}  // namespace frontrow
