#include "crowd/stream.hpp"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <climits>

#include "base/assert.hpp"

namespace frontrow::crowd {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

error_code last_error() { return {errno, boost::system::system_category()}; }
bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }
int clamp_to_int(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

// Binds to an address of the fan's own and lets the kernel choose the port when connecting:
// ports are then scarce for each address pair only, not for all sockets.
error_code bind_source(tcp::socket& socket, std::uint32_t source) {
  error_code error;
  const asio::detail::socket_option::boolean<IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT> late_port(true);
  socket.set_option(late_port, error);
  if (!error) socket.bind(tcp::endpoint(asio::ip::address_v4(source), 0), error);
  return error;
}

}  // namespace

Stream::Stream(asio::io_context& io) : socket_(io) {}
Stream::~Stream() = default;

asio::awaitable<TransportError> Stream::connect(const Endpoint& endpoint, std::uint32_t source) {
  error_code error;
  const auto address = asio::ip::make_address(endpoint.target.address, error);
  FRONTROW_ASSERT(!error);
  const tcp::endpoint there(address, endpoint.target.port);
  socket_.open(there.protocol(), error);
  if (!error && source != 0) error = bind_source(socket_, source);
  if (!error) socket_.set_option(tcp::no_delay(true), error);
  if (!error) socket_.non_blocking(true, error);
  if (error) co_return TransportError::kConnect;

  const auto [failed] = co_await socket_.async_connect(there, as_result);
  if (failed == asio::error::connection_refused) co_return TransportError::kRefused;
  if (failed) co_return TransportError::kConnect;
  if (endpoint.tls == nullptr) co_return TransportError::kNone;
  const TransportError outcome = co_await shake_hands(endpoint);
  co_return outcome;
}

asio::awaitable<TransportError> Stream::shake_hands(const Endpoint& endpoint) {
  ssl_.reset(SSL_new(endpoint.tls));
  FRONTROW_ASSERT(ssl_ != nullptr);
  SSL_set_fd(ssl_.get(), socket_.native_handle());
  const std::string& host = endpoint.target.host;
  if (host == "localhost") SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
  if (endpoint.verify_name) {
    // A name for a name, an address for an address: OpenSSL keeps the two apart.
    if (host == "localhost")
      SSL_set1_host(ssl_.get(), host.c_str());
    else
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str());
  }
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_.get());
    if (result == 1) co_return TransportError::kNone;
    const Attempt attempt = judge_ssl(result);
    if (attempt.done) co_return TransportError::kTls;
    const auto [error] = co_await socket_.async_wait(attempt.wait, as_result);
    if (error || !socket_.is_open()) co_return TransportError::kTls;
  }
}

Stream::Attempt Stream::judge_ssl(int result) {
  Attempt attempt;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return attempt;
    case SSL_ERROR_WANT_WRITE:
      attempt.wait = asio::socket_base::wait_write;
      return attempt;
    case SSL_ERROR_ZERO_RETURN:
      attempt.error = asio::error::eof;
      break;
    default:
      attempt.error = asio::error::connection_reset;
  }
  attempt.done = true;
  return attempt;
}

Stream::Attempt Stream::try_read(asio::mutable_buffer buffer) {
  Attempt attempt;
  if (!socket_.is_open()) return {true, {}, asio::error::operation_aborted, 0};
  if (buffer.size() == 0) return {true, {}, {}, 0};
  if (ssl_) {
    ERR_clear_error();
    const int bytes = SSL_read(ssl_.get(), buffer.data(), clamp_to_int(buffer.size()));
    if (bytes <= 0) return judge_ssl(bytes);
    return {true, {}, {}, static_cast<std::size_t>(bytes)};
  }
  const ssize_t bytes = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
  if (bytes > 0) return {true, {}, {}, static_cast<std::size_t>(bytes)};
  if (bytes == 0) return {true, {}, asio::error::eof, 0};
  if (would_block(errno)) return attempt;
  return {true, {}, last_error(), 0};
}

Stream::Attempt Stream::try_write(asio::const_buffer buffer) {
  Attempt attempt;
  attempt.wait = asio::socket_base::wait_write;
  if (!socket_.is_open()) return {true, {}, asio::error::operation_aborted, 0};
  if (buffer.size() == 0) return {true, {}, {}, 0};
  if (ssl_) {
    ERR_clear_error();
    const int bytes = SSL_write(ssl_.get(), buffer.data(), clamp_to_int(buffer.size()));
    if (bytes <= 0) return judge_ssl(bytes);
    return {true, {}, {}, static_cast<std::size_t>(bytes)};
  }
  const ssize_t bytes = ::send(socket_.native_handle(), buffer.data(), buffer.size(), MSG_NOSIGNAL);
  if (bytes >= 0) return {true, {}, {}, static_cast<std::size_t>(bytes)};
  if (would_block(errno)) return attempt;
  return {true, {}, last_error(), 0};
}

void Stream::shut_down() {
  if (!socket_.is_open()) return;
  if (ssl_ && SSL_is_init_finished(ssl_.get())) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  socket_.close(ignored);
}

void Stream::abort() {
  if (!socket_.is_open()) return;
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

void teardown(boost::beast::role_type, Stream& stream, error_code& error) {
  stream.shut_down();
  error = {};
}

}  // namespace frontrow::crowd
