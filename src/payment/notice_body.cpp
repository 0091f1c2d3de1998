#include "payment/notice_body.hpp"

#include <nlohmann/json.hpp>

#include "payment/signed_notice.hpp"

namespace frontrow::payment {

NoticeReading read_notice_body(
    std::string_view body, const std::function<std::string_view(const Json& event)>& reference_in) {
  NoticeReading reading;
  const Json event = Json::parse(body, nullptr, false);
  const std::string_view id = text_in(event, "id");
  if (id.empty() || id.size() > notice_name_bytes_max) return reading;
  const std::string_view reference = reference_in(event);
  if (reference.size() > notice_name_bytes_max) return reading;
  reading.fault = NoticeFault::kNone;
  reading.notice = {std::string(id), std::string(reference)};
  return reading;
}

}  // namespace frontrow::payment
