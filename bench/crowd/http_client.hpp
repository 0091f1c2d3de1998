// One fan's HTTP connection: opened when a request needs it, kept alive, one request at a time.
// Knows nothing of retries (`api_client.hpp`). Used on its io_context's thread alone.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crowd/clock.hpp"
#include "crowd/transport_error.hpp"
#include "crowd/watchdog.hpp"

namespace frontrow::crowd {

struct Endpoint;

enum class Method : std::uint8_t { kGet, kPost, kDelete };

struct HttpRequest {
  Method method = Method::kGet;
  std::string path;
  std::string body;             ///< JSON; none where empty.
  std::string token;            ///< Bearer token; none where empty.
  std::string idempotency_key;  ///< None where empty.
};

struct HttpResponse {
  TransportError error = TransportError::kNone;
  unsigned status = 0;
  std::string body;
  std::optional<double> retry_after_seconds;
  /// Sent over a connection that had answered before: the server may close such a one at any
  /// moment, which is no fault of anyone.
  bool on_kept_connection = false;
};

class HttpClient {
 public:
  /// Answers larger than `body_bytes_max` are refused.
  HttpClient(boost::asio::io_context& io, const Endpoint& endpoint, std::uint32_t source,
             std::size_t body_bytes_max);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Sends and waits until `deadline`. `request` must outlive the call. Whether a request that
  /// ended in a transport error was carried out is not known.
  boost::asio::awaitable<HttpResponse> send(const HttpRequest& request, Moment deadline);

  /// Between requests.
  void close();
  /// At any moment: a request under way ends in `kDropped`.
  void drop();
  /// How many connections were made.
  std::uint32_t connections() const { return connections_; }

 private:
  struct Connection;
  boost::asio::awaitable<TransportError> open();
  boost::asio::awaitable<HttpResponse> exchange(const HttpRequest& request);

  boost::asio::io_context& io_;
  const Endpoint& endpoint_;
  const std::uint32_t source_;
  const std::size_t body_bytes_max_;
  std::unique_ptr<Connection> connection_;  ///< Only between `open` and `close`.
  Watchdog watchdog_;
  std::uint32_t connections_ = 0;
};

}  // namespace frontrow::crowd
