#include "payment/signed_notice.hpp"

#include <algorithm>
#include <charconv>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace frontrow::payment {
namespace {

/// Seconds that fit an instant with room to spare.
constexpr std::int64_t timestamp_max = std::int64_t{1} << 40;

}  // namespace

std::optional<SignatureFields> read_signature_fields(std::string_view header) {
  if (header.size() > signature_bytes_max) return std::nullopt;
  SignatureFields fields;
  while (true) {
    const std::size_t comma = header.find(',');
    const std::string_view part = header.substr(0, comma);
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos) {
      const std::string_view name = part.substr(0, equals), value = part.substr(equals + 1);
      if (name == "t") {
        // A second time would leave it open which one is signed.
        if (!fields.timestamp.empty()) return std::nullopt;
        fields.timestamp = value;
      } else if (name == "v1" && fields.signatures.size() < signatures_max) {
        fields.signatures.push_back(value);
      }
    }
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  if (fields.timestamp.empty() || fields.signatures.empty()) return std::nullopt;
  return fields;
}

bool is_signed(std::string_view timestamp, std::string_view body,
               const std::vector<std::string_view>& signatures,
               const std::vector<std::string>& keys) {
  std::string message;
  message.reserve(timestamp.size() + 1 + body.size());
  message += timestamp;
  message += '.';
  message += body;
  bool good = false;
  for (const std::string& key : keys) {
    const Bytes32 expected = hmac_sha256(as_bytes(key), as_bytes(message));
    for (const std::string_view signature : signatures) {
      Bytes32 given{};
      const bool readable = from_hex(signature, given);
      const bool equal = equal_in_constant_time(expected, given);
      good = good || (readable && equal);
    }
  }
  return good;
}

std::optional<Instant> read_timestamp(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || !digits || error != std::errc{} || end != text.data() + text.size() ||
      number > timestamp_max)
    return std::nullopt;
  return Instant{number * 1'000'000};
}

bool is_fresh(Instant sent, Instant now) {
  // Times are told in whole seconds.
  const std::int64_t apart = now.microseconds / 1'000'000 - sent.microseconds / 1'000'000;
  const std::int64_t most = notice_tolerance.microseconds / 1'000'000;
  return apart <= most && -apart <= most;
}

NoticeFault check_signature_header(std::string_view header, std::string_view body,
                                   const std::vector<std::string>& keys, Instant now) {
  if (header.empty() || keys.empty()) return NoticeFault::kUnsigned;
  if (body.size() > notice_bytes_max) return NoticeFault::kMalformed;
  const auto fields = read_signature_fields(header);
  if (!fields) return NoticeFault::kBadSignature;
  const auto sent = read_timestamp(fields->timestamp);
  if (!sent || !is_signed(fields->timestamp, body, fields->signatures, keys))
    return NoticeFault::kBadSignature;
  return is_fresh(*sent, now) ? NoticeFault::kNone : NoticeFault::kStale;
}

}  // namespace frontrow::payment
