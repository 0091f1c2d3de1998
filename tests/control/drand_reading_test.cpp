#include "control/drand_reading.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace frontrow::control {
namespace {

const std::string signature(48, '\x5a');

nlohmann::json good() {
  return {{"round", 123},
          {"randomness", to_hex(sha256(as_bytes(signature)))},
          {"signature", to_hex(as_bytes(signature))}};
}

DrandFault fault_of(const std::string& body, std::uint64_t round = 123) {
  DrandFault fault = DrandFault::kNone;
  const auto value = read_drand_answer(body, round, fault);
  CHECK(value.has_value() == (fault == DrandFault::kNone));
  return fault;
}

}  // namespace

TEST_CASE("a relay's answer is read") {
  DrandFault fault = DrandFault::kNotReadable;
  auto answer = good();
  answer["previous_signature"] = "00";
  const auto value = read_drand_answer(answer.dump(), 123, fault);
  REQUIRE(value);
  CHECK(fault == DrandFault::kNone);
  CHECK(value->round == 123);
  CHECK(value->signature == signature);
  CHECK(value->randomness == sha256(as_bytes(signature)));
}

TEST_CASE("an answer that is not the wanted round's value is refused by its kind") {
  const auto with = [](const char* name, nlohmann::json value) {
    auto answer = good();
    answer[name] = std::move(value);
    return answer.dump();
  };
  const auto without = [](const char* name) {
    auto answer = good();
    answer.erase(name);
    return answer.dump();
  };
  CHECK(fault_of(good().dump(), 124) == DrandFault::kOtherRound);
  CHECK(fault_of(with("randomness", std::string(64, '0'))) == DrandFault::kNotItsHash);
  CHECK(fault_of(with("signature", to_hex(as_bytes("other")))) == DrandFault::kNotItsHash);
  for (const std::string& body :
       {std::string(),
        std::string("null"),
        std::string("[]"),
        std::string("{"),
        std::string("{}"),
        std::string("<html>"),
        std::string("\xff\xfe"),
        std::string(drand_answer_bytes_max + 1, ' '),
        std::string(8'000, '['),
        without("round"),
        without("randomness"),
        without("signature"),
        with("round", "123"),
        with("round", -123),
        with("round", 123.0),
        with("randomness", 5),
        with("randomness", "00"),
        with("randomness", std::string(64, 'g')),
        with("randomness", std::string(66, '0')),
        with("signature", nullptr),
        with("signature", ""),
        with("signature", "0"),
        with("signature", "zz"),
        with("signature", std::string((drand_signature_bytes_max + 1) * 2, '0'))}) {
    CAPTURE(body.substr(0, 200));
    CHECK(fault_of(body) == DrandFault::kNotReadable);
  }
}

TEST_CASE("the address of a round follows the relays' interface") {
  CHECK(drand_address("https://api.example", "ab", 7) == "https://api.example/ab/public/7");
  CHECK(drand_address("https://api.example/x//", "ab", 7) == "https://api.example/x/ab/public/7");
}

}  // namespace frontrow::control
