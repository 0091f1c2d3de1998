#include "outbound/http_client.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "guard/self_signed.hpp"
#include "outbound/scripted_server.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::outbound {
namespace {

using test::answer;
using test::Peer;
using test::ScriptedServer;
using test::ServerCertificate;

/// No test waits longer; reaching it is a failure.
constexpr auto patience = std::chrono::seconds(20);

Instant wall_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

/// Client and loop of one test, driven by hand.
class Caller {
 public:
  explicit Caller(HttpClientSettings settings = {})
      : client_(std::make_unique<HttpClient>(context_, std::move(settings))) {}

  HttpClient& client() { return *client_; }
  void destroy_client() { client_.reset(); }
  boost::asio::io_context& context() { return context_; }

  template <class Condition>
  bool run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      context_.restart();
      context_.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  OutboundOutcome call(OutboundRequest request) {
    std::optional<OutboundOutcome> outcome;
    client().send(std::move(request), [&](OutboundOutcome got) {
      REQUIRE_FALSE(outcome);
      outcome = std::move(got);
    });
    CHECK_FALSE(outcome);  // never from within send
    REQUIRE(run_until([&] { return outcome.has_value(); }));
    return *outcome;
  }
  OutboundOutcome get(const std::string& url) {
    OutboundRequest request;
    request.url = url;
    return call(std::move(request));
  }

 private:
  boost::asio::io_context context_{1};
  std::unique_ptr<HttpClient> client_;
};

std::string plain_url(const ScriptedServer& server, const std::string& path = "/") {
  return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

/// Answers every request with its own first line.
void echo(Peer& peer) {
  while (const auto request = peer.request())
    if (!peer.write(answer(request->substr(0, request->find("\r\n"))))) return;
}

class Certificates {
 public:
  Certificates() {
    const auto made = guard::ensure_self_signed(directory_.path(), {}, wall_now());
    REQUIRE(made);
    files_ = {made.value->certificate, made.value->key};
  }
  const ServerCertificate& files() const { return files_; }
  HttpClientSettings trusted() const {
    HttpClientSettings settings;
    settings.authorities = files_.certificate;
    return settings;
  }

 private:
  TemporaryDirectory directory_;
  ServerCertificate files_;
};

}  // namespace

TEST_CASE("a request goes out as it was asked for and its answer comes back whole") {
  std::mutex mutex;
  std::string seen;
  ScriptedServer server([&](Peer& peer) {
    while (const auto request = peer.request()) {
      {
        const std::lock_guard guard(mutex);
        seen = *request;
      }
      peer.write(answer("hello", "X-Kind: greeting\r\n"));
    }
  });
  Caller caller;
  OutboundRequest request;
  request.method = "POST";
  request.url = plain_url(server, "/a?b=c");
  request.headers = {{"Idempotency-Key", "k-1"}, {"Content-Type", "application/json"}};
  request.body = "{}";
  const auto outcome = caller.call(std::move(request));
  CHECK(outcome.good());
  CHECK(outcome.sent);
  CHECK(outcome.response.status == 200);
  CHECK(outcome.response.body == "hello");
  CHECK(outcome.response.header("x-kind") == "greeting");
  CHECK(outcome.response.header("x-other").empty());
  const std::lock_guard guard(mutex);
  CHECK(seen.starts_with("POST /a?b=c HTTP/1.1\r\n"));
  CHECK(seen.find("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n") !=
        std::string::npos);
  CHECK(seen.find("\r\nIdempotency-Key: k-1\r\n") != std::string::npos);
  CHECK(seen.ends_with("\r\n\r\n{}"));
}

TEST_CASE("over TLS the certificate, the name and the address are checked") {
  const Certificates good, other;
  std::mutex mutex;
  std::string server_name = "none";
  ScriptedServer server(
      [&](Peer& peer) {
        {
          const std::lock_guard guard(mutex);
          server_name = peer.server_name();
        }
        echo(peer);
      },
      good.files());
  const auto url = [&](const std::string& host) {
    return "https://" + host + ":" + std::to_string(server.port()) + "/";
  };
  SECTION("good by name, which is told to the server") {
    Caller caller(good.trusted());
    const auto outcome = caller.get(url("localhost"));
    INFO(outcome.detail);
    CHECK(outcome.good());
    CHECK(outcome.response.body == "GET / HTTP/1.1");
    const std::lock_guard guard(mutex);
    CHECK(server_name == "localhost");
  }
  SECTION("good by address") {
    Caller caller(good.trusted());
    CHECK(caller.get(url("127.0.0.1")).good());
  }
  SECTION("an address that the certificate does not name") {
    Caller caller(good.trusted());
    const auto outcome = caller.get(url("127.0.0.2"));
    CHECK(outcome.error == OutboundError::kTls);
    CHECK(outcome.detail.find("mismatch") != std::string::npos);
    CHECK_FALSE(outcome.sent);
  }
  SECTION("a certificate of somebody else") {
    Caller caller(other.trusted());
    const auto outcome = caller.get(url("localhost"));
    CHECK(outcome.error == OutboundError::kTls);
    CHECK_FALSE(outcome.sent);
  }
  SECTION("the system's authorities do not know it") {
    Caller caller;
    CHECK(caller.get(url("localhost")).error == OutboundError::kTls);
  }
  SECTION("plain HTTP where TLS is expected") {
    ScriptedServer plain([](Peer& peer) { peer.write(answer("x")); });
    Caller caller(good.trusted());
    CHECK(caller.get("https://localhost:" + std::to_string(plain.port()) + "/").error ==
          OutboundError::kTls);
  }
}

TEST_CASE("authorities that cannot be read are said at once") {
  HttpClientSettings settings;
  settings.authorities = "/nonexistent/authorities.pem";
  boost::asio::io_context context;
  CHECK_THROWS_AS(HttpClient(context, settings), std::runtime_error);
}

TEST_CASE("requests one after another share a connection, over TLS too") {
  const bool tls = GENERATE(false, true);
  CAPTURE(tls);
  const Certificates certificates;
  ScriptedServer server(echo, tls ? std::optional(certificates.files()) : std::nullopt);
  Caller caller(certificates.trusted());
  for (int n = 0; n < 20; ++n) {
    const auto outcome = caller.get((tls ? "https" : "http") + std::string("://localhost:") +
                                    std::to_string(server.port()) + "/" + std::to_string(n));
    INFO(outcome.detail);
    REQUIRE(outcome.good());
    CHECK(outcome.response.body == "GET /" + std::to_string(n) + " HTTP/1.1");
  }
  CHECK(server.connections() == 1);
  CHECK(caller.client().counts().connections == 1);
}

TEST_CASE("many requests at once go over no more connections than the bound") {
  ScriptedServer server(echo);
  HttpClientSettings settings;
  settings.connections_per_host_max = 8;
  Caller caller(settings);
  constexpr int count = 2'000;
  int good = 0, ended = 0;
  for (int n = 0; n < count; ++n) {
    OutboundRequest request;
    request.url = plain_url(server, "/" + std::to_string(n));
    caller.client().send(std::move(request), [&, n](OutboundOutcome outcome) {
      ++ended;
      if (outcome.good() && outcome.response.body == "GET /" + std::to_string(n) + " HTTP/1.1")
        ++good;
    });
  }
  CHECK(caller.client().counts().requests == count);
  REQUIRE(caller.run_until([&] { return ended == count; }));
  CHECK(good == count);
  CHECK(server.connections() <= 8);
  CHECK(caller.client().counts().requests == 0);
}

TEST_CASE("more requests than the bound are refused at once, the others go on") {
  ScriptedServer server(echo);
  HttpClientSettings settings;
  settings.requests_max = 3;
  Caller caller(settings);
  std::vector<OutboundError> errors;
  for (int n = 0; n < 5; ++n) {
    OutboundRequest request;
    request.url = plain_url(server);
    caller.client().send(std::move(request),
                         [&](const OutboundOutcome& got) { errors.push_back(got.error); });
  }
  REQUIRE(caller.run_until([&] { return errors.size() == 5; }));
  CHECK(std::count(errors.begin(), errors.end(), OutboundError::kBusy) == 2);
  CHECK(std::count(errors.begin(), errors.end(), OutboundError::kNone) == 3);
}

TEST_CASE("an answer that does not come in time ends the request, waiting ones too") {
  ScriptedServer server([](Peer& peer) { peer.wait_for_end(); });
  HttpClientSettings settings;
  settings.connections_per_host_max = 1;
  Caller caller(settings);
  std::vector<OutboundOutcome> outcomes;
  for (int n = 0; n < 3; ++n) {
    OutboundRequest request;
    request.url = plain_url(server);
    request.deadline = milliseconds(100);
    caller.client().send(std::move(request),
                         [&](OutboundOutcome got) { outcomes.push_back(std::move(got)); });
  }
  REQUIRE(caller.run_until([&] { return outcomes.size() == 3; }));
  for (const auto& outcome : outcomes) CHECK(outcome.error == OutboundError::kTimeout);
  CHECK(outcomes[0].sent);
  CHECK(caller.client().counts().connections == 0);
}

TEST_CASE("a deadline that has passed already is a timeout, not a hang") {
  ScriptedServer server(echo);
  Caller caller;
  OutboundRequest request;
  request.url = plain_url(server);
  request.deadline = Duration{-5};
  CHECK(caller.call(std::move(request)).error == OutboundError::kTimeout);
}

TEST_CASE("what comes back is judged by its kind") {
  struct Row {
    const char* what;
    std::string bytes;
    OutboundError error;
    bool kept;
  };
  const std::string large(5'000, 'x');
  const Row rows[] = {
      {"a good answer", answer("x"), OutboundError::kNone, true},
      {"no content", "HTTP/1.1 204 No Content\r\n\r\n", OutboundError::kNone, true},
      {"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
       OutboundError::kNone, true},
      {"a body up to the end", "HTTP/1.1 200 OK\r\n\r\nx", OutboundError::kNone, false},
      {"the last answer", answer("x", "Connection: close\r\n"), OutboundError::kNone, false},
      {"an interim answer first", "HTTP/1.1 103 Early Hints\r\n\r\n" + answer("x"),
       OutboundError::kNone, true},
      {"a refusal", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", OutboundError::kStatus,
       true},
      {"another place", "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
       OutboundError::kStatus, true},
      {"an upgrade", "HTTP/1.1 101 Switching Protocols\r\n\r\n", OutboundError::kMalformed, false},
      {"interim answers without end",
       [] {
         std::string many;
         for (int n = 0; n < 20; ++n) many += "HTTP/1.1 102 Processing\r\n\r\n";
         return many;
       }(),
       OutboundError::kMalformed, false},
      {"a body that is announced too large", answer(large), OutboundError::kTooLarge, false},
      {"a body that grows too large", "HTTP/1.1 200 OK\r\n\r\n" + large, OutboundError::kTooLarge,
       false},
      {"chunks that grow too large",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + large + "\r\n0\r\n\r\n",
       OutboundError::kTooLarge, false},
      {"a head that is too large", "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
       OutboundError::kTooLarge, false},
      {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", OutboundError::kMalformed, false},
      {"a broken field", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", OutboundError::kMalformed, false},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
       OutboundError::kMalformed, false},
      {"a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
       OutboundError::kMalformed, false},
      {"a broken chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       OutboundError::kMalformed, false},
      {"nothing at all", "", OutboundError::kClosed, false},
      {"half a head", "HTTP/1.1 200 OK\r\nContent-", OutboundError::kClosed, false},
      {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", OutboundError::kClosed,
       false},
      {"more than was asked for", answer("x") + answer("y"), OutboundError::kNone, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    ScriptedServer server([&](Peer& peer) {
      if (!peer.request()) return;
      peer.write(row.bytes);
      if (row.kept) peer.wait_for_end();
    });
    Caller caller;
    OutboundRequest request;
    request.url = plain_url(server);
    request.response_body_bytes_max = 1'000;
    const auto outcome = caller.call(std::move(request));
    CAPTURE(outcome.detail);
    CHECK(outcome.error == row.error);
    CHECK(outcome.sent);
    if (outcome.good() && outcome.response.status == 200) CHECK(outcome.response.body == "x");
    if (row.error == OutboundError::kStatus) CHECK(outcome.response.status >= 300);
    CHECK((caller.client().counts().connections == 1) == row.kept);
  }
}

TEST_CASE("over TLS an answer cut off by anyone on the way is not taken for its end") {
  const Certificates certificates;
  ScriptedServer server(
      [](Peer& peer) {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\n\r\npay 10");  // closed without TLS's own goodbye
      },
      certificates.files());
  Caller caller(certificates.trusted());
  const auto outcome = caller.get("https://localhost:" + std::to_string(server.port()) + "/");
  CHECK(outcome.error == OutboundError::kClosed);
}

TEST_CASE("nobody listens, no such name, no such address") {
  std::uint16_t port = 0;
  { port = ScriptedServer(echo).port(); }
  Caller caller;
  const auto refused = caller.get("http://127.0.0.1:" + std::to_string(port) + "/");
  CHECK(refused.error == OutboundError::kConnect);
  CHECK_FALSE(refused.sent);
  CHECK(caller.get("https://no-such-name.invalid/").error == OutboundError::kResolve);
  CHECK(caller.get("not an address").error == OutboundError::kUnusable);
  CHECK(caller.client().counts().connections == 0);
}

TEST_CASE("plain HTTP goes to loopback addresses alone") {
  Caller caller;
  const auto outcome = caller.get("http://192.0.2.1/");
  CHECK(outcome.error == OutboundError::kUnusable);
  CHECK_FALSE(outcome.sent);
}

TEST_CASE("what would break the request's head is not sent") {
  ScriptedServer server(echo);
  Caller caller;
  const auto with = [&](const std::function<void(OutboundRequest&)>& change) {
    OutboundRequest request;
    request.url = plain_url(server);
    change(request);
    return caller.call(std::move(request)).error;
  };
  CHECK(with([](OutboundRequest&) {}) == OutboundError::kNone);
  CHECK(with([](OutboundRequest& r) {
          r.headers = {{"X", "a\r\nY: b"}};
        }) == OutboundError::kUnusable);
  CHECK(with([](OutboundRequest& r) { r.headers = {{"X Y", "a"}}; }) == OutboundError::kUnusable);
  CHECK(with([](OutboundRequest& r) { r.headers = {{"host", "a"}}; }) == OutboundError::kUnusable);
  CHECK(with([](OutboundRequest& r) {
          r.headers = {{"Content-Length", "0"}};
        }) == OutboundError::kUnusable);
  CHECK(with([](OutboundRequest& r) { r.method = "GET / HTTP/1.1\r\nX:"; }) ==
        OutboundError::kUnusable);
  CHECK(with([](OutboundRequest& r) { r.body.assign(request_body_bytes_max + 1, 'x'); }) ==
        OutboundError::kUnusable);
}

TEST_CASE("a kept connection that the other side has closed is not noticed by who asks") {
  // The server closes after each answer without having said so.
  ScriptedServer server([](Peer& peer) {
    if (peer.request()) peer.write(answer("x"));
  });
  Caller caller;
  for (int n = 0; n < 10; ++n) {
    const auto outcome = caller.get(plain_url(server));
    INFO(outcome.detail);
    CHECK(outcome.good());
  }
  CHECK(server.connections() == 10);
}

TEST_CASE("a connection closed under a request is tried once more, unless it must not be") {
  // The first connection answers once and closes on the second request, unanswered.
  std::atomic<int> requests{0};
  const bool repeatable = GENERATE(true, false);
  ScriptedServer server([&](Peer& peer) {
    while (peer.request()) {
      ++requests;
      if (peer.number == 1 && requests == 2) return;
      peer.write(answer("x"));
    }
  });
  Caller caller;
  REQUIRE(caller.get(plain_url(server)).good());
  OutboundRequest request;
  request.method = "POST";
  request.url = plain_url(server);
  request.repeatable = repeatable;
  const auto outcome = caller.call(std::move(request));
  CHECK(outcome.error == (repeatable ? OutboundError::kNone : OutboundError::kClosed));
  CHECK(outcome.sent);
  CHECK(requests == (repeatable ? 3 : 2));
}

TEST_CASE("a connection that says what nobody asked for is not used again") {
  std::mutex mutex;
  std::condition_variable spoken;
  bool has_spoken = false;
  ScriptedServer server([&](Peer& peer) {
    if (!peer.request()) return;
    peer.write(answer("first"));
    if (peer.number == 1) {
      peer.write(answer("smuggled"));
      const std::lock_guard guard(mutex);
      has_spoken = true;
      spoken.notify_all();
    }
    peer.wait_for_end();
  });
  Caller caller;
  REQUIRE(caller.get(plain_url(server)).good());
  {
    std::unique_lock lock(mutex);
    REQUIRE(spoken.wait_for(lock, patience, [&] { return has_spoken; }));
  }
  const auto second = caller.get(plain_url(server));
  CHECK(second.response.body == "first");
  CHECK(server.connections() == 2);
}

TEST_CASE("connections that nobody uses are closed") {
  ScriptedServer server(echo);
  HttpClientSettings settings;
  settings.idle_kept = milliseconds(10);
  Caller caller(settings);
  REQUIRE(caller.get(plain_url(server)).good());
  CHECK(caller.run_until([&] { return caller.client().counts().connections == 0; }));
}

TEST_CASE("a client that is gone calls nobody and lets its loop end") {
  ScriptedServer server([](Peer& peer) { peer.wait_for_end(); });
  Caller caller;
  int called = 0;
  for (int n = 0; n < 50; ++n) {
    OutboundRequest request;
    request.url = plain_url(server);
    caller.client().send(std::move(request), [&](OutboundOutcome) { ++called; });
  }
  REQUIRE(caller.run_until([&] { return server.connections() > 10; }));
  caller.destroy_client();
  caller.context().restart();
  caller.context().run_for(patience);
  CHECK(caller.context().stopped());
  CHECK(called == 0);
}

TEST_CASE("a client may be destroyed at any turn of its loop") {
  ScriptedServer server(echo);
  for (int turns = 0; turns < 40; ++turns) {
    CAPTURE(turns);
    Caller caller;
    int called = 0;
    for (int n = 0; n < 3; ++n) {
      OutboundRequest request;
      request.method = "POST";
      request.url = plain_url(server);
      request.headers = {{"X-One", std::string(100, 'x')}, {"X-Two", std::string(100, 'y')}};
      request.body = std::string(1'000, 'z');
      caller.client().send(std::move(request), [&](OutboundOutcome) { ++called; });
    }
    for (int n = 0; n < turns; ++n) caller.context().run_one_for(std::chrono::milliseconds(20));
    const int before = called;
    caller.destroy_client();
    caller.context().restart();
    caller.context().run_for(patience);
    CHECK(caller.context().stopped());
    CHECK(called == before);
  }
}

TEST_CASE("a callback may destroy the client") {
  ScriptedServer server(echo);
  const bool good = GENERATE(true, false);
  Caller caller;
  int called = 0;
  for (int n = 0; n < 5; ++n) {
    OutboundRequest request;
    request.url = good ? plain_url(server) : "https://no-such-name.invalid/";
    caller.client().send(std::move(request), [&](OutboundOutcome) {
      ++called;
      caller.destroy_client();
    });
  }
  REQUIRE(caller.run_until([&] { return called == 1; }));
  caller.context().restart();
  caller.context().run_for(patience);
  CHECK(called == 1);
}

TEST_CASE("an answer to HEAD has no body, whatever length it names") {
  ScriptedServer server([](Peer& peer) {
    while (const auto request = peer.request()) {
      if (request->starts_with("HEAD"))
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
      else
        peer.write(answer("x"));
    }
  });
  Caller caller;
  OutboundRequest request;
  request.method = "HEAD";
  request.url = plain_url(server);
  const auto outcome = caller.call(std::move(request));
  CHECK(outcome.good());
  CHECK(outcome.response.body.empty());
  CHECK(caller.get(plain_url(server)).response.body == "x");
  CHECK(server.connections() == 1);
}

TEST_CASE("every error has words of its own") {
  std::vector<std::string_view> words;
  for (std::size_t n = 0; n < outbound_error_count; ++n)
    words.push_back(describe(static_cast<OutboundError>(n)));
  std::sort(words.begin(), words.end());
  CHECK(std::adjacent_find(words.begin(), words.end()) == words.end());
}

}  // namespace frontrow::outbound
