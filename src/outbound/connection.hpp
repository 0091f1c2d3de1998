// One connection to one host: opened, then used for one exchange after another, then closed. It
// knows nothing of deadlines and of other connections; who owns it closes it.
//
// Inside this folder alone: it names Boost.Asio's types. Belongs to the io_context's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "outbound/outbound_call.hpp"
#include "outbound/request_message.hpp"
#include "outbound/target.hpp"

namespace frontrow::outbound {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  using Opened = std::function<void(OutboundError, std::string detail)>;
  struct Exchanged {
    OutboundOutcome outcome;
    bool keep = false;   ///< The connection can carry another exchange.
    bool stale = false;  ///< It had been closed before this exchange: not a byte came back.
  };
  using Done = std::function<void(Exchanged)>;

  /// `tls` is null for plain HTTP.
  Connection(boost::asio::io_context& context, boost::asio::ssl::context* tls);

  /// Tries the addresses in their order.
  void open(const Target& target, Endpoints endpoints, Opened opened);
  /// The message is shared: a write that has ended but whose end has not been told yet still reads
  /// it, whatever has become of the exchange.
  using MessagePtr = std::shared_ptr<const RequestMessage>;
  void exchange(const MessagePtr& message, std::size_t body_bytes_max, Done done);
  /// While idle: tells once when the other side closes or says what nobody asked for.
  void watch(std::function<void()> ended);
  /// While idle: whether the other side has neither closed nor said anything.
  bool is_quiet();
  /// None of the callbacks is called any more.
  void close();
  /// The other side may have got something of a request.
  bool has_sent() const { return has_sent_; }

 private:
  using Socket = boost::asio::ip::tcp::socket;
  using TlsStream = boost::asio::ssl::stream<Socket>;
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  Socket& socket();
  void try_next_address(std::string detail);
  void shake_hands();
  std::string handshake_problem(const boost::system::error_code& error);
  void opened_with(OutboundError error, std::string detail);
  void write(const MessagePtr& message);
  void read();
  void on_read(const boost::system::error_code& error);
  void begin_answer();
  void finish(OutboundError error, std::string detail, bool keep);

  boost::asio::io_context& context_;
  std::variant<Socket, TlsStream> stream_;
  boost::asio::steady_timer connect_timer_;
  Target target_;
  Endpoints endpoints_;
  std::size_t next_endpoint_ = 0;
  Opened opened_;

  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::size_t body_bytes_max_ = 0;
  unsigned interim_answers_ = 0;
  bool head_only_ = false;
  std::uint64_t exchanges_ = 0;
  Done done_;

  std::function<void()> ended_;
  std::uint64_t watch_number_ = 0;
  bool has_sent_ = false;
  bool closed_ = false;
};

}  // namespace frontrow::outbound
