// One public key that passes are checked with. Its type fixes the one algorithm that it verifies,
// so that no token can talk a key into another: an RSA key never serves as an HMAC secret, because
// there is no HMAC here. A value; any thread may verify with one key at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/digest.hpp"
#include "guard/loaded.hpp"

struct evp_pkey_st;

namespace frontrow::guard {

/// The `alg` values of RFC 7518 and RFC 8037 that a pass may be signed with.
enum class PassAlgorithm : std::uint8_t {
  kEdDsa,  ///< Ed25519.
  kEs256,  ///< ECDSA on P-256 with SHA-256, the signature as r and s, 32 bytes each.
  kRs256,  ///< RSASSA-PKCS1-v1_5 with SHA-256.
};
/// "EdDSA", "ES256", "RS256"; nothing on any other text.
std::optional<PassAlgorithm> pass_algorithm_named(std::string_view name);
std::string_view name_of(PassAlgorithm algorithm);

inline constexpr std::size_t pass_rsa_bits_min = 2'048;
inline constexpr std::size_t pass_rsa_bits_max = 8'192;
/// F4, the exponent that practically every key has. Larger ones up to 32 bits are taken: past
/// that a verification would cost as much as a signature.
inline constexpr std::uint32_t pass_rsa_exponent_min = 65'537;

class PassKey {
 public:
  // Out of the raw numbers of a JWK, big-endian. Refused: wrong lengths, a point that is not on
  // the curve, an RSA key outside the bounds above. The error is a clause: "its x has 31 bytes".
  static Loaded<PassKey> ed25519(ByteView x);
  static Loaded<PassKey> p256(ByteView x, ByteView y);
  static Loaded<PassKey> rsa(ByteView modulus, ByteView exponent);

  PassAlgorithm algorithm() const { return algorithm_; }
  bool verifies(ByteView message, ByteView signature) const;

 private:
  PassKey(PassAlgorithm algorithm, std::shared_ptr<evp_pkey_st> key)
      : algorithm_(algorithm), key_(std::move(key)) {}

  PassAlgorithm algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace frontrow::guard
