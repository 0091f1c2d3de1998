// A call to another server and what became of it, as values. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/time.hpp"
#include "outbound/outbound_limits.hpp"

namespace frontrow::outbound {

struct OutboundHeader {
  std::string name, value;
};

struct OutboundRequest {
  std::string method = "GET";
  std::string url;
  /// Beside `Host`, `Content-Length`, `Connection` and `Accept-Encoding`, which are not for callers
  /// to set.
  std::vector<OutboundHeader> headers;
  std::string body;
  /// From `send` to the last byte of the answer, time spent waiting for a connection included.
  Duration deadline = seconds(10);
  std::size_t response_body_bytes_max = response_body_bytes_usual;
  /// May be sent once more where a kept connection turns out to have been closed meanwhile. True
  /// for what changes nothing or carries an idempotency key.
  bool repeatable = true;
};

/// Why there is no good answer.
enum class OutboundError : std::uint8_t {
  kNone = 0,
  kUnusable,   ///< The request as it is given cannot be sent, or not to that address.
  kBusy,       ///< More requests wait, or more hosts are talked to, than the bounds allow.
  kResolve,    ///< The host's name has no address.
  kConnect,    ///< No address of the host accepts a connection.
  kTls,        ///< No trusted connection: certificate, name, or the handshake itself.
  kTimeout,    ///< The deadline came first.
  kClosed,     ///< The connection ended before the answer was whole.
  kTooLarge,   ///< The answer is larger than its bound.
  kMalformed,  ///< The answer is not HTTP.
  kStatus,     ///< A whole answer, with a status other than 2xx. Redirections are not followed.
};
inline constexpr std::size_t outbound_error_count = 11;
/// For logs: "no trusted connection".
std::string_view describe(OutboundError error);

struct OutboundResponse {
  unsigned status = 0;
  std::vector<OutboundHeader> headers;
  std::string body;
  /// The first field of that name, whatever its case; empty where there is none.
  std::string_view header(std::string_view name) const;
};

struct OutboundOutcome {
  OutboundError error = OutboundError::kNone;
  OutboundResponse response;  ///< With `kNone` and `kStatus`.
  std::string detail;         ///< For logs, in a few words. Nothing that the other side sent.
  /// The other side may have got the request and acted upon it. False: surely not.
  bool sent = false;
  bool good() const { return error == OutboundError::kNone; }
};

}  // namespace frontrow::outbound
