#include "http/http_session.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <optional>

#include "guard/client_address.hpp"
#include "http/front_thread.hpp"
#include "http/live_session.hpp"
#include "text/messages.hpp"

namespace frontrow::http {
namespace {

namespace beast_http = beast::http;

/// A body up to this size travels in one piece with its head: one TLS record.
constexpr std::size_t joined_body_bytes_max = 15'000;

std::uint64_t address_key_of(const PlainStream& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return 0;
  if (endpoint.address().is_v4())
    return guard::rate_key_of_address(endpoint.address().to_v4().to_bytes());
  return guard::rate_key_of_address(endpoint.address().to_v6().to_bytes());
}

template <class Stream>
class HttpSession final : public Connection,
                          public ResponseSink,
                          public std::enable_shared_from_this<HttpSession<Stream>> {
 public:
  HttpSession(FrontThread& thread, Stream&& stream, Surface surface, bool refuse)
      : thread_(thread),
        stream_(std::move(stream)),
        surface_(surface),
        refuse_(refuse),
        address_key_(address_key_of(socket_of(stream_))) {
    thread_.opened(*this);
  }
  ~HttpSession() override { thread_.closed(*this); }

  void start() {
    if constexpr (is_tls<Stream>) {
      expect(limits::handshake_seconds_max);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](const error_code& error) {
                                if (!error) self->wait_for_request(limits::headers_seconds_max);
                              });
    } else {
      wait_for_request(limits::headers_seconds_max);
    }
  }

  void stop() override {
    if (stage_ == Stage::kIdle || stage_ == Stage::kStarting) cut();
    // Otherwise the answer that is under way is the last one.
  }

  void on_timeout() override {
    if (stage_ == Stage::kAnswering) {
      // The sequencer has not answered: the fan is told so and may try again.
      close_after_ = true;
      respond(Problem(Fault::kOverloaded).response(language_));
      return;
    }
    cut();
  }

  void respond(Response&& response) override {
    if (stage_ != Stage::kAnswering) return;
    stage_ = Stage::kWriting;
    const bool head_only = parser_->get().method() == beast_http::verb::head;
    close_after_ = close_after_ || response.close || thread_.stopping() || !parser_->keep_alive();
    head_ = write_head(response, {.keep_alive = !close_after_,
                                  .http_1_0 = parser_->get().version() < 11,
                                  .secure = is_tls<Stream>});
    body_ = head_only ? nullptr : std::move(response.body);
    const std::size_t size = body_ != nullptr ? body_->size() : 0;
    if (size > 0 && size <= joined_body_bytes_max) {
      head_ += *body_;
      body_ = nullptr;
    }
    expect(limits::answer_seconds_max +
           static_cast<std::int64_t>(size / limits::answer_bytes_per_second_min));
    auto done = [self = this->shared_from_this()](const error_code& error, std::size_t) {
      self->on_written(error);
    };
    if (body_ == nullptr) {
      asio::async_write(stream_, asio::buffer(head_), std::move(done));
    } else {
      const std::array<asio::const_buffer, 2> both = {asio::buffer(head_), asio::buffer(*body_)};
      asio::async_write(stream_, both, std::move(done));
    }
  }

 private:
  using Parser = beast_http::request_parser<beast_http::string_body>;
  enum class Stage : std::uint8_t {
    kStarting,   ///< Handshake.
    kIdle,       ///< Nothing of a request has come.
    kReading,    ///< A part of one.
    kAnswering,  ///< The front has it.
    kWriting,
    kLeaving,
  };

  void expect(std::int64_t seconds) { thread_.wheel().set(*this, seconds * 1'000); }

  void cut() {
    error_code ignored;
    socket_of(stream_).close(ignored);
  }

  void wait_for_request(std::int64_t seconds_max) {
    if (thread_.stopping()) {
      leave();
      return;
    }
    stage_ = Stage::kIdle;
    parser_.emplace();
    parser_->header_limit(limits::header_bytes_max);
    // Which limit holds is known when the head is: see `on_head`.
    parser_->body_limit(boost::none);
    if (buffer_.size() > 0) {
      read_head();
      return;
    }
    // The time for the headers begins with their first byte.
    expect(seconds_max);
    stream_.async_read_some(
        buffer_.prepare(limits::read_chunk_bytes),
        [self = this->shared_from_this()](const error_code& error, std::size_t size) {
          if (error) return;
          self->buffer_.commit(size);
          self->read_head();
        });
  }

  void read_head() {
    stage_ = Stage::kReading;
    expect(limits::headers_seconds_max);
    beast_http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](const error_code& error, std::size_t) {
          self->on_head(error);
        });
  }

  /// True where the error is that the other side has gone: nobody is there to be told.
  static bool is_gone(const error_code& error) {
    return error == beast_http::error::end_of_stream ||
           error == beast_http::error::partial_message ||
           error.category() != beast_http::make_error_code(beast_http::error::bad_value).category();
  }

  void on_head(const error_code& error) {
    if (error) {
      if (is_gone(error)) return;
      refuse_malformed();
      return;
    }
    const auto& head = parser_->get();
    Request request = make_request();
    if (refuse_) {
      answer_and_close(Problem(Fault::kOverloaded));
      return;
    }
    const bool no_host = head.version() >= 11 && head.find(beast_http::field::host) == head.end();
    if (no_host || too_many_headers_) {
      refuse_malformed();
      return;
    }
    if (thread_.front().is_live_target(request) && beast::websocket::is_upgrade(head)) {
      upgrade(request);
      return;
    }
    if (parser_->is_done()) {
      answer(request);
      return;
    }
    const std::size_t body_max = thread_.front().body_bytes_max(request);
    const auto length = parser_->content_length();
    if (length && *length > body_max) {
      refuse_body();
      return;
    }
    parser_->body_limit(body_max);
    if (beast::iequals(head[beast_http::field::expect], "100-continue"))
      say_continue();
    else
      read_body();
  }

  void say_continue() {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    expect(limits::body_seconds_max);
    asio::async_write(stream_, asio::buffer(go_on),
                      [self = this->shared_from_this()](const error_code& error, std::size_t) {
                        if (!error) self->read_body();
                      });
  }

  void read_body() {
    expect(limits::body_seconds_max);
    beast_http::async_read(stream_, buffer_, *parser_,
                           [self = this->shared_from_this()](const error_code& error, std::size_t) {
                             self->on_body(error);
                           });
  }

  void on_body(const error_code& error) {
    if (!error) {
      answer(make_request());
      return;
    }
    if (error == beast_http::error::body_limit)
      refuse_body();
    else if (!is_gone(error))
      refuse_malformed();
  }

  Request make_request() {
    const auto& message = parser_->get();
    Request request;
    request.method = parse_method(message.method_string());
    request.target = message.target();
    for (const auto& field : message) {
      if (request.headers.size() == limits::header_count_max) {
        too_many_headers_ = true;
        break;
      }
      request.headers.emplace_back(field.name_string(), field.value());
    }
    request.body = message.body();
    request.secure = is_tls<Stream>;
    request.surface = surface_;
    request.address_key = address_key_;
    language_ = text::Messages::get().negotiate(request.header("Accept-Language"));
    return request;
  }

  void answer(const Request& request) {
    stage_ = Stage::kAnswering;
    expect(limits::sequencer_seconds_max);
    thread_.front().handle(request, this->shared_from_this());
  }

  /// The body is not read; what else is wrong comes first, as ever.
  void refuse_body() {
    unread_ = true;
    close_after_ = true;
    Request request = make_request();
    request.body = {};
    request.body_too_large = true;
    answer(request);
  }

  /// What follows on this connection cannot be told apart from what was wrong.
  void refuse_malformed() {
    unread_ = true;
    answer_and_close(Problem::invalid("headers"));
  }

  void answer_and_close(const Problem& problem) {
    close_after_ = true;
    stage_ = Stage::kAnswering;
    respond(problem.response(language_));
  }

  void upgrade(const Request& request) {
    if (auto refusal = thread_.front().refuse_live(request)) {
      stage_ = Stage::kAnswering;
      respond(std::move(*refusal));
      return;
    }
    // What the client sent after the request would be lost: nothing may come before the handshake.
    if (buffer_.size() > 0 || !parser_->is_done()) {
      refuse_malformed();
      return;
    }
    thread_.wheel().cancel(*this);
    stage_ = Stage::kLeaving;
    start_live(thread_, std::move(stream_), parser_->get(), language_);
  }

  void on_written(const error_code& error) {
    if (error) return;
    body_ = nullptr;
    if (close_after_) {
      leave();
      return;
    }
    parser_.reset();
    wait_for_request(limits::idle_seconds_max);
  }

  /// Ends the connection so that the last answer arrives: closing with unread bytes would make the
  /// system reset it.
  void leave() {
    stage_ = Stage::kLeaving;
    expect(limits::farewell_seconds_max);
    if (unread_) {
      error_code ignored;
      if constexpr (!is_tls<Stream>) stream_.shutdown(asio::socket_base::shutdown_send, ignored);
      buffer_.clear();
      read_out();
    } else {
      shut_down();
    }
  }

  void read_out() {
    if (read_out_bytes_ >= limits::farewell_bytes_max) {
      shut_down();
      return;
    }
    buffer_.clear();
    stream_.async_read_some(
        buffer_.prepare(limits::read_chunk_bytes),
        [self = this->shared_from_this()](const error_code& error, std::size_t size) {
          if (error) return;
          self->read_out_bytes_ += size;
          self->read_out();
        });
  }

  void shut_down() {
    if constexpr (is_tls<Stream>) {
      stream_.async_shutdown([self = this->shared_from_this()](const error_code&) {});
    } else {
      error_code ignored;
      stream_.shutdown(asio::socket_base::shutdown_both, ignored);
    }
  }

  FrontThread& thread_;
  Stream stream_;
  const Surface surface_;
  const bool refuse_;
  const std::uint64_t address_key_;
  // The head's limit refuses first; the buffer only has to hold it and what was read beyond.
  beast::flat_buffer buffer_{limits::header_bytes_max * 4};
  std::optional<Parser> parser_;
  std::string_view language_ = "en";
  std::string head_;
  SharedText body_;
  std::size_t read_out_bytes_ = 0;
  Stage stage_ = Stage::kStarting;
  bool close_after_ = false;
  bool unread_ = false;
  bool too_many_headers_ = false;
};

template <class Stream>
void start(FrontThread& thread, Stream&& stream, Surface surface, bool refuse) {
  std::make_shared<HttpSession<Stream>>(thread, std::move(stream), surface, refuse)->start();
}

}  // namespace

void start_session(FrontThread& thread, PlainStream&& stream, Surface surface, bool refuse) {
  start<PlainStream>(thread, std::move(stream), surface, refuse);
}
void start_session(FrontThread& thread, TlsStream&& stream, Surface surface, bool refuse) {
  start<TlsStream>(thread, std::move(stream), surface, refuse);
}

}  // namespace frontrow::http
