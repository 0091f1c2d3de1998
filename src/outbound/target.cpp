#include "outbound/target.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "outbound/outbound_limits.hpp"

namespace frontrow::outbound {
namespace {

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

bool is_name(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.front() == '-') return false;
  // Four numbers that are no address would be read as one by some resolvers.
  if (host.find_first_not_of("0123456789.") == std::string_view::npos) return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

/// Host and port; false where either is none.
bool read_authority(std::string_view text, Target& target) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    target.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (target.host.find(':') == std::string::npos || !is_address(target.host)) return false;
  } else {
    const auto colon = text.find(':');
    target.host = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon);
    std::transform(target.host.begin(), target.host.end(), target.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  }
  target.host_is_address = is_address(target.host);
  if (!target.host_is_address && !is_name(target.host)) return false;
  if (port.empty()) return true;
  port.remove_prefix(port.front() == ':' ? 1 : port.size());
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), target.port);
  return error == std::errc{} && end == port.data() + port.size() && target.port != 0;
}

}  // namespace

std::string Target::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

std::string Target::key() const {
  return (tls ? "https " : "http ") + host + " " + std::to_string(port);
}

std::optional<Target> parse_target(std::string_view url) {
  if (url.size() > url_bytes_max) return std::nullopt;
  const bool plain_ascii = std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos;
  });
  if (!plain_ascii) return std::nullopt;
  Target target;
  if (url.starts_with("https://")) {
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
    target.tls = false;
    target.port = 80;
  } else {
    return std::nullopt;
  }
  const auto path_at = url.find_first_of("/?");
  if (!read_authority(url.substr(0, path_at), target)) return std::nullopt;
  if (path_at != std::string_view::npos) target.path = url.substr(path_at);
  if (!target.path.starts_with('/')) target.path.insert(0, "/");
  return target;
}

}  // namespace frontrow::outbound
