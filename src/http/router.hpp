// Which handler answers which call. The table is in `routes.cpp`: adding a call is a handler's
// file and a line there. Immutable; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/request.hpp"

namespace frontrow::http {

struct RequestContext;
using Handler = void (*)(RequestContext&);

/// Who may make a call. The operators' roles come in rising order.
enum class Caller : std::uint8_t { kAnyone, kFan, kViewer, kOperator, kAdmin };
/// By which listener, where there are two, and whether fans' rates apply.
enum class Door : std::uint8_t {
  kFans,  ///< Counted against the caller's rate.
  kFansUncounted,
  kOperators,
  kBoth,  ///< Health: by every listener, uncounted.
};

struct Route {
  Method method = Method::kGet;  ///< GET answers HEAD, too.
  std::string_view pattern;      ///< At most one {id}.
  Caller caller = Caller::kAnyone;
  Door door = Door::kFans;
  Handler handler = nullptr;
};

std::span<const Route> all_routes();

struct RouteMatch {
  const Route* route = nullptr;  ///< None: 404, or 405 where `allow` is not empty.
  std::string_view parameter;    ///< What stands for {id}; views into the target.
  std::string allow;             ///< Methods of this path, where this one is not among them.
};
RouteMatch find_route(std::span<const Route> routes, Method method, const Target& target,
                      Surface surface);

}  // namespace frontrow::http
