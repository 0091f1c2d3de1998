// Calls to other servers: HTTP/1.1 over verified TLS, over connections that are kept and shared.
// Thousands of requests may be under way; none of them blocks.
//
// Made, used and destroyed by the one thread that runs its io_context, or while nobody runs it.
// A callback is called exactly once, from the io_context's loop and never from within `send`;
// once the client is gone none is called any more.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "frontrow/time.hpp"
#include "outbound/outbound_call.hpp"

namespace boost::asio {
class io_context;
}

namespace frontrow::outbound {

struct HttpClientSettings {
  /// PEM file of the authorities to trust; empty: the operating system's.
  std::filesystem::path authorities;
  /// Plain http:// is for loopback addresses, where nobody listens in, unless this is set.
  bool plain_http_anywhere = false;
  /// Connections to one host; requests past it wait for one.
  std::size_t connections_per_host_max = 128;
  /// Requests under way and waiting, all hosts together; more are refused as `kBusy`.
  std::size_t requests_max = 16'384;
  /// A connection that nobody used for so long is closed.
  Duration idle_kept = seconds(15);
  std::string user_agent = "frontrow";
};

/// For metrics and tests.
struct HttpClientCounts {
  std::size_t requests = 0;            ///< Under way and waiting.
  std::size_t connections = 0;         ///< Opening, used and idle.
  std::uint64_t connections_made = 0;  ///< Opened in all.
};

class HttpClient {
 public:
  using Done = std::function<void(OutboundOutcome)>;

  /// Throws `std::runtime_error`, with what is wrong, where the authorities cannot be read.
  HttpClient(boost::asio::io_context& context, HttpClientSettings settings);
  /// Drops what is under way and closes every connection.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void send(OutboundRequest request, Done done);
  HttpClientCounts counts() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace frontrow::outbound
