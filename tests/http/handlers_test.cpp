#include <catch2/catch.hpp>

#include "direct_front.hpp"

using namespace frontrow;
using namespace frontrow::test;
using nlohmann::json;

namespace {

std::string code_of(const Answered& answered) { return answered.json()["code"]; }

struct Call {
  const char* method;
  const char* target;
  const char* body;
};

/// Every call that a fan makes, with a body that is right.
const Call fan_calls[] = {
    {"GET", "/api/v1/queue", ""},
    {"POST", "/api/v1/queue/enter", ""},
    {"DELETE", "/api/v1/queue", ""},
    {"POST", "/api/v1/queue/recovery", ""},
    {"POST", "/api/v1/orders", R"({"seats":["A-1-1"]})"},
    {"GET", "/api/v1/orders", ""},
    {"GET", "/api/v1/orders/o3", ""},
    {"DELETE", "/api/v1/orders/o3", ""},
    {"POST", "/api/v1/orders/o3/payment", R"({"method":"card","token":"tok_ok"})"},
    {"POST", "/api/v1/orders/o3/return", ""},
    {"GET", "/api/v1/waitlist", ""},
    {"POST", "/api/v1/waitlist", R"({"quantity":2})"},
    {"DELETE", "/api/v1/waitlist", ""},
};
const Call operator_calls[] = {
    {"GET", "/admin/v1/status", ""},
    {"GET", "/admin/v1/orders?state=held", ""},
    {"POST", "/admin/v1/phase", R"({"phase":"paused"})"},
    {"PUT", "/admin/v1/schedule", R"({"draw_at":"2027-01-15T09:00:00Z"})"},
    {"PUT", "/admin/v1/admission", R"({"per_second":5})"},
    {"POST", "/admin/v1/notice", R"({"text":{"en":"Hello"}})"},
    {"POST", "/admin/v1/seats/block", R"({"seats":["A-1-1"]})"},
    {"POST", "/admin/v1/seats/unblock", R"({"seats":["A-1-1"]})"},
    {"POST", "/admin/v1/seats/category", R"({"seats":["A-1-1"],"category":"vip"})"},
    {"POST", "/admin/v1/zones/A/close", R"({"reason":"rain"})"},
    {"POST", "/admin/v1/zones/A/open", ""},
    {"POST", "/admin/v1/fans/f0/ban", R"({"reason":"bot"})"},
    {"POST", "/admin/v1/fans/f0/unban", R"({"reason":"no bot"})"},
    {"DELETE", "/admin/v1/fans/f0/personal-data", ""},
    {"POST", "/admin/v1/orders/o3/refund", R"({"reason":"ill"})"},
};

}  // namespace

TEST_CASE("every call of a fan needs a token, and a banned fan may only read") {
  DirectFront front(accept_all);
  front.world.set_fan(FanId{1}, FanState::kShopping, true);
  for (const Call& call : fan_calls) {
    INFO(call.method << " " << call.target);
    CHECK(code_of(front.ask(call.method, call.target, call.body)) == "unauthenticated");
    CHECK(code_of(front.ask(call.method, call.target, call.body,
                            {{"Authorization", "Bearer nonsense"}})) == "unauthenticated");
    CHECK(front.ask(call.method, call.target, call.body, front.as_fan(0)).response.status < 300);
    // Fan 9 is not there: their token is one of a lost round.
    CHECK(code_of(front.ask(call.method, call.target, call.body, front.as_fan(9))) ==
          "unauthenticated");
    // A banned fan hears of the ban before the body is looked at.
    const auto banned = front.ask(call.method, call.target, "{", front.as_fan(1));
    if (std::string(call.method) == "GET")
      CHECK(banned.response.status == 200);
    else
      CHECK(code_of(banned) == "banned");
  }
}

TEST_CASE("operators' calls need a token whose role reaches so far") {
  DirectFront front(accept_all);
  for (const Call& call : operator_calls) {
    INFO(call.method << " " << call.target);
    CHECK(code_of(front.ask(call.method, call.target, call.body)) == "unauthenticated");
    CHECK(code_of(front.ask(call.method, call.target, call.body, front.as_fan(0))) ==
          "unauthenticated");
    CHECK(
        front.ask(call.method, call.target, call.body, DirectFront::as_operator()).response.status <
        300);
    const auto viewed =
        front.ask(call.method, call.target, call.body, DirectFront::as_operator(viewer_secret));
    if (std::string(call.method) == "GET")
      CHECK(viewed.response.status == 200);
    else
      CHECK(code_of(viewed) == "forbidden");
  }
}

TEST_CASE("what is wrong is told in the contract's order") {
  DirectFront front(accept_all);
  CHECK(code_of(front.ask("GET", "/api/v1/nothing", "{")) == "not-found");
  const auto method = front.ask("PUT", "/api/v1/orders", "{");
  CHECK(method.response.status == 405);
  CHECK(method.header("Allow") == "POST, GET, HEAD");
  front.body_too_large = true;
  CHECK(code_of(front.ask("POST", "/api/v1/nothing")) == "not-found");
  CHECK(code_of(front.ask("POST", "/api/v1/orders")) == "unauthenticated");
  CHECK(front.ask("POST", "/api/v1/orders", "", front.as_fan(0)).response.status == 413);
  front.body_too_large = false;
  // 400 for the body before 404 for the object.
  CHECK(code_of(front.ask("POST", "/api/v1/orders/zzz/payment", "{}", front.as_fan(0))) ==
        "invalid-request");
  CHECK(code_of(front.ask("POST", "/api/v1/orders/zzz/payment", R"({"method":"card","token":"t"})",
                          front.as_fan(0))) == "not-found");
  CHECK(front.submissions == 0);
}

TEST_CASE("too many requests of one fan or address are told so first") {
  auto settings = quiet_settings();
  settings.requests_per_second = 5;
  settings.joins_per_address_per_minute = 2;
  DirectFront front(accept_all, settings);
  int limited = 0;
  for (int n = 0; n < 50; ++n) {
    const auto answered = front.ask("GET", "/api/v1/nothing");
    if (answered.response.status != 429) continue;
    ++limited;
    CHECK(code_of(answered) == "rate-limited");
    CHECK_FALSE(answered.header("Retry-After").empty());
  }
  CHECK(limited > 40);
  // Another caller is not held up, and some calls are never counted.
  CHECK(front.ask("GET", "/api/v1/queue", "", front.as_fan(0)).response.status == 200);
  for (int n = 0; n < 50; ++n) {
    CHECK(front.ask("GET", "/livez").response.status == 200);
    CHECK(front.ask("GET", "/admin/v1/status", "", DirectFront::as_operator()).response.status ==
          200);
    CHECK(front.ask("POST", "/api/v1/webhooks/elsewhere", "{}").response.status == 404);
  }
}

TEST_CASE("joins are bounded by address") {
  auto settings = quiet_settings();
  settings.joins_per_address_per_minute = 2;
  DirectFront front(accept_all, settings);
  CHECK(front.ask("POST", "/api/v1/queue", "{}").response.status == 201);
  CHECK(front.ask("POST", "/api/v1/queue", "{}").response.status == 201);
  CHECK(front.ask("POST", "/api/v1/queue", "{").response.status == 429);
  CHECK(front.ask("GET", "/api/v1/round").response.status == 200);
}

TEST_CASE("joining answers a token that works and the queue view") {
  DirectFront front(accept_all);
  const auto joined = front.ask("POST", "/api/v1/queue", "{}");
  CHECK(joined.response.status == 201);
  const auto body = joined.json();
  CHECK(body["fan"] == "f0");
  CHECK(body["state"] == "shopping");
  CHECK(front
            .ask("GET", "/api/v1/queue", "",
                 {{"Authorization", "Bearer " + body["token"].get<std::string>()}})
            .json()["entry"] == body["entry"]);
  const auto again = front.ask("POST", "/api/v1/queue", R"({"recovery":"7XK2M-9QWRT-4HJ8P"})");
  CHECK(again.response.status == 200);
  CHECK(again.json()["fan"] == "f1");
  CHECK(code_of(front.ask("POST", "/api/v1/queue", R"({"altcha":5})")) == "invalid-request");
}

TEST_CASE("bodies of POST /orders become commands, or are refused with a path") {
  DirectFront front(accept_all);
  struct Row {
    const char* body;
    const char* path;
  };
  const Row wrong[] = {
      {"", "seats"},
      {"{}", "seats"},
      {R"({"seats":[]})", "seats"},
      {R"({"seats":["A-1-1","A-1-1"]})", "seats[1]"},
      {R"({"seats":["A-1-1"],"quantity":1})", "quantity"},
      {R"({"zone":"A"})", "quantity"},
      {R"({"zone":"A","quantity":0})", "quantity"},
      {R"({"zone":"A","quantity":-1})", "quantity"},
      {R"({"zone":"A","quantity":1.5})", "quantity"},
      {R"({"zone":"A","category":"vip","quantity":1})", "category"},
      {R"({"quantity":1})", "seats"},
      {R"({"zone":7,"quantity":1})", "zone"},
      {R"({"zone":"A","quantity":1,"together":"yes"})", "together"},
      {R"({"zone":"A","quantity":1,"extra":1})", "extra"},
  };
  for (const Row& row : wrong) {
    INFO(row.body);
    const auto answered = front.ask("POST", "/api/v1/orders", row.body, front.as_fan(0));
    CHECK(answered.response.status == 400);
    CHECK(answered.json()["path"] == row.path);
  }
  CHECK(front.submissions == 0);

  front.ask("POST", "/api/v1/orders", R"({"seats":["A-1-2","nowhere"]})", front.as_fan(0));
  const auto& hold = front.last_command<PlaceHold>();
  CHECK(hold.fan == FanId{0});
  CHECK(hold.seats[0] == SeatIndex{1});
  CHECK_FALSE(hold.seats[1].exists());
  CHECK_FALSE(hold.idempotency.given());

  front.ask("POST", "/api/v1/orders",
            R"({"category":"cat1","quantity":99999999999999999999,"together":"prefer"})",
            front.as_fan(0, {{"Idempotency-Key", "\"k\""}}));
  const auto& best = front.last_command<PlaceBestHold>();
  CHECK_FALSE(best.by_zone);
  CHECK(best.category == CategoryIndex{1});
  CHECK(best.quantity == 4'294'967'295U);
  CHECK(best.together == Together::kPreferred);
  CHECK(best.idempotency.given());
}

TEST_CASE("a list of seats is cut after the largest limit there is") {
  DirectFront front(accept_all);
  std::string body = "{\"seats\":[\"A-1-1\"";
  for (int n = 0; n < 3'000; ++n) body += ",\"x" + std::to_string(n) + "\"";
  body += "]}";
  front.ask("POST", "/api/v1/orders", body, front.as_fan(0));
  CHECK(front.last_command<PlaceHold>().seats.size() == 1'001);
}

TEST_CASE("refusals name the seats that they are about") {
  Rejection rejection = Rejection::kSeatsUnavailable;
  DirectFront front([&](What&) {
    ConflictView conflict;
    if (rejection != Rejection::kUnknownSeat) conflict.seats = {SeatIndex{0}};
    if (rejection == Rejection::kLeavesOrphan) conflict.suggestions = {SeatIndex{1}, SeatIndex{2}};
    return refused(rejection, conflict);
  });
  const std::string body = R"({"seats":["A-1-1","Z-1"]})";
  auto answered = front.ask("POST", "/api/v1/orders", body, front.as_fan(0));
  CHECK(answered.response.status == 409);
  CHECK(answered.json()["seats"] == json({"A-1-1"}));
  rejection = Rejection::kLeavesOrphan;
  answered = front.ask("POST", "/api/v1/orders", body, front.as_fan(0));
  CHECK(answered.json()["orphans"] == json({"A-1-1"}));
  CHECK(answered.json()["suggestions"] == json({"A-1-2", "A-1-3"}));
  rejection = Rejection::kUnknownSeat;
  answered = front.ask("POST", "/api/v1/orders", body, front.as_fan(0));
  CHECK(answered.response.status == 404);
  CHECK(answered.json()["seats"] == json({"Z-1"}));
}

TEST_CASE("a key whose first request is under way is told so, and is free again after") {
  DirectFront front(accept_all);
  const std::string body = R"({"seats":["A-1-1"]})";
  const auto headers = front.as_fan(0, {{"Idempotency-Key", "k1"}});
  const auto first = front.start("POST", "/api/v1/orders", body, headers);
  const auto second = front.start("POST", "/api/v1/orders", body, headers);
  REQUIRE(second->kept);
  CHECK(code_of(*second->kept) == "idempotency-in-progress");
  CHECK_FALSE(first->kept);
  front.settle();
  REQUIRE(first->kept);
  CHECK(first->kept->response.status == 201);
  CHECK(front.front.keys_in_progress().empty());
  CHECK(front.ask("POST", "/api/v1/orders", body, headers).response.status == 201);
  const auto bad = front.ask("POST", "/api/v1/orders", body,
                             front.as_fan(0, {{"Idempotency-Key", std::string(256, 'x')}}));
  CHECK(bad.response.status == 400);
}

TEST_CASE("a full ring is 503 at once, and the key is not left behind") {
  DirectFront front(accept_all);
  std::vector<std::shared_ptr<KeptResponse>> sinks;
  for (int n = 0; n < 17; ++n)
    sinks.push_back(front.start("POST", "/api/v1/orders", R"({"seats":["A-1-1"]})",
                                front.as_fan(0, {{"Idempotency-Key", "k" + std::to_string(n)}})));
  REQUIRE(sinks.back()->kept);
  CHECK(code_of(*sinks.back()->kept) == "overloaded");
  CHECK_FALSE(sinks.back()->kept->header("Retry-After").empty());
  front.settle();
  for (int n = 0; n < 16; ++n) CHECK(sinks[static_cast<std::size_t>(n)]->kept);
  CHECK(front.front.keys_in_progress().empty());
  front.world.published.ready.store(false);
  CHECK(code_of(front.ask("DELETE", "/api/v1/queue", "", front.as_fan(0))) == "overloaded");
  CHECK(front.ask("GET", "/readyz").response.status == 503);
  CHECK(front.ask("GET", "/livez").response.status == 200);
}

TEST_CASE("a card's token goes beside the command, a card's number goes nowhere") {
  DirectFront front(accept_all);
  const auto pay = [&](const char* body) {
    return front.ask("POST", "/api/v1/orders/o3/payment", body, front.as_fan(0));
  };
  CHECK(pay(R"({"method":"card","token":"tok_ok"})").response.status == 202);
  CHECK(front.last_card_token == "tok_ok");
  CHECK(front.last_command<StartPayment>().order == OrderId{3});
  CHECK(pay(R"({"method":"promptpay","accept_alternative":true})").response.status == 202);
  CHECK(front.last_command<StartPayment>().accept_alternative);
  CHECK(front.last_card_token.empty());
  const auto before = front.submissions;
  CHECK(pay(R"({"method":"card","token":"4242 4242 4242 4242"})").json()["path"] == "token");
  CHECK(pay(R"({"method":"card"})").json()["path"] == "token");
  CHECK(pay(R"({"method":"cash"})").json()["path"] == "method");
  CHECK(pay(R"({"token":"tok_ok"})").json()["path"] == "method");
  CHECK(front.submissions == before);
}

TEST_CASE("tickets are for paid orders only") {
  OrderState state = OrderState::kHeld;
  DirectFront front([&](What&) {
    return accepted(order_of(OrderId{3}, FanId{0}, {SeatIndex{0}, SeatIndex{1}}, state));
  });
  CHECK(code_of(front.ask("GET", "/api/v1/orders/o3/tickets", "", front.as_fan(0))) ==
        "order-not-paid");
  state = OrderState::kPaid;
  const auto tickets =
      front.ask("GET", "/api/v1/orders/o3/tickets", "", front.as_fan(0)).json()["tickets"];
  REQUIRE(tickets.size() == 2);
  CHECK(tickets[1]["id"] == "t3-1");
  CHECK(tickets[1]["seat"] == "A-1-2");
  CHECK(tickets[1]["counter"] == 0);
  CHECK(tickets[1]["rotation"]["period_seconds"] == 15);
  const auto facts =
      guard::TicketSigner::verify(tickets[1]["code"].get<std::string>(),
                                  front.services.tickets.public_key(), front.world.round->id);
  REQUIRE(facts);
  CHECK(facts->seat == SeatIndex{1});
}

TEST_CASE("what an operator changes in part leaves the rest as it is") {
  DirectFront front(accept_all);
  front.ask("PUT", "/admin/v1/schedule", R"({"draw_at":"2027-01-15T09:00:00Z"})",
            DirectFront::as_operator());
  const auto& schedule = front.last_command<SetSchedule>();
  CHECK(schedule.operator_name == "ops");
  CHECK(schedule.draw_at == after_start(seconds(3'600)));
  CHECK(schedule.closes_at == front.world.round->sale.closes_at);
  front.ask("PUT", "/admin/v1/admission", R"({"per_second":0})", DirectFront::as_operator());
  const auto& admission = front.last_command<SetAdmission>();
  CHECK(admission.rules.per_second == 0);
  CHECK(admission.rules.max_shoppers == front.world.status.admission.max_shoppers);
  CHECK_FALSE(admission.rules.pinned);
  front.ask("PUT", "/admin/v1/admission", R"({"pinned":true})", DirectFront::as_operator());
  const auto& pinned = front.last_command<SetAdmission>();
  CHECK(pinned.rules.pinned);
  CHECK(pinned.rules.per_second == front.world.status.admission.per_second);
  CHECK(front.ask("PUT", "/admin/v1/admission", R"({"pinned":"yes"})", DirectFront::as_operator())
            .json()["path"] == "pinned");
  CHECK(front.ask("PUT", "/admin/v1/admission", R"({"max_shoppers":0})", DirectFront::as_operator())
            .json()["path"] == "max_shoppers");
  const auto beacon =
      front.ask("POST", "/admin/v1/beacon", R"({"round":1,"randomness":"zz","signature":"00"})",
                DirectFront::as_operator());
  CHECK(beacon.json()["path"] == "randomness");
}

TEST_CASE("the status tells the state hash as replay prints it") {
  DirectFront front(accept_all);
  front.world.status.state_hash[0] = 0x0123456789abcdef;
  front.world.status.state_hash[1] = 0xfedcba9876543210;
  front.world.published.write_status(front.world.status);
  const auto status = front.ask("GET", "/admin/v1/status", "", DirectFront::as_operator()).json();
  CHECK(status["state_hash"] == "fedcba98765432100123456789abcdef");
  CHECK(status["phase"] == "onsale");
  CHECK(status["fans"]["shopping"] == 2);
}

TEST_CASE("the status tells the pace in force, why, and what it was concluded from") {
  DirectFront front(accept_all);
  const auto admission = [&] {
    front.world.published.write_status(front.world.status);
    return front.ask("GET", "/admin/v1/status", "", DirectFront::as_operator()).json()["admission"];
  };
  front.world.status.counts.called = 900;
  front.world.status.counts.missed = 270;
  front.world.status.counts.turn_microseconds = 1'500'000;
  const json untouched = admission();
  CHECK(untouched["pinned"] == false);
  CHECK(untouched["pace"] == json{{"calls_per_second", nullptr},
                                  {"outstanding_max", 5'000},
                                  {"reason", "as-configured"}});
  CHECK(untouched["counts"]["called"] == 900);
  CHECK(untouched["counts"]["missed"] == 270);
  CHECK(untouched["counts"]["turn_seconds"] == 1);

  front.world.status.pace = {12, 6'400, PaceReason::kGatewayRecovering};
  CHECK(admission()["pace"] == json{{"calls_per_second", 12},
                                    {"outstanding_max", 6'400},
                                    {"reason", "gateway-recovering"}});
  // What the controller said last is not in force while the admission is pinned.
  front.world.status.admission.pinned = true;
  const json pinned = admission();
  CHECK(pinned["pinned"] == true);
  CHECK(pinned["pace"] == untouched["pace"]);
}

TEST_CASE("operators search orders by seat, fan and state") {
  DirectFront front([](What& what) {
    CHECK(std::holds_alternative<FindOrders>(std::get<Query>(what)));
    return accepted(OrderListView{{order_of(OrderId{1}, FanId{7}, {SeatIndex{0}})}});
  });
  const auto find = [&](const std::string& query) {
    return front.ask("GET", "/admin/v1/orders" + query, "", DirectFront::as_operator());
  };
  const auto found = find("?seat=A-1-1&fan=f7&state=held").json()["orders"];
  REQUIRE(found.size() == 1);
  CHECK(found[0]["fan"] == "f7");
  CHECK(found[0]["id"] == "o1");
  const auto& asked = std::get<FindOrders>(std::get<Query>(front.last));
  CHECK(asked.seat == SeatIndex{0});
  CHECK(asked.fan == FanId{7});
  CHECK(asked.state == 0);
  CHECK(find("?seat=nowhere").response.status == 404);
  CHECK(find("?fan=7").json()["path"] == "fan");
  CHECK(find("?state=lost").json()["path"] == "state");
  CHECK(find("?colour=red").json()["path"] == "colour");
}

TEST_CASE("the venue and the draw answer conditions") {
  DirectFront front(accept_all);
  const auto venue = front.ask("GET", "/api/v1/venue");
  const std::string etag = venue.header("ETag");
  CHECK(etag.starts_with("\""));
  CHECK(front.ask("GET", "/api/v1/venue", "", {{"If-None-Match", etag}}).response.status == 304);
  const auto packed = front.ask("GET", "/api/v1/venue", "", {{"Accept-Encoding", "gzip"}});
  CHECK(packed.header("Content-Encoding") == "gzip");
  CHECK(packed.header("ETag") != etag);
  CHECK(packed.response.body->size() < venue.response.body->size());
  const auto draw = front.ask("GET", "/api/v1/audit/draw");
  CHECK(draw.response.status == 200);
  CHECK_FALSE(draw.json().contains("secret"));
  CHECK(front.ask("GET", "/api/v1/audit/draw", "", {{"If-None-Match", draw.header("ETag")}})
            .response.status == 304);
  CHECK(front.ask("GET", "/api/v1/audit/late").json()["windows"].empty());
}

TEST_CASE("a webhook without a receiver is of an unknown gateway or badly signed") {
  DirectFront front(accept_all);
  CHECK(front.ask("POST", "/api/v1/webhooks/sandbox", "{}").response.status == 400);
  CHECK(front.ask("POST", "/api/v1/webhooks/stripe", "{}").response.status == 404);
}

TEST_CASE("a notice's verdict is its answer") {
  struct Row {
    http::WebhookVerdict verdict;
    int status;
  };
  const Row row = GENERATE(values<Row>({{http::WebhookVerdict::kAccepted, 200},
                                        {http::WebhookVerdict::kBadSignature, 400},
                                        {http::WebhookVerdict::kMalformed, 400},
                                        {http::WebhookVerdict::kBusy, 503},
                                        {http::WebhookVerdict::kUnknownGateway, 404}}));
  DirectFront front(accept_all, quiet_settings(), {}, {}, {}, [&](const http::Webhook& webhook) {
    CHECK(webhook.gateway == "stripe");
    CHECK(webhook.body == "{}");
    CHECK(webhook.header("stripe-signature") == "t=1");
    return row.verdict;
  });
  const auto answer =
      front.ask("POST", "/api/v1/webhooks/stripe", "{}", {{"Stripe-Signature", "t=1"}});
  CHECK(answer.response.status == row.status);
  if (row.status == 503) CHECK_FALSE(answer.header("Retry-After").empty());
}
