#include "outbound/request_message.hpp"

#include <algorithm>
#include <string_view>

namespace frontrow::outbound {
namespace {

namespace http = boost::beast::http;

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return text.size() <= 8'192 && std::all_of(text.begin(), text.end(), [](char c) {
           return c == '\t' || (c >= ' ' && c != 0x7f);
         });
}

bool is_ours(http::field field) {
  return field == http::field::host || field == http::field::content_length ||
         field == http::field::connection || field == http::field::transfer_encoding ||
         field == http::field::accept_encoding || field == http::field::expect ||
         field == http::field::upgrade;
}

}  // namespace

std::optional<RequestMessage> make_message(OutboundRequest& request, const Target& target,
                                           const std::string& user_agent, std::string& problem) {
  if (!is_token(request.method) || request.method == "CONNECT") {
    problem = "no such method";
    return std::nullopt;
  }
  if (request.headers.size() > request_headers_max ||
      request.body.size() > request_body_bytes_max) {
    problem = "larger than a request may be";
    return std::nullopt;
  }
  RequestMessage message;
  message.version(11);
  message.method_string(request.method);
  message.target(target.path);
  message.set(http::field::host, target.authority());
  message.set(http::field::user_agent, user_agent);
  for (const OutboundHeader& header : request.headers) {
    if (!is_token(header.name) || !is_field_value(header.value) ||
        is_ours(http::string_to_field(header.name))) {
      problem = "a header field that cannot be sent";
      return std::nullopt;
    }
    message.insert(header.name, header.value);
  }
  message.body() = std::move(request.body);
  message.prepare_payload();
  return message;
}

}  // namespace frontrow::outbound
