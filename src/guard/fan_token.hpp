// A fan's bearer token: who they are and until when, sealed with an HMAC, so that checking one
// needs no table and under a microsecond. Made once; any thread may call it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "frontrow/ids.hpp"
#include "frontrow/time.hpp"

namespace frontrow::guard {

class FanTokens {
 public:
  /// Tokens are good up to and including `expires_at` (cut to the second), and only for the
  /// round named.
  FanTokens(const Bytes32& key, std::string round_id, Instant expires_at);

  /// base64url of: version (1 byte), fan (4), expiry in seconds since 1970 (8), both
  /// little-endian, HMAC-SHA-256 (32) over the round's id and these. The same for each call.
  std::string issue(FanId fan) const;
  /// Strict: anything but exactly what `issue` wrote, in another spelling too, is nothing. Does
  /// not know whether the fan exists.
  std::optional<FanId> check(std::string_view token, Instant now) const;

  static constexpr std::size_t token_characters = 60;

 private:
  Bytes32 seal(ByteView head) const;
  HmacSha256 hmac_;
  std::string round_id_;
  std::int64_t expires_at_seconds_;
};

}  // namespace frontrow::guard
