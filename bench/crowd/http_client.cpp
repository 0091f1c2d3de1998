#include "crowd/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <charconv>

#include "crowd/stream.hpp"

namespace frontrow::crowd {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t header_bytes_max = 16 * 1024;

http::verb verb_of(Method method) {
  switch (method) {
    case Method::kGet:
      return http::verb::get;
    case Method::kPost:
      return http::verb::post;
    case Method::kDelete:
      return http::verb::delete_;
  }
  return http::verb::unknown;
}

http::request<http::string_body> to_beast(const HttpRequest& request, const Endpoint& endpoint) {
  http::request<http::string_body> made{verb_of(request.method), request.path, 11};
  made.set(http::field::host, endpoint.target.host_header);
  made.set(http::field::user_agent, "frontrow-crowd");
  if (!request.token.empty()) made.set(http::field::authorization, "Bearer " + request.token);
  if (!request.idempotency_key.empty()) made.set("Idempotency-Key", request.idempotency_key);
  if (!request.body.empty()) {
    made.set(http::field::content_type, "application/json");
    made.body() = request.body;
  }
  made.prepare_payload();
  return made;
}

// Seconds only; a date, which the server does not send, counts as absent.
std::optional<double> retry_after(std::string_view value) {
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return seconds;
}

}  // namespace

struct HttpClient::Connection {
  explicit Connection(asio::io_context& io) : stream(io) {}
  Stream stream;
  beast::flat_buffer buffer;
};

HttpClient::HttpClient(asio::io_context& io, const Endpoint& endpoint, std::uint32_t source,
                       std::size_t body_bytes_max)
    : io_(io),
      endpoint_(endpoint),
      source_(source),
      body_bytes_max_(body_bytes_max),
      watchdog_(io) {}

HttpClient::~HttpClient() = default;

asio::awaitable<HttpResponse> HttpClient::send(const HttpRequest& request, Moment deadline) {
  if (connection_ && !connection_->stream.is_open()) connection_.reset();
  const bool fresh = !connection_;
  if (fresh) connection_ = std::make_unique<Connection>(io_);
  watchdog_.arm(connection_->stream, deadline);

  HttpResponse response;
  if (fresh) response.error = co_await open();
  if (response.error == TransportError::kNone) response = co_await exchange(request);

  watchdog_.disarm();
  response.on_kept_connection = !fresh;
  if (response.error != TransportError::kNone) {
    if (watchdog_.struck_for() != TransportError::kNone) response.error = watchdog_.struck_for();
    connection_->stream.abort();
    connection_.reset();
  }
  co_return response;
}

asio::awaitable<TransportError> HttpClient::open() {
  ++connections_;
  const TransportError outcome = co_await connection_->stream.connect(endpoint_, source_);
  co_return outcome;
}

asio::awaitable<HttpResponse> HttpClient::exchange(const HttpRequest& request) {
  HttpResponse response;
  const auto message = to_beast(request, endpoint_);
  const auto [write_error, written] =
      co_await http::async_write(connection_->stream, message, as_result);
  if (write_error) {
    response.error = TransportError::kClosed;
    co_return response;
  }
  http::response_parser<http::string_body> parser;
  parser.header_limit(header_bytes_max);
  parser.body_limit(body_bytes_max_);
  const auto [read_error, read] =
      co_await http::async_read(connection_->stream, connection_->buffer, parser, as_result);
  if (read_error) {
    // Beast's own errors say that what came is no answer; a system's, that nothing came.
    const bool nonsense =
        read_error.category() == http::make_error_code(http::error::end_of_stream).category() &&
        read_error != http::error::end_of_stream && read_error != http::error::partial_message;
    response.error = nonsense ? TransportError::kBadResponse : TransportError::kClosed;
    co_return response;
  }
  auto& answer = parser.get();
  response.status = answer.result_int();
  if (const auto after = answer.find(http::field::retry_after); after != answer.end())
    response.retry_after_seconds = retry_after(after->value());
  response.body = std::move(answer.body());
  if (!answer.keep_alive()) close();
  co_return response;
}

void HttpClient::close() {
  if (!connection_) return;
  watchdog_.disarm();
  connection_->stream.shut_down();
  connection_.reset();
}

void HttpClient::drop() {
  if (!connection_) return;
  if (watchdog_.armed()) return watchdog_.strike(TransportError::kDropped);
  connection_->stream.abort();
  connection_.reset();
}

}  // namespace frontrow::crowd
