#include "payment/stripe/stripe_notices.hpp"

#include <nlohmann/json.hpp>

#include "payment/notice_body.hpp"
#include "payment/signed_notice.hpp"

namespace frontrow::payment {

NoticeReading StripeNotices::read(const Message& message, Instant now) const {
  const NoticeFault fault =
      check_signature_header(message.header("Stripe-Signature"), message.body, secrets_, now);
  if (fault != NoticeFault::kNone) return {fault, {}};
  return read_notice_body(message.body, [](const Json& event) {
    // Intents, and the charges and refunds that are made for them, carry the same metadata.
    const Json& object = member_in(member_in(event, "data"), "object");
    return text_in(member_in(object, "metadata"), "reference");
  });
}

}  // namespace frontrow::payment
