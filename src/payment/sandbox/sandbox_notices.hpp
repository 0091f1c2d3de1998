// The sandbox's notices: `Frontrow-Signature: t=SECONDS,v1=HEX`. Any thread.
#pragma once

#include <string>
#include <vector>

#include "frontrow/gateway.hpp"

namespace frontrow::payment {

class SandboxNotices final : public NoticeReader {
 public:
  explicit SandboxNotices(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {}
  NoticeReading read(const Message& message, Instant now) const override;

 private:
  const std::vector<std::string> secrets_;
};

}  // namespace frontrow::payment
