#include "http/router.hpp"

namespace frontrow::http {
namespace {

bool open_at(Door door, Surface surface) {
  switch (surface) {
    case Surface::kEverything:
      return true;
    case Surface::kFansOnly:
      return door != Door::kOperators;
    case Surface::kOperatorsOnly:
      return door == Door::kOperators || door == Door::kBoth;
  }
  return false;
}

/// Compares segment by segment; a pattern's {id} takes any segment that is not empty.
bool matches(std::string_view pattern, const Target& target, std::string_view& parameter) {
  pattern.remove_prefix(1);
  std::size_t n = 0;
  while (!pattern.empty()) {
    if (n == target.segments.size()) return false;
    const auto slash = pattern.find('/');
    const std::string_view expected = pattern.substr(0, slash);
    const std::string_view segment = target.segments[n++];
    if (expected.front() == '{') {
      if (segment.empty()) return false;
      parameter = segment;
    } else if (expected != segment) {
      return false;
    }
    pattern.remove_prefix(slash == std::string_view::npos ? pattern.size() : slash + 1);
  }
  return n == target.segments.size();
}

void allow(std::string& list, std::string_view method) {
  if (!list.empty()) list += ", ";
  list += method;
}

}  // namespace

RouteMatch find_route(std::span<const Route> routes, Method method, const Target& target,
                      Surface surface) {
  RouteMatch result;
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  for (const Route& route : routes) {
    std::string_view parameter;
    if (!open_at(route.door, surface) || !matches(route.pattern, target, parameter)) continue;
    if (route.method == wanted) return {&route, parameter, {}};
    allow(result.allow, method_name(route.method));
    if (route.method == Method::kGet) allow(result.allow, method_name(Method::kHead));
  }
  return result;
}

}  // namespace frontrow::http
