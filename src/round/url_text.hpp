// Addresses as the round file has them: looked at, never fetched here.
#pragma once

#include <cstddef>
#include <string_view>

namespace frontrow::round {

inline constexpr std::size_t url_bytes_max = 2'000;

/// "http://" or "https://", a host, and no space, quote or angle bracket: it goes into pages.
bool is_web_url(std::string_view text);

/// "HOST:PORT" with an IPv4 address, an IPv6 address in brackets, or a name.
struct ListenAddress {
  bool good = false;
  bool loopback = false;
};
ListenAddress look_at_listen_address(std::string_view text);

}  // namespace frontrow::round
