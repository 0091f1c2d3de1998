// What of each entity is in the state hash: all that decides how the engine behaves from here on
// and is not worked out from something else that is in it.
#include <bit>

#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

namespace {

template <class T>
std::uint64_t word(T value) {
  return static_cast<std::uint64_t>(value);
}
std::uint64_t two(std::uint32_t low, std::uint32_t high) { return word(high) << 32 | low; }

}  // namespace

StateHash Engine::State::hash_of_fan(FanId fan) const {
  const FanRecord& r = fans_[fan.value];
  const std::uint64_t flags =
      word(r.state) | word(r.tier) << 8 | word(r.banned) << 16 | word(r.missed_once) << 17;
  return hash_words(HashKind::kFan, fan.value | flags << 32, two(r.rank, r.slot.value),
                    r.deadline.microseconds, low_word(r.entry), high_word(r.entry));
}

StateHash Engine::State::hash_of_background(FanId fan) const {
  const FanBackground& b = backgrounds_[fan.value];
  const Bytes16 code = recovery_code_of(fan);
  return hash_words(HashKind::kFanBackground,
                    two(fan.value, b.late | std::uint32_t{b.seats_elsewhere} << 16),
                    low_word(b.subject), high_word(b.subject), low_word(code), high_word(code),
                    b.joined_sequence, b.joined_at.microseconds);
}

StateHash Engine::State::hash_of_order(OrderId order) const {
  const OrderRecord& r = orders_[order.value];
  // In which list its timer stands follows from the rest.
  OrderFlags flags = r;
  flags.timer_kind = TimerKind::kNone;
  std::uint64_t seats = 0;
  for (const SeatIndex seat : seats_of(r)) seats = seats * hash_detail::salts[0] + seat.value + 1;
  return hash_words(HashKind::kOrder, two(order.value, r.fan.value),
                    two(std::bit_cast<std::uint32_t>(flags), r.seat_count), r.deadline.microseconds,
                    r.created_at.microseconds, r.total.minor, two(r.attempt, r.captured_attempt),
                    seats, 0);
}

StateHash Engine::State::hash_of_proof(const Bytes16& proof, const ProofUse& use) const {
  return hash_words(HashKind::kProof, low_word(proof), high_word(proof),
                    two(use.fan.value, use.created ? 1 : 0), low_word(use.key), high_word(use.key));
}

StateHash Engine::State::hash_of_join_key(const Bytes16& key, FanId fan) const {
  return hash_words(HashKind::kJoinKey, low_word(key), high_word(key), fan.value);
}

StateHash Engine::State::hash_of_extra(const ExtraCapture& extra) const {
  return hash_words(HashKind::kExtraCapture, two(extra.order.value, extra.attempt),
                    extra.amount.minor, extra.refunded ? 1 : 0);
}

StateHash Engine::State::hash_of_hold_account(FanId fan, const HoldAccount& account) const {
  return hash_words(HashKind::kHoldAccount, fan.value, account.held.microseconds,
                    account.next_hold_at.microseconds);
}

StateHash Engine::State::hash_of_action(OrderId order, const std::string& action) const {
  return hash_words(HashKind::kOrderAction, order.value, fold_bytes(action.data(), action.size()));
}

StateHash Engine::State::state_hash() const {
  // The round itself is small and is hashed when asked.
  HashSum sum = hash_;
  const std::uint64_t flags = word(opened_) | word(lobby_opened_) << 1 | word(lobby_closed_) << 2 |
                              word(drawn_) << 3 | word(closed_) << 4 | word(companions_open_) << 5;
  sum.add(hash_words(HashKind::kRound, 1, sequence_, now_.microseconds, sale_offset_.microseconds,
                     paused_at_.microseconds, lobby_opens_at_.microseconds, draw_at_.microseconds,
                     closes_at_.microseconds, flags, bucket_.level(), bucket_.at().microseconds));
  sum.add(hash_words(HashKind::kRound, 2, two(admission_.max_shoppers, admission_.per_second),
                     admission_.enter.microseconds, admission_.shopping.microseconds,
                     two(admission_.missed_turn_places, line_.front()),
                     two(line_.end(), lobby_count_), two(ranked_count_, fan_count()),
                     two(order_count(), waitlist_.entries_ever())));
  sum.add(hash_words(HashKind::kRound, 4, two(pace_.calls_per_second, pace_.outstanding_max),
                     word(pace_.reason) | word(admission_.pinned) << 8));
  const Bytes32& root = draw_record_->lobby_root;
  sum.add(hash_words(HashKind::kRound, 3, fold_bytes(root.data(), root.size()),
                     fold_bytes(beacon_.data(), beacon_.size()),
                     fold_bytes(beacon_signature_.data(), beacon_signature_.size())));
  for (std::uint32_t zone = 0; zone < zone_closed_.size(); ++zone)
    if (zone_closed_[zone] != 0) sum.add(hash_words(HashKind::kZone, zone, 1));
  for (const auto& window : late_windows_open_.open())
    sum.add(
        hash_words(HashKind::kLateWindow, window.number, two(window.first.value, window.count)));
  return sum.value();
}

}  // namespace frontrow
