// Passes: JWTs (RFC 7519, compact form) that the promoter's account system signs, each good for
// one place in the waiting room. What a promoter must put into one is in docs/passes.md.
// A value after construction; any thread, several at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "frontrow/time.hpp"
#include "guard/jwks.hpp"

namespace frontrow::guard {

inline constexpr std::size_t pass_bytes_max = 8'192;
inline constexpr int pass_depth_max = 8;
inline constexpr std::size_t pass_subject_bytes_max = 255;
inline constexpr std::uint8_t pass_tier_max = 254;
inline constexpr std::uint8_t pass_tier_default = 1;
/// Of `seats_elsewhere`.
inline constexpr std::uint16_t pass_seats_elsewhere_max = 1'000;
/// How far the issuer's clock may run ahead of ours in `nbf` and `iat`. None for `exp`: a pass
/// ends when it says.
inline constexpr Duration pass_leeway = seconds(60);

/// Why a pass is refused: for the operator's log. Strangers are told only that it was.
enum class PassFault : std::uint8_t {
  kNone,
  kMalformed,  ///< Too long, not three parts, not base64url, not JSON, a member of the wrong type.
  kCritical,   ///< Its header demands an extension.
  kAlgorithm,  ///< `none`, an HMAC, or any other than the three.
  kUnknownKey,
  kSignature,
  kIssuer,
  kAudience,
  kSubject,
  kExpired,  ///< Or without an `exp`.
  kNotYet,
  kTier,
  kSeatsElsewhere,
};
std::string_view name_of(PassFault fault);

class Passes {
 public:
  struct Settings {
    std::string issuer, audience;
    Bytes32 subject_key{};  ///< Keeps the account's name out of everything that is stored.
  };
  struct Verdict {
    PassFault fault = PassFault::kMalformed;
    Bytes16 subject{};  ///< Keyed hash of `iss` and `sub`; never all zero where good.
    std::uint8_t tier = pass_tier_default;
    std::uint16_t seats_elsewhere = 0;  ///< In rounds that share the limit of seats.
    bool good() const { return fault == PassFault::kNone; }
  };

  explicit Passes(const Settings& settings);
  Verdict check(std::string_view pass, Instant now, const KeySet& keys) const;

 private:
  Verdict judge_claims(ByteView payload, Instant now) const;

  const std::string issuer_, audience_;
  const HmacSha256 subject_hash_;
};

}  // namespace frontrow::guard
