#include "control/beacon_plan.hpp"

#include <catch2/catch.hpp>

#include "control/published_round.hpp"
#include "round/drand_chains.hpp"

namespace frontrow::control {

using test::PublishedRound;
using test::quicknet;
using test::with_beacon;

TEST_CASE("nothing is wanted before the lobby has closed") {
  PublishedRound round(with_beacon(quicknet, 40'000'000));
  BeaconPlan plan(round.definition, round.published);
  CHECK_FALSE(plan.wanted(round.after_draw(seconds(0))));
  round.close_lobby(3);
  const auto wanted = plan.wanted(round.after_draw(seconds(0)));
  REQUIRE(wanted);
  CHECK(wanted->for_draw);
  CHECK(wanted->round == 40'000'000);
  CHECK(wanted->made_at == round::drand_round_time(quicknet, 40'000'000));
}

TEST_CASE("where the chain is not known the draw's round is asked for at once") {
  PublishedRound round(with_beacon("ab", 7));
  BeaconPlan plan(round.definition, round.published);
  round.close_lobby(0);
  const auto wanted = plan.wanted(round.after_draw(seconds(0)));
  REQUIRE(wanted);
  CHECK(wanted->round == 7);
  CHECK(wanted->made_at == Instant{});
}

TEST_CASE("late windows are wanted one after another, once they have ended") {
  PublishedRound round(with_beacon(quicknet, 40'000'000));
  BeaconPlan plan(round.definition, round.published);
  round.close_lobby(3);
  round.draw_it();
  CHECK_FALSE(plan.wanted(round.after_draw(seconds(5))));
  round.join(round.after_draw(seconds(12)));
  round.join(round.after_draw(seconds(19)));
  round.join(round.after_draw(seconds(47)));
  CHECK_FALSE(plan.wanted(round.after_draw(seconds(20)) - microseconds(1)));
  const Instant end = round.after_draw(seconds(20));
  const auto first = plan.wanted(end);
  REQUIRE(first);
  CHECK_FALSE(first->for_draw);
  CHECK(first->window == 1);
  CHECK(first->made_at > end);
  CHECK(first->made_at <= end + seconds(3));
  CHECK(round::drand_round_time(quicknet, first->round) == first->made_at);
  // It stays wanted until it is closed, however late.
  CHECK(plan.wanted(round.after_draw(seconds(500))) == first);

  round.close_window(1, 2, "beacon");
  CHECK_FALSE(plan.wanted(round.after_draw(seconds(49))));
  const auto second = plan.wanted(round.after_draw(seconds(50)));
  REQUIRE(second);
  CHECK(second->window == 4);
  round.close_window(4, 1, "beacon");
  CHECK_FALSE(plan.wanted(round.after_draw(seconds(500))));
  CHECK(plan.windows_gone_without().empty());
}

TEST_CASE("a draw put off moves the windows with it") {
  PublishedRound round(with_beacon(quicknet, 40'000'000));
  round.write_status([](RoundStatus& status) { status.draw_at = status.draw_at + seconds(7); });
  BeaconPlan plan(round.definition, round.published);
  round.close_lobby(0);
  round.draw_it();
  round.join(round.after_draw(seconds(9)));
  CHECK_FALSE(plan.wanted(round.after_draw(seconds(10)) - microseconds(1)));
  REQUIRE(plan.wanted(round.after_draw(seconds(10))));
  CHECK(plan.wanted(round.after_draw(seconds(10)))->window == 0);
}

TEST_CASE("a drand round made at the very instant of the window's end does not count") {
  const Instant made = *round::drand_round_time(quicknet, 1'000);
  CHECK(late_beacon_round(quicknet, made) == 1'001);
  CHECK(late_beacon_round(quicknet, made - microseconds(1)) == 1'000);
  CHECK(late_beacon_round(quicknet, made + microseconds(1)) == 1'001);
  CHECK_FALSE(late_beacon_round("ab", made));
}

TEST_CASE("no round can be named for late windows of a chain that is not known") {
  PublishedRound round(with_beacon("ab", 7));
  BeaconPlan plan(round.definition, round.published);
  round.close_lobby(0);
  round.draw_it();
  round.join(round.after_draw(seconds(1)));
  CHECK_FALSE(plan.wanted(round.after_draw(seconds(100))));
}

TEST_CASE("windows that went without are told once, those of an earlier start not at all") {
  PublishedRound round(with_beacon(quicknet, 40'000'000));
  round.close_lobby(0);
  round.draw_it();
  round.join(round.after_draw(seconds(1)));
  round.join(round.after_draw(seconds(11)));
  round.join(round.after_draw(seconds(21)));
  round.close_window(0, 1, "");
  BeaconPlan plan(round.definition, round.published);
  CHECK(plan.windows_gone_without().empty());
  round.close_window(1, 1, "");
  CHECK(plan.windows_gone_without() == std::vector<std::uint64_t>{1});
  CHECK(plan.windows_gone_without().empty());
  CHECK(plan.wanted(round.after_draw(seconds(40)))->window == 2);
}

}  // namespace frontrow::control
