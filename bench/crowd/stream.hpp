// A byte stream to the server, with TLS or without: one type for both, so that the two cannot
// drift apart. OpenSSL works straight on the descriptor: a fifth of the memory of
// asio::ssl::stream, which counts at tens of thousands of connections.
//
// Used on its io_context's thread alone; at most one read and one write under way. Must outlive
// its operations: owners keep it until they have seen them end.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <memory>

#include "crowd/clock.hpp"
#include "crowd/target.hpp"
#include "crowd/transport_error.hpp"

namespace frontrow::crowd {

/// Where connections go; shared by a worker's clients and outlives them.
struct Endpoint {
  Target target;
  SSL_CTX* tls = nullptr;  ///< Null: plain.
  bool verify_name = false;
};

class Stream {
 public:
  using executor_type = boost::asio::any_io_executor;

  explicit Stream(boost::asio::io_context& io);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  executor_type get_executor() { return socket_.get_executor(); }

  /// Connects and shakes hands, from `source` (an IPv4 address in host order) where it is not 0.
  /// Unbounded in time: the owner aborts when it has waited long enough.
  boost::asio::awaitable<TransportError> connect(const Endpoint& endpoint, std::uint32_t source);

  /// Tells the other side where that needs no waiting, then closes.
  void shut_down();
  /// Closes at once with a reset, as a connection that breaks. Operations under way end in error.
  void abort();
  bool is_open() const { return socket_.is_open(); }

  // What Beast asks of a stream. Only the first buffer of a sequence that is not empty is used.

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    boost::asio::mutable_buffer chosen;
    for (auto at = boost::asio::buffer_sequence_begin(buffers);
         at != boost::asio::buffer_sequence_end(buffers) && chosen.size() == 0; ++at)
      chosen = *at;
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        Transfer<Read>{*this, Read{chosen}}, token, socket_);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    boost::asio::const_buffer chosen;
    for (auto at = boost::asio::buffer_sequence_begin(buffers);
         at != boost::asio::buffer_sequence_end(buffers) && chosen.size() == 0; ++at)
      chosen = *at;
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        Transfer<Write>{*this, Write{chosen}}, token, socket_);
  }

 private:
  /// What one attempt came to: done (well or not), or the readiness that it waits for.
  struct Attempt {
    bool done = false;
    boost::asio::socket_base::wait_type wait = boost::asio::socket_base::wait_read;
    boost::system::error_code error;
    std::size_t bytes = 0;
  };
  struct Read {
    boost::asio::mutable_buffer buffer;
    Attempt operator()(Stream& stream) const { return stream.try_read(buffer); }
  };
  struct Write {
    boost::asio::const_buffer buffer;
    Attempt operator()(Stream& stream) const { return stream.try_write(buffer); }
  };

  template <class Direction>
  struct Transfer {
    Stream& stream;
    Direction direction;
    Attempt attempt{};
    bool started = false;

    template <class Self>
    void operator()(Self& self, boost::system::error_code error = {}) {
      if (error) return self.complete(error, 0);
      if (!attempt.done) attempt = direction(stream);
      if (!attempt.done) {
        started = true;
        return stream.socket_.async_wait(attempt.wait, std::move(self));
      }
      if (!started) {
        // A completion must not run inside the call that started the operation.
        started = true;
        return boost::asio::post(stream.get_executor(), std::move(self));
      }
      self.complete(attempt.error, attempt.bytes);
    }
  };

  struct SslFree {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  Attempt try_read(boost::asio::mutable_buffer buffer);
  Attempt try_write(boost::asio::const_buffer buffer);
  Attempt judge_ssl(int result);
  boost::asio::awaitable<TransportError> shake_hands(const Endpoint& endpoint);

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<SSL, SslFree> ssl_;
};

// Found by Beast when a WebSocket ends, or is to end at once.

inline void beast_close_socket(Stream& stream) { stream.abort(); }
void teardown(boost::beast::role_type role, Stream& stream, boost::system::error_code& error);

template <class Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
  stream.shut_down();
  boost::asio::post(stream.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Handler>(handler),
                                                     boost::system::error_code()));
}

}  // namespace frontrow::crowd
