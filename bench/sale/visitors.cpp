#include "sale/visitors.hpp"

#include <algorithm>
#include <bit>

#include "base/assert.hpp"

namespace frontrow::sale {
namespace {

/// A fan who was told that the shop is full asks again after about this time.
constexpr Spread asking_again{5, 0.3};
constexpr Spread paying_again{15, 0.5};
constexpr Spread going{8, 0.5};
/// Rows that a fan looks at for seats to pick before taking the best available instead.
constexpr std::size_t rows_looked_at_max = 12;
constexpr std::uint64_t stream_of_joins = 0xffff'ffff'0000'0003U;

}  // namespace

Visitors::Visitors(const Scenario& scenario, Stage& stage, Instant draw_at)
    : habits_(scenario.habits),
      stage_(stage),
      draw_at_(draw_at),
      lobby_(scenario.lobby),
      seed_(scenario.seed) {
  fans_.reserve(habits_.fans);
}

void Visitors::plan_joins() {
  Random random(seed_, stream_of_joins);
  for (std::uint32_t n = 0; n < habits_.fans; ++n) {
    const double part = random.unit();
    const bool late = random.chance(habits_.late_share);
    const Duration span = late ? habits_.late_within : lobby_;
    const Instant from = late ? draw_at_ : draw_at_ - lobby_;
    stage_.plan(
        from + Duration{static_cast<std::int64_t>(part * static_cast<double>(span.microseconds))},
        ActKind::kJoin, n);
  }
}

void Visitors::join(std::uint32_t number) {
  Random random(seed_, number);
  JoinQueue command;
  for (std::size_t half = 0; half < 2; ++half) {
    const std::uint64_t bits = random.next();
    for (std::size_t n = 0; n < 8; ++n)
      command.entry[half * 8 + n] = static_cast<std::uint8_t>(bits >> (8 * n));
  }
  Fan fan;
  fan.random = random;
  fan.quantity = static_cast<std::uint8_t>(1 + fan.random.weighted(habits_.seats_weights));
  fan.category = static_cast<std::uint8_t>(fan.random.weighted(habits_.category_weights));
  fan.picks = fan.random.chance(habits_.pick);
  const FanId id{static_cast<std::uint32_t>(fans_.size())};
  fans_.push_back(fan);
  const Reply reply = stage_.send(command);
  FRONTROW_ASSERT(reply.rejection == Rejection::kNone);
  FRONTROW_ASSERT(std::get<JoinedView>(reply.body).fan == id);
  if (fans_[id.value].random.chance(habits_.leave_the_line))
    stage_.plan(std::max(stage_.now(), draw_at_) + draw(habits_.patience, fans_[id.value].random),
                ActKind::kLeaveLine, id.value);
}

void Visitors::changed(FanId id) {
  Fan& fan = fans_[id.value];
  const FanState before = fan.state;
  fan.state = stage_.engine().fan(id).state;
  if (before == FanState::kShopping) --shopping_;
  if (fan.state == FanState::kShopping) ++shopping_;
  stage_.report.most_shopping = std::max(stage_.report.most_shopping, shopping_);
  if (fan.state != FanState::kCalled || before == FanState::kCalled) return;
  ++fan.calls;
  if (fan.calls == 1) {
    auto& called = stage_.report.first_called;
    if (called.size() <= id.value) called.resize(id.value + 1);
    called[id.value] = stage_.now();
  }
  if (fan.random.chance(fan.calls == 1 ? habits_.turn_up : habits_.turn_up_again))
    stage_.plan(stage_.now() + draw(habits_.entering, fan.random), ActKind::kEnter, id.value,
                fan.calls);
}

void Visitors::act(const Act& act) {
  const FanId fan{act.subject};
  switch (act.kind) {
    case ActKind::kJoin:
      return join(act.subject);
    case ActKind::kLeaveLine:
      if (fans_[fan.value].state == FanState::kWaiting) stage_.send(LeaveQueue{fan});
      return;
    case ActKind::kEnter:
      return enter(fan, act.detail);
    case ActKind::kChoose:
      return choose(fan);
    case ActKind::kDecide:
      return decide(fan);
    case ActKind::kLeaveShop:
      if (fans_[fan.value].state == FanState::kShopping) stage_.send(LeaveQueue{fan});
      return;
    default:
      return;
  }
}

void Visitors::enter(FanId id, std::uint32_t call) {
  Fan& fan = fans_[id.value];
  // Who comes too late finds the turn missed.
  if (fan.state != FanState::kCalled || fan.calls != call) return;
  const Reply reply = stage_.send(EnterShop{id});
  if (reply.rejection == Rejection::kShopFull)
    stage_.plan(stage_.now() + draw(asking_again, fan.random), ActKind::kEnter, id.value, call);
  if (reply.rejection == Rejection::kNone)
    stage_.plan(stage_.now() + draw(habits_.choosing, fan.random), ActKind::kChoose, id.value);
}

SeatList Visitors::pick_seats(Fan& fan, CategoryIndex category) const {
  const Plan& plan = *stage_.engine().definition().plan;
  SeatList picked;
  for (std::size_t looked = 0; looked < rows_looked_at_max; ++looked) {
    const auto zone = static_cast<std::uint32_t>(fan.random.below(plan.zones.size()));
    const PlanZone& its = plan.zones[zone];
    if (its.category != category) continue;
    const PlanRow& row =
        plan.rows[its.first_row.value + fan.random.below(std::size_t{its.row_count})];
    const std::uint64_t free = stage_.engine().free_word(row.first_word);
    // Bit n of `runs`: the seats n to n + quantity - 1 are free.
    std::uint64_t runs = free;
    for (std::uint32_t n = 1; n < fan.quantity; ++n) runs &= free >> n;
    if (runs == 0) continue;
    auto skip = fan.random.below(static_cast<std::size_t>(std::popcount(runs)));
    while (skip-- > 0) runs &= runs - 1;
    const auto first = static_cast<std::uint32_t>(std::countr_zero(runs));
    for (std::uint32_t n = 0; n < fan.quantity; ++n)
      picked.push_back(plan.seat_at(row.first_word, first + n));
    break;
  }
  return picked;
}

Reply Visitors::hold(FanId id, CategoryIndex category) {
  Fan& fan = fans_[id.value];
  if (fan.picks) {
    PlaceHold command;
    command.fan = id;
    command.seats = pick_seats(fan, category);
    if (!command.seats.empty()) {
      Reply reply = stage_.send(command);
      if (reply.rejection != Rejection::kLeavesOrphan) return reply;
    }
  }
  PlaceBestHold command;
  command.fan = id;
  command.by_zone = false;
  command.category = category;
  command.quantity = fan.quantity;
  command.together = Together::kPreferred;
  return stage_.send(command);
}

void Visitors::choose(FanId id) {
  Fan& fan = fans_[id.value];
  if (fan.state != FanState::kShopping) return;
  const auto categories = stage_.engine().definition().plan->categories.size();
  for (std::size_t n = 0; n < categories; ++n) {
    if (n == 1 && !fan.random.chance(habits_.second_choice)) break;
    const CategoryIndex category{static_cast<std::uint16_t>((fan.category + n) % categories)};
    const Reply reply = hold(id, category);
    if (reply.rejection != Rejection::kNone) continue;
    fan.order = std::get<OrderView>(reply.body).id;
    stage_.plan(stage_.now() + draw(habits_.deciding, fan.random), ActKind::kDecide, id.value);
    return;
  }
  look_again_or_go(id);
}

void Visitors::look_again_or_go(FanId id) {
  Fan& fan = fans_[id.value];
  if (fan.random.chance(habits_.try_again))
    stage_.plan(stage_.now() + draw(habits_.choosing, fan.random), ActKind::kChoose, id.value);
  else if (fan.random.chance(habits_.leave_when_done))
    stage_.plan(stage_.now() + draw(going, fan.random), ActKind::kLeaveShop, id.value);
}

void Visitors::decide(FanId id) {
  Fan& fan = fans_[id.value];
  if (!fan.order.exists()) return;
  if (!fan.random.chance(habits_.buy)) {
    stage_.send(ReleaseOrder{id, fan.order});
    fan.order = {};
    return look_again_or_go(id);
  }
  const PaymentMethod method =
      fan.random.chance(habits_.promptpay) ? PaymentMethod::kPromptPay : PaymentMethod::kCard;
  stage_.send(StartPayment{id, fan.order, {}, method, false});
  if (fan.random.chance(habits_.leave_when_done))
    stage_.plan(stage_.now() + draw(going, fan.random), ActKind::kLeaveShop, id.value);
}

void Visitors::declined(OrderId order) {
  const OrderView view = stage_.engine().order(order);
  Fan& fan = fans_[view.fan.value];
  if (view.state == OrderState::kHeld && fan.random.chance(habits_.pay_again))
    stage_.plan(stage_.now() + draw(paying_again, fan.random), ActKind::kDecide, view.fan.value);
}

}  // namespace frontrow::sale
