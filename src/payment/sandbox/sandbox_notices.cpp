#include "payment/sandbox/sandbox_notices.hpp"

#include <nlohmann/json.hpp>

#include "payment/notice_body.hpp"
#include "payment/signed_notice.hpp"

namespace frontrow::payment {

NoticeReading SandboxNotices::read(const Message& message, Instant now) const {
  const NoticeFault fault =
      check_signature_header(message.header("Frontrow-Signature"), message.body, secrets_, now);
  if (fault != NoticeFault::kNone) return {fault, {}};
  return read_notice_body(message.body, [](const Json& event) {
    return text_in(member_in(event, "charge"), "reference");
  });
}

}  // namespace frontrow::payment
