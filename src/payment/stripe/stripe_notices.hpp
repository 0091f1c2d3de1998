// Stripe's notices: `Stripe-Signature: t=SECONDS,v1=HEX`, the key the whole text of the endpoint's
// secret, several while it is being rotated. Any thread.
#pragma once

#include <string>
#include <vector>

#include "frontrow/gateway.hpp"

namespace frontrow::payment {

class StripeNotices final : public NoticeReader {
 public:
  explicit StripeNotices(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {}
  NoticeReading read(const Message& message, Instant now) const override;

 private:
  const std::vector<std::string> secrets_;
};

}  // namespace frontrow::payment
