// The C++ side of altcha_peer.mjs, which checks our proof of work against the reference library.
// Hidden: it runs only where that script asks for it, with the directory of its request.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "guard/proof_of_work.hpp"

using namespace frontrow;
using nlohmann::json;

TEST_CASE("answers the request of the peer script", "[.altcha-peer]") {
  const char* const directory = std::getenv("FRONTROW_ALTCHA_DIRECTORY");
  REQUIRE(directory != nullptr);
  std::ifstream in(std::string(directory) + "/request.json");
  const json request = json::parse(in);
  guard::ProofOfWork::Settings settings;
  REQUIRE(from_hex(request["key"].get<std::string>(), settings.key));

  json answer = {{"issued", json::array()}, {"solved", json::array()}, {"checked", json::array()}};
  for (const json& wanted : request["issue"]) {
    settings.algorithm = wanted["algorithm"];
    settings.cost = wanted["cost"];
    const guard::ProofOfWork proof(settings);
    answer["issued"].push_back(
        json::parse(proof.challenge_json(Instant{wanted["now_us"].get<std::int64_t>()})));
  }
  for (const json& challenge : request["solve"]) {
    const auto payload = guard::solve_challenge(challenge.dump());
    answer["solved"].push_back(payload ? json(*payload) : json());
  }
  const guard::ProofOfWork proof(settings);
  answer["signature_secret"] = proof.signature_secret();
  answer["key_signature_secret"] = proof.key_signature_secret();
  for (const json& payload : request["check"]) {
    const auto checked =
        proof.check(payload.get<std::string>(), Instant{request["now_us"].get<std::int64_t>()});
    answer["checked"].push_back(checked.good);
  }
  std::ofstream(std::string(directory) + "/answer.json") << answer.dump();
}
