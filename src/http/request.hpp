// A request as the handlers see it: text without sockets. It views into the session's parser,
// which lives until the answer has been handed over.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/http_limits.hpp"

namespace frontrow::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kDelete, kOther };
std::string_view method_name(Method method);
Method parse_method(std::string_view name);

/// Which doors a listener opens.
enum class Surface : std::uint8_t { kEverything, kFansOnly, kOperatorsOnly };

struct Request {
  Method method = Method::kGet;
  std::string_view target;
  boost::container::small_vector<std::pair<std::string_view, std::string_view>, 24> headers;
  std::string_view body;
  bool body_too_large = false;
  bool secure = false;
  Surface surface = Surface::kEverything;
  /// A number that stands for the client's address (all of a /64 for IPv6).
  std::uint64_t address_key = 0;

  /// The first header of this name, whatever its case; empty where there is none.
  std::string_view header(std::string_view name) const;
};

bool equal_ignoring_case(std::string_view a, std::string_view b);

/// A target taken apart: `/a/b%20c?x=1` is {"a", "b c"} and {x: "1"}.
struct Target {
  boost::container::small_vector<std::string, limits::path_segments_max> segments;
  boost::container::small_vector<std::pair<std::string, std::string>, 4> query;

  /// The first parameter of this name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};
/// Nothing where it is no path of ours: not absolute, a bad escape, too many segments or
/// parameters.
std::optional<Target> parse_target(std::string_view target);

}  // namespace frontrow::http
