#include "sandbox/listener.hpp"

#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <utility>

#include "sandbox/connection.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/later.hpp"

namespace frontrow::sandbox {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::optional<tcp::endpoint> endpoint_of(asio::io_context& context, const std::string& text,
                                         std::string& problem) {
  problem = "\"" + text + "\" is not HOST:PORT";
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  const auto port = parse_whole_number(std::string_view(text).substr(colon + 1));
  if (!port || *port < 0 || *port > 65'535) return std::nullopt;
  std::string host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (!error) return tcp::endpoint(address, static_cast<std::uint16_t>(*port));
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, std::to_string(*port), error);
  if (!error && !found.empty()) return found.begin()->endpoint();
  problem = "\"" + host + "\" is not an address of this machine";
  return std::nullopt;
}

}  // namespace

struct Listener::State : std::enable_shared_from_this<Listener::State> {
  State(asio::io_context& io, ListenerSettings own, Handler handler)
      : context(io), settings(std::move(own)), acceptor(io) {
    shared = std::make_shared<ConnectionSettings>();
    shared->header_time = settings.header_time;
    shared->handler = std::move(handler);
  }

  std::optional<std::string> start_tls() {
    if (settings.tls_certificate.empty() && settings.tls_key.empty()) return std::nullopt;
    error_code error;
    tls.emplace(asio::ssl::context::tls_server);
    tls->use_certificate_chain_file(settings.tls_certificate.string(), error);
    if (error)
      return settings.tls_certificate.string() + ": not a usable certificate: " + error.message();
    tls->use_private_key_file(settings.tls_key.string(), asio::ssl::context::pem, error);
    if (error || SSL_CTX_check_private_key(tls->native_handle()) != 1)
      return settings.tls_key.string() + ": not the key of " + settings.tls_certificate.string();
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    shared->tls = &*tls;
    return std::nullopt;
  }

  std::optional<std::string> start() {
    if (auto problem = start_tls()) return problem;
    std::string problem;
    const auto endpoint = endpoint_of(context, settings.listen, problem);
    if (!endpoint) return problem;
    error_code error;
    acceptor.open(endpoint->protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(*endpoint, error);
    if (!error) acceptor.listen(limits::listen_backlog, error);
    if (error) return "cannot listen on " + settings.listen + ": " + error.message();
    local = acceptor.local_endpoint(error);
    accept();
    return std::nullopt;
  }

  void accept() {
    acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) {
        // Out of descriptors or memory: connections that end make room.
        return later(self->context, limits::accept_pause, [self] { self->accept(); });
      }
      self->take(std::move(socket));
      self->accept();
    });
  }

  void take(tcp::socket socket) {
    if (connections >= limits::connections_max) return;
    ++connections;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    serve_connection(boost::beast::tcp_stream(std::move(socket)), shared,
                     [self = shared_from_this()] { --self->connections; });
  }

  asio::io_context& context;
  const ListenerSettings settings;
  std::optional<asio::ssl::context> tls;
  std::shared_ptr<ConnectionSettings> shared;
  tcp::acceptor acceptor;
  tcp::endpoint local;
  std::size_t connections = 0;
};

Listener::Listener(asio::io_context& context, ListenerSettings settings, Handler handler)
    : state_(std::make_shared<State>(context, std::move(settings), std::move(handler))) {}

Listener::~Listener() = default;

std::optional<std::string> Listener::start() { return state_->start(); }

std::string Listener::url() const {
  const auto address = state_->local.address();
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return (state_->tls ? "https://" : "http://") + host + ":" + std::to_string(state_->local.port());
}

}  // namespace frontrow::sandbox
