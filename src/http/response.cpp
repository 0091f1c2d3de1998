#include "http/response.hpp"

#include "base/assert.hpp"

namespace frontrow::http {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Answer";
  }
}

/// The page at `/` carries no script and no style of its own; nothing may be loaded from anywhere.
constexpr std::string_view common_headers =
    "Server: frontrow\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n";

}  // namespace

Response json_response(int status, std::string&& body) {
  Response response;
  response.status = status;
  response.body = share(std::move(body));
  return response;
}

Response empty_response(int status) {
  Response response;
  response.status = status;
  return response;
}

std::string write_head(const Response& response, const HeadOptions& options) {
  std::string head;
  head.reserve(640);
  head += options.http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += reason(response.status);
  head += "\r\n";
  head += common_headers;
  if (options.secure) head += "Strict-Transport-Security: max-age=31536000\r\n";
  head += "Cache-Control: ";
  head += response.cache_control;
  head += "\r\n";
  for (const auto& [name, content] : response.headers) {
    FRONTROW_ASSERT(content.find_first_of("\r\n") == std::string::npos);
    head += name;
    head += ": ";
    head += content;
    head += "\r\n";
  }
  const std::size_t size = response.body ? response.body->size() : 0;
  if (size > 0) {
    head += "Content-Type: ";
    head += response.content_type;
    head += "\r\n";
  }
  // 204 and 304 have no body by their nature and say nothing of its length.
  if (response.status != 204 && response.status != 304) {
    head += "Content-Length: ";
    head += std::to_string(size);
    head += "\r\n";
  }
  if (!options.keep_alive)
    head += "Connection: close\r\n";
  else if (options.http_1_0)
    head += "Connection: keep-alive\r\n";
  head += "\r\n";
  return head;
}

}  // namespace frontrow::http
