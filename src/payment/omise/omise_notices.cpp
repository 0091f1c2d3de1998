#include "payment/omise/omise_notices.hpp"

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "payment/notice_body.hpp"
#include "payment/signed_notice.hpp"

namespace frontrow::payment {
namespace {

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  while (parts.size() < signatures_max) {
    const std::size_t comma = list.find(',');
    std::string_view part = list.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.push_back(part);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return parts;
}

NoticeFault check(const NoticeReader::Message& message, const std::vector<std::string>& keys,
                  Instant now) {
  const std::string_view signature = message.header("Omise-Signature");
  const std::string_view timestamp = message.header("Omise-Signature-Timestamp");
  if (signature.empty() || timestamp.empty() || keys.empty()) return NoticeFault::kUnsigned;
  if (message.body.size() > notice_bytes_max) return NoticeFault::kMalformed;
  const auto sent = read_timestamp(timestamp);
  if (!sent || signature.size() > signature_bytes_max ||
      !is_signed(timestamp, message.body, split(signature), keys))
    return NoticeFault::kBadSignature;
  return is_fresh(*sent, now) ? NoticeFault::kNone : NoticeFault::kStale;
}

}  // namespace

OmiseNotices::OmiseNotices(const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    const auto key = from_base64(secret);
    if (key && !key->empty()) keys_.emplace_back(key->begin(), key->end());
  }
}

NoticeReading OmiseNotices::read(const Message& message, Instant now) const {
  const NoticeFault fault = check(message, keys_, now);
  if (fault != NoticeFault::kNone) return {fault, {}};
  return read_notice_body(message.body, [](const Json& event) {
    return text_in(member_in(member_in(event, "data"), "metadata"), "reference");
  });
}

}  // namespace frontrow::payment
