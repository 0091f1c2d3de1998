// A key set of RFC 7517: the public keys that passes are checked with. Made once out of text,
// never changed afterwards; any thread may verify with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "guard/loaded.hpp"
#include "guard/pass_key.hpp"

namespace frontrow::guard {

inline constexpr std::size_t jwks_bytes_max = 262'144;
inline constexpr std::size_t jwks_keys_max = 64;
inline constexpr std::size_t jwks_key_id_bytes_max = 255;
inline constexpr int jwks_depth_max = 8;
/// A pass that names no key is tried with every key of its algorithm, where these are no more
/// than so many: nobody can make one check cost sixty-four.
inline constexpr std::size_t jwks_keys_tried_max = 4;

class KeySet {
 public:
  enum class Verdict : std::uint8_t { kGood, kUnknownKey, kBadSignature };

  /// Refused whole: what is no key set, more keys than the bound, a key of ours that is malformed
  /// or weak, a private key, two keys of one name and algorithm. Left out with a warning: keys of
  /// other kinds, as RFC 7517 section 5 asks.
  static Loaded<KeySet> parse(std::string_view text);

  std::size_t size() const { return keys_.size(); }
  /// "ES256 spring-2027, EdDSA": algorithm and name of each.
  std::string describe() const;

  /// `key_id` null: the token names none.
  Verdict verify(PassAlgorithm algorithm, const std::string* key_id, ByteView message,
                 ByteView signature) const;

 private:
  struct NamedKey {
    std::string id;  ///< Empty: it has no name.
    PassKey key;
  };
  std::vector<NamedKey> keys_;
};

}  // namespace frontrow::guard
