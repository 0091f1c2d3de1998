// Who holds seats and lets them go again and again has to wait before the next hold, a little
// longer each time, so that a few cannot keep the map empty.
//
// The account counts how long seats were kept from others without being paid for: a choice that is
// changed at once costs next to nothing, one that runs out costs all of its time.
#include <algorithm>

#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

namespace {

/// Full hold times that are nobody's business.
constexpr std::int64_t free_holds = 4;
constexpr Duration wait_max = seconds(600);

}  // namespace

Rejection Engine::State::refuse_too_soon(FanId fan, Reply& reply) const {
  if (!fans_[fan.value].has_had_to_wait) return Rejection::kNone;
  const auto found = hold_accounts_.find(fan.value);
  if (found == hold_accounts_.end() || found->second.next_hold_at <= sale_now())
    return Rejection::kNone;
  reply.body = RetryView{found->second.next_hold_at - sale_now()};
  return Rejection::kHoldTooSoon;
}

void Engine::State::account_for_let_go(OrderId order) {
  const OrderRecord& record = orders_[order.value];
  // An offer of the waitlist is nobody's choice.
  if (record.origin != OrderOrigin::kSale) return;
  const auto [found, is_new] = hold_accounts_.try_emplace(record.fan.value);
  HoldAccount& account = found->second;
  if (!is_new) hash_.remove(hash_of_hold_account(record.fan, account));
  const Duration hold = definition_.sale.hold;
  // After a payment that was tried nothing tells how long it was held; then it counts whole.
  const Duration left = record.attempt == 0 ? record.deadline - sale_now() : Duration{0};
  account.held = account.held + std::clamp(hold - left, Duration{0}, hold);
  const Duration beyond = account.held - Duration{hold.microseconds * free_holds};
  const std::int64_t wait = std::max(beyond.microseconds / 2, std::int64_t{0});
  if (wait > 0) {
    account.next_hold_at = sale_now() + Duration{std::min(wait, wait_max.microseconds)};
    fans_[record.fan.value].has_had_to_wait = true;
  }
  hash_.add(hash_of_hold_account(record.fan, account));
}

}  // namespace frontrow
