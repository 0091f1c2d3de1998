#include "crowd/arrival_plan.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "crowd/fan_plan.hpp"

using namespace frontrow::crowd;

namespace {

std::vector<std::int64_t> arrivals(const Options& options) {
  std::vector<std::int64_t> moments;
  for (std::uint32_t fan = 0; fan < options.fans; ++fan)
    moments.push_back(arrival_microseconds(options, fan));
  return moments;
}

}  // namespace

TEST_CASE("every shape keeps within its span and repeats with its seed") {
  for (const auto shape : {ArrivalShape::kEven, ArrivalShape::kRandom, ArrivalShape::kRush}) {
    CAPTURE(to_text(shape));
    Options options;
    options.fans = 2'000;
    options.arrive_over_seconds = 20;
    options.arrival_shape = shape;
    const auto first = arrivals(options);
    CHECK(std::ranges::min(first) >= 0);
    CHECK(std::ranges::max(first) < 20'000'000);
    CHECK(first == arrivals(options));
    options.seed = 2;
    CHECK(first != arrivals(options));
  }
}

TEST_CASE("even arrivals put one fan into each slot") {
  Options options;
  options.fans = 1'000;
  options.arrive_over_seconds = 10;
  const auto moments = arrivals(options);
  for (std::size_t n = 0; n < moments.size(); ++n)
    CHECK(moments[n] / 10'000 == static_cast<std::int64_t>(n));
}

TEST_CASE("a rush brings half of the crowd in the first eighth") {
  Options options;
  options.fans = 20'000;
  options.arrive_over_seconds = 80;
  options.arrival_shape = ArrivalShape::kRush;
  const auto early = std::ranges::count_if(arrivals(options),
                                           [](std::int64_t moment) { return moment < 10'000'000; });
  CHECK(early > 9'600);
  CHECK(early < 10'400);
}

TEST_CASE("all come at once where there is no span") {
  Options options;
  options.arrive_over_seconds = 0;
  for (const auto moment : arrivals(options)) CHECK(moment == 0);
}

TEST_CASE("fans behave in the shares that were asked for") {
  Options options;
  options.drop_share = 0.25;
  options.leave_share = 0.1;
  options.release_share = 0.2;
  options.hesitate_share = 0.5;
  options.pick_share = 0.75;
  options.payment_mix = {1, 1, 0, 2};
  options.seats_per_order = {0, 1, 0, 1};
  constexpr int fans = 20'000;
  int drops = 0, leaves = 0, releases = 0, hesitates = 0, picks = 0, never = 0, four = 0;
  Random random(options.seed);
  for (int n = 0; n < fans; ++n) {
    const FanPlan plan = draw_plan(options, random);
    drops += plan.drop != Stage::kNever;
    leaves += plan.leave != Stage::kNever;
    releases += plan.releases;
    hesitates += plan.hesitates;
    picks += plan.picks;
    never += plan.payment == PaymentHabit::kNever;
    four += plan.seats == 4;
    REQUIRE((plan.seats == 2 || plan.seats == 4));
    REQUIRE(plan.payment != PaymentHabit::kSlow);
    REQUIRE_FALSE((plan.releases && plan.leave != Stage::kNever));
  }
  const auto near = [&](int count, double share) {
    return std::abs(static_cast<double>(count) / fans - share) < 0.02;
  };
  CHECK(near(drops, 0.25));
  CHECK(near(leaves, 0.1));
  CHECK(near(releases, 0.2));
  CHECK(near(hesitates, 0.5));
  CHECK(near(picks, 0.75));
  CHECK(near(never, 0.5));
  CHECK(near(four, 0.5));
}
