// Holds of picked seats, holds of the best seats there are, and releases.
#include <algorithm>

#include "engine/orphan_rule.hpp"
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

Rejection Engine::State::may_order(FanId fan) const {
  if (is_closed()) return Rejection::kRoundClosed;
  if (is_paused()) return Rejection::kRoundPaused;
  return is_shopping(fan) ? Rejection::kNone : Rejection::kNotShopping;
}

bool Engine::State::within_limit(FanId fan, std::uint32_t quantity) const {
  const FanRecord& record = fans_[fan.value];
  std::uint32_t counted = record.seats_counted;
  if (record.has_seats_elsewhere) counted += backgrounds_[fan.value].seats_elsewhere;
  return quantity <= definition_.sale.max_seats_per_order &&
         quantity <= definition_.sale.max_seats_per_fan &&
         counted + quantity <= definition_.sale.max_seats_per_fan &&
         record.open_orders < definition_.sale.max_open_orders_per_fan;
}

Rejection Engine::State::on(const PlaceHold& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  if (const auto recalled = recall(command.fan, command.idempotency))
    return show_again(*recalled, reply);
  if (const Rejection refused = may_order(command.fan); refused != Rejection::kNone) return refused;
  for (const SeatIndex seat : command.seats)
    if (!seats_.exists(seat)) return Rejection::kUnknownSeat;
  const auto quantity = static_cast<std::uint32_t>(command.seats.size());
  if (!within_limit(command.fan, quantity)) return Rejection::kLimitReached;
  if (quantity == 0) return Rejection::kNotEnoughSeats;
  if (const Rejection refused = refuse_too_soon(command.fan, reply); refused != Rejection::kNone)
    return refused;

  const SeatSpan wanted(command.seats.data(), command.seats.size());
  if (const Rejection refused = refuse_companions(command.fan, wanted, reply);
      refused != Rejection::kNone)
    return refused;
  for (std::size_t n = 0; n < wanted.size(); ++n) {
    if (seats_.try_take(wanted[n])) continue;
    // A seat named twice is found taken by its first mention, and is refused like any other.
    auto& conflict = reply.body.emplace<ConflictView>();
    std::vector<SeatIndex> taken(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(n));
    for (; n < wanted.size(); ++n)
      (seats_.try_take(wanted[n]) ? taken : conflict.seats).push_back(wanted[n]);
    for (const SeatIndex seat : taken) seats_.put_back(seat);
    conflict.suggestions = search_.nearest(conflict.seats, wanted);
    return Rejection::kSeatsUnavailable;
  }
  if (const Rejection refused = refuse_orphans(wanted, reply); refused != Rejection::kNone)
    return refused;
  return hold_taken(command.fan, command.idempotency, wanted, Arrangement::kAsAsked, reply);
}

std::vector<SeatIndex> Engine::State::locked_companions() const {
  std::vector<SeatIndex> locked;
  if (definition_.seating.companions_open_at)
    for (const auto& pair : companions_.pairs()) locked.push_back(pair.companion);
  return locked;
}

Rejection Engine::State::refuse_companions(FanId fan, SeatSpan wanted, Reply& reply) const {
  if (!search_.has_locked_seats()) return Rejection::kNone;
  ConflictView conflict;
  for (const SeatIndex seat : wanted) {
    if (!search_.is_locked(seat)) continue;
    const SeatIndex accessible = companions_.accessible_of(seat);
    if (std::find(wanted.begin(), wanted.end(), accessible) != wanted.end()) continue;
    // Who has paid for the accessible place may fetch their companion later.
    const OrderId holder = seats_.order_of(accessible);
    if (holder.exists() && orders_[holder.value].fan == fan &&
        orders_[holder.value].state == OrderState::kPaid)
      continue;
    conflict.seats.push_back(seat);
    if (seats_.is_free(accessible)) conflict.suggestions.push_back(accessible);
  }
  if (conflict.seats.empty()) return Rejection::kNone;
  reply.body = std::move(conflict);
  return Rejection::kCompanionAlone;
}

Rejection Engine::State::refuse_orphans(SeatSpan taken, Reply& reply) {
  // Almost always nothing lonely is near the seats, and the rows need no closer look.
  const auto may_be_orphaned = [&](SeatIndex seat) {
    const std::uint32_t word = seats_.word_of(seat);
    if (seats_.lonely_in(word) != 0) return true;
    if ((seats_.link_word(word) >> 63) != 0 && seats_.lonely_in(word + 1) != 0) return true;
    return word > 0 && (seats_.link_word(word - 1) >> 63) != 0 && seats_.lonely_in(word - 1) != 0;
  };
  std::uint32_t looked_at = ~std::uint32_t{0};
  bool look_closer = false;
  for (const SeatIndex seat : taken) {
    const std::uint32_t word = seats_.word_of(seat);
    if (word != looked_at && seats_.link_word(word) != 0 &&
        definition_.seating.orphan_rule_in(seats_.zone_of(seat)) && may_be_orphaned(seat)) {
      look_closer = true;
      break;
    }
    looked_at = word;
  }
  if (!look_closer) return Rejection::kNone;
  for (const SeatIndex seat : taken) seats_.put_back(seat);
  const auto applies = [&](ZoneIndex zone) { return definition_.seating.orphan_rule_in(zone); };
  if (auto finding = find_orphans(seats_, taken, applies)) {
    reply.body = ConflictView{std::move(finding->orphans), std::move(finding->suggestions)};
    return Rejection::kLeavesOrphan;
  }
  for (const SeatIndex seat : taken) seats_.try_take(seat);
  return Rejection::kNone;
}

Rejection Engine::State::hold_taken(FanId fan, const Idempotency& idempotency, SeatSpan taken,
                                    Arrangement arrangement, Reply& reply) {
  if (!room_for_order(taken.size())) {
    for (const SeatIndex seat : taken) seats_.put_back(seat);
    return Rejection::kRoundFull;
  }
  const OrderId order = make_order(fan, taken, OrderOrigin::kSale, arrangement, TimerKind::kHold,
                                   definition_.sale.hold);
  remember(fan, idempotency, order.value);
  return show(order, reply);
}

Rejection Engine::State::on(const PlaceBestHold& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  if (const auto recalled = recall(command.fan, command.idempotency))
    return show_again(*recalled, reply);
  if (const Rejection refused = may_order(command.fan); refused != Rejection::kNone) return refused;
  if (command.by_zone && command.zone.value >= definition_.plan->zones.size())
    return Rejection::kUnknownZone;
  if (!command.by_zone && command.category.value >= definition_.plan->categories.size())
    return Rejection::kUnknownCategory;
  if (!within_limit(command.fan, command.quantity)) return Rejection::kLimitReached;
  if (const Rejection refused = refuse_too_soon(command.fan, reply); refused != Rejection::kNone)
    return refused;

  const auto found =
      command.by_zone ? search_.in_zone(command.zone, command.quantity, command.together)
                      : search_.in_category(command.category, command.quantity, command.together);
  if (!found) return Rejection::kNotEnoughSeats;
  for (const SeatIndex seat : found->seats) seats_.try_take(seat);
  return hold_taken(command.fan, command.idempotency, {found->seats.data(), found->seats.size()},
                    found->arrangement, reply);
}

Rejection Engine::State::on(const ReleaseOrder& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  if (!is_own_order(command.fan, command.order)) return Rejection::kNotFound;
  if (orders_[command.order.value].state != OrderState::kHeld) return Rejection::kOrderNotHeld;
  end_order(command.order, OrderState::kReleased);
  return show(command.order, reply);
}

}  // namespace frontrow
