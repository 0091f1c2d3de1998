#include "guard/fan_token.hpp"

#include <array>
#include <cstring>

#include "base/assert.hpp"
#include "base/encoding.hpp"

namespace frontrow::guard {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t head_size = 1 + sizeof(FanId::Value) + sizeof(std::int64_t);
constexpr std::size_t token_size = head_size + sizeof(Bytes32);
static_assert(token_size * 4 / 3 == FanTokens::token_characters && token_size % 3 == 0,
              "no stray bits in the last character");

/// Bytes of a round's id that fit on the stack with the head; a round file's ids are shorter.
constexpr std::size_t round_id_bytes_max = 255;

std::int64_t whole_seconds(Instant instant) {
  const std::int64_t cut = instant.microseconds / 1'000'000;
  return instant.microseconds % 1'000'000 < 0 ? cut - 1 : cut;
}

}  // namespace

FanTokens::FanTokens(const Bytes32& key, std::string round_id, Instant expires_at)
    : hmac_(key), round_id_(std::move(round_id)), expires_at_seconds_(whole_seconds(expires_at)) {
  FRONTROW_ASSERT(round_id_.size() <= round_id_bytes_max);
}

Bytes32 FanTokens::seal(ByteView head) const {
  // The head has a fixed length and comes first, so no two pairs of head and round look alike.
  std::array<std::uint8_t, head_size + round_id_bytes_max> message;
  std::memcpy(message.data(), head.data(), head_size);
  std::memcpy(message.data() + head_size, round_id_.data(), round_id_.size());
  return hmac_(ByteView(message.data(), head_size + round_id_.size()));
}

std::string FanTokens::issue(FanId fan) const {
  FRONTROW_ASSERT(fan.exists());
  std::array<std::uint8_t, token_size> token;
  token[0] = version;
  std::memcpy(token.data() + 1, &fan.value, sizeof fan.value);
  std::memcpy(token.data() + 1 + sizeof fan.value, &expires_at_seconds_,
              sizeof expires_at_seconds_);
  const Bytes32 mac = seal(ByteView(token.data(), head_size));
  std::memcpy(token.data() + head_size, mac.data(), mac.size());
  return to_base64url(token);
}

std::optional<FanId> FanTokens::check(std::string_view token, Instant now) const {
  if (token.size() != token_characters) return std::nullopt;
  const auto bytes = from_base64url(token);
  if (!bytes || bytes->size() != token_size || (*bytes)[0] != version) return std::nullopt;
  const ByteView head(bytes->data(), head_size);
  if (!equal_in_constant_time(seal(head), ByteView(bytes->data() + head_size, sizeof(Bytes32))))
    return std::nullopt;
  FanId fan;
  std::int64_t expires_at_seconds = 0;
  std::memcpy(&fan.value, head.data() + 1, sizeof fan.value);
  std::memcpy(&expires_at_seconds, head.data() + 1 + sizeof fan.value, sizeof expires_at_seconds);
  if (whole_seconds(now) > expires_at_seconds) return std::nullopt;
  return fan;
}

}  // namespace frontrow::guard
