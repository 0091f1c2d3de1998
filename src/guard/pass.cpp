#include "guard/pass.hpp"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/assert.hpp"
#include "base/encoding.hpp"
#include "guard/proof_json.hpp"

namespace frontrow::guard {
namespace {

using Json = nlohmann::json;

/// Largest whole number that every JSON implementation tells from its neighbours: 2^53 - 1.
constexpr double numeric_date_max = 9'007'199'254'740'991.0;

struct Parts {
  std::string_view header, payload, signature, signing_input;
};

std::optional<Parts> split(std::string_view pass) {
  const std::size_t first = pass.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = pass.find('.', first + 1);
  if (second == std::string_view::npos || pass.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  return Parts{pass.substr(0, first), pass.substr(first + 1, second - first - 1),
               pass.substr(second + 1), pass.substr(0, second)};
}

std::optional<Json> object_in(ByteView bytes) {
  return parse_proof_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                          pass_bytes_max, pass_depth_max);
}

/// A NumericDate of RFC 7519: seconds since 1970, perhaps with a fraction.
enum class DateState { kAbsent, kBad, kThere };
struct DateReading {
  DateState state = DateState::kAbsent;
  double seconds = 0;
};
DateReading read_date(const Json& claims, const char* name) {
  const auto at = claims.find(name);
  if (at == claims.end()) return {};
  if (!at->is_number()) return {DateState::kBad, 0};
  const double value = at->get<double>();
  if (!(value >= -numeric_date_max && value <= numeric_date_max)) return {DateState::kBad, 0};
  return {DateState::kThere, value};
}

PassFault judge_time(const Json& claims, Instant now) {
  const double at = static_cast<double>(now.microseconds) / 1e6;
  const double leeway = static_cast<double>(pass_leeway.microseconds) / 1e6;
  const DateReading expires = read_date(claims, "exp");
  if (expires.state == DateState::kBad) return PassFault::kMalformed;
  if (expires.state == DateState::kAbsent || at >= expires.seconds) return PassFault::kExpired;
  for (const char* const name : {"nbf", "iat"}) {
    const DateReading begins = read_date(claims, name);
    if (begins.state == DateState::kBad) return PassFault::kMalformed;
    if (begins.state == DateState::kThere && begins.seconds > at + leeway)
      return PassFault::kNotYet;
  }
  return PassFault::kNone;
}

/// One text, or a list of texts one of which is ours.
bool is_for(const Json& claims, const std::string& audience) {
  const auto at = claims.find("aud");
  if (at == claims.end()) return false;
  if (!at->is_array()) return *at == audience;
  return std::all_of(at->begin(), at->end(), [](const Json& one) { return one.is_string(); }) &&
         std::find(at->begin(), at->end(), audience) != at->end();
}

}  // namespace

std::string_view name_of(PassFault fault) {
  switch (fault) {
    case PassFault::kNone:
      return "none";
    case PassFault::kMalformed:
      return "malformed";
    case PassFault::kCritical:
      return "critical-extension";
    case PassFault::kAlgorithm:
      return "algorithm";
    case PassFault::kUnknownKey:
      return "unknown-key";
    case PassFault::kSignature:
      return "signature";
    case PassFault::kIssuer:
      return "issuer";
    case PassFault::kAudience:
      return "audience";
    case PassFault::kSubject:
      return "subject";
    case PassFault::kExpired:
      return "expired";
    case PassFault::kNotYet:
      return "not-yet";
    case PassFault::kTier:
      return "tier";
    case PassFault::kSeatsElsewhere:
      return "seats-elsewhere";
  }
  FRONTROW_ASSERT(false);
}

Passes::Passes(const Settings& settings)
    : issuer_(settings.issuer), audience_(settings.audience), subject_hash_(settings.subject_key) {
  FRONTROW_ASSERT(!issuer_.empty() && !audience_.empty());
}

Passes::Verdict Passes::check(std::string_view pass, Instant now, const KeySet& keys) const {
  if (pass.size() > pass_bytes_max) return {};
  const auto parts = split(pass);
  if (!parts) return {};
  const auto header_bytes = from_base64url(parts->header);
  const auto payload = from_base64url(parts->payload);
  const auto signature = from_base64url(parts->signature);
  if (!header_bytes || !payload || !signature) return {};

  // Of the header only these three members are ever read: a key or an address of keys that a
  // token brings along (`jwk`, `jku`, `x5c`, `x5u`) has no say in how it is checked.
  const auto header = object_in(*header_bytes);
  if (!header) return {};
  if (header->contains("crit")) return {PassFault::kCritical};
  const std::string* const algorithm_name = text_member(*header, "alg");
  if (algorithm_name == nullptr) return {};
  const auto algorithm = pass_algorithm_named(*algorithm_name);
  if (!algorithm) return {PassFault::kAlgorithm};
  const std::string* const key_id = text_member(*header, "kid");
  if (key_id == nullptr && header->contains("kid")) return {};

  // The signature before the claims: what strangers wrote into those is never looked at.
  switch (keys.verify(*algorithm, key_id, as_bytes(parts->signing_input), *signature)) {
    case KeySet::Verdict::kUnknownKey:
      return {PassFault::kUnknownKey};
    case KeySet::Verdict::kBadSignature:
      return {PassFault::kSignature};
    case KeySet::Verdict::kGood:
      break;
  }
  return judge_claims(*payload, now);
}

Passes::Verdict Passes::judge_claims(ByteView payload, Instant now) const {
  const auto claims = object_in(payload);
  if (!claims) return {};
  const std::string* const issuer = text_member(*claims, "iss");
  if (issuer == nullptr || *issuer != issuer_) return {PassFault::kIssuer};
  if (!is_for(*claims, audience_)) return {PassFault::kAudience};
  if (const PassFault fault = judge_time(*claims, now); fault != PassFault::kNone) return {fault};
  const std::string* const subject = text_member(*claims, "sub");
  if (subject == nullptr || subject->empty() || subject->size() > pass_subject_bytes_max)
    return {PassFault::kSubject};

  Verdict verdict;
  if (const auto tier = claims->find("tier"); tier != claims->end() && !tier->is_null()) {
    const auto number = number_member(*claims, "tier", pass_tier_max);
    if (!number) return {PassFault::kTier};
    verdict.tier = static_cast<std::uint8_t>(*number);
  }
  if (const auto seats = claims->find("seats_elsewhere");
      seats != claims->end() && !seats->is_null()) {
    const auto number = number_member(*claims, "seats_elsewhere", pass_seats_elsewhere_max);
    if (!number) return {PassFault::kSeatsElsewhere};
    verdict.seats_elsewhere = static_cast<std::uint16_t>(*number);
  }
  std::string message = issuer_;
  message += '\0';
  message += *subject;
  const Bytes32 hash = subject_hash_(as_bytes(message));
  std::memcpy(verdict.subject.data(), hash.data(), verdict.subject.size());
  // All zero means "no subject" to the engine.
  if (verdict.subject == Bytes16{}) verdict.subject.back() = 1;
  verdict.fault = PassFault::kNone;
  return verdict;
}

}  // namespace frontrow::guard
