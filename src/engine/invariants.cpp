// The invariants, checked from scratch over the whole state: what the contract promises, and that
// every count, list, plane and hash that is kept up to date is what it would be if made anew.
#include <algorithm>
#include <map>

#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

namespace {

std::string name(const char* kind, std::uint32_t number) {
  return std::string(kind) + " " + std::to_string(number);
}

}  // namespace

std::vector<std::string> Engine::State::check_invariants() const {
  std::vector<std::string> violations;
  seats_.check(violations);
  check_orders(violations);
  check_fans(violations);
  check_line(violations);
  check_waitlist(violations);
  check_payments(violations);
  check_timers(violations);
  check_hash(violations);
  return violations;
}

void Engine::State::check_orders(std::vector<std::string>& violations) const {
  std::uint32_t by_state[7] = {};
  std::uint32_t open_sale_orders = 0, seats_in_orders = 0;
  Amount revenue;
  for (std::uint32_t n = 0; n < order_count(); ++n) {
    const OrderRecord& order = orders_[n];
    ++by_state[static_cast<std::size_t>(order.state)];
    if (is_open(order.state) && order.origin == OrderOrigin::kSale) ++open_sale_orders;
    if (order.state == OrderState::kPaid) revenue = revenue + order.total;
    if (order.seat_count == 0) violations.push_back(name("order", n) + " has no seats");
    Amount total;
    const auto wanted = order.state == OrderState::kPaid ? SeatState::kSold : SeatState::kHeld;
    for (const SeatIndex seat : seats_of(order)) {
      total = total + definition_.price_of(seats_.category_of(seat));
      const bool has_it = seats_.order_of(seat) == OrderId{n};
      if (has_seats(order.state)) {
        ++seats_in_orders;
        if (!has_it || seats_.state(seat) != wanted)
          violations.push_back(name("order", n) + " does not have its " + name("seat", seat.value));
      } else if (has_it) {
        violations.push_back(name("order", n) + " has ended and has " + name("seat", seat.value));
      }
    }
    if (total != order.total) violations.push_back(name("order", n) + " has a wrong total");
  }
  const SeatTotals& totals = seats_.totals();
  if (seats_in_orders != totals.held + totals.sold)
    violations.push_back("seats held or sold do not belong to exactly one live order each");
  for (std::uint32_t n = 0; n < totals.capacity; ++n) {
    const SeatState state = seats_.state(SeatIndex{n});
    const bool taken = state == SeatState::kHeld || state == SeatState::kSold;
    if (taken != seats_.order_of(SeatIndex{n}).exists())
      violations.push_back(name("seat", n) + " and its order disagree");
  }
  if (!std::equal(std::begin(by_state), std::end(by_state), std::begin(orders_by_state_)) ||
      open_sale_orders != open_sale_orders_ || revenue != revenue_)
    violations.push_back("the counts of orders differ from the orders");
}

void Engine::State::check_fans(std::vector<std::string>& violations) const {
  std::vector<std::uint32_t> seats(fan_count()), open(fan_count()), listed(order_count());
  for (std::uint32_t n = 0; n < order_count(); ++n) {
    const OrderRecord& order = orders_[n];
    if (has_seats(order.state)) seats[order.fan.value] += order.seat_count;
    if (is_open(order.state)) ++open[order.fan.value];
  }
  std::uint32_t by_state[fan_state_count] = {};
  std::uint32_t banned = 0;
  for (std::uint32_t n = 0; n < fan_count(); ++n) {
    const FanRecord& fan = fans_[n];
    ++(fan.banned ? banned : by_state[static_cast<std::size_t>(fan.state)]);
    if (fan.seats_counted != seats[n] || fan.open_orders != open[n])
      violations.push_back(name("fan", n) + " has wrong counts of seats or orders");
    if (seats[n] > definition_.sale.max_seats_per_fan)
      violations.push_back(name("fan", n) + " has more seats than a fan may have");
    const auto walk = [&](std::uint32_t head, bool live) {
      std::uint32_t steps = 0;
      for (std::uint32_t order = head; order != no_index && steps <= order_count();
           order = orders_[order].of_fan.next, ++steps) {
        ++listed[order];
        if (orders_[order].fan != FanId{n} || is_live(orders_[order].state) != live)
          violations.push_back(name("order", order) + " is in the wrong list");
      }
    };
    walk(fan.live_orders, true);
    walk(fan.ended_orders, false);
  }
  if (!std::all_of(listed.begin(), listed.end(), [](std::uint32_t n) { return n == 1; }))
    violations.push_back("an order is not in exactly one list of its fan");
  if (banned != banned_count_ ||
      !std::equal(std::begin(by_state), std::end(by_state), std::begin(fans_by_state_)))
    violations.push_back("the counts of fans differ from the fans");
}

void Engine::State::check_line(std::vector<std::string>& violations) const {
  std::uint32_t waiting = 0, late = 0, ranked = 0;
  LineSlot first;
  for (std::uint32_t n = 0; n < fan_count(); ++n) {
    const FanRecord& fan = fans_[n];
    const bool waits = fan.state == FanState::kWaiting && !fan.banned;
    if (fan.rank != 0) ++ranked;
    if (!fan.slot.exists()) {
      if (waits) ++late;
      if (waits && backgrounds_[n].late == 0)
        violations.push_back(name("fan", n) + " waits without a place");
      continue;
    }
    if (line_.fan_at(fan.slot) != FanId{n})
      violations.push_back(name("fan", n) + " is not in the slot that is theirs");
    if (line_.is_waiting(fan.slot) != waits)
      violations.push_back(name("fan", n) + " and the line disagree on whether they wait");
    if (!waits) continue;
    ++waiting;
    if (!first.exists() || fan.slot < first) first = fan.slot;
  }
  if (waiting != line_.waiting() || late != late_waiting_ || ranked != ranked_count_)
    violations.push_back("the counts of the line differ from the fans");
  if (first != line_.first_waiting())
    violations.push_back("the next to be called is not the first who waits");
  if (first.exists() && line_.has_passed(first))
    violations.push_back("somebody was called before a waiting fan who stands ahead");
}

void Engine::State::check_waitlist(std::vector<std::string>& violations) const {
  std::uint32_t standing = 0;
  for (std::uint32_t n = 0; n < fan_count(); ++n) {
    const auto entry = backgrounds_[n].waitlist_entry;
    if (!entry.exists()) continue;
    ++standing;
    if (!waitlist_.stands(entry) || waitlist_.fan_of(entry) != FanId{n}) {
      violations.push_back(name("fan", n) + " and the waitlist disagree");
      continue;
    }
    if (fans_[n].banned) violations.push_back(name("fan", n) + " is banned and on the waitlist");
    const queue::WaitlistWish& wish = waitlist_.wish_of(entry);
    if (!waitlist_.sleeps(entry) && suits(wish) && within_limit(FanId{n}, wish.quantity) &&
        room_for_order(wish.quantity))
      violations.push_back("seats are free to all that suit the waitlist entry of " +
                           name("fan", n));
  }
  if (standing != waitlist_.count()) violations.push_back("the count of the waitlist is wrong");
}

void Engine::State::check_payments(std::vector<std::string>& violations) const {
  for (std::uint32_t n = 0; n < order_count(); ++n) {
    const OrderRecord& order = orders_[n];
    const bool captured = order.captured_attempt != 0;
    const bool should = order.state == OrderState::kPaid || order.state == OrderState::kRefunding ||
                        order.state == OrderState::kRefunded;
    if (captured != should || order.captured_attempt > order.attempt)
      violations.push_back(name("order", n) + " and its captured payment disagree");
    const bool gave_up =
        order.state == OrderState::kRefunding || order.state == OrderState::kRefunded;
    if (order.tickets_void != gave_up)
      violations.push_back(name("order", n) + " has codes that should be void, or void ones");
    if (order.cancel_wanted && order.state != OrderState::kPaying)
      violations.push_back(name("order", n) + " awaits a cancellation without a payment");
  }
  for (const ExtraCapture& extra : extra_captures_) {
    const OrderRecord& order = orders_[extra.order.value];
    if (extra.attempt == order.captured_attempt)
      violations.push_back(name("order", extra.order.value) + " counts one capture twice");
  }
}

void Engine::State::check_timers(std::vector<std::string>& violations) const {
  std::uint32_t order_timers = 0, fan_timers = 0;
  const auto walk = [&](const auto& records, std::uint32_t head, auto&& belongs) {
    SaleTime last{std::numeric_limits<std::int64_t>::min()};
    std::uint32_t before = no_index, length = 0;
    for (std::uint32_t n = head; n != no_index && length <= records.size();
         n = records[n].timer.next, ++length) {
      if (records[n].deadline < last || records[n].timer.previous != before || !belongs(records[n]))
        violations.push_back("a list of timers is out of order at " + std::to_string(n));
      last = records[n].deadline;
      before = n;
    }
    return length;
  };
  for (std::size_t list = 0; list < order_timer_lists; ++list)
    order_timers += walk(orders_, order_timers_[list].head(), [&](const OrderRecord& order) {
      return order.timer_kind != TimerKind::kNone && timer_list_of(order) == list &&
             is_open(order.state) && !order.cancel_wanted;
    });
  for (std::size_t kind = 0; kind < fan_timer_kinds; ++kind)
    fan_timers += walk(fans_, fan_timers_[kind].head(), [&](const FanRecord& fan) {
      return fan.state == (kind == 0 ? FanState::kCalled : FanState::kShopping);
    });
  std::uint32_t orders_timed = 0, fans_timed = 0;
  for (std::uint32_t n = 0; n < order_count(); ++n)
    if (is_open(orders_[n].state) && !orders_[n].cancel_wanted) ++orders_timed;
  for (std::uint32_t n = 0; n < fan_count(); ++n)
    if (fans_[n].state == FanState::kCalled || fans_[n].state == FanState::kShopping) ++fans_timed;
  if (order_timers != orders_timed || fan_timers != fans_timed)
    violations.push_back("something that has a deadline has no timer, or the other way round");
}

void Engine::State::check_hash(std::vector<std::string>& violations) const {
  HashSum anew;
  seats_.add_hash_anew(anew);
  for (std::uint32_t n = 0; n < fan_count(); ++n) {
    const FanId fan{n};
    anew.add(hash_of_fan(fan));
    anew.add(hash_of_background(fan));
    keys_.add_hash_anew(fan, fans_[n], anew);
    if (const auto entry = backgrounds_[n].waitlist_entry; entry.exists())
      anew.add(hash_of_waitlist_entry(entry));
  }
  for (std::uint32_t n = 0; n < order_count(); ++n) anew.add(hash_of_order(OrderId{n}));
  // A sum: the order in which the tables are walked does not matter.
  for (const auto& [proof, use] : proofs_) anew.add(hash_of_proof(proof, use));
  for (const auto& [key, fan] : join_keys_) anew.add(hash_of_join_key(key, fan));
  for (const auto& [order, action] : actions_) anew.add(hash_of_action(OrderId{order}, action));
  for (const ExtraCapture& extra : extra_captures_) anew.add(hash_of_extra(extra));
  outages_.add_hash_anew(anew);
  for (const auto& [fan, account] : hold_accounts_)
    anew.add(hash_of_hold_account(FanId{fan}, account));
  if (!(anew.value() == hash_.value()))
    violations.push_back("the state hash differs from one made anew");
}

}  // namespace frontrow
