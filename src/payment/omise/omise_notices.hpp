// Omise's notices: `Omise-Signature`, a comma list of hex while secrets are being rotated, over
// `Omise-Signature-Timestamp` and the body; the secret is given in base64. Any thread.
#pragma once

#include <string>
#include <vector>

#include "frontrow/gateway.hpp"

namespace frontrow::payment {

class OmiseNotices final : public NoticeReader {
 public:
  /// A secret that is no base64 signs nothing.
  explicit OmiseNotices(const std::vector<std::string>& secrets);
  NoticeReading read(const Message& message, Instant now) const override;

 private:
  std::vector<std::string> keys_;
};

}  // namespace frontrow::payment
