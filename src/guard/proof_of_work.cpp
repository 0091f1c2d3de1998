#include "guard/proof_of_work.hpp"

#include <array>
#include <cstring>
#include <limits>

#include "base/assert.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "guard/proof_algorithm.hpp"
#include "guard/proof_json.hpp"

namespace frontrow::guard {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t prefix_bytes = key_bytes / 2;  // The other half is what is worked for.
constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t parameter_count = 8;
/// Seconds since 1970 that a JavaScript number still tells apart.
constexpr std::uint64_t expiry_seconds_max = 9'007'199'254'740'991;

static_assert((proof_counter_max - proof_counter_min) <= 256 &&
                  256 % (proof_counter_max - proof_counter_min) == 0,
              "one random byte picks a counter, each as likely");

/// What a challenge says, in the order in which it is signed.
struct Parameters {
  std::string algorithm;
  std::uint64_t cost = 0;
  std::uint64_t expires_at = 0;
  std::uint64_t key_length = 0;
  std::string key_prefix, key_signature, nonce, salt;
};

/// Keys sorted, no spaces. The texts are hex and names of algorithms: nothing needs escaping.
std::string canonical_json(const Parameters& p) {
  return R"({"algorithm":")" + p.algorithm + R"(","cost":)" + std::to_string(p.cost) +
         R"(,"expiresAt":)" + std::to_string(p.expires_at) + R"(,"keyLength":)" +
         std::to_string(p.key_length) + R"(,"keyPrefix":")" + p.key_prefix +
         R"(","keySignature":")" + p.key_signature + R"(","nonce":")" + p.nonce + R"(","salt":")" +
         p.salt + R"("})";
}

bool is_lower_hex(std::string_view text, std::size_t bytes) {
  return text.size() == 2 * bytes &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Nothing unless it has exactly the members of a challenge of ours, each of the right kind.
std::optional<Parameters> read_parameters(const nlohmann::json& object) {
  if (object.size() != parameter_count) return std::nullopt;
  const auto cost = number_member(object, "cost", proof_cost_max);
  const auto expires_at = number_member(object, "expiresAt", expiry_seconds_max);
  const auto key_length = number_member(object, "keyLength", proof_key_bytes_max);
  if (!cost || !expires_at || !key_length) return std::nullopt;
  Parameters p;
  p.cost = *cost;
  p.expires_at = *expires_at;
  p.key_length = *key_length;
  const struct {
    const char* name;
    std::string& text;
    std::size_t hex_bytes;  ///< 0: the algorithm's name.
  } texts[] = {{"algorithm", p.algorithm, 0},
               {"keyPrefix", p.key_prefix, prefix_bytes},
               {"keySignature", p.key_signature, sizeof(Bytes32)},
               {"nonce", p.nonce, nonce_bytes},
               {"salt", p.salt, nonce_bytes}};
  for (const auto& one : texts) {
    const std::string* const text = text_member(object, one.name);
    if (text == nullptr) return std::nullopt;
    if (one.hex_bytes == 0 ? !is_proof_algorithm(*text) : !is_lower_hex(*text, one.hex_bytes))
      return std::nullopt;
    one.text = *text;
  }
  return p;
}

std::string secret_text(const Bytes32& key, std::string_view purpose) {
  return to_hex(hmac_sha256(key, as_bytes(purpose)));
}

}  // namespace

ProofOfWork::ProofOfWork(Settings settings)
    : settings_(std::move(settings)),
      signature_secret_(secret_text(settings_.key, "frontrow/proof/challenge/v1")),
      key_signature_secret_(secret_text(settings_.key, "frontrow/proof/key/v1")) {
  FRONTROW_ASSERT(supports(settings_.algorithm));
  FRONTROW_ASSERT(settings_.cost >= 1 && settings_.cost <= proof_cost_max);
}

bool ProofOfWork::supports(std::string_view algorithm) { return is_proof_algorithm(algorithm); }

std::string ProofOfWork::challenge_json(Instant now) const {
  const auto random = random_array<std::array<std::uint8_t, 2 * nonce_bytes + 1>>();
  const ByteView nonce(random.data(), nonce_bytes);
  const ByteView salt(random.data() + nonce_bytes, nonce_bytes);
  const std::uint32_t counter =
      proof_counter_min + random.back() % (proof_counter_max - proof_counter_min);

  auto deriver = ProofKeyDeriver::make(settings_.algorithm, nonce, salt, settings_.cost, key_bytes);
  FRONTROW_ASSERT(deriver.has_value());
  const ByteView key = deriver->derive(counter);

  Parameters p;
  p.algorithm = settings_.algorithm;
  p.cost = settings_.cost;
  p.expires_at = static_cast<std::uint64_t>((now + settings_.lifetime).microseconds / 1'000'000);
  p.key_length = key_bytes;
  p.key_prefix = to_hex(key.first(prefix_bytes));
  p.key_signature = to_hex(hmac_sha256(as_bytes(key_signature_secret_), key));
  p.nonce = to_hex(nonce);
  p.salt = to_hex(salt);
  const std::string parameters = canonical_json(p);
  return R"({"parameters":)" + parameters + R"(,"signature":")" +
         to_hex(hmac_sha256(as_bytes(signature_secret_), as_bytes(parameters))) + R"("})";
}

ProofOfWork::Checked ProofOfWork::check(std::string_view base64_payload, Instant now) const {
  if (base64_payload.size() > proof_payload_characters_max) return {};
  const auto bytes = from_base64(base64_payload);
  if (!bytes) return {};
  const auto payload = parse_proof_json(
      {reinterpret_cast<const char*>(bytes->data()), bytes->size()}, proof_payload_characters_max);
  if (!payload) return {};
  const auto* const challenge = object_member(*payload, "challenge");
  const auto* const solution = object_member(*payload, "solution");
  if (challenge == nullptr || solution == nullptr) return {};
  const auto* const parameters = object_member(*challenge, "parameters");
  const std::string* const signature = text_member(*challenge, "signature");
  if (parameters == nullptr || signature == nullptr || !is_lower_hex(*signature, sizeof(Bytes32)))
    return {};

  // The signature first: nothing in the challenge means anything unless we wrote it.
  const auto p = read_parameters(*parameters);
  if (!p) return {};
  Bytes32 signed_with;
  if (!from_hex(*signature, signed_with) ||
      !equal_in_constant_time(
          hmac_sha256(as_bytes(signature_secret_), as_bytes(canonical_json(*p))), signed_with))
    return {};
  if (now.microseconds / 1'000'000 > static_cast<std::int64_t>(p->expires_at)) return {};

  const auto counter =
      number_member(*solution, "counter", std::numeric_limits<std::uint32_t>::max());
  const std::string* const key_text = text_member(*solution, "derivedKey");
  std::array<std::uint8_t, key_bytes> key;
  Bytes32 key_signature;
  if (!counter || key_text == nullptr || !is_lower_hex(*key_text, key_bytes) ||
      !from_hex(*key_text, key) || !from_hex(p->key_signature, key_signature) ||
      !equal_in_constant_time(hmac_sha256(as_bytes(key_signature_secret_), key), key_signature))
    return {};

  Checked checked;
  checked.good = true;
  const Bytes32 digest = sha256(signed_with);
  std::memcpy(checked.digest.data(), digest.data(), checked.digest.size());
  return checked;
}

}  // namespace frontrow::guard
