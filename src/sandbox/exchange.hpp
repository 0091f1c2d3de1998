// A request and its answer as values. For this folder; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace frontrow::sandbox {

struct Request {
  std::string method;
  std::vector<std::string> path;  ///< Its segments, decoded: "/pay/x" is "pay" and "x".
  std::string query;              ///< As it came, without the question mark.
  std::string authorization, content_type, idempotency_key;
  std::string body;
};

struct Answer {
  unsigned status = 200;
  std::string body;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Called once for each request, now or later, with the answer; with nothing where the connection
/// is to be closed without one.
using Respond = std::function<void(std::optional<Answer>)>;
using Handler = std::function<void(Request, Respond)>;

}  // namespace frontrow::sandbox
