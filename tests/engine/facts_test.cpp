// The facts that commands leave for the transparency log.
#include "engine/driver.hpp"

using namespace frontrow;
using frontrow::test::Driver;

namespace {

std::vector<FactNote> facts_of(const Driver& driver, FactKind kind) {
  std::vector<FactNote> found;
  for (const FactNote& note : driver.effects.facts)
    if (note.kind == kind) found.push_back(note);
  return found;
}

}  // namespace

TEST_CASE("joining, the draw and the calls leave facts") {
  Driver driver;
  const FanId first = driver.join(3);
  REQUIRE(driver.effects.facts.size() == 1);
  const FactNote joined = driver.effects.facts[0];
  CHECK(joined.kind == FactKind::kJoined);
  CHECK(joined.fan == first);
  CHECK(joined.tier == 3);
  CHECK(joined.sequence == driver.sequence);
  CHECK(joined.at == driver.now);
  CHECK(driver.engine.fan(first).joined_sequence == joined.sequence);
  CHECK(driver.engine.fan(first).joined_at == joined.at);
  driver.join_many(4);
  driver.must(LeaveQueue{first});
  CHECK(driver.effects.facts.empty());
  driver.now = driver.now + seconds(60);
  driver.must(*driver.engine.due(driver.now));
  driver.must(*driver.engine.due(driver.now));
  const auto drawn = facts_of(driver, FactKind::kDrawn);
  REQUIRE(drawn.size() == 5);
  for (std::uint32_t n = 0; n < 5; ++n) {
    CHECK(drawn[n].rank == n + 1);
    CHECK(driver.engine.fan(drawn[n].fan).rank == n + 1);
  }
  driver.must(Tick{});
  const auto called = facts_of(driver, FactKind::kCalled);
  REQUIRE(called.size() == 4);
  for (const FactNote& note : called) CHECK(note.fan != first);
}

TEST_CASE("a joining that finds its place again leaves no second fact") {
  Driver driver;
  JoinQueue join;
  join.entry = test::bytes_of(1);
  join.key = test::bytes_of(2);
  driver.must(join);
  CHECK(driver.effects.facts.size() == 1);
  driver.must(join);
  CHECK(driver.effects.facts.empty());
}

TEST_CASE("each seat of a sale leaves a fact, and another when it comes back") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  const OrderView order = driver.hold(fans[0], {"A-1-1", "A-1-2"});
  CHECK(driver.effects.facts.empty());
  driver.pay(fans[0], order.id);
  const auto sold = facts_of(driver, FactKind::kSold);
  REQUIRE(sold.size() == 2);
  CHECK(sold[0].order == order.id);
  CHECK(sold[0].seat == driver.seat("A-1-1"));
  CHECK(sold[1].seat == driver.seat("A-1-2"));
  driver.must(ReturnOrder{fans[0], order.id, {}});
  const auto returned = facts_of(driver, FactKind::kReturned);
  REQUIRE(returned.size() == 2);
  CHECK(returned[0].order == order.id);
}

TEST_CASE("money after an order's end sells its seats once, or nothing at all") {
  Driver driver;
  const auto fans = driver.shoppers(2);
  const OrderView lost = driver.hold(fans[0], {"A-1-1", "A-1-2"});
  const OrderView paying = driver.start_paying(fans[0], lost.id);
  driver.must(RecordPaymentFailure{lost.id, paying.payment.attempt, PaymentFailure::kDeclined});
  driver.must(ReleaseOrder{fans[0], lost.id});
  SECTION("the same seats are free") {
    driver.must(RecordPaymentSuccess{lost.id, paying.payment.attempt, lost.total, "r"});
    CHECK(facts_of(driver, FactKind::kSold).size() == 2);
  }
  SECTION("they are not: the money goes back and nothing was sold") {
    driver.hold(fans[1], {"A-1-1", "A-1-2"});
    driver.must(RecordPaymentSuccess{lost.id, paying.payment.attempt, lost.total, "r"});
    CHECK(driver.effects.facts.empty());
  }
}
