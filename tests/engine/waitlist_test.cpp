#include "engine/driver.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

/// A house of four standing places and a row of four, all held by the first two fans.
struct SoldOut {
  SoldOut()
      : driver([] {
          SmallRound round;
          round.rows_of_a = 1;
          round.seats_in_row_of_a = 4;
          round.rows_of_b = 0;
          round.places_of_s = 4;
          return round;
        }()) {
    fans = driver.shoppers(6);
    row = driver.hold(fans[0], {"A-1-1", "A-1-2", "A-1-3", "A-1-4"});
    for (std::uint32_t n = 0; n < 4; ++n) places.push_back(driver.hold_standing(fans[1], n + 1));
  }
  JoinWaitlist wish(FanId fan, std::uint32_t quantity, std::vector<ZoneIndex> zones = {},
                    bool together = false) const {
    return {fan, {}, std::move(zones), quantity, together};
  }
  std::vector<OrderView> offers_of(FanId fan) const {
    std::vector<OrderView> found;
    for (std::uint32_t n = 0; n < driver.engine.order_count(); ++n)
      if (const OrderView order = driver.engine.order(OrderId{n});
          order.fan == fan && order.origin == OrderOrigin::kWaitlist)
        found.push_back(order);
    return found;
  }
  std::uint32_t free() const { return driver.engine.status().seats.free; }

  Driver driver;
  std::vector<FanId> fans;
  OrderView row;
  std::vector<OrderView> places;
};

}  // namespace

TEST_CASE("freed seats go to the first entry that they suit before anybody sees them free") {
  SoldOut test;
  test.driver.must(test.wish(test.fans[2], 2));
  test.driver.must(test.wish(test.fans[3], 1));
  CHECK(test.driver.engine.status().waitlist_entries == 2);
  test.driver.must(ReleaseOrder{test.fans[1], test.places[0].id});
  // One seat does not suit the first; the second gets it.
  CHECK(test.offers_of(test.fans[2]).empty());
  REQUIRE(test.offers_of(test.fans[3]).size() == 1);
  CHECK(test.free() == 0);
  CHECK(test.offers_of(test.fans[3])[0].held_until == test.driver.now + seconds(600));
  CHECK(test.driver.engine.answer(GetWaitlist{test.fans[3]}).rejection ==
        Rejection::kNotOnWaitlist);
  const auto view =
      std::get<WaitlistView>(test.driver.engine.answer(GetWaitlist{test.fans[2]}).body);
  CHECK(view.place == 1);
  CHECK(view.ahead == 0);
  CHECK(view.quantity == 2);
  // Two that come free one after the other suit the first together.
  test.driver.must(ReleaseOrder{test.fans[1], test.places[1].id});
  CHECK(test.free() == 1);
  test.driver.must(ReleaseOrder{test.fans[1], test.places[2].id});
  CHECK(test.free() == 0);
  CHECK(test.offers_of(test.fans[2]).size() == 1);
  test.driver.check();
}

TEST_CASE("an offer is payable without a turn, and declining it passes it on") {
  SoldOut test;
  test.driver.must(LeaveQueue{test.fans[2]});
  test.driver.must(test.wish(test.fans[2], 1));
  test.driver.must(test.wish(test.fans[3], 1));
  test.driver.must(ReleaseOrder{test.fans[1], test.places[0].id});
  const auto offer = test.offers_of(test.fans[2]);
  REQUIRE(offer.size() == 1);
  SECTION("paid") {
    test.driver.pay(test.fans[2], offer[0].id);
    CHECK(test.driver.state(offer[0].id) == OrderState::kPaid);
  }
  SECTION("declined") {
    test.driver.must(ReleaseOrder{test.fans[2], offer[0].id});
    CHECK(test.offers_of(test.fans[3]).size() == 1);
  }
  SECTION("lapsed") {
    test.driver.must(StartPayment{test.fans[0], test.row.id, {}});
    for (int n = 1; n < 4; ++n)
      test.driver.must(StartPayment{test.fans[1], test.places[static_cast<std::size_t>(n)].id, {}});
    test.driver.pass(seconds(600));
    CHECK(test.driver.state(offer[0].id) == OrderState::kExpired);
    CHECK(test.offers_of(test.fans[3]).size() == 1);
  }
  test.driver.check();
}

TEST_CASE("every way in which seats come free serves the waitlist") {
  SoldOut test;
  const OrderView& order = test.places[0];
  const auto served = [&] {
    test.driver.check();
    CHECK(test.free() == 0);
    return test.offers_of(test.fans[2]).size() == 1;
  };
  SECTION("expiry") {
    test.driver.must(StartPayment{test.fans[0], test.row.id, {}});
    for (std::size_t n = 1; n < 4; ++n)
      test.driver.must(StartPayment{test.fans[1], test.places[n].id, {}});
    test.driver.must(test.wish(test.fans[2], 1));
    test.driver.pass(seconds(300));
    CHECK(served());
  }
  SECTION("a cancelled payment") {
    test.driver.must(StartPayment{test.fans[1], order.id, {}});
    test.driver.must(test.wish(test.fans[2], 1));
    test.driver.must(BanFan{"ops", test.fans[1], "x"});
    CHECK(test.offers_of(test.fans[2]).size() == 1);
    test.driver.must(RecordPaymentFailure{order.id, 1, PaymentFailure::kCancelled});
    test.driver.check();
  }
  SECTION("a return") {
    test.driver.pay(test.fans[1], order.id);
    test.driver.must(test.wish(test.fans[2], 1));
    test.driver.must(ReturnOrder{test.fans[1], order.id, {}});
    CHECK(served());
  }
  SECTION("a refund") {
    test.driver.pay(test.fans[1], order.id);
    test.driver.must(test.wish(test.fans[2], 1));
    test.driver.must(RefundOrder{"ops", order.id, "x"});
    CHECK(served());
  }
  SECTION("an unblocking") {
    test.driver.must(ReleaseOrder{test.fans[1], order.id});
    test.driver.must(BlockSeats{"ops", {order.seats[0]}});
    test.driver.must(test.wish(test.fans[2], 1));
    test.driver.must(UnblockSeats{"ops", {order.seats[0]}});
    CHECK(served());
  }
}

TEST_CASE("an entry past its fan's limit is passed over and served when there is room again") {
  SoldOut test;
  test.driver.must(test.wish(test.fans[0], 1, {ZoneIndex{1}}));
  test.driver.must(ReleaseOrder{test.fans[1], test.places[0].id});
  CHECK(test.offers_of(test.fans[0]).empty());
  CHECK(test.free() == 1);
  test.driver.check();
  test.driver.must(ReleaseOrder{test.fans[0], test.row.id});
  CHECK(test.offers_of(test.fans[0]).size() == 1);
  test.driver.check();
}

TEST_CASE("an entry past its fan's limit of open orders is served when one of them is paid") {
  SmallRound round;
  round.rows_of_a = 1;
  round.seats_in_row_of_a = 2;
  round.rows_of_b = 0;
  round.places_of_s = 2;
  round.max_open_orders_per_fan = 1;
  Driver driver(round);
  const auto fans = driver.shoppers(2);
  const OrderView own = driver.hold(fans[0], {"A-1-1", "A-1-2"});
  const OrderView other = driver.hold_standing(fans[1], 1, 2);
  driver.must(JoinWaitlist{fans[0], {}, {}, 2, false});
  driver.must(ReleaseOrder{fans[1], other.id});
  CHECK(driver.engine.order_count() == 2);
  driver.check();
  driver.pay(fans[0], own.id);
  REQUIRE(driver.engine.order_count() == 3);
  CHECK(driver.engine.order(OrderId{2}).origin == OrderOrigin::kWaitlist);
  driver.check();
}

TEST_CASE("seats that move into a category before the draw serve who waits for that category") {
  Driver driver;
  const FanId fan = driver.join();
  std::vector<SeatIndex> of_category;
  for (std::uint32_t n = 0; n < driver.engine.definition().plan->capacity(); ++n)
    if (driver.engine.seat_category(SeatIndex{n}) == CategoryIndex{1})
      of_category.push_back(SeatIndex{n});
  driver.must(BlockSeats{"ops", of_category, BlockReason::kProduction, ""});
  driver.must(JoinWaitlist{fan, {}, {}, 2, true, {CategoryIndex{1}}});
  driver.must(MoveCategory{"ops", {driver.seat("A-1-1")}, CategoryIndex{1}, ""});
  CHECK(driver.engine.order_count() == 0);
  driver.must(MoveCategory{"ops", {driver.seat("A-1-2")}, CategoryIndex{1}, ""});
  REQUIRE(driver.engine.order_count() == 1);
  CHECK(driver.engine.order(OrderId{0}).fan == fan);
  driver.check();
}

TEST_CASE("seats side by side are waited for as such") {
  SoldOut test;
  test.driver.must(test.wish(test.fans[2], 2, {ZoneIndex{0}}, true));
  test.driver.must(ReleaseOrder{test.fans[1], test.places[0].id});
  CHECK(test.free() == 1);
  test.driver.must(ReleaseOrder{test.fans[0], test.row.id});
  const auto offers = test.offers_of(test.fans[2]);
  REQUIRE(offers.size() == 1);
  CHECK(offers[0].seats[1].value == offers[0].seats[0].value + 1);
  test.driver.check();
}

TEST_CASE("what is wrong with a wish is said") {
  SoldOut test;
  const FanId fan = test.fans[2];
  CHECK(test.driver.refusal(test.wish(fan, 1, {ZoneIndex{9}})) == Rejection::kUnknownZone);
  CHECK(test.driver.refusal(test.wish(fan, 0)) == Rejection::kLimitReached);
  CHECK(test.driver.refusal(test.wish(fan, 5)) == Rejection::kLimitReached);
  CHECK(test.driver.refusal(LeaveWaitlist{fan}) == Rejection::kNotOnWaitlist);
  test.driver.must(ReleaseOrder{test.fans[1], test.places[0].id});
  CHECK(test.driver.refusal(test.wish(fan, 1)) == Rejection::kWaitlistNotNeeded);
  auto wish = test.wish(fan, 2);
  wish.idempotency = {bytes_of(1, 6), 1};
  test.driver.must(wish);
  CHECK(test.driver.must(wish).repeated);
  CHECK(test.driver.refusal(test.wish(fan, 2)) == Rejection::kAlreadyOnWaitlist);
  test.driver.must(LeaveWaitlist{fan});
  CHECK(test.driver.engine.status().waitlist_entries == 0);
  test.driver.must(SetPhase{"ops", RequestedPhase::kClosed});
  CHECK(test.driver.refusal(test.wish(fan, 2)) == Rejection::kRoundClosed);
  test.driver.check();
}

TEST_CASE("a banned fan's entry is dropped") {
  SoldOut test;
  test.driver.must(test.wish(test.fans[2], 1));
  test.driver.must(BanFan{"ops", test.fans[2], "x"});
  test.driver.must(ReleaseOrder{test.fans[1], test.places[0].id});
  CHECK(test.free() == 1);
  test.driver.check();
}
