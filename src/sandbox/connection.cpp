#include "sandbox/connection.hpp"

#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "sandbox/form.hpp"
#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

/// Nothing where it is not a path as the APIs here have them.
std::optional<Request> request_of(http::request<http::string_body>&& message) {
  Request request;
  request.method = std::string(message.method_string());
  const std::string target(message.target());
  if (target.empty() || target.front() != '/') return std::nullopt;
  const auto question = target.find('?');
  if (question != std::string::npos) request.query = target.substr(question + 1);
  std::string_view path(target);
  path = path.substr(1, question == std::string::npos ? question : question - 1);
  while (!path.empty()) {
    const auto end = path.find('/');
    auto segment = percent_decoded(path.substr(0, end), false);
    if (!segment || request.path.size() == limits::path_segments_max) return std::nullopt;
    request.path.push_back(std::move(*segment));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
  }
  request.authorization = std::string(message[http::field::authorization]);
  request.content_type = std::string(message[http::field::content_type]);
  request.idempotency_key = std::string(message["Idempotency-Key"]);
  request.body = std::move(message.body());
  return request;
}

template <class Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>> {
 public:
  template <class... Arguments>
  Connection(std::shared_ptr<const ConnectionSettings> settings, std::function<void()> ended,
             Arguments&&... arguments)
      : settings_(std::move(settings)),
        ended_(std::move(ended)),
        stream_(std::forward<Arguments>(arguments)...) {}
  ~Connection() { ended_(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void run() {
    if constexpr (std::is_same_v<Stream, Tls>) {
      expire(settings_->header_time);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](error_code error) {
                                if (!error) self->wait();
                              });
    } else {
      wait();
    }
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  void expire(Duration after) {
    beast::get_lowest_layer(stream_).expires_after(std::chrono::microseconds(after.microseconds));
  }

  /// For the first byte of a request: between two of them a connection may rest.
  void wait() {
    parser_.emplace();
    parser_->header_limit(limits::header_bytes_max);
    parser_->body_limit(limits::body_bytes_max);
    if (buffer_.size() > 0) return read_header();
    expire(limits::idle_time);
    stream_.async_read_some(buffer_.prepare(first_read_bytes),
                            [self = this->shared_from_this()](error_code error, std::size_t count) {
                              if (error) return;
                              self->buffer_.commit(count);
                              self->read_header();
                            });
  }

  void read_header() {
    expire(settings_->header_time);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = this->shared_from_this()](error_code error, std::size_t) {
                              self->on_header(error);
                            });
  }

  void on_header(error_code error) {
    if (error == http::error::header_limit) return refuse(431);
    if (error == http::error::body_limit) return refuse(413);
    if (error.category() == http::make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message)
      return refuse(400);
    if (error) return;
    expire(limits::body_time);
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      interim_ = {http::status::continue_, parser_->get().version()};
      return http::async_write(stream_, interim_,
                               [self = this->shared_from_this()](error_code failed, std::size_t) {
                                 if (!failed) self->read_body();
                               });
    }
    read_body();
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](error_code failed, std::size_t) {
                       if (failed == http::error::body_limit) return self->refuse(413);
                       if (failed == http::error::bad_chunk) return self->refuse(400);
                       if (!failed) self->hand_over();
                     });
  }

  void hand_over() {
    keep_ = parser_->get().keep_alive();
    auto request = request_of(parser_->release());
    if (!request) return refuse(400);
    // Time does not run while an answer is being held back.
    beast::get_lowest_layer(stream_).expires_never();
    settings_->handler(std::move(*request),
                       [self = this->shared_from_this()](std::optional<Answer> answer) {
                         if (answer) self->write(std::move(*answer));
                       });
  }

  /// What is wrong with the request itself: said, then the connection ends.
  void refuse(unsigned status) {
    keep_ = false;
    Answer answer;
    answer.status = status;
    answer.body =
        R"({"error":{"code":"bad-request","message":"this is not a request that is served here"}})";
    write(std::move(answer));
  }

  void write(Answer answer) {
    message_ = {};
    message_.result(answer.status);
    message_.set(http::field::content_type, answer.type);
    message_.set(http::field::cache_control, "no-store");
    for (const auto& [name, value] : answer.headers) message_.set(name, value);
    message_.body() = std::move(answer.body);
    message_.keep_alive(keep_);
    message_.prepare_payload();
    expire(limits::write_time);
    http::async_write(stream_, message_,
                      [self = this->shared_from_this()](error_code error, std::size_t) {
                        if (error) return;
                        if (self->keep_) return self->wait();
                        self->bid_farewell();
                      });
  }

  /// What a refused request still sends is read and thrown away for a while, so that the other side
  /// gets to read the answer.
  void bid_farewell() {
    error_code ignored;
    beast::get_lowest_layer(stream_).socket().shutdown(asio::ip::tcp::socket::shutdown_send,
                                                       ignored);
    expire(farewell_time);
    read_away(farewell_bytes_max);
  }
  void read_away(std::size_t left) {
    buffer_.clear();
    beast::get_lowest_layer(stream_).async_read_some(
        buffer_.prepare(first_read_bytes),
        [self = this->shared_from_this(), left](error_code error, std::size_t count) {
          if (!error && count < left) self->read_away(left - count);
        });
  }

  static constexpr std::size_t first_read_bytes = 4'096;
  static constexpr Duration farewell_time = seconds(3);
  static constexpr std::size_t farewell_bytes_max = std::size_t{32} << 20;

  const std::shared_ptr<const ConnectionSettings> settings_;
  const std::function<void()> ended_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  http::response<http::empty_body> interim_;
  http::response<http::string_body> message_;
  bool keep_ = false;
};

}  // namespace

void serve_connection(beast::tcp_stream stream, std::shared_ptr<const ConnectionSettings> settings,
                      std::function<void()> ended) {
  auto* const tls = settings->tls;
  if (tls != nullptr) {
    std::make_shared<Connection<Tls>>(std::move(settings), std::move(ended), std::move(stream),
                                      *tls)
        ->run();
  } else {
    std::make_shared<Connection<Plain>>(std::move(settings), std::move(ended), std::move(stream))
        ->run();
  }
}

}  // namespace frontrow::sandbox
