#include "served_front.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

const std::string host = "Host: round.example\r\n";

std::string get(const std::string& path, const std::string& headers = {}) {
  return "GET " + path + " HTTP/1.1\r\n" + host + headers + "\r\n";
}
std::string post(const std::string& path, const std::string& body,
                 const std::string& headers = {}) {
  return "POST " + path + " HTTP/1.1\r\n" + host + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
const std::string one_seat = R"({"seats":["A-1-1"]})";

}  // namespace

TEST_CASE("a connection serves one request after another, plain and over TLS") {
  const bool tls = GENERATE(false, true);
  CAPTURE(tls);
  ServedFront served(tls, accept_all);
  SocketClient client(served.port, tls);
  REQUIRE(client.connected());
  const auto round = client.ask(get("/api/v1/round"));
  REQUIRE(round);
  CHECK(round->status == 200);
  CHECK(round->json()["totals"]["free"] == 84);
  CHECK(round->headers.at("x-content-type-options") == "nosniff");
  CHECK(round->headers.at("cache-control") == "no-store");
  CHECK(round->headers.at("server") == "frontrow");
  CHECK(round->headers.contains("content-security-policy"));
  CHECK(round->headers.contains("strict-transport-security") == tls);
  const auto order = client.ask(post("/api/v1/orders", one_seat, served.authorization(0)));
  REQUIRE(order);
  CHECK(order->status == 201);
  CHECK(order->json()["id"] == "o3");
  const auto released =
      client.ask("DELETE /api/v1/orders/o3 HTTP/1.1\r\n" + host + served.authorization(0) + "\r\n");
  REQUIRE(released);
  CHECK(released->status == 204);
  CHECK_FALSE(released->headers.contains("content-length"));
  const auto venue = client.ask(get("/api/v1/venue"));
  REQUIRE(venue);
  CHECK(venue->json()["capacity"] == 84);
}

TEST_CASE("requests that come together are answered in their order") {
  const bool tls = GENERATE(false, true);
  ServedFront served(tls, accept_all);
  SocketClient client(served.port, tls);
  std::string all;
  for (int n = 0; n < 20; ++n)
    all += n % 2 == 0 ? post("/api/v1/orders", one_seat, served.authorization(0)) : get("/livez");
  client.send(all);
  for (int n = 0; n < 20; ++n) {
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->status == (n % 2 == 0 ? 201 : 200));
  }
}

TEST_CASE("HEAD answers as GET does, without the body") {
  ServedFront served(false, accept_all);
  SocketClient client(served.port, false);
  const auto head = client.ask("HEAD /livez HTTP/1.1\r\n" + host + "\r\n", true);
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->headers.at("content-length") == "3");
  CHECK(client.ask(get("/livez"))->body == "ok\n");
}

TEST_CASE("a path with other methods says which") {
  ServedFront served(false, accept_all);
  SocketClient client(served.port, false);
  const auto answer = client.ask("PATCH /api/v1/orders HTTP/1.1\r\n" + host + "\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 405);
  CHECK(answer->headers.at("allow") == "POST, GET, HEAD");
  CHECK(client.ask(get("/livez"))->status == 200);
}

TEST_CASE("bodies that are too long are 413, after what is wrong before them") {
  const bool tls = GENERATE(false, true);
  ServedFront served(tls, accept_all);
  const std::string large(70'000, ' ');
  {
    SocketClient client(served.port, tls);
    const auto answer = client.ask(post("/api/v1/orders", large, served.authorization(0)));
    REQUIRE(answer);
    CHECK(answer->status == 413);
    CHECK(answer->json()["code"] == "body-too-large");
    CHECK(answer->headers.at("connection") == "close");
    client.finish_sending();
    CHECK(client.ended());
  }
  {
    SocketClient client(served.port, tls);
    CHECK(client.ask(post("/api/v1/orders", large))->status == 401);
  }
  {
    // Without a length the end is found on the way.
    SocketClient client(served.port, tls);
    client.send("POST /api/v1/orders HTTP/1.1\r\n" + host + served.authorization(0) +
                "Transfer-Encoding: chunked\r\n\r\n");
    for (int n = 0; n < 8; ++n) client.send("2710\r\n" + std::string(10'000, ' ') + "\r\n");
    CHECK(client.receive()->status == 413);
  }
  SocketClient client(served.port, tls);
  const auto answer =
      client.ask("POST /api/v1/orders HTTP/1.1\r\n" + host + served.authorization(0) +
                 "Transfer-Encoding: chunked\r\n\r\n13\r\n" + one_seat + "\r\n0\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 201);
}

TEST_CASE("headers that are too long or malformed are 400, and the connection ends") {
  const bool tls = GENERATE(false, true);
  ServedFront served(tls, accept_all);
  const std::string requests[] = {
      get("/livez", "X-Long: " + std::string(20'000, 'x') + "\r\n"),
      "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
      "GET /livez HTTP/1.1\r\n\r\n",
      "nonsense\r\n\r\n",
      "GET /livez HTTP/9.9\r\n" + host + "\r\n",
      "GET /livez HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
      "POST /livez HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
  };
  for (const std::string& request : requests) {
    INFO(request.substr(0, 60));
    SocketClient client(served.port, tls);
    const auto answer = client.ask(request);
    REQUIRE(answer);
    CHECK(answer->status == 400);
    CHECK(answer->json()["code"] == "invalid-request");
    client.finish_sending();
    CHECK(client.ended());
  }
  std::string many;
  for (int n = 0; n < 150; ++n) many += "X-" + std::to_string(n) + ": y\r\n";
  SocketClient client(served.port, tls);
  CHECK(client.ask(get("/livez", many))->status == 400);
  SocketClient sound(served.port, tls);
  CHECK(sound.ask(get("/livez"))->status == 200);
}

TEST_CASE("requests that end in the middle harm nobody") {
  const bool tls = GENERATE(false, true);
  ServedFront served(tls, accept_all);
  const std::string whole = post("/api/v1/orders", one_seat, served.authorization(0));
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    SocketClient client(served.port, tls);
    client.send(whole.substr(0, length));
    client.finish_sending();
    CHECK_FALSE(client.receive());
  }
  CHECK(served.sequencer.submissions() == 0);
  SocketClient client(served.port, tls);
  CHECK(client.ask(whole)->status == 201);
}

TEST_CASE("a connection stays open or closes as the client asks") {
  ServedFront served(false, accept_all);
  SocketClient one(served.port, false);
  const auto closed = one.ask(get("/livez", "Connection: close\r\n"));
  CHECK(closed->headers.at("connection") == "close");
  CHECK(one.ended());
  SocketClient old(served.port, false);
  CHECK(old.ask("GET /livez HTTP/1.0\r\n\r\n")->status == 200);
  CHECK(old.ended());
  SocketClient waiting(served.port, false);
  waiting.send("POST /api/v1/orders HTTP/1.1\r\n" + host + served.authorization(0) +
               "Expect: 100-continue\r\nContent-Length: 19\r\n\r\n");
  CHECK(waiting.receive(true)->status == 100);
  CHECK(waiting.ask(one_seat)->status == 201);
}

TEST_CASE("stopping answers what is in flight and takes nothing new") {
  const bool tls = GENERATE(false, true);
  ServedFront served(tls, accept_all);
  SocketClient idle(served.port, tls);
  CHECK(idle.ask(get("/livez"))->status == 200);
  SocketClient live(served.port, tls);
  REQUIRE(live.upgrade());
  served.sequencer.hold(true);
  SocketClient busy(served.port, tls);
  // The answer to what came before says that the front has read what follows.
  busy.send(get("/livez") + post("/api/v1/orders", one_seat, served.authorization(0)));
  CHECK(busy.receive()->status == 200);
  while (served.channel.waiting_submissions() == 0) std::this_thread::yield();
  std::thread stopper([&] { served.server->stop(); });
  CHECK(idle.ended());
  CHECK(live.receive_close() == 1001);
  live.send_frame(8, std::string("\x03\xe9", 2));
  live.finish_sending();
  served.sequencer.hold(false);
  const auto answer = busy.receive();
  REQUIRE(answer);
  CHECK(answer->status == 201);
  CHECK(answer->headers.at("connection") == "close");
  busy.finish_sending();
  stopper.join();
  CHECK_FALSE(SocketClient(served.port, tls).connected());
}

TEST_CASE("a port that is taken is said in one line") {
  ServedFront served(false, accept_all);
  auto settings = quiet_settings();
  settings.listen = "127.0.0.1:" + std::to_string(served.port);
  Channel channel(16, Subscription{.fans = true, .payments = false});
  http::Server second(settings, served.services.handed_over(), served.world.round,
                      served.world.published, {&channel});
  const auto failed = second.start();
  REQUIRE(failed);
  CHECK(failed->find("cannot listen on 127.0.0.1:") == 0);
}
