#include "outbound/connection.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <cerrno>
#include <chrono>
#include <utility>

#include "base/assert.hpp"

namespace frontrow::outbound {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

/// What is read ahead of the parser; more than a head and less than any body.
constexpr std::size_t read_buffer_bytes_max = std::size_t{64} << 10;
static_assert(read_buffer_bytes_max > response_head_bytes_max);

OutboundError kind_of(const error_code& error) {
  if (error == http::error::body_limit || error == http::error::header_limit ||
      error == http::error::buffer_overflow)
    return OutboundError::kTooLarge;
  if (error == http::error::end_of_stream || error == http::error::partial_message)
    return OutboundError::kClosed;
  if (error.category() == http::make_error_code(http::error::bad_version).category())
    return OutboundError::kMalformed;
  if (error == asio::ssl::error::stream_truncated) return OutboundError::kClosed;
  if (error.category() == asio::error::get_ssl_category()) return OutboundError::kTls;
  return OutboundError::kClosed;
}

}  // namespace

Connection::Connection(asio::io_context& context, asio::ssl::context* tls)
    : context_(context),
      stream_(std::in_place_type<Socket>, context),
      connect_timer_(context),
      buffer_(read_buffer_bytes_max) {
  if (tls != nullptr) stream_.emplace<TlsStream>(context, *tls);
}

Connection::Socket& Connection::socket() {
  if (auto* plain = std::get_if<Socket>(&stream_)) return *plain;
  return std::get<TlsStream>(stream_).next_layer();
}

void Connection::open(const Target& target, Endpoints endpoints, Opened opened) {
  target_ = target;
  endpoints_ = std::move(endpoints);
  opened_ = std::move(opened);
  try_next_address("the host has no address");
}

void Connection::try_next_address(std::string detail) {
  if (next_endpoint_ == endpoints_.size() || next_endpoint_ == addresses_tried_max) {
    opened_with(OutboundError::kConnect, std::move(detail));
    return;
  }
  error_code ignored;
  socket().close(ignored);
  connect_timer_.expires_after(std::chrono::microseconds(connect_try.microseconds));
  connect_timer_.async_wait(
      [self = shared_from_this(), tried = next_endpoint_ + 1](error_code error) {
        // Closing makes the attempt end with an error, which goes on to the next address.
        if (error || self->closed_ || self->next_endpoint_ != tried || !self->opened_) return;
        error_code nothing;
        self->socket().close(nothing);
      });
  socket().async_connect(
      endpoints_[next_endpoint_++], [self = shared_from_this()](error_code error) {
        if (self->closed_) return;
        self->connect_timer_.cancel();
        if (error || !self->socket().is_open()) {
          const bool late = error == asio::error::operation_aborted || !error;
          self->try_next_address(late ? "no address answers in time" : error.message());
          return;
        }
        error_code nothing;
        self->socket().set_option(asio::ip::tcp::no_delay(true), nothing);
        if (std::holds_alternative<TlsStream>(self->stream_))
          self->shake_hands();
        else
          self->opened_with(OutboundError::kNone, {});
      });
}

void Connection::shake_hands() {
  auto& stream = std::get<TlsStream>(stream_);
  SSL* ssl = stream.native_handle();
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool prepared =
      target_.host_is_address
          ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), target_.host.c_str()) == 1
          : SSL_set1_host(ssl, target_.host.c_str()) == 1 &&
                SSL_set_tlsext_host_name(ssl, target_.host.c_str()) == 1;
  if (!prepared) {
    opened_with(OutboundError::kTls, "the host's name cannot be checked");
    return;
  }
  stream.async_handshake(asio::ssl::stream_base::client,
                         [self = shared_from_this()](error_code error) {
                           if (self->closed_) return;
                           if (error)
                             self->opened_with(OutboundError::kTls, self->handshake_problem(error));
                           else
                             self->opened_with(OutboundError::kNone, {});
                         });
}

std::string Connection::handshake_problem(const error_code& error) {
  const long verdict = SSL_get_verify_result(std::get<TlsStream>(stream_).native_handle());
  return verdict == X509_V_OK ? error.message() : X509_verify_cert_error_string(verdict);
}

void Connection::opened_with(OutboundError error, std::string detail) {
  const Opened opened = std::exchange(opened_, nullptr);
  opened(error, std::move(detail));
}

void Connection::exchange(const MessagePtr& message, std::size_t body_bytes_max, Done done) {
  FRONTROW_ASSERT(!done_ && !closed_);
  ++watch_number_;
  if (ended_) {
    ended_ = nullptr;
    error_code ignored;
    socket().cancel(ignored);
  }
  done_ = std::move(done);
  body_bytes_max_ = body_bytes_max;
  interim_answers_ = 0;
  head_only_ = message->method() == http::verb::head;
  ++exchanges_;
  begin_answer();
  write(message);
}

void Connection::begin_answer() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(response_head_bytes_max));
  parser_->body_limit(body_bytes_max_);
  parser_->skip(head_only_);
}

void Connection::write(const MessagePtr& message) {
  has_sent_ = true;
  const auto written = [self = shared_from_this(), message](error_code error, std::size_t) {
    if (self->closed_) return;
    if (error)
      self->on_read(error);
    else
      self->read();
  };
  std::visit([&](auto& stream) { http::async_write(stream, *message, written); }, stream_);
}

void Connection::read() {
  const auto received = [self = shared_from_this()](error_code error, std::size_t) {
    if (!self->closed_) self->on_read(error);
  };
  std::visit([&](auto& stream) { http::async_read(stream, buffer_, *parser_, received); }, stream_);
}

void Connection::on_read(const error_code& error) {
  if (error) {
    finish(kind_of(error), error.message(), false);
    return;
  }
  const unsigned status = parser_->get().result_int();
  if (status >= 200) {
    const bool good = status < 300;
    // Bytes after the answer belong to no request: such a connection is not asked again.
    const bool keep = parser_->keep_alive() && buffer_.size() == 0;
    finish(good ? OutboundError::kNone : OutboundError::kStatus,
           good ? std::string() : "status " + std::to_string(status), keep);
    return;
  }
  if (status == 101 || ++interim_answers_ > interim_answers_max) {
    finish(OutboundError::kMalformed, "an interim answer that nobody asked for", false);
    return;
  }
  begin_answer();
  read();
}

void Connection::finish(OutboundError error, std::string detail, bool keep) {
  Exchanged result;
  result.outcome.error = error;
  result.outcome.detail = std::move(detail);
  result.outcome.sent = true;
  result.keep = keep;
  result.stale = error == OutboundError::kClosed && exchanges_ > 1 && interim_answers_ == 0 &&
                 !parser_->got_some();
  if (error == OutboundError::kNone || error == OutboundError::kStatus) {
    auto message = parser_->release();
    OutboundResponse& response = result.outcome.response;
    response.status = message.result_int();
    for (const auto& field : message)
      response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    response.body = std::move(message.body());
  }
  parser_.reset();
  const Done done = std::exchange(done_, nullptr);
  done(std::move(result));
}

void Connection::watch(std::function<void()> ended) {
  FRONTROW_ASSERT(!done_ && !closed_);
  ended_ = std::move(ended);
  socket().async_wait(
      Socket::wait_read, [self = shared_from_this(), number = ++watch_number_](error_code error) {
        if (error || self->closed_ || self->watch_number_ != number || !self->ended_) return;
        std::exchange(self->ended_, nullptr)();
      });
}

bool Connection::is_quiet() {
  char byte = 0;
  const auto got = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Connection::close() {
  closed_ = true;
  opened_ = nullptr;
  done_ = nullptr;
  ended_ = nullptr;
  connect_timer_.cancel();
  error_code ignored;
  socket().close(ignored);
}

}  // namespace frontrow::outbound
