#include "round/url_text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace frontrow::round {
namespace {

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.';
         });
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size() &&
         port <= 65'535;
}

}  // namespace

bool is_web_url(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with("https://"))
    rest.remove_prefix(8);
  else if (rest.starts_with("http://"))
    rest.remove_prefix(7);
  else
    return false;
  if (rest.empty() || rest.front() == '/') return false;
  return rest.find_first_of(" \"'<>\\") == std::string_view::npos;
}

ListenAddress look_at_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return {};
  const std::string host(text.substr(0, colon));
  unsigned char address[16];
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const std::string inner = host.substr(1, host.size() - 2);
    return {inet_pton(AF_INET6, inner.c_str(), address) == 1, inner == "::1"};
  }
  if (inet_pton(AF_INET, host.c_str(), address) == 1) return {true, address[0] == 127};
  // Four numbers that are no address are no name either.
  const bool numeric = host.find_first_not_of("0123456789.") == std::string::npos;
  return {!numeric && is_host_name(host), host == "localhost"};
}

}  // namespace frontrow::round
