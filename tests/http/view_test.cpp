#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "base/encoding.hpp"
#include "front_fixture.hpp"
#include "http/availability.hpp"
#include "http/bitmap.hpp"
#include "http/json_writer.hpp"
#include "http/order_json.hpp"
#include "http/queue_view.hpp"
#include "http/round_json.hpp"
#include "http/venue_json.hpp"
#include "http/zone_feed.hpp"

using namespace frontrow;
using namespace frontrow::http;
using namespace frontrow::test;
using nlohmann::json;

namespace {

/// The contract's words, bit by bit: the twin of the packing.
std::vector<std::uint8_t> naive_bitmap(const Plan& plan, ZoneIndex zone,
                                       const std::vector<std::uint64_t>& words) {
  const PlanZone& geometry = plan.zone(zone);
  std::vector<std::uint8_t> bytes((geometry.seat_count + 7) / 8, 0);
  for (std::uint32_t n = 0; n < geometry.seat_count; ++n) {
    const SeatIndex seat{geometry.first_seat.value + n};
    const std::uint64_t word = words[plan.word_of(seat) - geometry.first_word];
    if (word >> plan.bit_of(seat) & 1)
      bytes[n / 8] = static_cast<std::uint8_t>(bytes[n / 8] | 1U << n % 8);
  }
  return bytes;
}

}  // namespace

TEST_CASE("a bitmap has a bit a seat, without padding between rows") {
  const unsigned seed = 20'271;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (const std::uint32_t seats : {1U, 7U, 8U, 10U, 63U, 64U, 65U, 130U}) {
    SmallRound small;
    small.rows_of_a = 5;
    small.seats_in_row_of_a = seats;
    const auto plan = small.plan();
    std::vector<std::uint64_t> words(plan->zone(ZoneIndex{0}).word_count);
    for (auto& word : words) word = random();
    CAPTURE(seats);
    CHECK(pack_bitmap(*plan, ZoneIndex{0}, words) == naive_bitmap(*plan, ZoneIndex{0}, words));
  }
}

TEST_CASE("JSON text is escaped, and what is no UTF-8 is replaced") {
  std::string out;
  append_json_string(out, "a\"b\\c\n\x01\xc3\xa9\xff\xe0\x80z\x7f");
  CHECK(json::parse(out) == "a\"b\\c\n\x01\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\x7f");
}

TEST_CASE("a method whose gateway fails is told as unavailable until it is tried again") {
  PublishedRound world;
  const auto card = static_cast<std::size_t>(PaymentMethod::kCard);
  for (const auto& [health, works] :
       {std::pair(GatewayHealth::kGood, true), std::pair(GatewayHealth::kFailing, false),
        std::pair(GatewayHealth::kTrying, true)}) {
    world.status.gateway_health[card] = health;
    world.published.write_status(world.status);
    const auto payment = json::parse(
        round_json(*world.round, PaymentFacts{}, world.published, small_round_start))["payment"];
    CHECK(payment["methods"] == (works ? json({"card", "promptpay"}) : json({"promptpay"})));
    CHECK(payment["unavailable"] == (works ? json::array() : json({"card"})));
  }
}

TEST_CASE("GET /round has the contract's fields") {
  PublishedRound world;
  world.status.seats = {94, 90, 2, 1, 1};
  world.published.write_status(world.status);
  const auto round =
      json::parse(round_json(*world.round, PaymentFacts{}, world.published, small_round_start));
  for (const char* field :
       {"id", "title", "phase", "now", "lobby_opens_at", "draw_at", "closes_at", "starts_at",
        "time_zone", "currency", "max_seats_per_fan", "hold_seconds", "zones", "categories",
        "totals", "payment", "other_rounds"})
    CHECK(round.contains(field));
  CHECK(round["phase"] == "onsale");
  CHECK(round["now"] == "2027-01-15T08:00:00.000Z");
  CHECK(round["zones"].size() == 3);
  CHECK(round["zones"][0] == json({{"id", "A"},
                                   {"name", {{"en", "Zone A"}}},
                                   {"kind", "seated"},
                                   {"category", "vip"},
                                   {"price", {{"amount", 680000}, {"currency", "THB"}}},
                                   {"capacity", 40},
                                   {"free", 40}}));
  CHECK(round["zones"][2]["kind"] == "standing");
  CHECK(round["categories"][1]["free"] == 24);
  CHECK(round["totals"] == json({{"capacity", 94},
                                 {"free", 90},
                                 {"held", 2},
                                 {"sold", 1},
                                 {"blocked", 1},
                                 {"waiting", 0},
                                 {"shopping", 2}}));
  CHECK(round["payment"]["gateway"] == "sandbox");
  CHECK(round["payment"]["public_key"].is_null());
}

TEST_CASE("GET /venue lists zones, rows and seats in the order of the bitmap") {
  const PublishedRound world;
  const RoundDefinition& round = *world.round;
  const auto venue = json::parse(venue_json(round, world.published));
  CHECK(venue["capacity"] == round.plan->capacity());
  std::size_t index = 0;
  for (const auto& zone : venue["zones"])
    for (const auto& row : zone["rows"])
      for (const auto& seat : row["seats"])
        CHECK(seat["id"] == round.plan->seat(SeatIndex{static_cast<std::uint32_t>(index++)}).id);
  CHECK(index == round.plan->capacity());
  CHECK(venue["zones"][0]["rows"][0]["seats"][0]["x"].is_number());
  CHECK(venue["size"] == json({{"width", 40.0}, {"height", 60.0}}));
}

TEST_CASE("availability is made again only where something has changed") {
  PublishedRound world;
  Availability availability(world.published);
  const auto first = availability.text();
  CHECK(availability.text() == first);  // the very same text
  world.set_free(SeatIndex{0}, false);
  const auto second = availability.text();
  CHECK(second != first);
  const auto zones = json::parse(*second)["zones"];
  CHECK(zones[0]["free"] == 39);
  CHECK(zones[0]["version"] == world.sequence);
  CHECK((*from_base64(zones[0]["bitmap"].get<std::string>()))[0] == 0xfe);
  CHECK(zones[1] == json::parse(*first)["zones"][1]);
}

TEST_CASE("the queue view of every state") {
  RoundStatus status;
  status.drawn = true;
  status.fans_by_state[static_cast<std::size_t>(FanState::kLobby)] = 3;
  status.fans_by_state[static_cast<std::size_t>(FanState::kWaiting)] = 10;
  FanView fan;
  fan.deadline = {small_round_start.microseconds};
  Standing standing;
  const auto view = [&] {
    return json::parse(queue_json(make_queue_view(fan, standing, status, small_round_start)));
  };
  fan.state = FanState::kLobby;
  auto seen = view();
  CHECK(seen["state"] == "lobby");
  CHECK(seen["waiting"] == 13);
  for (const char* field : {"rank", "ahead", "eta_seconds", "eta_low_seconds", "eta_high_seconds",
                            "chance", "enter_until", "shop_until"}) {
    CAPTURE(field);
    REQUIRE(seen.contains(field));
    CHECK(seen[field].is_null());
  }
  CHECK(seen["entry"] == std::string(32, '0'));
  CHECK(seen["second_chance"] == false);
  CHECK(seen["next_update_seconds"] == 1);
  fan.state = FanState::kWaiting;
  fan.slot = LineSlot{12};
  fan.rank = 7;
  standing.ahead = 5;
  standing.wait = WaitRange{60, 40, 90};
  standing.chance = share(R"({"vip":0.35})");
  seen = view();
  CHECK(seen["rank"] == 7);
  CHECK(seen["ahead"] == 5);
  CHECK(seen["eta_seconds"] == 60);
  CHECK(seen["eta_low_seconds"] == 40);
  CHECK(seen["eta_high_seconds"] == 90);
  CHECK(seen["chance"] == json({{"vip", 0.35}}));
  CHECK(seen["second_chance"] == false);
  fan.missed_once = true;
  CHECK(view()["second_chance"] == true);
  fan.state = FanState::kCalled;
  seen = view();
  CHECK(seen["second_chance"] == false);
  CHECK(seen["ahead"] == 0);
  CHECK(seen["eta_seconds"] == 0);
  CHECK(seen["eta_high_seconds"] == 0);
  CHECK(seen["chance"].is_null());
  CHECK(seen["enter_until"] == "2027-01-15T08:00:00.000Z");
  CHECK(seen["shop_until"].is_null());
  fan.state = FanState::kShopping;
  CHECK(view()["shop_until"] == "2027-01-15T08:00:00.000Z");
  fan.banned = true;
  CHECK(view()["state"] == "banned");
  CHECK(view()["shop_until"].is_null());
}

TEST_CASE("a deadline moves with the pause") {
  RoundStatus status;
  status.paused_at = after_start(seconds(10));
  FanView fan;
  fan.state = FanState::kCalled;
  fan.deadline = {after_start(seconds(60)).microseconds};
  const auto view = make_queue_view(fan, {}, status, after_start(seconds(40)));
  CHECK(*view.enter_until == after_start(seconds(90)));
}

TEST_CASE("a reader is told what changed, and not that an estimate moved by little") {
  QueueView told;
  told.fan_state = FanState::kWaiting;
  told.ahead = 4'000;
  told.wait = WaitRange{600, 400, 900};
  told.chance = share("{}");
  const auto same = [&](const auto& change) {
    QueueView now = told;
    now.chance = share(std::string(*told.chance));
    change(now);
    return same_to_a_reader(told, now);
  };
  CHECK(same([](QueueView&) {}));
  CHECK(same([](QueueView& now) { now.wait = WaitRange{560, 380, 960}; }));
  CHECK(same([](QueueView& now) { now.next_update_seconds = 9; }));
  CHECK_FALSE(same([](QueueView& now) { now.wait = WaitRange{520, 400, 900}; }));
  CHECK_FALSE(same([](QueueView& now) { now.wait = WaitRange{600, 300, 900}; }));
  CHECK_FALSE(same([](QueueView& now) { now.wait.reset(); }));
  CHECK_FALSE(same([](QueueView& now) { now.ahead = 3'999; }));
  CHECK_FALSE(same([](QueueView& now) { now.chance = share(R"({"vip":1})"); }));
  CHECK_FALSE(same([](QueueView& now) { now.chance = nullptr; }));
  CHECK_FALSE(same([](QueueView& now) { now.second_chance = true; }));
  CHECK_FALSE(same([](QueueView& now) { now.fan_state = FanState::kCalled; }));
}

TEST_CASE("an order shows its seats, money and payment") {
  const PublishedRound world;
  const auto shown = [&](const OrderView& one) {
    return json::parse(order_json(one, *world.round, world.published, "en"));
  };
  OrderView order = order_of(OrderId{4711}, FanId{2}, {SeatIndex{0}, SeatIndex{41}});
  auto seen = shown(order);
  CHECK(seen["id"] == "o4711");
  CHECK(seen["state"] == "held");
  CHECK(seen["payment"].is_null());
  CHECK(seen["held_until"] == "2027-01-15T08:05:00.000Z");
  CHECK(seen["seats"][1]["zone"] == "B");
  CHECK(seen["seats"][1]["row"] == "B-1");
  CHECK(seen["seats"][1]["price"]["amount"] == 450'000);
  CHECK_FALSE(seen.contains("arrangement"));
  CHECK_FALSE(seen.contains("fan"));
  order.payment = {PaymentState::kAction, PaymentMethod::kPromptPay, PaymentFailure::kNone, 1,
                   R"({"type":"redirect","url":"https://x.example"})"};
  seen = shown(order);
  CHECK(seen["payment"]["state"] == "action");
  CHECK(seen["payment"]["next_action"]["type"] == "redirect");
  order.payment = {PaymentState::kFailed, PaymentMethod::kCard, PaymentFailure::kDeclined, 1, ""};
  seen = shown(order);
  const std::string message = seen["payment"]["message"];
  CHECK(message.find("declined") != std::string::npos);
  CHECK(seen["payment"] == json({{"method", "card"},
                                 {"state", "failed"},
                                 {"failure_code", "declined"},
                                 {"message", message},
                                 {"next_action", nullptr}}));
  CHECK(json::parse(order_json(order, *world.round, world.published, "th"))["payment"]["message"] !=
        message);
}

TEST_CASE("a zone's changes build on the version before, and a gap is a snapshot") {
  PublishedRound world;
  ZoneFeed feed(ZoneIndex{0});
  feed.restart(world.published);
  const Sequence start = feed.version();
  CHECK_FALSE(feed.refresh(world.published));
  world.set_free(SeatIndex{3}, false);
  world.set_free(SeatIndex{11}, false);
  REQUIRE(feed.refresh(world.published));
  const auto change = json::parse(*feed.change_from(start));
  CHECK(change ==
        json({{"type", "availability"},
              {"zone", "A"},
              {"version", world.sequence},
              {"previous", start},
              {"changes",
               {{{"seat", "A-1-4"}, {"free", false}}, {{"seat", "A-2-2"}, {"free", false}}}}}));
  CHECK(feed.change_from(start + 1) == nullptr);
  const auto snapshot = json::parse(*feed.snapshot(*world.round->plan));
  CHECK(snapshot["type"] == "snapshot");
  CHECK(snapshot["free"] == 38);
  CHECK(snapshot["version"] == world.sequence);
}

TEST_CASE("changes that cancel each other out are left out, and the version moves later") {
  PublishedRound world;
  ZoneFeed feed(ZoneIndex{0});
  feed.restart(world.published);
  const Sequence start = feed.version();
  world.set_free(SeatIndex{3}, false);
  world.set_free(SeatIndex{3}, true);
  CHECK_FALSE(feed.refresh(world.published));
  CHECK(feed.version() == start);
  world.set_free(SeatIndex{4}, false);
  REQUIRE(feed.refresh(world.published));
  CHECK(json::parse(*feed.change_from(start))["previous"] == start);
  CHECK(feed.version() == world.sequence);
}
