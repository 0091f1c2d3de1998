// How a connection can fail, as the report names it.
#pragma once

#include <cstdint>
#include <string_view>

namespace frontrow::crowd {

enum class TransportError : std::uint8_t {
  kNone,
  kRefused,      ///< Nobody listens.
  kConnect,      ///< Any other failure to connect.
  kTls,          ///< The handshake failed.
  kTimeout,      ///< No whole answer in time.
  kClosed,       ///< The other side closed, or the network broke.
  kBadResponse,  ///< What came is not HTTP, or is larger than any answer should be.
  kDropped,      ///< The fan's own doing; not an error.
};

constexpr std::string_view to_text(TransportError error) {
  switch (error) {
    case TransportError::kNone:
      return "transport:none";
    case TransportError::kRefused:
      return "transport:refused";
    case TransportError::kConnect:
      return "transport:connect";
    case TransportError::kTls:
      return "transport:tls";
    case TransportError::kTimeout:
      return "transport:timeout";
    case TransportError::kClosed:
      return "transport:closed";
    case TransportError::kBadResponse:
      return "transport:bad-response";
    case TransportError::kDropped:
      return "transport:dropped";
  }
  return "";
}

}  // namespace frontrow::crowd
