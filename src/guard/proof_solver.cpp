// The other side of the proof of work: what a fan's device does.
#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

#include "base/encoding.hpp"
#include "guard/proof_algorithm.hpp"
#include "guard/proof_json.hpp"
#include "guard/proof_of_work.hpp"

namespace frontrow::guard {
namespace {

/// Hash rounds between two calls of the progress function: some milliseconds.
constexpr std::uint64_t rounds_between_reports = 20'000;
/// Hash rounds after which a challenge counts as not solvable: several minutes.
constexpr std::uint64_t solve_rounds_max = 2'000'000'000;

/// A prefix in hex digits, of odd length too.
class Prefix {
 public:
  static std::optional<Prefix> parse(std::string_view hex, std::size_t bytes_max) {
    if (hex.empty() || hex.size() > 2 * bytes_max) return std::nullopt;
    Prefix prefix;
    prefix.digits_ = hex.size();
    // A digit more is filled in and not looked at.
    const auto bytes = from_hex(std::string(hex) + (hex.size() % 2 == 0 ? "" : "0"));
    if (!bytes) return std::nullopt;
    prefix.bytes_ = *bytes;
    return prefix;
  }
  bool begins(ByteView key) const {
    if (key.size() < bytes_.size()) return false;
    const std::size_t whole = digits_ / 2;
    return std::equal(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(whole),
                      key.begin()) &&
           (digits_ % 2 == 0 || key[whole] >> 4 == bytes_[whole] >> 4);
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t digits_ = 0;
};

}  // namespace

std::optional<std::string> solve_challenge(std::string_view challenge_json,
                                           const SolveProgress& progress) {
  auto challenge = parse_proof_json(challenge_json, challenge_bytes_max);
  if (!challenge) return std::nullopt;
  const auto* const parameters = object_member(*challenge, "parameters");
  if (parameters == nullptr) return std::nullopt;
  const std::string* const algorithm = text_member(*parameters, "algorithm");
  const std::string* const nonce_text = text_member(*parameters, "nonce");
  const std::string* const salt_text = text_member(*parameters, "salt");
  const std::string* const prefix_text = text_member(*parameters, "keyPrefix");
  const auto cost = number_member(*parameters, "cost", proof_cost_max);
  const auto key_length = parameters->contains("keyLength")
                              ? number_member(*parameters, "keyLength", proof_key_bytes_max)
                              : std::optional<std::uint64_t>(32);
  if (!algorithm || !nonce_text || !salt_text || !prefix_text || !cost || !key_length)
    return std::nullopt;
  const auto nonce = from_hex(*nonce_text);
  const auto salt = from_hex(*salt_text);
  const auto prefix = Prefix::parse(*prefix_text, *key_length);
  if (!nonce || !salt || !prefix) return std::nullopt;
  auto deriver = ProofKeyDeriver::make(*algorithm, *nonce, *salt, static_cast<std::uint32_t>(*cost),
                                       *key_length);
  if (!deriver) return std::nullopt;

  const auto begin = std::chrono::steady_clock::now();
  const std::uint64_t counter_end =
      std::min<std::uint64_t>(std::numeric_limits<std::uint32_t>::max(),
                              std::max<std::uint64_t>(1, solve_rounds_max / *cost));
  std::uint64_t rounds_unreported = 0;
  for (std::uint64_t n = 0; n <= counter_end; ++n) {
    const auto counter = static_cast<std::uint32_t>(n);
    const ByteView key = deriver->derive(counter);
    if (prefix->begins(key)) {
      const auto taken = std::chrono::steady_clock::now() - begin;
      challenge->erase("codeChallenge");  // Has no place in a payload.
      const nlohmann::json payload = {
          {"challenge", std::move(*challenge)},
          {"solution",
           {{"counter", counter},
            {"derivedKey", to_hex(key)},
            {"time", std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()}}}};
      const std::string text = payload.dump();
      return to_base64(as_bytes(text));
    }
    rounds_unreported += *cost;
    if (progress && rounds_unreported >= rounds_between_reports) {
      rounds_unreported = 0;
      if (!progress(counter)) return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace frontrow::guard
