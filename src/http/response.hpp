// An answer as handlers make it, and its head as bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frontrow::http {

/// A body that several answers may share.
using SharedText = std::shared_ptr<const std::string>;
inline SharedText share(std::string&& text) {
  return std::make_shared<const std::string>(std::move(text));
}

struct Response {
  int status = 200;
  std::string_view content_type = "application/json";  ///< A literal.
  SharedText body;                                     ///< None: an empty one.
  /// Beside those that every answer has. Names and values are ours: no line breaks.
  std::vector<std::pair<std::string, std::string>> headers;
  /// Literal; `no-store` unless the call says otherwise.
  std::string cache_control = "no-store";
  bool close = false;  ///< Ask for the end of the connection.

  Response&& with(std::string name, std::string content) && {
    headers.emplace_back(std::move(name), std::move(content));
    return std::move(*this);
  }
};

Response json_response(int status, std::string&& body);
Response empty_response(int status);

struct HeadOptions {
  bool keep_alive = true;
  bool http_1_0 = false;
  bool secure = false;
};
/// Status line and headers, with the blank line at their end.
std::string write_head(const Response& response, const HeadOptions& options);

}  // namespace frontrow::http
