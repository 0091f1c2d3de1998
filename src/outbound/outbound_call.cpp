#include "outbound/outbound_call.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace frontrow::outbound {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view describe(OutboundError error) {
  switch (error) {
    case OutboundError::kNone:
      return "answered";
    case OutboundError::kUnusable:
      return "the request cannot be sent as it is";
    case OutboundError::kBusy:
      return "too many requests wait already";
    case OutboundError::kResolve:
      return "the host's name has no address";
    case OutboundError::kConnect:
      return "no connection";
    case OutboundError::kTls:
      return "no trusted connection";
    case OutboundError::kTimeout:
      return "no answer in time";
    case OutboundError::kClosed:
      return "the connection ended before the answer was whole";
    case OutboundError::kTooLarge:
      return "the answer is too large";
    case OutboundError::kMalformed:
      return "the answer is not HTTP";
    case OutboundError::kStatus:
      return "the answer is a refusal";
  }
  FRONTROW_ASSERT(false);
  return {};
}

std::string_view OutboundResponse::header(std::string_view name) const {
  for (const OutboundHeader& field : headers)
    if (same_name(field.name, name)) return field.value;
  return {};
}

}  // namespace frontrow::outbound
