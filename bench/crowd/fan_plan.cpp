#include "crowd/fan_plan.hpp"

#include <algorithm>
#include <array>

namespace frontrow::crowd {

FanPlan draw_plan(const Options& options, Random& random) {
  constexpr double drop_within_seconds = 3, away_seconds_min = 0.2, away_seconds_max = 4;
  constexpr double leave_within_seconds = 8;
  FanPlan plan;
  plan.seats = static_cast<std::uint32_t>(
      std::min(random.weighted(options.seats_per_order), options.seats_per_order.size() - 1) + 1);
  plan.picks = random.chance(options.pick_share);

  const PaymentMix& mix = options.payment_mix;
  const std::array<double, 4> weights = {mix.ok, mix.declined, mix.slow, mix.never};
  switch (random.weighted(weights)) {
    case 1:
      plan.payment = PaymentHabit::kDeclined;
      break;
    case 2:
      plan.payment = PaymentHabit::kSlow;
      break;
    case 3:
      plan.payment = PaymentHabit::kNever;
      break;
    default:
      break;
  }

  if (random.chance(options.drop_share)) {
    constexpr std::array stages = {Stage::kInLine, Stage::kShopping, Stage::kPaying};
    plan.drop = stages[random.below(stages.size())];
    plan.drop_after_seconds = random.between(0, drop_within_seconds);
    plan.away_seconds = random.between(away_seconds_min, away_seconds_max);
  }
  plan.hesitates = random.chance(options.hesitate_share);

  // One draw for both, so that each share is of all fans.
  const double end = random.unit();
  if (end < options.leave_share) {
    plan.leave = random.chance(0.5) ? Stage::kInLine : Stage::kShopping;
    plan.leave_after_seconds = random.between(0, leave_within_seconds);
  } else if (end < options.leave_share + options.release_share) {
    plan.releases = true;
  }
  return plan;
}

}  // namespace frontrow::crowd
