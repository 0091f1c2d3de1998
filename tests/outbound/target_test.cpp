#include "outbound/target.hpp"

#include <catch2/catch.hpp>

namespace frontrow::outbound {

TEST_CASE("an address is taken apart") {
  struct Row {
    const char* url;
    bool tls;
    const char* host;
    std::uint16_t port;
    const char* path;
    const char* authority;
  };
  const Row rows[] = {
      {"https://api.example.org", true, "api.example.org", 443, "/", "api.example.org"},
      {"https://API.Example.org/a/b?c=d", true, "api.example.org", 443, "/a/b?c=d",
       "api.example.org"},
      {"https://h:8443/x", true, "h", 8443, "/x", "h:8443"},
      {"https://h:443/", true, "h", 443, "/", "h"},
      {"http://127.0.0.1:80?q", false, "127.0.0.1", 80, "/?q", "127.0.0.1"},
      {"http://[::1]:8080/a", false, "::1", 8080, "/a", "[::1]:8080"},
      {"https://[2001:db8::1]", true, "2001:db8::1", 443, "/", "[2001:db8::1]"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.url);
    const auto target = parse_target(row.url);
    REQUIRE(target);
    CHECK(target->tls == row.tls);
    CHECK(target->host == row.host);
    CHECK(target->port == row.port);
    CHECK(target->path == row.path);
    CHECK(target->authority() == row.authority);
  }
  CHECK(parse_target("http://127.0.0.1/")->host_is_address);
  CHECK(parse_target("http://[::1]/")->host_is_address);
  CHECK_FALSE(parse_target("http://localhost/")->host_is_address);
}

TEST_CASE("what is no address of the web, or could be read as another, is refused") {
  for (const char* url : {"",
                          "example.org",
                          "ftp://example.org/",
                          "https://",
                          "https:///x",
                          "https://:443/",
                          "https://user@example.org/",
                          "https://user:pass@example.org/",
                          "https://h:/",
                          "https://h:0/",
                          "https://h:65536/",
                          "https://h:8x/",
                          "https://h: 80/",
                          "https://h/ x",
                          "https://h/\r\nX: y",
                          "https://h/\x01",
                          "https://h/\xc3\xa4",
                          "https://h/#part",
                          "https://[::1",
                          "https://[]/",
                          "https://[127.0.0.1]/",
                          "https://[::1]x/",
                          "https://::1/",
                          "https://1.2.3/",
                          "https://256.1.1.1/",
                          "https://-h/",
                          "https://h\\x/",
                          "https://h<x>/"}) {
    CAPTURE(url);
    CHECK_FALSE(parse_target(url));
  }
  CHECK(parse_target("https://h/" + std::string(4'000, 'a')));
  CHECK_FALSE(parse_target("https://h/" + std::string(5'000, 'a')));
}

TEST_CASE("connections are shared by scheme, host and port alone") {
  CHECK(parse_target("https://h/a")->key() == parse_target("https://H:443/b")->key());
  CHECK(parse_target("https://h/")->key() != parse_target("http://h:443/")->key());
  CHECK(parse_target("https://h/")->key() != parse_target("https://h:444/")->key());
  CHECK(parse_target("https://h/")->key() != parse_target("https://h2/")->key());
}

}  // namespace frontrow::outbound
