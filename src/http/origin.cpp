#include "http/origin.hpp"

#include "http/request.hpp"

namespace frontrow::http {
namespace {

struct Authority {
  std::string_view scheme, rest;
};

Authority take_apart(std::string_view origin) {
  const auto end = origin.find("://");
  if (end == std::string_view::npos) return {};
  return {origin.substr(0, end), origin.substr(end + 3)};
}

/// A host without the port that its scheme implies.
std::string_view without_default_port(std::string_view host, std::string_view scheme) {
  const std::string_view port = equal_ignoring_case(scheme, "https") ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return host;
}

}  // namespace

bool origin_allowed(std::string_view origin, std::string_view host,
                    const std::vector<std::string>& allowed) {
  for (const std::string& one : allowed)
    if (equal_ignoring_case(one, origin)) return true;
  const auto [scheme, rest] = take_apart(origin);
  if (rest.empty() || host.empty()) return false;
  return equal_ignoring_case(without_default_port(rest, scheme),
                             without_default_port(host, scheme));
}

}  // namespace frontrow::http
