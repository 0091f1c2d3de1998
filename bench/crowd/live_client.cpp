#include "crowd/live_client.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <nlohmann/json.hpp>

#include "crowd/stream.hpp"

namespace frontrow::crowd {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr double connect_seconds_max = 30, goodbye_seconds_max = 2;
constexpr double pause_seconds_min = 0.2, pause_seconds_max = 5;
constexpr std::size_t message_bytes_max = std::size_t{4} << 20;
/// A snapshot's room is given back; what queue messages need stays.
constexpr std::size_t buffer_bytes_kept = 2048;

}  // namespace

struct LiveClient::Socket {
  explicit Socket(asio::io_context& io) : stream(io) {}
  // Without compression: it would cost more memory than all the rest of a fan.
  websocket::stream<Stream, false> stream;
};

LiveClient::LiveClient(asio::io_context& io, const Endpoint& endpoint, std::uint32_t source,
                       std::uint64_t seed, LiveListener& listener)
    : io_(io),
      endpoint_(endpoint),
      source_(source),
      listener_(listener),
      random_(seed),
      watchdog_(io),
      pause_(io) {}

LiveClient::~LiveClient() = default;

asio::awaitable<void> LiveClient::run(std::string token) {
  token_ = std::move(token);
  double pause_seconds = pause_seconds_min;
  while (!stopping_) {
    auto socket = std::make_shared<Socket>(io_);
    socket_ = socket;
    dropping_ = false;
    listener_.on_live_connecting();
    watchdog_.arm(socket->stream.next_layer(), Clock::now() + seconds(connect_seconds_max));
    TransportError outcome = co_await open(*socket);
    if (outcome == TransportError::kNone) outcome = co_await greet(socket);
    if (watchdog_.struck_for() != TransportError::kNone) outcome = watchdog_.struck_for();
    watchdog_.disarm();
    if (outcome == TransportError::kNone) {
      ready_ = true;
      pause_seconds = pause_seconds_min;
      co_await flush_watch();
      co_await listen(*socket);
      outcome = TransportError::kClosed;
    }
    ready_ = false;
    zone_sent_.clear();
    watchdog_.disarm();
    socket->stream.next_layer().abort();
    socket_.reset();
    if (stopping_) break;
    if (!dropping_) listener_.on_live_error(to_text(outcome));
    const double wait = away_seconds_ > 0 ? away_seconds_ : random_.between(0.5, 1) * pause_seconds;
    away_seconds_ = 0;
    pause_seconds = std::min(2 * pause_seconds, pause_seconds_max);
    pause_.expires_after(seconds(wait));
    co_await pause_.async_wait(as_result);
  }
}

asio::awaitable<TransportError> LiveClient::open(Socket& socket) {
  const TransportError outcome = co_await socket.stream.next_layer().connect(endpoint_, source_);
  if (outcome != TransportError::kNone) co_return outcome;
  socket.stream.read_message_max(message_bytes_max);
  socket.stream.write_buffer_bytes(512);
  socket.stream.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
    request.set(beast::http::field::user_agent, "frontrow-crowd");
  }));
  websocket::response_type answer;
  const auto [error] = co_await socket.stream.async_handshake(answer, endpoint_.target.host_header,
                                                              "/api/v1/live", as_result);
  if (!error) co_return TransportError::kNone;
  co_return answer.result_int() >= 400 ? TransportError::kBadResponse : TransportError::kClosed;
}

asio::awaitable<TransportError> LiveClient::greet(std::shared_ptr<Socket> socket) {
  const nlohmann::json message = {{"type", "hello"}, {"token", token_}};
  const std::string text = message.dump();
  const auto [error, written] = co_await socket->stream.async_write(asio::buffer(text), as_result);
  co_return error ? TransportError::kClosed : TransportError::kNone;
}

asio::awaitable<void> LiveClient::listen(Socket& socket) {
  beast::flat_buffer buffer;
  for (;;) {
    const auto [error, bytes] = co_await socket.stream.async_read(buffer, as_result);
    if (error) co_return;
    const auto data = buffer.data();
    auto message = parse_live_message({static_cast<const char*>(data.data()), data.size()});
    buffer.clear();
    if (buffer.capacity() > buffer_bytes_kept) buffer.shrink_to_fit();
    if (message)
      listener_.on_live_message(std::move(*message));
    else
      listener_.on_live_unreadable();
  }
}

asio::awaitable<void> LiveClient::watch(std::string zone) {
  zone_wanted_ = std::move(zone);
  co_await flush_watch();
}

// One write at a time: whoever finds one under way leaves the rest to it.
asio::awaitable<void> LiveClient::flush_watch() {
  if (writing_) co_return;
  writing_ = true;
  while (ready_ && zone_sent_ != zone_wanted_) {
    const auto socket = socket_;  // Kept until the write has ended, whatever `run` does.
    zone_sent_ = zone_wanted_;
    nlohmann::json message = {{"type", "watch"}, {"zones", nlohmann::json::array()}};
    if (!zone_sent_.empty()) message["zones"].push_back(zone_sent_);
    const std::string text = message.dump();
    const auto [error, written] =
        co_await socket->stream.async_write(asio::buffer(text), as_result);
    if (error && socket == socket_) break;
  }
  writing_ = false;
}

void LiveClient::drop(double away_seconds) {
  if (stopping_ || !socket_) return;
  dropping_ = true;
  away_seconds_ = away_seconds;
  socket_->stream.next_layer().abort();
}

asio::awaitable<void> LiveClient::close() {
  if (stopping_) co_return;
  auto socket = socket_;
  if (!socket || !ready_ || writing_) {
    stop();
    co_return;
  }
  stopping_ = true;
  watchdog_.arm(socket->stream.next_layer(), Clock::now() + seconds(goodbye_seconds_max));
  co_await socket->stream.async_close(websocket::close_code::normal, as_result);
}

void LiveClient::stop() {
  stopping_ = true;
  pause_.cancel();
  if (socket_) socket_->stream.next_layer().abort();
}

}  // namespace frontrow::crowd
