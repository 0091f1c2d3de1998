// What fans and operators are told of seats that are not like the others: blocked, moved to another
// category, closed with their zone, waited for.
#include <catch2/catch.hpp>

#include "base/names.hpp"
#include "direct_front.hpp"
#include "frontrow/limits.hpp"
#include "http/order_json.hpp"
#include "http/waitlist_chance.hpp"

using namespace frontrow;
using namespace frontrow::test;
using nlohmann::json;

namespace {

std::string code_of(const Answered& answered) { return answered.json()["code"]; }

Answered as_operator(DirectFront& front, const std::string& target, const std::string& body) {
  return front.ask("POST", "/admin/v1" + target, body, DirectFront::as_operator());
}

}  // namespace

TEST_CASE("seats are blocked for a reason and in words") {
  DirectFront front(accept_all);
  const auto block = [&](const std::string& more) {
    return as_operator(front, "/seats/block", R"({"seats":["A-1-1","A-1-2"])" + more + "}");
  };
  CHECK(block("").response.status == 200);
  CHECK(front.last_command<BlockSeats>().operator_name == "ops");
  CHECK(front.last_command<BlockSeats>().why == BlockReason::kOther);
  CHECK(front.last_command<BlockSeats>().reason.empty());
  for (const BlockReason why : {BlockReason::kOther, BlockReason::kProduction,
                                BlockReason::kSponsor, BlockReason::kSightLine}) {
    const std::string name(name_of(why));
    CAPTURE(name);
    CHECK(block(R"(,"why":")" + name + R"(","reason":"camera crane")").response.status == 200);
    const auto& command = front.last_command<BlockSeats>();
    CHECK(command.why == why);
    CHECK(command.reason == "camera crane");
    CHECK(command.seats == std::vector{SeatIndex{0}, SeatIndex{1}});
  }
  const auto before = front.submissions;
  // What only a closed zone is cannot be said.
  CHECK(block(R"(,"why":"zone-closed")").json()["path"] == "why");
  CHECK(block(R"(,"why":"because")").json()["path"] == "why");
  CHECK(block(R"(,"why":7)").json()["path"] == "why");
  CHECK(block(R"(,"reason":7)").json()["path"] == "reason");
  CHECK(block(R"(,"reason":")" + std::string(http::limits::reason_bytes_max + 1, 'x') + "\"")
            .json()["path"] == "reason");
  CHECK(front.submissions == before);
}

TEST_CASE("seats of another venue are named where a block or a move is refused") {
  DirectFront front([](What&) { return refused(Rejection::kUnknownSeat); });
  for (const std::string call : {"block", "unblock", "category"}) {
    CAPTURE(call);
    const std::string category = call == "category" ? R"(,"category":"vip")" : "";
    const auto answered =
        as_operator(front, "/seats/" + call, R"({"seats":["A-1-1","Z-9-9"])" + category + "}");
    CHECK(answered.response.status == 404);
    CHECK(answered.json()["seats"] == json({"Z-9-9"}));
  }
}

TEST_CASE("a block of seats that are taken names them") {
  DirectFront front([](What&) {
    return refused(Rejection::kSeatsUnavailable, ConflictView{{SeatIndex{1}}, {}});
  });
  const auto answered = as_operator(front, "/seats/block", R"({"seats":["A-1-1","A-1-2"]})");
  CHECK(answered.response.status == 409);
  CHECK(answered.json()["seats"] == json({"A-1-2"}));
  CHECK_FALSE(answered.json().contains("suggestions"));
}

TEST_CASE("seats move to another category before the draw") {
  Rejection rejection = Rejection::kNone;
  DirectFront front([&](What&) { return refused(rejection); });
  const auto move = [&](const std::string& body) {
    return as_operator(front, "/seats/category", body);
  };
  CHECK(move(R"({"seats":["A-1-1"],"category":"cat1","reason":"pillar"})").response.status == 200);
  const auto& command = front.last_command<MoveCategory>();
  CHECK(command.operator_name == "ops");
  CHECK(command.seats == std::vector{SeatIndex{0}});
  CHECK(command.category == CategoryIndex{1});
  CHECK(command.reason == "pillar");
  CHECK(move(R"({"seats":["A-1-1"]})").json()["path"] == "category");
  CHECK(move(R"({"category":"cat1"})").json()["path"] == "seats");
  CHECK(move(R"({"seats":["A-1-1"],"category":"cat1","why":"other"})").json()["path"] == "why");
  move(R"({"seats":["A-1-1"],"category":"nowhere"})");
  CHECK_FALSE(front.last_command<MoveCategory>().category.exists());
  rejection = Rejection::kCategoryFixed;
  const auto fixed = move(R"({"seats":["A-1-1"],"category":"cat1"})");
  CHECK(fixed.response.status == 409);
  CHECK(code_of(fixed) == "category-fixed");
}

TEST_CASE("zones close and open, with a reason or without") {
  DirectFront front(accept_all);
  CHECK(as_operator(front, "/zones/B/close", R"({"reason":"rain"})").response.status == 200);
  CHECK(front.last_command<SetZoneOpen>().zone == ZoneIndex{1});
  CHECK_FALSE(front.last_command<SetZoneOpen>().open);
  CHECK(front.last_command<SetZoneOpen>().reason == "rain");
  CHECK(as_operator(front, "/zones/B/open", "").response.status == 200);
  CHECK(front.last_command<SetZoneOpen>().open);
  CHECK(front.last_command<SetZoneOpen>().operator_name == "ops");
  CHECK(as_operator(front, "/zones/B/open", R"({"why":"rain"})").json()["path"] == "why");
  as_operator(front, "/zones/nowhere/close", "");
  CHECK_FALSE(front.last_command<SetZoneOpen>().zone.exists());
  CHECK(front.ask("POST", "/admin/v1/zones/B/close", "", DirectFront::as_operator(viewer_secret))
            .response.status == 403);
}

TEST_CASE("a place on the waitlist is asked for by zones, by categories, or by neither") {
  DirectFront front([](What& what) {
    const auto& join = std::get<JoinWaitlist>(std::get<Command>(what));
    return accepted(WaitlistView{3, 2, join.zones, join.quantity, join.together, join.categories});
  });
  const auto join = [&](const std::string& body) {
    return front.ask("POST", "/api/v1/waitlist", body, front.as_fan(0));
  };
  const auto by_category = join(R"({"categories":["cat1","floor"],"quantity":2,"together":true})");
  CHECK(by_category.response.status == 201);
  auto shown = by_category.json();
  REQUIRE(shown["chance"].is_number());
  CHECK(shown["chance"] >= 0);
  CHECK(shown["chance"] <= 1);
  shown.erase("chance");
  CHECK(shown == json({{"place", 3},
                       {"ahead", 2},
                       {"zones", json::array()},
                       {"categories", {"cat1", "floor"}},
                       {"quantity", 2},
                       {"together", true}}));
  CHECK(join(R"({"zones":["B"],"categories":[],"quantity":1})").json()["zones"] == json({"B"}));
  CHECK(join(R"({"zones":null,"categories":null,"quantity":1})").response.status == 201);
  const auto before = front.submissions;
  CHECK(join(R"({"zones":["B"],"categories":["vip"],"quantity":1})").json()["path"] ==
        "categories");
  CHECK(join(R"({"categories":["vip","vip"],"quantity":1})").response.status == 400);
  CHECK(join(R"({"categories":"vip","quantity":1})").json()["path"] == "categories");
  CHECK(join(R"({"categories":["vip"]})").json()["path"] == "quantity");
  CHECK(front.submissions == before);
  std::string many = R"({"quantity":1,"categories":["c0")";
  for (std::uint32_t n = 1; n <= frontrow::limits::waitlist_zones_max; ++n)
    many += ",\"c" + std::to_string(n) + "\"";
  CHECK(join(many + "]}").json()["path"] == "categories");
}

TEST_CASE("the chance grows with what comes free and shrinks with those ahead") {
  RoundStatus status;
  status.draw_at = small_round_start;
  const Instant now = after_start(seconds(3'600)), until = after_start(seconds(36'000));
  WaitlistView place{1, 0, {}, 2, false};
  const auto chance = [&] { return http::waitlist_chance(place, status, until, now); };
  CHECK(chance() < 0.05);
  status.seats.held = 400;
  status.counts.seats_held = 2'000;
  status.counts.seats_let_go = 500;
  status.waitlist_entries = 300;
  status.waitlist_seats = 600;
  // About 97 of the held seats come back.
  CHECK(chance() > 0.95);
  double before = 1;
  for (place.ahead = 0; place.ahead <= 100; place.ahead += 10) {
    CHECK(chance() <= before);
    before = chance();
  }
  CHECK(before < 0.05);
  status.counts.seats_given_back = 100;  // In one hour; nine more hours to come.
  CHECK(chance() > 0.95);
  CHECK(http::waitlist_chance(place, status, now, now) < 0.05);
  CHECK(json::parse(http::waitlist_chance_text(place, status, until, now)).is_number());
}

TEST_CASE("who lets holds run out again and again is told when to come back") {
  DirectFront front(
      [](What&) { return refused(Rejection::kHoldTooSoon, RetryView{microseconds(41'000'001)}); });
  for (const std::string body : {R"({"seats":["A-1-1"]})", R"({"zone":"A","quantity":2})"}) {
    const auto answered = front.ask("POST", "/api/v1/orders", body, front.as_fan(0));
    CHECK(answered.response.status == 429);
    CHECK(code_of(answered) == "hold-too-soon");
    CHECK(answered.json()["retry_after"] == 42);
    CHECK(answered.header("Retry-After") == "42");
  }
}

TEST_CASE("taken seats and companions alone are answered with what could be picked instead") {
  Rejection rejection = Rejection::kSeatsUnavailable;
  ConflictView conflict{{SeatIndex{0}}, {SeatIndex{2}, SeatIndex{3}}};
  DirectFront front([&](What&) { return refused(rejection, conflict); });
  const auto pick = [&] {
    return front.ask("POST", "/api/v1/orders", R"({"seats":["A-1-1","A-1-2"]})", front.as_fan(0));
  };
  auto answered = pick();
  CHECK(answered.response.status == 409);
  CHECK(code_of(answered) == "seats-unavailable");
  CHECK(answered.json()["seats"] == json({"A-1-1"}));
  CHECK(answered.json()["suggestions"] == json({"A-1-3", "A-1-4"}));
  rejection = Rejection::kCompanionAlone;
  answered = pick();
  CHECK(answered.response.status == 409);
  CHECK(code_of(answered) == "companion-alone");
  CHECK(answered.json()["seats"] == json({"A-1-1"}));
  CHECK(answered.json()["suggestions"] == json({"A-1-3", "A-1-4"}));
  conflict.suggestions.clear();
  CHECK_FALSE(pick().json().contains("suggestions"));
}

TEST_CASE("the venue tells of an aisle how many of its row's seats come before it") {
  SmallRound small;
  small.breaks_of_a = {3};  // The fourth seat is the last before the aisle.
  DirectFront front(accept_all, quiet_settings(), {}, small);
  const auto zones = front.ask("GET", "/api/v1/venue").json()["zones"];
  CHECK(zones[0]["rows"][0]["breaks"] == json({4}));
  CHECK_FALSE(zones[1]["rows"][0].contains("breaks"));
}

TEST_CASE("an order tells how near to one another its seats were found") {
  DirectFront front(accept_all);
  const auto shown = [&](Arrangement arrangement) {
    OrderView order = order_of(OrderId{1}, FanId{0}, {SeatIndex{0}});
    order.arrangement = arrangement;
    return json::parse(http::order_json(order, *front.world.round, front.world.published, "en"));
  };
  CHECK_FALSE(shown(Arrangement::kAsAsked).contains("arrangement"));
  CHECK(shown(Arrangement::kSideBySide)["arrangement"] == "side-by-side");
  CHECK(shown(Arrangement::kAdjacentRows)["arrangement"] == "adjacent-rows");
  CHECK(shown(Arrangement::kPairs)["arrangement"] == "pairs");
  CHECK(shown(Arrangement::kNearby)["arrangement"] == "nearby");
  CHECK(shown(Arrangement::kScattered)["arrangement"] == "scattered");
}

TEST_CASE("the venue and orders show the category and the price that a moved seat has") {
  DirectFront front([](What&) {
    return accepted(order_of(OrderId{1}, FanId{0}, {SeatIndex{0}, SeatIndex{1}}));
  });
  const auto before = front.ask("GET", "/api/v1/venue");
  const auto seat_of = [](const Answered& venue, std::size_t n) {
    return venue.json()["zones"][0]["rows"][0]["seats"][n];
  };
  CHECK_FALSE(seat_of(before, 0).contains("category"));
  front.world.published.write_category(SeatIndex{0}, CategoryIndex{1});
  const auto after =
      front.ask("GET", "/api/v1/venue", "", {{"If-None-Match", before.header("ETag")}});
  CHECK(after.response.status == 200);
  CHECK(after.header("ETag") != before.header("ETag"));
  CHECK(seat_of(after, 0)["category"] == "cat1");
  CHECK(seat_of(after, 0)["price"] == json({{"amount", 450'000}, {"currency", "THB"}}));
  CHECK_FALSE(seat_of(after, 1).contains("category"));
  const auto order = front.ask("GET", "/api/v1/orders/o1", "", front.as_fan(0)).json();
  CHECK(order["seats"][0]["price"]["amount"] == 450'000);
  CHECK(order["seats"][1]["price"]["amount"] == 680'000);
  // Moved back, the venue is the same document as before.
  front.world.published.write_category(SeatIndex{0}, CategoryIndex{0});
  CHECK(front.ask("GET", "/api/v1/venue", "", {{"If-None-Match", before.header("ETag")}})
            .response.status == 304);
}

TEST_CASE("the seats that a pass says its owner has elsewhere come with the join") {
  SmallRound small;
  small.identity_mode = IdentityMode::kPass;
  const http::PassVerifier verify = [](std::string_view pass,
                                       Instant) -> std::optional<http::PassIdentity> {
    if (pass != "good") return std::nullopt;
    return http::PassIdentity{bytes_of(9), 2, 3};
  };
  DirectFront front(accept_all, quiet_settings(), {}, small, verify);
  front.ask("POST", "/api/v1/queue", R"({"pass":"good"})");
  CHECK(front.last_command<JoinQueue>().subject == bytes_of(9));
  CHECK(front.last_command<JoinQueue>().seats_elsewhere == 3);
  CHECK(front.last_command<JoinQueue>().tier == 2);
  CHECK(code_of(front.ask("POST", "/api/v1/queue", R"({"pass":"bad"})")) == "pass-refused");
}
