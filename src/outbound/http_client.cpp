#include "outbound/http_client.hpp"

#include <openssl/ssl.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "outbound/connection.hpp"

namespace frontrow::outbound {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;

constexpr auto sweep_every = std::chrono::seconds(1);

std::chrono::microseconds length_of(Duration duration) {
  return std::chrono::microseconds(duration.microseconds > 0 ? duration.microseconds : 0);
}

OutboundOutcome failed(OutboundError error, std::string detail, bool sent = false) {
  OutboundOutcome outcome;
  outcome.error = error;
  outcome.detail = std::move(detail);
  outcome.sent = sent;
  return outcome;
}

void set_up_tls(asio::ssl::context& tls, const std::filesystem::path& authorities) {
  error_code error;
  if (authorities.empty())
    tls.set_default_verify_paths(error);
  else
    tls.load_verify_file(authorities.string(), error);
  if (error) throw std::runtime_error(authorities.string() + ": no usable authorities");
  tls.set_verify_mode(asio::ssl::verify_peer);
  constexpr unsigned char http_1_1[] = "\x08http/1.1";
  if (SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_alpn_protos(tls.native_handle(), http_1_1, sizeof http_1_1 - 1) != 0)
    throw std::runtime_error("TLS could not be set up");
}

}  // namespace

struct HttpClient::State : std::enable_shared_from_this<HttpClient::State> {
  struct Host;
  /// A request from `send` to its callback.
  struct Exchange {
    explicit Exchange(asio::io_context& context) : deadline(context) {}
    Target target;
    Connection::MessagePtr message;
    std::size_t body_bytes_max = 0;
    bool repeatable = false, repeated = false, sent = false, waiting = false;
    Done done;  ///< Empty once it has been called.
    asio::steady_timer deadline;
    std::shared_ptr<Connection> connection;  ///< None while it waits for one.
    Host* host = nullptr;
    std::list<std::shared_ptr<Exchange>>::iterator place;  ///< In `Host::waiting`.
  };
  using ExchangePtr = std::shared_ptr<Exchange>;
  struct Idle {
    std::shared_ptr<Connection> connection;
    SteadyClock::time_point since;
  };
  struct Host {
    std::set<std::shared_ptr<Connection>> connections;
    std::vector<Idle> idle;  ///< The one used last at the end, from where they are taken.
    std::list<ExchangePtr> waiting;
    Connection::Endpoints endpoints;
    SteadyClock::time_point endpoints_until;
    std::vector<ExchangePtr> unaddressed;  ///< Those whose connections wait for the addresses.
    bool resolving = false;
    bool is_empty() const { return connections.empty() && waiting.empty() && !resolving; }
  };

  State(asio::io_context& the_context, HttpClientSettings the_settings)
      : context(the_context),
        settings(std::move(the_settings)),
        resolver(context),
        sweeper(context) {
    set_up_tls(tls, settings.authorities);
  }

  asio::io_context& context;
  const HttpClientSettings settings;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  asio::ip::tcp::resolver resolver;
  asio::steady_timer sweeper;
  std::map<std::string, Host> hosts;
  std::set<ExchangePtr> exchanges;
  std::uint64_t connections_made = 0;
  bool sweeping = false, stopped = false;

  void stop();
  void refuse(Done done, OutboundOutcome outcome);
  void send(OutboundRequest request, Done done);
  Host* host_for(const Target& target);
  void start(const ExchangePtr& exchange);
  void open_for(const ExchangePtr& exchange);
  void resolve(Host& host, const Target& target);
  void resolved(Host& host, const Target& target, const error_code& error);
  void connect(const ExchangePtr& exchange);
  void opened(const ExchangePtr& exchange, OutboundError error, std::string detail);
  void run(const ExchangePtr& exchange);
  void exchanged(const ExchangePtr& exchange, Connection::Exchanged result);
  void keep(Host& host, std::shared_ptr<Connection> connection);
  void drop(Host& host, const std::shared_ptr<Connection>& connection);
  void timed_out(const ExchangePtr& exchange);
  void serve_waiting(Host& host);
  void finish(const ExchangePtr& exchange, OutboundOutcome outcome);
  void sweep();

  /// A handler that does nothing once the client is gone.
  template <class Function>
  auto guarded(Function function) {
    return [weak = weak_from_this(), function = std::move(function)](auto&&... arguments) mutable {
      const auto self = weak.lock();
      if (self && !self->stopped) function(*self, std::forward<decltype(arguments)>(arguments)...);
    };
  }
};

void HttpClient::State::stop() {
  stopped = true;
  resolver.cancel();
  sweeper.cancel();
  for (const ExchangePtr& exchange : exchanges) {
    exchange->deadline.cancel();
    exchange->done = nullptr;
    exchange->connection = nullptr;
  }
  exchanges.clear();
  for (auto& [key, host] : hosts)
    for (const auto& connection : host.connections) connection->close();
  hosts.clear();
}

void HttpClient::State::refuse(Done done, OutboundOutcome outcome) {
  asio::post(context, guarded([done = std::move(done), outcome = std::move(outcome)](State&) {
               done(outcome);
             }));
}

void HttpClient::State::send(OutboundRequest request, Done done) {
  const auto target = parse_target(request.url);
  if (!target) {
    refuse(std::move(done), failed(OutboundError::kUnusable, "no address of the web"));
    return;
  }
  std::string problem;
  auto message = make_message(request, *target, settings.user_agent, problem);
  if (!message) {
    refuse(std::move(done), failed(OutboundError::kUnusable, std::move(problem)));
    return;
  }
  Host* host = exchanges.size() < settings.requests_max ? host_for(*target) : nullptr;
  if (host == nullptr) {
    refuse(std::move(done), failed(OutboundError::kBusy, {}));
    return;
  }
  auto exchange = std::make_shared<Exchange>(context);
  exchange->target = *target;
  exchange->message = std::make_shared<const RequestMessage>(std::move(*message));
  exchange->body_bytes_max = request.response_body_bytes_max;
  exchange->repeatable = request.repeatable;
  exchange->done = std::move(done);
  exchange->host = host;
  exchanges.insert(exchange);
  exchange->deadline.expires_after(length_of(request.deadline));
  exchange->deadline.async_wait(
      guarded([weak = std::weak_ptr(exchange)](State& self, const error_code& error) {
        const auto late = weak.lock();
        if (late && !error && late->done) self.timed_out(late);
      }));
  start(exchange);
}

HttpClient::State::Host* HttpClient::State::host_for(const Target& target) {
  const std::string key = target.key();
  const auto found = hosts.find(key);
  if (found != hosts.end()) return &found->second;
  if (hosts.size() >= hosts_max) {
    std::erase_if(hosts, [](const auto& entry) { return entry.second.is_empty(); });
    if (hosts.size() >= hosts_max) return nullptr;
  }
  return &hosts[key];
}

void HttpClient::State::start(const ExchangePtr& exchange) {
  Host& host = *exchange->host;
  while (!host.idle.empty()) {
    const auto connection = host.idle.back().connection;
    host.idle.pop_back();
    if (connection->is_quiet()) {
      exchange->connection = connection;
      run(exchange);
      return;
    }
    drop(host, connection);
  }
  if (host.connections.size() < settings.connections_per_host_max) {
    open_for(exchange);
    return;
  }
  exchange->waiting = true;
  exchange->place = host.waiting.insert(host.waiting.end(), exchange);
}

void HttpClient::State::open_for(const ExchangePtr& exchange) {
  Host& host = *exchange->host;
  exchange->connection =
      std::make_shared<Connection>(context, exchange->target.tls ? &tls : nullptr);
  host.connections.insert(exchange->connection);
  ++connections_made;
  if (!host.endpoints.empty() && SteadyClock::now() < host.endpoints_until) {
    connect(exchange);
    return;
  }
  host.unaddressed.push_back(exchange);
  if (!host.resolving) resolve(host, exchange->target);
}

void HttpClient::State::resolve(Host& host, const Target& target) {
  host.resolving = true;
  if (target.host_is_address) {
    host.endpoints = {{asio::ip::make_address(target.host), target.port}};
    asio::post(context, guarded([&host, target](State& self) {
                 self.resolved(host, target, error_code());
               }));
    return;
  }
  // A host that is being resolved is not empty, so that it stays where it is.
  resolver.async_resolve(
      target.host, std::to_string(target.port),
      guarded([&host, target](State& self, const error_code& error,
                              const asio::ip::tcp::resolver::results_type& results) {
        host.endpoints.clear();
        for (const auto& result : results) host.endpoints.push_back(result.endpoint());
        self.resolved(host, target, error);
      }));
}

void HttpClient::State::resolved(Host& host, const Target& target, const error_code& error) {
  host.resolving = false;
  const auto waiting = std::exchange(host.unaddressed, {});
  OutboundError problem = OutboundError::kNone;
  std::string detail;
  if (error || host.endpoints.empty()) {
    problem = OutboundError::kResolve;
    detail = error.message();
    host.endpoints.clear();
  } else if (!target.tls && !settings.plain_http_anywhere) {
    std::erase_if(host.endpoints,
                  [](const auto& endpoint) { return !endpoint.address().is_loopback(); });
    if (host.endpoints.empty()) {
      problem = OutboundError::kUnusable;
      detail = "http:// is for loopback addresses";
    }
  }
  host.endpoints_until = SteadyClock::now() + length_of(addresses_kept);
  for (const ExchangePtr& exchange : waiting) {
    if (stopped) return;  // a callback has destroyed the client, and the host with it
    if (!exchange->done) continue;
    if (problem == OutboundError::kNone)
      connect(exchange);
    else
      opened(exchange, problem, detail);
  }
}

void HttpClient::State::connect(const ExchangePtr& exchange) {
  exchange->connection->open(
      exchange->target, exchange->host->endpoints,
      guarded([exchange](State& self, OutboundError error, std::string detail) {
        self.opened(exchange, error, std::move(detail));
      }));
}

void HttpClient::State::opened(const ExchangePtr& exchange, OutboundError error,
                               std::string detail) {
  if (error == OutboundError::kNone) {
    run(exchange);
    return;
  }
  Host& host = *exchange->host;
  if (error == OutboundError::kConnect) host.endpoints.clear();
  drop(host, exchange->connection);
  serve_waiting(host);
  finish(exchange, failed(error, std::move(detail), exchange->sent));
}

void HttpClient::State::run(const ExchangePtr& exchange) {
  exchange->sent = true;
  exchange->connection->exchange(exchange->message, exchange->body_bytes_max,
                                 guarded([exchange](State& self, Connection::Exchanged result) {
                                   self.exchanged(exchange, std::move(result));
                                 }));
}

void HttpClient::State::exchanged(const ExchangePtr& exchange, Connection::Exchanged result) {
  Host& host = *exchange->host;
  const auto connection = std::exchange(exchange->connection, nullptr);
  if (result.keep)
    keep(host, connection);
  else
    drop(host, connection);
  if (result.stale && exchange->repeatable && !exchange->repeated) {
    // The other side closed a kept connection as we began to use it: once more over a new one.
    exchange->repeated = true;
    open_for(exchange);
    return;
  }
  serve_waiting(host);
  finish(exchange, std::move(result.outcome));
}

void HttpClient::State::keep(Host& host, std::shared_ptr<Connection> connection) {
  connection->watch(guarded([&host, weak = std::weak_ptr(connection)](State& self) {
    // A host with a connection is not empty, so that it is still there.
    const auto ended = weak.lock();
    if (!ended) return;
    std::erase_if(host.idle, [&](const Idle& idle) { return idle.connection == ended; });
    self.drop(host, ended);
    self.serve_waiting(host);
  }));
  host.idle.push_back({std::move(connection), SteadyClock::now()});
  if (!sweeping) sweep();
}

void HttpClient::State::drop(Host& host, const std::shared_ptr<Connection>& connection) {
  if (connection == nullptr) return;
  connection->close();
  host.connections.erase(std::shared_ptr(connection));
}

void HttpClient::State::timed_out(const ExchangePtr& exchange) {
  Host& host = *exchange->host;
  if (exchange->waiting) {
    host.waiting.erase(exchange->place);
    exchange->waiting = false;
  }
  std::erase(host.unaddressed, exchange);
  drop(host, exchange->connection);
  serve_waiting(host);
  finish(exchange, failed(OutboundError::kTimeout, {}, exchange->sent));
}

void HttpClient::State::serve_waiting(Host& host) {
  while (!host.waiting.empty() &&
         (!host.idle.empty() || host.connections.size() < settings.connections_per_host_max)) {
    const ExchangePtr exchange = host.waiting.front();
    host.waiting.pop_front();
    exchange->waiting = false;
    start(exchange);
  }
}

void HttpClient::State::finish(const ExchangePtr& exchange, OutboundOutcome outcome) {
  // Last of all: the callback may destroy the client.
  exchange->deadline.cancel();
  exchange->connection = nullptr;
  const Done done = std::exchange(exchange->done, nullptr);
  exchanges.erase(ExchangePtr(exchange));
  if (done) done(std::move(outcome));
}

void HttpClient::State::sweep() {
  bool any = false;
  const auto oldest = SteadyClock::now() - length_of(settings.idle_kept);
  for (auto& [key, host] : hosts) {
    std::size_t old = 0;
    while (old < host.idle.size() && host.idle[old].since <= oldest) ++old;
    for (std::size_t n = 0; n < old; ++n) drop(host, host.idle[n].connection);
    host.idle.erase(host.idle.begin(), host.idle.begin() + static_cast<std::ptrdiff_t>(old));
    any = any || !host.idle.empty();
  }
  sweeping = any;
  if (!any) return;
  sweeper.expires_after(sweep_every);
  sweeper.async_wait(guarded([](State& self, const error_code& error) {
    if (!error) self.sweep();
  }));
}

HttpClient::HttpClient(asio::io_context& context, HttpClientSettings settings)
    : state_(std::make_shared<State>(context, std::move(settings))) {}

HttpClient::~HttpClient() { state_->stop(); }

void HttpClient::send(OutboundRequest request, Done done) {
  state_->send(std::move(request), std::move(done));
}

HttpClientCounts HttpClient::counts() const {
  HttpClientCounts counts;
  counts.requests = state_->exchanges.size();
  for (const auto& [key, host] : state_->hosts) counts.connections += host.connections.size();
  counts.connections_made = state_->connections_made;
  return counts;
}

}  // namespace frontrow::outbound
