#include <set>

#include "base/encoding.hpp"
#include "served_front.hpp"

using namespace frontrow;
using namespace frontrow::test;
using nlohmann::json;

namespace {

json hello(const std::string& token = {}) {
  json message = {{"type", "hello"}};
  if (!token.empty()) message["token"] = token;
  return message;
}

}  // namespace

TEST_CASE("hello is answered with the place and the round, watch with snapshots") {
  const bool tls = GENERATE(false, true);
  ServedFront served(tls, accept_all);
  SocketClient client(served.port, tls);
  REQUIRE(client.upgrade());
  client.say(hello(served.token(0)));
  const auto queue = client.receive_message("queue");
  REQUIRE(queue);
  CHECK((*queue)["queue"]["state"] == "shopping");
  const auto round = client.receive_message("round");
  REQUIRE(round);
  CHECK((*round)["round"]["totals"]["capacity"] == 84);
  CHECK((*round)["round"]["phase"] == "onsale");
  client.say({{"type", "watch"}, {"zones", {"A", "S"}}});
  const auto first = client.receive_message("snapshot");
  REQUIRE(first);
  CHECK((*first)["zone"] == "A");
  CHECK((*first)["free"] == 40);
  CHECK((*client.receive_message("snapshot"))["zone"] == "S");
}

TEST_CASE("changes build on one another and lead to what is free") {
  ServedFront served(false, accept_all);
  SocketClient client(served.port, false);
  REQUIRE(client.upgrade());
  client.say(hello());
  client.say({{"type", "watch"}, {"zones", {"A"}}});
  const auto snapshot = client.receive_message("snapshot");
  REQUIRE(snapshot);
  auto version = (*snapshot)["version"].get<Sequence>();
  std::set<std::string> taken;
  for (std::uint32_t n = 0; n < 10; ++n) served.world.set_free(SeatIndex{n}, false);
  while (taken.size() < 10) {
    const auto message = client.receive_message("availability");
    REQUIRE(message);
    CHECK((*message)["previous"] == version);
    version = (*message)["version"].get<Sequence>();
    for (const auto& change : (*message)["changes"]) {
      CHECK(change["free"] == false);
      CHECK(taken.insert(change["seat"].get<std::string>()).second);
    }
  }
  CHECK(version == served.world.sequence);
}

TEST_CASE("orders are told to the fan's sockets, notices to all") {
  ServedFront served(false, accept_all);
  SocketClient fan(served.port, false), other(served.port, false), spectator(served.port, false);
  for (SocketClient* client : {&fan, &other, &spectator}) REQUIRE(client->upgrade());
  fan.say(hello(served.token(0)));
  other.say(hello(served.token(1)));
  spectator.say(hello());
  for (SocketClient* client : {&fan, &other, &spectator}) REQUIRE(client->receive_message("round"));
  served.sequencer.tell(
      OrderChanged{order_of(OrderId{5}, FanId{0}, {SeatIndex{2}}, OrderState::kPaid)});
  served.sequencer.tell(NoticePosted{{{"en", "Doors open at six."}}});
  const auto order = fan.receive_message("order");
  REQUIRE(order);
  CHECK((*order)["order"]["id"] == "o5");
  CHECK((*order)["order"]["state"] == "paid");
  for (SocketClient* client : {&other, &spectator}) {
    const auto frame = client->receive_message("notice");
    REQUIRE(frame);
    CHECK((*frame)["notice"]["text"]["en"] == "Doors open at six.");
  }
}

TEST_CASE("the turn is told when the fan is called") {
  ServedFront served(false, accept_all);
  served.world.set_fan(FanId{0}, FanState::kWaiting);
  SocketClient client(served.port, false);
  REQUIRE(client.upgrade());
  client.say(hello(served.token(0)));
  CHECK((*client.receive_message("queue"))["queue"]["state"] == "waiting");
  served.world.set_fan(FanId{0}, FanState::kCalled);
  const auto called = client.receive_message("queue");
  REQUIRE(called);
  CHECK((*called)["queue"]["state"] == "called");
  CHECK((*called)["queue"]["enter_until"].is_string());
}

TEST_CASE("wrong messages get an error and the socket stays") {
  ServedFront served(false, accept_all);
  SocketClient client(served.port, false);
  REQUIRE(client.upgrade());
  const auto refused_as = [&](const std::string& text) {
    client.send_frame(1, text);
    const auto message = client.receive_message("error");
    REQUIRE(message);
    return (*message)["problem"]["code"].get<std::string>();
  };
  CHECK(refused_as(R"({"type":"watch","zones":["A"]})") == "invalid-request");  // before hello
  for (const std::string& wrong :
       {std::string("not json"), std::string(""), std::string("[]"), std::string("{}"),
        std::string(R"({"type":"dance"})"), std::string(R"({"type":5})"),
        std::string(R"({"type":"hello","token":5})"), std::string(3'000, '{'),
        std::string(R"({"type":"hello","more":1})")}) {
    INFO(wrong.substr(0, 40));
    CHECK(refused_as(wrong) == "invalid-request");
  }
  CHECK(refused_as(R"({"type":"hello","token":"nonsense"})") == "unauthenticated");
  CHECK(refused_as(R"({"type":"watch","zones":["A","nowhere"]})") == "unknown-zone");
  CHECK(refused_as(R"({"type":"watch","zones":"A"})") == "invalid-request");
  client.say(hello(served.token(1)));
  CHECK(client.receive_message("queue"));
}

TEST_CASE("too many messages are told so") {
  ServedFront served(false, accept_all);
  SocketClient client(served.port, false);
  REQUIRE(client.upgrade());
  for (int n = 0; n < 200; ++n) client.say(hello());
  const auto message = client.receive_message("error");
  REQUIRE(message);
  CHECK((*message)["problem"]["code"] == "rate-limited");
}

TEST_CASE("a broken protocol closes with its code, and others go on") {
  const bool tls = GENERATE(false, true);
  ServedFront served(tls, accept_all);
  struct Row {
    int opcode;
    std::string payload;
    int code;
  };
  const Row rows[] = {
      {2, "binary", 1003},
      {1, std::string(70'000, ' '), 1009},
      {1, "\xff\xfe", 1007},
      {3, "reserved", 1002},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    SocketClient client(served.port, tls);
    REQUIRE(client.upgrade());
    client.send_frame(row.opcode, row.payload);
    CHECK(client.receive_close() == row.code);
  }
  SocketClient sound(served.port, tls);
  REQUIRE(sound.upgrade());
  sound.say(hello());
  CHECK(sound.receive_message("round"));
  sound.send_frame(9, "are you there");
  std::optional<SocketClient::Frame> frame;
  while ((frame = sound.receive_frame()) && frame->opcode != 10) {
  }
  REQUIRE(frame);
  CHECK(frame->payload == "are you there");
  sound.send_frame(8, std::string("\x03\xe8", 2));
  CHECK(sound.receive_close() == 1000);
}

TEST_CASE("pages of other hosts cannot open a live socket, and a plain GET is told to upgrade") {
  ServedFront served(false, accept_all);
  CHECK(SocketClient(served.port, false).upgrade("Origin: https://round.example\r\n"));
  CHECK_FALSE(SocketClient(served.port, false).upgrade("Origin: https://evil.example\r\n"));
  SocketClient client(served.port, false);
  const auto answer = client.ask("GET /api/v1/live HTTP/1.1\r\nHost: round.example\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 426);
}

TEST_CASE("one who is not heard any more is closed with 1013") {
  auto settings = quiet_settings();
  settings.live = {
      .look_milliseconds = 100, .ping_after_seconds = 1, .silent_seconds = 2, .unread_seconds = 60};
  ServedFront served(false, accept_all, settings);
  SocketClient client(served.port, false);
  REQUIRE(client.upgrade());
  client.say(hello());
  bool pinged = false;
  std::optional<SocketClient::Frame> frame;
  while ((frame = client.receive_frame()) && frame->opcode != 8) pinged |= frame->opcode == 9;
  REQUIRE(frame);
  CHECK(pinged);
  CHECK(frame->close_code() == 1013);
}

TEST_CASE("one who reads nothing is closed with 1013 and slows nobody") {
  auto settings = quiet_settings();
  settings.live = {.look_milliseconds = 100,
                   .ping_after_seconds = 60,
                   .silent_seconds = 120,
                   .unread_seconds = 1};
  ServedFront served(false, accept_all, settings);
  SocketClient slow(served.port, false, 4'096), quick(served.port, false);
  REQUIRE(slow.upgrade());
  REQUIRE(quick.upgrade());
  slow.say(hello());
  quick.say(hello());
  REQUIRE(slow.receive_message("round"));
  REQUIRE(quick.receive_message("round"));
  // More than the system keeps for a connection; the one who reads gets every word of it.
  const std::string words(16'000, 'w');
  for (int n = 0; n < 600; ++n) {
    served.sequencer.tell(NoticePosted{{{"en", std::to_string(n) + words}}});
    const auto notice = quick.receive_message("notice");
    REQUIRE(notice);
    REQUIRE((*notice)["notice"]["text"]["en"] == std::to_string(n) + words);
  }
  // It is given up while it still does not read; what was under way and the close frame wait for
  // it.
  SocketClient operators(served.port, false);
  int live = 2;
  for (int looks = 0; live == 2 && looks < 100'000; ++looks) {
    const auto status = operators.ask(
        "GET /admin/v1/status HTTP/1.1\r\nHost: round.example\r\nAuthorization: Bearer " +
        operator_secret + "\r\n\r\n");
    REQUIRE(status);
    live = status->json()["connections"]["live"].get<int>();
  }
  CHECK(live == 1);
  CHECK(slow.receive_close() == 1013);
}
