// The C++ side of stripe_peer.mjs, which has Stripe's own library sign and
// check notices beside us. Hidden: it runs only where that script asks for it, with the directory
// of its request.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "payment/gateway_factory.hpp"

using namespace frontrow;
using nlohmann::json;

TEST_CASE("answers the notices of the peer script", "[.stripe-peer]") {
  const char* const directory = std::getenv("FRONTROW_STRIPE_DIRECTORY");
  REQUIRE(directory != nullptr);
  std::ifstream in(std::string(directory) + "/request.json");
  const json request = json::parse(in);
  const auto reader =
      payment::notice_reader("stripe", request["secrets"].get<std::vector<std::string>>());
  json answer = json::array();
  for (const json& one : request["notices"]) {
    const auto header = one["header"].get<std::string>(), body = one["body"].get<std::string>();
    const auto reading = reader->read(
        {[&](std::string_view name) -> std::string_view {
           return name == "Stripe-Signature" ? std::string_view(header) : std::string_view();
         },
         body},
        Instant{one["now"].get<std::int64_t>() * 1'000'000});
    answer.push_back(reading.fault == NoticeFault::kNone);
  }
  std::ofstream(std::string(directory) + "/answer.json") << answer.dump();
}
