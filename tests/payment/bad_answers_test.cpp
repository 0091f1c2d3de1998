// What no gateway should say: nothing of it may be taken for an outcome.
#include <catch2/catch.hpp>

#include "guard/self_signed.hpp"
#include "outbound/scripted_server.hpp"
#include "payment/adapter_world.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::payment {
namespace {

using test::Peer;
using test::ScriptedServer;

std::string with_status(const std::string& status, const std::string& body,
                        const std::string& more = {}) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more + "\r\n" + body;
}

/// Says the same to whatever is asked.
ScriptedServer::Script always(const std::string& bytes) {
  return [bytes](Peer& peer) {
    while (peer.request())
      if (!peer.write(bytes)) return;
  };
}

struct Bad {
  const char* what;
  ScriptedServer::Script script;
};
std::vector<Bad> bad_servers() {
  const std::string half = R"({"id":"x","object":"payment_intent","status":"succ)";
  return {
      {"no JSON", always(test::answer("<html>It works!</html>"))},
      {"half a JSON", always(test::answer(half))},
      {"half an answer",
       [half](Peer& peer) {
         if (peer.request()) peer.write("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + half);
       }},
      {"nothing", always(test::answer(""))},
      {"a list", always(test::answer("[]"))},
      {"null", always(test::answer("null"))},
      {"an empty object", always(test::answer("{}"))},
      {"wrong types",
       always(test::answer(R"({"id":7,"object":"charge","status":["successful"],"state":1,)"
                           R"("amount":"450000","reference":{},"data":{},"metadata":[]})"))},
      {"a fraction of money",
       always(test::answer(R"({"id":"chrg_1","object":"charge","status":"successful",)"
                           R"("state":"captured","amount":4500.5,"currency":"THB",)"
                           R"("reference":"r-1-o1-1","metadata":{"reference":"r-1-o1-1"}})"))},
      {"money beyond every number",
       always(test::answer(R"({"id":"chrg_1","object":"charge","status":"successful",)"
                           R"("state":"captured","amount":99999999999999999999,"currency":"THB",)"
                           R"("reference":"r-1-o1-1","metadata":{"reference":"r-1-o1-1"}})"))},
      {"success with an error inside",
       always(test::answer(R"({"error":{"type":"api_error"},"id":"pi_1","status":"succeeded"})"))},
      {"success that is an error object",
       always(test::answer(R"({"object":"error","code":"internal_error"})"))},
      {"someone else's charge",
       always(test::answer(R"({"id":"x_1","object":"payment_intent","status":"succeeded",)"
                           R"("state":"captured","amount":450000,"amount_received":450000,)"
                           R"("currency":"thb","reference":"r-1-o2-1",)"
                           R"("metadata":{"reference":"r-1-o2-1"}})"))},
      {"a redirection",
       always(with_status("302 Found", "{}", "Location: https://127.0.0.1:1/elsewhere\r\n"))},
      {"an error of its own", always(with_status("500 Oops", R"({"error":{}})"))},
      {"too many requests", always(with_status("429 Slow", R"({"error":{"code":"rate"}})"))},
      {"an unknown caller", always(with_status("401 Who", R"({"error":{"code":"key"}})"))},
      {"a refusal that is no JSON", always(with_status("400 Bad", "nope"))},
      {"no HTTP", always("SSH-2.0-OpenSSH\r\n\r\n")},
      {"ten megabytes",
       [](Peer& peer) {
         const std::string part(65'536, ' ');
         while (peer.request()) {
           if (!peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n")) return;
           for (int n = 0; n < 160; ++n)
             if (!peer.write(part)) return;
         }
       }},
      {"silence", [](Peer& peer) { peer.wait_for_end(); }},
      {"slow bytes",
       [](Peer& peer) {
         if (peer.request() && peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"))
           peer.wait_for_end();
       }},
      {"a closed door", [](Peer&) {}},
  };
}

}  // namespace

TEST_CASE("whatever a broken gateway says, nothing is known and nobody is told otherwise") {
  for (Bad& bad : bad_servers()) {
    for (const char* gateway : {"sandbox", "stripe", "omise"}) {
      CAPTURE(bad.what, gateway);
      ScriptedServer server(bad.script);
      AdapterWorld world(gateway, "http://127.0.0.1:" + std::to_string(server.port()),
                         milliseconds(300));
      CHECK(world.create(AdapterWorld::request("r-1-o1-1")).state == ChargeState::kUnreachable);
      CHECK(world.create(AdapterWorld::request("r-1-o1-1")).state == ChargeState::kUnreachable);
      CHECK(world.look_up("r-1-o1-1").state == ChargeState::kUnreachable);
      CHECK(world.cancel("r-1-o1-1").state == ChargeState::kUnreachable);
      CHECK(world.refund("r-1-o1-1").state == ChargeState::kUnreachable);
      CHECK(world.confirm("evt_1", "r-1-o1-1").state == ChargeState::kUnreachable);
      CHECK_FALSE(world.page("").good);
      for (const auto& line : world.log) {
        CHECK(line.find("tok_") == std::string::npos);
        CHECK(line.find(AdapterWorld::secret) == std::string::npos);
      }
    }
  }
}

TEST_CASE("nobody there, or not to be trusted: the charge was surely not sent") {
  const TemporaryDirectory directory;
  const auto made = guard::ensure_self_signed(directory.path(), {}, Instant{1'764'000'000'000'000});
  REQUIRE(made);
  const test::ServerCertificate files{made.value->certificate, made.value->key};
  int requests = 0;
  ScriptedServer server(
      [&](Peer& peer) {
        while (peer.request()) ++requests;
      },
      files);
  const std::string port = std::to_string(server.port());
  for (const char* gateway : {"stripe", "omise"}) {
    CAPTURE(gateway);
    SECTION(std::string(gateway) + ": a certificate that nobody vouches for") {
      AdapterWorld world(gateway, "https://127.0.0.1:" + port, seconds(5));
      CHECK(world.create(AdapterWorld::request("r-1-o1-1")).state == ChargeState::kUnreachable);
    }
    SECTION(std::string(gateway) + ": the certificate of another host") {
      AdapterWorld world(gateway, "https://127.0.0.2:" + port, seconds(5), false,
                         files.certificate);
      CHECK(world.create(AdapterWorld::request("r-1-o1-1")).state == ChargeState::kUnreachable);
    }
    SECTION(std::string(gateway) + ": a port that nobody listens at") {
      AdapterWorld world(gateway, "http://127.0.0.1:1", seconds(5));
      CHECK(world.create(AdapterWorld::request("r-1-o1-1")).state == ChargeState::kUnreachable);
    }
  }
  CHECK(requests == 0);
}

TEST_CASE("an unknown status is an alarm in the log and no outcome") {
  struct Row {
    const char* gateway;
    const char* body;
  };
  const Row row = GENERATE(values<Row>({
      {"omise", R"({"id":"chrg_1","object":"charge","status":"teleported","amount":450000,)"
                R"("currency":"THB","metadata":{"reference":"r-1-o1-1"}})"},
      {"stripe", R"({"id":"pi_1","object":"payment_intent","status":"teleported",)"
                 R"("amount":450000,"currency":"thb","metadata":{"reference":"r-1-o1-1"}})"},
  }));
  ScriptedServer server(always(test::answer(row.body)));
  AdapterWorld world(row.gateway, "http://127.0.0.1:" + std::to_string(server.port()));
  CHECK(world.create(AdapterWorld::request("r-1-o1-1")).state == ChargeState::kUnreachable);
  REQUIRE_FALSE(world.log.empty());
  CHECK(world.log.back().find("ALARM") != std::string::npos);
  CHECK(world.log.back().find("teleported") != std::string::npos);
}

TEST_CASE("a charge of another currency is not taken for ours") {
  struct Row {
    const char* gateway;
    const char* body;
  };
  const Row row = GENERATE(values<Row>({
      {"omise", R"({"id":"chrg_1","object":"charge","status":"successful","amount":450000,)"
                R"("currency":"JPY","metadata":{"reference":"r-1-o1-1"}})"},
      {"stripe", R"({"id":"pi_1","object":"payment_intent","status":"succeeded",)"
                 R"("amount":450000,"amount_received":450000,"currency":"jpy",)"
                 R"("metadata":{"reference":"r-1-o1-1"}})"},
  }));
  ScriptedServer server(always(test::answer(row.body)));
  AdapterWorld world(row.gateway, "http://127.0.0.1:" + std::to_string(server.port()));
  CHECK(world.create(AdapterWorld::request("r-1-o1-1")).state == ChargeState::kUnreachable);
}

}  // namespace frontrow::payment
