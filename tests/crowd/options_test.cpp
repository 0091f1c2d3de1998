#include "crowd/options.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <variant>

#include "crowd/target.hpp"

using namespace frontrow::crowd;

TEST_CASE("only this machine can be a target") {
  struct Row {
    const char* url;
    bool good;
  };
  const Row rows[] = {
      {"https://127.0.0.1:8443", true},
      {"https://127.200.3.4:8443/", true},
      {"http://localhost:80", true},
      {"https://[::1]:8443", true},
      {"https://localhost", true},
      {"https://example.org", false},
      {"https://10.0.0.1:8443", false},
      {"https://128.0.0.1:8443", false},
      {"https://0.0.0.0:8443", false},
      {"https://127.0.0.1.example.org", false},
      {"https://localhost.example.org:8443", false},
      {"https://user@127.0.0.1:8443", false},
      {"https://example.org#127.0.0.1", false},
      {"https://[::2]:8443", false},
      {"https://[::1", false},
      {"https://127.0.0.1:8443/api", false},
      {"https://127.0.0.1:", false},
      {"https://127.0.0.1:0", false},
      {"https://127.0.0.1:65536", false},
      {"https://127.0.0.1:84x", false},
      {"ftp://127.0.0.1", false},
      {"127.0.0.1:8443", false},
      {"", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.url);
    CHECK(std::holds_alternative<Target>(parse_target(row.url)) == row.good);
  }
}

TEST_CASE("a target says how to connect and what to call the host") {
  const auto plain = std::get<Target>(parse_target("http://localhost:8080"));
  CHECK_FALSE(plain.tls);
  CHECK(plain.address == "127.0.0.1");
  CHECK(plain.host_header == "localhost:8080");
  CHECK(plain.spread_sources);
  const auto six = std::get<Target>(parse_target("https://[::1]:8443"));
  CHECK(six.tls);
  CHECK(six.address == "::1");
  CHECK(six.host_header == "[::1]:8443");
  CHECK_FALSE(six.spread_sources);
}

TEST_CASE("fans come from addresses of their own inside 127.0.0.0/8") {
  std::set<std::uint32_t> seen;
  for (std::uint32_t fan = 0; fan < 100'000; ++fan) {
    const std::uint32_t address = source_address(fan, 1);
    REQUIRE(address >> 24 == 127);
    REQUIRE((address >> 8) != (127U << 16));
    REQUIRE((address & 255) != 0);
    REQUIRE((address & 255) != 255);
    seen.insert(address);
  }
  CHECK(seen.size() == 100'000);
  CHECK(source_address(0, 10) == source_address(9, 10));
  CHECK(source_address(9, 10) != source_address(10, 10));
}

TEST_CASE("mixes and weights are read, and refused where they make no sense") {
  const auto mix = parse_payment_mix("ok=3,never=1");
  REQUIRE(mix);
  CHECK(mix->ok == 3);
  CHECK(mix->declined == 0);
  CHECK(mix->never == 1);
  for (const char* text :
       {"", "ok", "ok=", "ok=-1", "ok=x", "ok=1,", "sure=1", "ok=nan", "ok=inf"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_payment_mix(text));
  }
  const auto weights = parse_seat_weights("1,0,2");
  REQUIRE(weights);
  CHECK(*weights == std::array<double, 4>{1, 0, 2, 0});
  for (const char* text : {"", "1,2,3,4,5", "a", "-1", "1,,2"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_seat_weights(text));
  }
}

TEST_CASE("mistakes in the options are named") {
  Options good;
  good.url = "https://127.0.0.1:8443";
  CHECK(mistakes(good).empty());

  const auto refused = [&](auto change) {
    Options options = good;
    change(options);
    return mistakes(options).size() == 1;
  };
  CHECK(refused([](Options& options) { options.url = "https://example.org"; }));
  CHECK(refused([](Options& options) { options.fans = 0; }));
  CHECK(refused([](Options& options) { options.fans = 18'000, options.processes = 2; }));
  CHECK(refused([](Options& options) { options.processes = processes_max + 1; }));
  CHECK(refused([](Options& options) { options.drop_share = 1.1; }));
  CHECK(refused([](Options& options) { options.arrive_over_seconds = -1; }));
  CHECK(refused([](Options& options) { options.leave_share = options.release_share = 0.6; }));
  CHECK(refused([](Options& options) { options.seats_per_order = {}; }));
  CHECK(refused([](Options& options) { options.payment_mix = {0, 0, 0, 0}; }));
  CHECK(refused([](Options& options) { options.fans_per_address = 0; }));
}

TEST_CASE("no worker opens more descriptors than a process has") {
  for (const std::uint32_t fans : {1U, 999U, 1'000U, 10'000U, 20'000U, 100'000U, 500'000U}) {
    CAPTURE(fans);
    Options options;
    options.fans = fans;
    const std::uint32_t processes = process_count(options);
    CHECK((fans + processes - 1) / processes * descriptors_per_fan < descriptors_per_process);
  }
}

TEST_CASE("verification is given its time out of the deadline, a quarter at most") {
  Options options;
  options.deadline_seconds = 600;
  options.verify_seconds = 60;
  CHECK(sale_seconds(options) == 540);
  options.deadline_seconds = 40;
  CHECK(sale_seconds(options) == 30);
}
