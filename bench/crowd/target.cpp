#include "crowd/target.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <optional>

#include "base/assert.hpp"

namespace frontrow::crowd {
namespace {

// Nothing where `host` is not loopback. The name localhost is never looked up: what it means to
// the resolver is not what it means here.
std::optional<std::string> loopback_address(const std::string& host) {
  if (host == "localhost") return "127.0.0.1";
  if (host == "::1") return "::1";
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1 && (ntohl(four.s_addr) >> 24) == 127)
    return host;
  return std::nullopt;
}

}  // namespace

std::variant<Target, std::string> parse_target(std::string_view url) {
  Target target;
  if (url.starts_with("https://")) {
    url.remove_prefix(8);
    target.port = 443;
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
    target.port = 80;
    target.tls = false;
  } else {
    return "an http:// or https:// URL is needed";
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  if (url.find_first_of("/?#@") != std::string_view::npos)
    return "host and port alone are needed, without path, query or user";

  std::string_view port;
  if (url.starts_with('[')) {
    const auto end = url.find(']');
    if (end == std::string_view::npos) return "the address has no closing bracket";
    target.host = url.substr(1, end - 1);
    port = url.substr(end + 1);
  } else {
    const auto colon = url.find(':');
    target.host = url.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : url.substr(colon);
  }
  if (!port.empty()) {
    const char* const end = port.data() + port.size();
    const auto [last, error] = std::from_chars(port.data() + 1, end, target.port);
    if (port.front() != ':' || port.size() < 2 || error != std::errc() || last != end ||
        target.port == 0)
      return "the port is not a number from 1 to 65535";
  }

  const auto address = loopback_address(target.host);
  if (!address)
    return "only this machine may be visited: localhost, 127.0.0.0/8 or [::1], not '" +
           target.host + "'";
  target.address = *address;
  target.spread_sources = target.address != "::1";
  const std::string shown = target.host == "::1" ? "[::1]" : target.host;
  target.host_header = shown + ":" + std::to_string(target.port);
  return target;
}

std::uint32_t source_address(std::uint32_t fan, std::uint32_t fans_per_address) {
  FRONTROW_ASSERT(fans_per_address > 0);
  // The last byte is never 0 or 255 and the third starts at 1, out of courtesy to whoever reads
  // these addresses as those of networks and broadcasts.
  constexpr std::uint32_t last_bytes = 254, third_bytes = 255, second_bytes = 256;
  const std::uint32_t number = (fan / fans_per_address) % (last_bytes * third_bytes * second_bytes);
  const std::uint32_t last = number % last_bytes + 1;
  const std::uint32_t third = number / last_bytes % third_bytes + 1;
  const std::uint32_t second = number / last_bytes / third_bytes;
  return (127U << 24) | (second << 16) | (third << 8) | last;
}

}  // namespace frontrow::crowd
