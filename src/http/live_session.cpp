#include "http/live_session.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>

#include "http/front_thread.hpp"

namespace frontrow::http {
namespace {

namespace websocket = beast::websocket;

std::int64_t steady_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

template <class Stream>
class LiveSession final : public Connection,
                          public LiveOutlet,
                          public std::enable_shared_from_this<LiveSession<Stream>> {
 public:
  LiveSession(FrontThread& thread, Stream&& stream, std::string_view language)
      : thread_(thread),
        patience_(thread.front().shared().settings.live),
        socket_(std::move(stream)),
        client_(*this, language) {
    thread_.opened(*this);
  }
  ~LiveSession() override {
    leave();
    thread_.closed(*this);
  }

  void start(const UpgradeRequest& request) {
    // The wheel does what Beast would start a timer a connection for.
    socket_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                       websocket::stream_base::none(), false});
    socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      response.set(beast::http::field::server, "frontrow");
      response.set(beast::http::field::cache_control, "no-store");
    }));
    socket_.read_message_max(limits::live_message_bytes_max);
    socket_.auto_fragment(false);
    socket_.text(true);
    socket_.control_callback([this](websocket::frame_type, beast::string_view) { heard(); });
    thread_.wheel().set(*this, limits::handshake_seconds_max * 1'000);
    socket_.async_accept(request, [self = this->shared_from_this()](const error_code& error) {
      self->on_accepted(error);
    });
  }

  void send(const SharedText& message) override {
    message_ = message;
    write_began_ = steady_seconds();
    socket_.async_write(asio::buffer(*message_),
                        [self = this->shared_from_this()](const error_code& error, std::size_t) {
                          self->on_written(error);
                        });
  }

  void stop() override {
    if (open_)
      close(websocket::close_code::going_away);
    else
      cut();
  }

  void on_timeout() override {
    const std::int64_t now = steady_seconds();
    // Not open: the handshake or the closing has taken too long.
    if (!open_) {
      cut();
      return;
    }
    const bool stuck = client_.writing && now - write_began_ >= patience_.unread_seconds;
    if (stuck || now - heard_at_ >= patience_.silent_seconds) {
      close(websocket::close_code::try_again_later);
      return;
    }
    if (now - heard_at_ >= patience_.ping_after_seconds && !pinging_) {
      pinging_ = true;
      socket_.async_ping(
          {}, [self = this->shared_from_this()](const error_code&) { self->pinging_ = false; });
    }
    thread_.wheel().set(*this, patience_.look_milliseconds);
  }

 private:
  void on_accepted(const error_code& error) {
    if (error) return;
    open_ = true;
    heard();
    thread_.hub().add(client_);
    thread_.live_opened();
    thread_.wheel().set(*this, patience_.look_milliseconds);
    if (thread_.stopping())
      close(websocket::close_code::going_away);
    else
      do_read();
  }

  void do_read() {
    socket_.async_read(buffer_,
                       [self = this->shared_from_this()](const error_code& error, std::size_t) {
                         self->on_read(error);
                       });
  }

  void on_read(const error_code& error) {
    if (error) {
      // Beast has sent the close code where the protocol was broken; nothing more can be said.
      // What is still under way, a TLS close among it, has a while to end.
      leave();
      thread_.wheel().set(*this, limits::close_seconds_max * 1'000);
      return;
    }
    if (!open_) return;
    heard();
    if (!socket_.got_text()) {
      close(websocket::close_code::unknown_data);
      return;
    }
    const auto bytes = buffer_.cdata();
    thread_.hub().on_message(client_, {static_cast<const char*>(bytes.data()), bytes.size()},
                             wall_now());
    buffer_.clear();
    // Between messages a socket keeps no buffer.
    buffer_.shrink_to_fit();
    do_read();
  }

  void on_written(const error_code& error) {
    message_ = nullptr;
    if (error || !open_) return;
    thread_.hub().on_written(client_, wall_now());
  }

  /// Says goodbye; the connection ends when the other side has answered, or after a while.
  void close(websocket::close_code code) {
    leave();
    thread_.wheel().set(*this, limits::close_seconds_max * 1'000);
    socket_.async_close(websocket::close_reason(code),
                        [self = this->shared_from_this()](const error_code&) {});
  }

  /// Ends the connection at once: whatever waits for it comes back with an error.
  void cut() {
    leave();
    error_code ignored;
    socket_of(socket_.next_layer()).close(ignored);
  }

  /// Is told nothing more.
  void leave() {
    if (!open_) return;
    open_ = false;
    thread_.hub().remove(client_);
    thread_.live_closed();
  }

  void heard() { heard_at_ = steady_seconds(); }

  FrontThread& thread_;
  const LivePatience& patience_;
  websocket::stream<Stream, false> socket_;  // false: no permessage-deflate
  LiveClient client_;
  // A little larger than a message: Beast refuses the message first, with its own close code.
  beast::flat_buffer buffer_{limits::live_message_bytes_max + limits::read_chunk_bytes};
  SharedText message_;
  bool open_ = false;
  bool pinging_ = false;
  std::int64_t heard_at_ = 0;
  std::int64_t write_began_ = 0;
};

}  // namespace

void start_live(FrontThread& thread, PlainStream&& stream, const UpgradeRequest& request,
                std::string_view language) {
  std::make_shared<LiveSession<PlainStream>>(thread, std::move(stream), language)->start(request);
}

void start_live(FrontThread& thread, TlsStream&& stream, const UpgradeRequest& request,
                std::string_view language) {
  std::make_shared<LiveSession<TlsStream>>(thread, std::move(stream), language)->start(request);
}

}  // namespace frontrow::http
