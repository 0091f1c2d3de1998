// The server with its sockets: what clients send that are broken, slow or hostile, and TLS.
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <optional>
#include <thread>

#include "guard/self_signed.hpp"
#include "outbound/http_client.hpp"
#include "sandbox/listener.hpp"
#include "sandbox/sandbox_server.hpp"
#include "sandbox/socket.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::sandbox::test {
namespace {

SandboxSettings settings_with(const std::filesystem::path& book = {}) {
  SandboxSettings settings;
  settings.secret = "server-test";
  settings.book = book;
  settings.faults.capture_delay = {};
  return settings;
}

std::string request(const std::string& method, const std::string& target,
                    const std::string& body = {}) {
  return method + " " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer server-test\r\n" +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string charge(const std::string& reference) {
  return request("POST", "/sandbox/v1/charges",
                 R"({"reference":")" + reference +
                     R"(","amount":1,"currency":"THB","method":"card","token":"tok_ok"})");
}

struct Running {
  explicit Running(SandboxSettings settings) : server(std::move(settings), {}) {
    const auto problem = server.start();
    INFO(problem.value_or(""));
    REQUIRE_FALSE(problem);
  }
  SandboxServer server;
};

/// A listener with a short patience, on a thread of its own; it answers every request with "ok".
class ShortListener {
 public:
  explicit ShortListener(Duration header_time)
      : listener_(context_, {"127.0.0.1:0", {}, {}, header_time},
                  [this](Request, const Respond& respond) {
                    ++requests;
                    Answer answer;
                    answer.body = "ok";
                    respond(std::move(answer));
                  }) {
    REQUIRE_FALSE(listener_.start());
    thread_ = std::thread([this] { context_.run(); });
  }
  ~ShortListener() {
    context_.stop();
    thread_.join();
  }
  std::string url() const { return listener_.url(); }
  std::atomic<int> requests{0};

 private:
  boost::asio::io_context context_;
  Listener listener_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("one connection carries one request after another, also sent at once") {
  Running running(settings_with());
  Socket socket(running.server.url());
  REQUIRE(socket.send(charge("r-1") + charge("r-1") + request("GET", "/sandbox/v1/charges/r-1")));
  CHECK_THAT(socket.answer(), Catch::StartsWith("HTTP/1.1 201"));
  CHECK_THAT(socket.answer(), Catch::StartsWith("HTTP/1.1 200"));
  CHECK_THAT(socket.answer(), Catch::Contains("\"captured\""));
}

TEST_CASE("a body of 10 MB is refused, and the server goes on") {
  Running running(settings_with());
  {
    Socket socket(running.server.url());
    socket.send(
        "POST /sandbox/v1/charges HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer server-test\r\n"
        "Content-Length: 10485760\r\n\r\n");
    const std::string part(1'048'576, 'x');
    for (int n = 0; n < 10; ++n)
      if (!socket.send(part)) break;
    CHECK_THAT(socket.answer(), Catch::StartsWith("HTTP/1.1 413"));
  }
  {
    Socket socket(running.server.url());
    socket.send(
        "POST /sandbox/v1/charges HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string part = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
    for (int n = 0; n < 3; ++n)
      if (!socket.send(part)) break;
    CHECK_THAT(socket.answer(), Catch::StartsWith("HTTP/1.1 413"));
  }
  Socket socket(running.server.url());
  REQUIRE(socket.send(charge("r-1")));
  CHECK_THAT(socket.answer(), Catch::StartsWith("HTTP/1.1 201"));
}

TEST_CASE("what is not HTTP, or more header than there may be, is refused and ended") {
  Running running(settings_with());
  const std::pair<std::string, const char*> cases[] = {
      {"hello\r\n\r\n", "HTTP/1.1 400"},
      {"GET  / HTTP/9.9\r\n\r\n", "HTTP/1.1 400"},
      {"GET sandbox HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400"},
      {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400"},
      {"GET /a/b/c/d/e/f/g/h/i HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400"},
      {"GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", "HTTP/1.1 431"},
      {"POST /sandbox/v1/charges HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
       "HTTP/1.1 400"},
      {"POST /sandbox/v1/charges HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       "HTTP/1.1 400"},
  };
  for (const auto& [bytes, begin] : cases) {
    CAPTURE(bytes.substr(0, 60));
    Socket socket(running.server.url());
    socket.send(bytes);
    CHECK_THAT(socket.answer(), Catch::StartsWith(begin));
    CHECK(socket.ended());
  }
}

TEST_CASE("a header that comes byte by byte is given up, a whole one is not") {
  ShortListener listener(milliseconds(200));
  Socket slow(listener.url());
  REQUIRE(slow.send("GET / HT"));
  CHECK(slow.ended());
  CHECK(listener.requests == 0);
  Socket whole(listener.url());
  REQUIRE(whole.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK_THAT(whole.answer(), Catch::EndsWith("ok"));
  CHECK(listener.requests == 1);
}

TEST_CASE("a client that goes away in the middle of a request harms nobody") {
  Running running(settings_with());
  for (const std::size_t length : {1U, 20U, 120U}) {
    Socket socket(running.server.url());
    socket.send(charge("r-1").substr(0, length));
  }
  Socket socket(running.server.url());
  REQUIRE(socket.send(request("GET", "/sandbox/v1/charges/r-1")));
  CHECK_THAT(socket.answer(), Catch::StartsWith("HTTP/1.1 404"));
}

TEST_CASE("a dropped answer is a connection that ends without a byte") {
  SandboxSettings settings = settings_with();
  settings.faults.dropped_answer_rate = 1;
  Running running(settings);
  Socket socket(running.server.url());
  REQUIRE(socket.send(charge("r-1")));
  CHECK(socket.answer().empty());
  Socket other(running.server.url());
  REQUIRE(other.send(request("GET", "/sandbox/v1/charges/r-1")));
  CHECK_THAT(other.answer(), Catch::Contains("captured"));
}

TEST_CASE("a server stops and starts again on its book, also twice") {
  const TemporaryDirectory directory;
  Running running(settings_with(directory.path() / "sandbox.book"));
  for (int n = 0; n < 3; ++n) {
    Socket socket(running.server.url());
    REQUIRE(socket.send(charge("r-1")));
    CHECK_THAT(socket.answer(), Catch::StartsWith(n == 0 ? "HTTP/1.1 201" : "HTTP/1.1 200"));
    running.server.stop();
    CHECK(socket.ended());
    REQUIRE_FALSE(running.server.start());
  }
}

TEST_CASE("what cannot be served is said in one line") {
  const TemporaryDirectory directory;
  Running running(settings_with());
  const auto problem_with = [](const auto& change) {
    SandboxSettings settings = settings_with();
    change(settings);
    return SandboxServer(settings, {}).start().value_or("");
  };
  CHECK_THAT(
      problem_with([&](auto& settings) { settings.listen = running.server.url().substr(7); }),
      Catch::Contains("cannot listen on"));
  CHECK_THAT(problem_with([](auto& settings) { settings.listen = "nowhere"; }),
             Catch::Contains("HOST:PORT"));
  CHECK_THAT(problem_with([](auto& settings) { settings.secret.clear(); }),
             Catch::Contains("secret"));
  CHECK_THAT(problem_with([&](auto& settings) { settings.book = directory.path(); }),
             Catch::Contains(directory.path().string()));
  CHECK_THAT(problem_with([](auto& settings) { settings.tls_key = "x"; }),
             Catch::Contains("certificate"));
  CHECK_THAT(
      problem_with([](auto& settings) { settings.tls_certificate = settings.tls_key = "x"; }),
      Catch::Contains("not a usable certificate"));
  CHECK_THAT(problem_with([](auto& settings) { settings.notify_authorities = "/nowhere/x.pem"; }),
             Catch::Contains("/nowhere/x.pem"));
  CHECK_THAT(problem_with([](auto& settings) { settings.faults.decline_rate = 1.5; }),
             Catch::Contains("decline_rate"));
  CHECK_THAT(problem_with([](auto& settings) {
               settings.notice_dialect = NoticeDialect::kOmise;
               settings.notice_secret = "not base64!";
             }),
             Catch::Contains("base64"));
}

TEST_CASE("over TLS the certificate that it was given is verified") {
  const TemporaryDirectory directory;
  const Instant now{std::chrono::duration_cast<std::chrono::microseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count()};
  const auto files = guard::ensure_self_signed(directory.path(), {}, now);
  REQUIRE(files.value);
  SandboxSettings settings = settings_with();
  settings.tls_certificate = files.value->certificate;
  settings.tls_key = files.value->key;
  Running running(settings);
  REQUIRE_THAT(running.server.url(), Catch::StartsWith("https://127.0.0.1:"));

  const auto ask = [&](const std::filesystem::path& authorities) {
    boost::asio::io_context context;
    outbound::HttpClientSettings client_settings;
    client_settings.authorities = authorities;
    outbound::HttpClient client(context, client_settings);
    std::optional<outbound::OutboundOutcome> told;
    outbound::OutboundRequest wanted;
    wanted.url = running.server.url() + "/sandbox/v1/charges";
    wanted.headers = {{"Authorization", "Bearer server-test"}};
    client.send(std::move(wanted), [&](outbound::OutboundOutcome outcome) {
      told = std::move(outcome);
      context.stop();
    });
    context.run_for(std::chrono::seconds(20));
    return told.value_or(outbound::OutboundOutcome{});
  };
  const auto good = ask(files.value->certificate);
  CHECK(good.good());
  CHECK(good.response.body == R"({"charges":[],"next":null})");
  CHECK(ask({}).error == outbound::OutboundError::kTls);
}

}  // namespace frontrow::sandbox::test
