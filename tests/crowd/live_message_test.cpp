#include "crowd/live_message.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace frontrow::crowd;

TEST_CASE("a queue message tells the state, the entry and the rank once there is one") {
  const auto message = parse_live_message(
      R"({"type": "queue", "queue": {"state": "called", "entry": "ab", "rank": 12, "ahead": 0}})");
  REQUIRE(message);
  const auto* queue = std::get_if<QueueUpdate>(&*message);
  REQUIRE(queue != nullptr);
  CHECK(queue->state == QueueState::kCalled);
  CHECK(queue->entry == "ab");
  CHECK(queue->rank == 12U);
  const auto lobby = parse_queue_view(R"({"state": "lobby", "entry": "ab", "rank": null})");
  REQUIRE(lobby);
  CHECK(lobby->state == QueueState::kLobby);
  CHECK_FALSE(lobby->rank);
}

TEST_CASE("every state of queue and order has a meaning of its own") {
  const char* queue[] = {"lobby", "waiting", "called", "shopping",
                         "ended", "left",    "missed", "banned"};
  int number = 0;
  for (const char* state : queue) CHECK(static_cast<int>(parse_queue_state(state)) == ++number);
  CHECK(parse_queue_state("elsewhere") == QueueState::kUnknown);
  const char* order[] = {"held", "paying", "paid", "released", "expired", "refunding", "refunded"};
  number = 0;
  for (const char* state : order) CHECK(static_cast<int>(parse_sale_state(state)) == ++number);
  CHECK(parse_sale_state("stolen") == SaleState::kUnknown);
}

TEST_CASE("seats come as a snapshot and as changes that build on it") {
  const auto snapshot = parse_live_message(
      R"({"type": "snapshot", "zone": "A1", "version": 7, "free": 2, "bitmap": "Aw=="})");
  REQUIRE(snapshot);
  REQUIRE(std::get_if<Snapshot>(&*snapshot) != nullptr);
  CHECK(std::get<Snapshot>(*snapshot).version == 7);
  CHECK(std::get<Snapshot>(*snapshot).bitmap == "Aw==");
  const auto changes = parse_live_message(
      R"({"type": "availability", "zone": "A1", "version": 9, "previous": 7,
          "changes": [{"seat": "A1-1-1", "free": false}]})");
  REQUIRE(changes);
  const auto& update = std::get<SeatChanges>(*changes);
  CHECK(update.previous == 7);
  REQUIRE(update.changes.size() == 1);
  CHECK(update.changes[0].seat == "A1-1-1");
  CHECK_FALSE(update.changes[0].free);
}

TEST_CASE("an order message tells whether the payment failed") {
  const auto message = parse_live_message(
      R"({"type": "order", "order": {"id": "o1", "state": "held", "seats": [{"id": "A"}],
          "payment": {"state": "failed", "failure_code": "declined"}}})");
  REQUIRE(message);
  const auto& order = std::get<OrderUpdate>(*message);
  CHECK(order.state == SaleState::kHeld);
  CHECK(order.payment_failed);
  CHECK(order.seats == std::vector<std::string>{"A"});
}

TEST_CASE("round, error and other messages are told apart") {
  const auto round = parse_live_message(
      R"({"type": "round", "round": {"phase": "soldout", "now": "…",
          "totals": {"free": 0, "held": 1, "shopping": 4}}})");
  REQUIRE(round);
  CHECK(std::get<RoundUpdate>(*round).phase == "soldout");
  const auto error =
      parse_live_message(R"({"type": "error", "problem": {"code": "unauthenticated"}})");
  REQUIRE(error);
  CHECK(std::get<ProblemUpdate>(*error).code == "unauthenticated");
  const auto notice = parse_live_message(R"({"type": "notice", "notice": {"text": "…"}})");
  REQUIRE(notice);
  CHECK(std::holds_alternative<OtherUpdate>(*notice));
}

TEST_CASE("what is no message is said to be none") {
  for (const std::string text :
       {"", "{", "[]", "null", R"({"type": 1})", R"({"type": "queue", "queue": {"state": 1}})",
        R"({"type": "snapshot", "zone": "A1"})",
        R"({"type": "availability", "zone": "A1", "version": -1, "previous": "x"})"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_live_message(text));
  }
}
