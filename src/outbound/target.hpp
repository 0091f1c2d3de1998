// Where a request goes: an address as people write it, taken apart. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace frontrow::outbound {

struct Target {
  bool tls = true;
  std::string host;  ///< A name in lower case, or an address; an IPv6 one without brackets.
  bool host_is_address = false;
  std::uint16_t port = 443;
  std::string path;  ///< With its query; begins with '/'.

  /// What `Host` says: the port only where it is not the scheme's own.
  std::string authority() const;
  /// Two targets with the same key can share connections.
  std::string key() const;
};

/// Nothing for anything but http:// and https:// with a host and, where given, port and path: user
/// names, fragments, spaces, control characters and other bytes that are not plain ASCII are
/// refused, so that nothing can be smuggled into the request's head.
std::optional<Target> parse_target(std::string_view url);

}  // namespace frontrow::outbound
