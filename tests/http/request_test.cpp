#include <catch2/catch.hpp>
#include <set>

#include "http/card_number.hpp"
#include "http/fixed_document.hpp"
#include "http/idempotency.hpp"
#include "http/listen_address.hpp"
#include "http/origin.hpp"
#include "http/request.hpp"
#include "http/router.hpp"

using namespace frontrow::http;

TEST_CASE("targets are taken apart, or are none") {
  const auto target = parse_target("/admin/v1/orders?seat=A%2d1&state=held&empty");
  REQUIRE(target);
  CHECK(target->segments.size() == 3);
  CHECK(target->parameter("seat") == "A-1");
  CHECK(target->parameter("state") == "held");
  CHECK(target->parameter("empty") == "");
  CHECK_FALSE(target->parameter("fan"));
  for (const char* bad : {"", "x", "*", "http://host/", "/%", "/%4", "/%zz", "/%00", "/%ff",
                          "/1/2/3/4/5/6/7/8/9", "/?a=%g1"}) {
    INFO(bad);
    CHECK_FALSE(parse_target(bad));
  }
}

TEST_CASE("the router finds the call, its id, or which methods the path has") {
  const auto find = [](Method method, const char* path, Surface surface = Surface::kEverything) {
    static std::optional<Target> target;
    target = parse_target(path);
    REQUIRE(target);
    return find_route(all_routes(), method, *target, surface);
  };
  CHECK(find(Method::kGet, "/").route != nullptr);
  CHECK(find(Method::kHead, "/api/v1/round").route != nullptr);
  const auto payment = find(Method::kPost, "/api/v1/orders/o17/payment");
  REQUIRE(payment.route != nullptr);
  CHECK(payment.route->pattern == "/api/v1/orders/{id}/payment");
  CHECK(payment.parameter == "o17");
  CHECK(find(Method::kPost, "/api/v1/round").allow == "GET, HEAD");
  CHECK(find(Method::kPut, "/api/v1/queue").allow == "GET, HEAD, POST, DELETE");
  CHECK(find(Method::kOther, "/api/v1/orders").allow == "POST, GET, HEAD");
  for (const char* nothing : {"/api/v1", "/api/v1/", "/api/v1/round/", "/api/v1/orders/",
                              "/api/v1/orders/o1/tickets/x", "/API/v1/round", "//api/v1/round"}) {
    INFO(nothing);
    const auto match = find(Method::kGet, nothing);
    CHECK(match.route == nullptr);
    CHECK(match.allow.empty());
  }
}

TEST_CASE("with an address of their own, operators' calls are found there only") {
  const auto found = [](const char* path, Surface surface) {
    const auto target = parse_target(path);
    return find_route(all_routes(), Method::kGet, *target, surface).route != nullptr;
  };
  for (const char* path : {"/admin/v1/status", "/metrics"}) {
    CHECK(found(path, Surface::kEverything));
    CHECK(found(path, Surface::kOperatorsOnly));
    CHECK_FALSE(found(path, Surface::kFansOnly));
  }
  CHECK_FALSE(found("/api/v1/round", Surface::kOperatorsOnly));
  for (const Surface surface : {Surface::kEverything, Surface::kOperatorsOnly, Surface::kFansOnly})
    CHECK(found("/livez", surface));
}

TEST_CASE("every route has a handler and stands once in the table") {
  std::set<std::pair<Method, std::string_view>> seen;
  for (const Route& route : all_routes()) {
    CHECK(route.handler != nullptr);
    CHECK(seen.emplace(route.method, route.pattern).second);
    const bool for_operators = route.pattern.starts_with("/admin/");
    CHECK(for_operators == (route.caller >= Caller::kViewer));
    if (for_operators) CHECK(route.door == Door::kOperators);
  }
}

TEST_CASE("an Idempotency-Key is quoted or not, of 1 to 255 characters") {
  const auto key = [](std::string_view header) {
    const auto parsed = parse_idempotency_key(header, true);
    return parsed.valid ? parsed.key : std::nullopt;
  };
  CHECK(key("abc") == "abc");
  CHECK(key("\"abc\"") == "abc");
  CHECK(key("  \"a c\" ") == "a c");
  CHECK(key(R"("a\"b\\c")") == R"(a"b\c)");
  CHECK(key(std::string(255, 'k')) == std::string(255, 'k'));
  CHECK(key("\"" + std::string(255, 'k') + "\"") == std::string(255, 'k'));
  for (const std::string& bad :
       {std::string(), std::string("\"\""), std::string("\"abc"), std::string("abc\""),
        std::string("\"a\"b\""), std::string(R"("a\nb")"), std::string("\"a\\\""),
        std::string(256, 'k'), "\"" + std::string(256, 'k') + "\"", std::string("caf\xc3\xa9"),
        std::string("a\x01z")}) {
    INFO(bad);
    CHECK_FALSE(parse_idempotency_key(bad, true).valid);
  }
  const auto absent = parse_idempotency_key({}, false);
  CHECK(absent.valid);
  CHECK_FALSE(absent.key);
}

TEST_CASE("an idempotency digest depends on the call, the key, the object and the body") {
  const auto base = make_idempotency("call", "key", "o1", "{}");
  CHECK(base.given());
  CHECK(base == make_idempotency("call", "key", "o1", "{}"));
  CHECK(base.key != make_idempotency("call2", "key", "o1", "{}").key);
  CHECK(base.key != make_idempotency("call", "key2", "o1", "{}").key);
  const auto other_object = make_idempotency("call", "key", "o2", "{}");
  CHECK(base.key == other_object.key);
  CHECK(base.request != other_object.request);
  CHECK(base.request != make_idempotency("call", "key", "o1", "{\"a\":1}").request);
}

TEST_CASE("gzip and entity tags are read as RFC 9110 says") {
  CHECK(accepts_gzip("gzip"));
  CHECK(accepts_gzip("br, GZIP;q=0.5"));
  CHECK(accepts_gzip("*"));
  CHECK_FALSE(accepts_gzip(""));
  CHECK_FALSE(accepts_gzip("identity"));
  CHECK_FALSE(accepts_gzip("gzip;q=0"));
  CHECK_FALSE(accepts_gzip("gzip; q=0.000, br"));
  CHECK(names_etag("\"a\"", "\"a\""));
  CHECK(names_etag("\"b\", W/\"a\"", "\"a\""));
  CHECK(names_etag("*", "\"a\""));
  CHECK_FALSE(names_etag("\"b\"", "\"a\""));
  CHECK_FALSE(names_etag("", "\"a\""));
}

TEST_CASE("only pages of this host or a named one may open live sockets") {
  const std::vector<std::string> allowed = {"https://tickets.example"};
  CHECK(origin_allowed("https://round.example", "round.example", {}));
  CHECK(origin_allowed("https://round.example:443", "round.example", {}));
  CHECK(origin_allowed("https://localhost:8443", "localhost:8443", {}));
  CHECK(origin_allowed("https://Tickets.Example", "round.example", allowed));
  CHECK_FALSE(origin_allowed("https://evil.example", "round.example", allowed));
  CHECK_FALSE(origin_allowed("https://localhost:8444", "localhost:8443", {}));
  CHECK_FALSE(origin_allowed("https://round.example.evil.example", "round.example", {}));
  CHECK_FALSE(origin_allowed("null", "round.example", {}));
  CHECK_FALSE(origin_allowed("https://", "", {}));
}

TEST_CASE("a card's number is told from a token") {
  CHECK(looks_like_card_number("4242424242424242"));
  CHECK(looks_like_card_number("4242 4242-4242 4242"));
  CHECK_FALSE(looks_like_card_number("4242424242424241"));
  CHECK_FALSE(looks_like_card_number("tok_4242424242424242"));
  CHECK_FALSE(looks_like_card_number("42"));
  CHECK_FALSE(looks_like_card_number("tok_ok"));
}

TEST_CASE("a listen address is HOST:PORT") {
  std::string problem;
  CHECK(parse_listen_address("127.0.0.1:8443", problem)->port() == 8443);
  CHECK(parse_listen_address("[::1]:0", problem)->address().is_v6());
  for (const char* bad :
       {"", "8443", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000"}) {
    problem.clear();
    CHECK_FALSE(parse_listen_address(bad, problem));
    CHECK_FALSE(problem.empty());
  }
}
