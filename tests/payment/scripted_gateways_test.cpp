// What the sandbox does not do: a gateway that takes back what it said, word by word.
#include <algorithm>
#include <catch2/catch.hpp>
#include <mutex>

#include "outbound/scripted_server.hpp"
#include "payment/adapter_world.hpp"

namespace frontrow::payment {
namespace {

using test::Peer;
using test::ScriptedServer;

const std::string reference = "r-1-o7-1";
const std::string intent =
    R"({"id":"pi_1","object":"payment_intent","amount":450000,"amount_received":450000,)"
    R"("currency":"thb","status":"succeeded","metadata":{"reference":"r-1-o7-1"}})";

/// Keeps each request's first line and Idempotency-Key, and answers as it is told.
struct Script {
  std::function<std::string(const std::string& line, std::size_t number)> answer;
  std::mutex mutex;
  std::vector<std::string> lines, keys;

  void operator()(Peer& peer) {
    while (const auto request = peer.request()) {
      const std::string line = request->substr(0, request->find(" HTTP/"));
      std::string bytes;
      {
        const std::lock_guard guard(mutex);
        lines.push_back(line);
        const auto at = request->find("Idempotency-Key: ");
        keys.push_back(at == std::string::npos
                           ? std::string()
                           : request->substr(at + 17, request->find('\r', at) - at - 17));
        bytes = answer(line, lines.size());
      }
      if (bytes.empty() || !peer.write(bytes)) return;
    }
  }
  std::size_t count(const std::string& line) {
    const std::lock_guard guard(mutex);
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
  }
};

std::string url_of(const ScriptedServer& server) {
  return "http://127.0.0.1:" + std::to_string(server.port());
}
std::string refund(const std::string& status) {
  return test::answer(R"({"id":"re_1","object":"refund","amount":450000,"status":")" + status +
                      R"("})");
}

}  // namespace

TEST_CASE("a charge of Omise's that may have arrived is never sent again") {
  Script script;
  script.answer = [](const std::string& line, std::size_t) {
    if (line.starts_with("POST")) return std::string();  // taken, and nothing said
    return test::answer(R"({"object":"list","data":[],"offset":0,"limit":100,"total":0})");
  };
  ScriptedServer server([&](Peer& peer) { script(peer); });
  AdapterWorld world("omise", url_of(server));
  for (int n = 0; n < 6; ++n) {
    CHECK(world.create(AdapterWorld::request(reference)).state == ChargeState::kUnreachable);
  }
  CHECK(script.count("POST /charges") == 1);
  CHECK(world.cancel(reference).state == ChargeState::kNotFound);
  CHECK(script.count("POST /charges") == 1);
}

TEST_CASE("a charge that Omise turned away unread is sent again") {
  Script script;
  script.answer = [](const std::string&, std::size_t number) {
    if (number < 3) return std::string("HTTP/1.1 429 Slow\r\nContent-Length: 2\r\n\r\n{}");
    return test::answer(R"({"id":"chrg_1","object":"charge","status":"successful","amount":450000,)"
                        R"("currency":"THB","metadata":{"reference":"r-1-o7-1"}})");
  };
  ScriptedServer server([&](Peer& peer) { script(peer); });
  AdapterWorld world("omise", url_of(server));
  CHECK(world.create(AdapterWorld::request(reference)).state == ChargeState::kUnreachable);
  CHECK(world.create(AdapterWorld::request(reference)).state == ChargeState::kUnreachable);
  CHECK(world.create(AdapterWorld::request(reference)).state == ChargeState::kCaptured);
  CHECK(script.count("POST /charges") == 3);
}

TEST_CASE("each step at Stripe has the charge's own key, the same at each repeat") {
  Script script;
  script.answer = [](const std::string& line, std::size_t) {
    if (line.ends_with("/confirm")) return std::string();
    return test::answer(intent);
  };
  ScriptedServer server([&](Peer& peer) { script(peer); });
  AdapterWorld world("stripe", url_of(server));
  CHECK(world.create(AdapterWorld::request(reference)).state == ChargeState::kUnreachable);
  world.restart();
  CHECK(world.create(AdapterWorld::request(reference)).state == ChargeState::kUnreachable);
  const std::lock_guard guard(script.mutex);
  for (std::size_t n = 0; n < script.lines.size(); ++n) {
    CAPTURE(script.lines[n]);
    CHECK(script.keys[n] ==
          (script.lines[n].ends_with("/confirm") ? reference + "-confirm" : reference));
  }
  CHECK(script.lines.size() >= 4);
}

TEST_CASE("a refund at Stripe that is pending is made when it is, and one that failed is new") {
  Script script;
  std::string stands = "pending";
  script.answer = [&](const std::string& line, std::size_t) {
    if (line == "POST /v1/refunds") return refund("pending");  // as it was kept for the key
    if (line.starts_with("GET /v1/refunds/")) return refund(stands);
    return test::answer(intent);
  };
  ScriptedServer server([&](Peer& peer) { script(peer); });
  AdapterWorld world("stripe", url_of(server));
  CHECK(world.create(AdapterWorld::request(reference)).state == ChargeState::kCaptured);
  const auto set = [&](const char* status) {
    const std::lock_guard guard(script.mutex);
    stands = status;
  };
  const auto last_key = [&] {
    const std::lock_guard guard(script.mutex);
    for (std::size_t n = script.lines.size(); n-- > 0;)
      if (script.lines[n] == "POST /v1/refunds") return script.keys[n];
    return std::string();
  };
  CHECK(world.refund(reference).state == ChargeState::kPending);
  set("failed");
  CHECK(world.refund(reference).state == ChargeState::kFailed);
  CHECK(last_key() == reference + "-refund");
  set("succeeded");
  CHECK(world.refund(reference).state == ChargeState::kCaptured);
  CHECK(last_key() == reference + "-refund-1");
}

TEST_CASE("a refund that Stripe has made already is made") {
  Script script;
  script.answer = [](const std::string& line, std::size_t) {
    const std::string body =
        R"({"error":{"type":"invalid_request_error","code":"charge_already_refunded"}})";
    if (line == "POST /v1/refunds")
      return "HTTP/1.1 400 Bad\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
             body;
    return test::answer(intent);
  };
  ScriptedServer server([&](Peer& peer) { script(peer); });
  AdapterWorld world("stripe", url_of(server));
  world.create(AdapterWorld::request(reference));
  CHECK(world.refund(reference).state == ChargeState::kCaptured);
}

TEST_CASE("an event of Omise's that names another charge is not taken for this one") {
  Script script;
  script.answer = [](const std::string& line, std::size_t) {
    if (line.starts_with("GET /events/"))
      return test::answer(
          R"({"id":"evnt_1","object":"event","data":{"object":"charge","id":"chrg_2"}})");
    return test::answer(R"({"id":"chrg_2","object":"charge","status":"successful","amount":450000,)"
                        R"("currency":"THB","metadata":{"reference":"r-1-o8-1"}})");
  };
  ScriptedServer server([&](Peer& peer) { script(peer); });
  AdapterWorld world("omise", url_of(server));
  CHECK(world.confirm("evnt_1", reference).state == ChargeState::kUnreachable);
  CHECK(world.confirm("evnt_1", "r-1-o8-1").state == ChargeState::kCaptured);
}

}  // namespace frontrow::payment
