// Settling by the minute, with the real engine on the other side.
#include "payment/settling.hpp"

#include <deque>

#include "engine/driver.hpp"
#include "payment/fake_gateway.hpp"
#include "payment/stray_charges.hpp"

namespace frontrow::payment {
namespace {

using test::Driver;

/// Questions are answered when the test says so.
struct Asked {
  explicit Asked(Driver& the_driver) : driver(the_driver) {}
  std::function<void(Query&&)> ask() {
    return [this](Query&& query) { queries.push_back(std::move(query)); };
  }
  Reply answer() {
    REQUIRE_FALSE(queries.empty());
    Reply reply = driver.engine.answer(queries.front());
    queries.pop_front();
    return reply;
  }
  Driver& driver;
  std::deque<Query> queries;
};

struct Orders : Driver {
  Orders() { fans = shoppers(4); }
  OrderView paying(std::size_t fan) {
    const OrderId order = hold_standing(fans[fan], static_cast<std::uint32_t>(fan) + 1).id;
    return start_paying(fans[fan], order);
  }
  std::vector<FanId> fans;
};

}  // namespace

TEST_CASE("every order that awaits something of the gateway is told, captures beside it too") {
  Orders round;
  const OrderView paying = round.paying(0);
  const OrderView paid = round.paying(1);
  round.must(RecordPaymentSuccess{paid.id, 1, paid.total, "a"});
  const OrderView refunding = round.paying(2);
  round.must(RecordPaymentSuccess{refunding.id, 1, refunding.total, "b"});
  round.must(ReturnOrder{round.fans[2], refunding.id, {}});
  const OrderView twice = round.paying(3);
  round.must(RecordPaymentFailure{twice.id, 1, PaymentFailure::kGatewayUnavailable});
  round.start_paying(round.fans[3], twice.id);
  round.must(RecordPaymentSuccess{twice.id, 1, twice.total, "c"});  // late: beside the open one

  Asked asked(round);
  std::vector<UnsettledOrder> settled;
  Settling settling(asked.ask(), [&](const UnsettledOrder& order) { settled.push_back(order); });
  settling.begin();
  settling.begin();  // under way: nothing happens
  CHECK(asked.queries.size() == 1);
  while (settling.under_way()) settling.answered(asked.answer());
  REQUIRE(settled.size() == 4);
  CHECK(settled[0].order == paying.id);
  CHECK(settled[0].state == OrderState::kPaying);
  CHECK(settled[1].order == refunding.id);
  CHECK(settled[1].state == OrderState::kRefunding);
  CHECK(settled[1].attempt == 1);
  CHECK(settled[2].order == twice.id);
  CHECK(settled[2].attempt == 2);
  CHECK(settled[3].order == twice.id);
  CHECK(settled[3].attempt == 1);
  CHECK(settled[3].state == OrderState::kRefunding);
  const auto all = round.engine.unsettled_orders();
  REQUIRE(all.size() == settled.size());
  settling.begin();
  CHECK(asked.queries.size() == 1);
}

TEST_CASE("an order is settled only after what the engine wanted before has arrived") {
  Orders round;
  round.paying(0);
  Asked asked(round);
  std::size_t settled = 0;
  Settling settling(asked.ask(), [&](const UnsettledOrder&) { ++settled; });
  settling.begin();
  settling.answered(asked.answer());
  // The answer tells of the order, but `ChargeWanted` of the same moment comes after it.
  CHECK(settled == 0);
  settling.answered(asked.answer());
  CHECK(settled == 1);
}

TEST_CASE("a question that was not answered ends the walk, and the next one is another") {
  Orders round;
  round.paying(0);
  Asked asked(round);
  std::size_t settled = 0;
  Settling settling(asked.ask(), [&](const UnsettledOrder&) { ++settled; });
  settling.begin();
  settling.answered(Reply{});
  CHECK_FALSE(settling.under_way());
  asked.queries.clear();
  settling.begin();
  while (settling.under_way()) settling.answered(asked.answer());
  CHECK(settled == 1);
}

namespace {

/// A walk through a record that the test writes.
struct Walk {
  explicit Walk(Driver& driver)
      : asked(driver),
        strays(gateway, "small-1", "THB",
               {asked.ask(), [this](Command&& command) { told.push_back(std::move(command)); },
                [this](const GatewayNotice& notice) { looked.push_back(notice.reference); },
                [this](const std::string& line) { lines.push_back(line); }}) {}

  void page(std::vector<GatewayRecord> records, std::string next = {}) {
    REQUIRE_FALSE(gateway.pages.empty());
    const auto done = gateway.pages.back().second;
    done({true, {}, std::move(records), std::move(next)});
    while (!asked.queries.empty()) strays.answered(asked.answer());
  }
  void walk(std::vector<GatewayRecord> records) {
    strays.begin();
    page(std::move(records));
    CHECK_FALSE(strays.under_way());
  }

  FakeGateway gateway;
  Asked asked;
  std::vector<Command> told;
  std::vector<std::string> looked, lines;
  StrayCharges strays;
};

GatewayRecord captured(std::string reference, Amount amount = {300'000}) {
  return {std::move(reference), "ch_1", ChargeState::kCaptured, amount, "THB", {}};
}

}  // namespace

TEST_CASE("what the gateway has captured is compared with the round") {
  struct Row {
    const char* what;
    GatewayRecord record;
    std::size_t refunds, looks;
  };
  Orders round;
  const OrderView paid = round.paying(0);
  round.must(RecordPaymentSuccess{paid.id, 1, paid.total, "a"});
  const OrderView open = round.paying(1);
  const OrderView held = round.paying(2);
  round.must(RecordPaymentFailure{held.id, 1, PaymentFailure::kCancelled});
  REQUIRE(paid.id == OrderId{0});
  auto pending = captured("small-1-o9-1");
  pending.state = ChargeState::kPending;
  auto back = captured("small-1-o9-1");
  back.refunded = back.amount;
  auto dollars = captured("small-1-o0-1");
  dollars.currency = "USD";
  const Row rows[] = {
      {"the payment of a paid order", captured("small-1-o0-1"), 0, 0},
      {"an attempt under way", captured("small-1-o1-1"), 0, 0},
      {"an attempt that was said to have failed", captured("small-1-o2-1"), 0, 1},
      {"no such order", captured("small-1-o9-1"), 1, 0},
      {"no such attempt", captured("small-1-o0-2"), 1, 0},
      {"another amount", captured("small-1-o0-1", {1}), 1, 0},
      {"another currency", dollars, 1, 0},
      {"of another round", captured("small-12-o9-1"), 0, 0},
      {"of nobody", captured(""), 0, 0},
      {"not captured", pending, 0, 0},
      {"given back already", back, 0, 0},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    Walk walk(round);
    walk.walk({row.record});
    CHECK(walk.gateway.calls.size() == row.refunds);
    CHECK(walk.looked.size() == row.looks);
    CHECK(walk.lines.size() == row.refunds);
    CHECK(walk.strays.counts().found == row.refunds);
    CHECK(walk.strays.counts().untold == row.looks);
    CHECK(walk.strays.counts().walks == 1);
    if (row.refunds == 0) continue;
    CHECK(walk.gateway.last().name == "refund");
    CHECK(walk.gateway.last().reference == row.record.reference);
    CHECK(walk.gateway.last().amount == row.record.amount);
    CHECK(walk.strays.counts().refunded == 0);
    walk.gateway.answer(outcome(ChargeState::kCaptured));
    CHECK(walk.strays.counts().refunded == 1);
  }
}

TEST_CASE("an order that waits for a charge of another amount gets a word when that is back") {
  Orders round;
  const OrderView order = round.paying(0);
  Walk walk(round);
  walk.walk({captured("small-1-o0-1", {order.total.minor - 1})});
  CHECK(walk.told.empty());
  walk.gateway.answer(outcome(ChargeState::kCaptured));
  REQUIRE(walk.told.size() == 1);
  round.must(walk.told[0]);
  CHECK(round.state(order.id) == OrderState::kHeld);
}

TEST_CASE("a stray that could not be given back is tried again at the next walk") {
  Orders round;
  Walk walk(round);
  walk.walk({captured("small-1-o9-1")});
  walk.gateway.answer(outcome(ChargeState::kUnreachable));
  walk.walk({captured("small-1-o9-1")});
  CHECK(walk.gateway.calls.size() == 2);
  walk.gateway.answer(outcome(ChargeState::kCaptured));
  CHECK(walk.strays.counts().refunded == 1);
}

TEST_CASE("very many strays are not given back, only told") {
  Orders round;
  Walk walk(round);
  std::vector<GatewayRecord> records;
  for (int n = 0; n < 1'000; ++n)
    records.push_back(captured("small-1-o" + std::to_string(n + 50) + "-1"));
  walk.walk(std::move(records));
  CHECK(walk.gateway.calls.size() == StrayCharges::refunds_max);
  CHECK(walk.strays.counts().found == 1'000);
  CHECK(walk.lines.size() == StrayCharges::lines_max);
}

TEST_CASE("two charges of one name are told and left to a person") {
  Orders round;
  const OrderView paid = round.paying(0);
  round.must(RecordPaymentSuccess{paid.id, 1, paid.total, "a"});
  Walk walk(round);
  walk.walk({captured("small-1-o0-1"), captured("small-1-o0-1")});
  CHECK(walk.gateway.calls.empty());
  CHECK(walk.strays.counts().twice == 1);
  CHECK(walk.lines.size() == 1);
}

TEST_CASE("a record of many pages is walked to its end, and one that breaks off is told") {
  Orders round;
  Walk walk(round);
  walk.strays.begin();
  walk.page({captured("small-1-o7-1")}, "two");
  CHECK(walk.gateway.pages.back().first == "two");
  walk.page({captured("small-1-o8-1")}, "three");
  CHECK(walk.strays.under_way());
  const auto done = walk.gateway.pages.back().second;
  done({false, "half a JSON", {}, {}});
  CHECK_FALSE(walk.strays.under_way());
  CHECK(walk.strays.counts().found == 2);
  CHECK(walk.strays.counts().broken == 1);
  CHECK(walk.lines.back().find("half a JSON") != std::string::npos);
  walk.walk({});
  CHECK(walk.strays.counts().walks == 1);
}

}  // namespace frontrow::payment
