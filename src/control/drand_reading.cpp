#include "control/drand_reading.hpp"

#include <nlohmann/json.hpp>

#include "base/assert.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace frontrow::control {
namespace {

using Json = nlohmann::json;

const std::string* text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : found->get_ptr<const std::string*>();
}

}  // namespace

std::string_view describe(DrandFault fault) {
  switch (fault) {
    case DrandFault::kNone:
      return "good";
    case DrandFault::kNotReadable:
      return "the answer is not a drand round";
    case DrandFault::kOtherRound:
      return "the answer is of another round";
    case DrandFault::kNotItsHash:
      return "the randomness is not the SHA-256 of the signature";
  }
  FRONTROW_ASSERT(false);
  return {};
}

std::string drand_address(std::string_view url, std::string_view chain, std::uint64_t round) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url) + "/" + std::string(chain) + "/public/" + std::to_string(round);
}

std::optional<DrandValue> read_drand_answer(std::string_view body, std::uint64_t round,
                                            DrandFault& fault) {
  fault = DrandFault::kNotReadable;
  if (body.size() > drand_answer_bytes_max) return std::nullopt;
  const Json answer = Json::parse(body, nullptr, false);
  if (!answer.is_object()) return std::nullopt;
  const auto number = answer.find("round");
  const std::string* randomness = text_in(answer, "randomness");
  const std::string* signature = text_in(answer, "signature");
  if (number == answer.end() || !number->is_number_unsigned() || randomness == nullptr ||
      signature == nullptr)
    return std::nullopt;
  DrandValue value;
  value.round = number->get<std::uint64_t>();
  const auto raw = from_hex(*signature);
  if (!from_hex(*randomness, value.randomness) || !raw || raw->empty() ||
      raw->size() > drand_signature_bytes_max)
    return std::nullopt;
  fault = DrandFault::kOtherRound;
  if (value.round != round) return std::nullopt;
  fault = DrandFault::kNotItsHash;
  if (sha256(*raw) != value.randomness) return std::nullopt;
  fault = DrandFault::kNone;
  value.signature.assign(raw->begin(), raw->end());
  return value;
}

}  // namespace frontrow::control
