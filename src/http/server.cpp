#include "http/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <thread>

#include "base/assert.hpp"
#include "http/front_thread.hpp"
#include "http/listen_address.hpp"
#include "observe/metrics.hpp"

namespace frontrow::http {
namespace {

std::string url_of(const asio::ip::tcp::endpoint& endpoint, bool secure) {
  const std::string host = endpoint.address().to_string();
  return std::string(secure ? "https://" : "http://") +
         (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
         std::to_string(endpoint.port());
}

/// All threads share the port, and so could a stranger's process that was there before: a bind
/// that does not share finds out.
std::optional<std::string> find_taken(const asio::ip::tcp::endpoint& endpoint) {
  if (endpoint.port() == 0) return std::nullopt;
  asio::io_context io;
  asio::ip::tcp::acceptor probe(io);
  error_code error;
  probe.open(endpoint.protocol(), error);
  if (!error) probe.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) probe.bind(endpoint, error);
  if (!error) probe.listen(1, error);
  if (!error) return std::nullopt;
  return listen_problem(endpoint, error);
}

}  // namespace

struct Server::State {
  State(HttpSettings settings, FrontServices services, std::shared_ptr<const RoundDefinition> round,
        const Published& published, std::vector<Channel*> its_channels)
      : shared(std::move(settings), std::move(services), std::move(round), published),
        channels(std::move(its_channels)) {}

  std::optional<std::string> open(const std::string& address, Surface surface, std::string& url);

  FrontShared shared;
  const std::vector<Channel*> channels;
  std::vector<std::unique_ptr<FrontThread>> fronts;
  std::vector<std::thread> threads;
  std::string address, operator_address;
};

Server::Server(HttpSettings settings, FrontServices services,
               std::shared_ptr<const RoundDefinition> round, const Published& published,
               std::vector<Channel*> channels)
    : state_(std::make_unique<State>(std::move(settings), std::move(services), std::move(round),
                                     published, std::move(channels))) {
  FRONTROW_ASSERT(!state_->channels.empty());
  FRONTROW_ASSERT(state_->shared.services.tokens != nullptr);
  FRONTROW_ASSERT(state_->shared.services.tickets != nullptr);
  if (observe::Metrics* metrics = state_->shared.services.metrics; metrics != nullptr) {
    // The metrics may be asked after the server has gone: they keep the counts alive.
    metrics->add_source([counts = state_->shared.connections](observe::Sample& sample) {
      const auto number = [](const auto& count) {
        return static_cast<double>(count.load(std::memory_order_relaxed));
      };
      sample.gauge("frontrow_connections", "Connections that are open.", number(counts->open));
      sample.gauge("frontrow_live_sockets", "Live sockets that are open.", number(counts->live));
      sample.counter("frontrow_connections_accepted_total", "Connections accepted.",
                     number(counts->accepted));
      sample.counter("frontrow_connections_refused_total",
                     "Connections refused because there were too many.", number(counts->refused));
    });
  }
}

Server::~Server() { stop(); }

std::optional<std::string> Server::State::open(const std::string& listen, Surface surface,
                                               std::string& url) {
  std::string problem;
  auto endpoint = parse_listen_address(listen, problem);
  if (!endpoint) return problem;
  if (auto taken = find_taken(*endpoint)) return taken;
  for (const auto& front : fronts)
    if (auto failed = front->listen(*endpoint, surface)) return failed;
  url = url_of(*endpoint, shared.settings.tls.has_value());
  return std::nullopt;
}

std::optional<std::string> Server::open() {
  State& state = *state_;
  const HttpSettings& settings = state.shared.settings;
  const auto prepare = [&]() -> std::optional<std::string> {
    for (Channel* channel : state.channels) {
      state.fronts.push_back(std::make_unique<FrontThread>(state.shared, *channel));
      if (!settings.tls) continue;
      if (auto failed = state.fronts.back()->use_tls(*settings.tls)) return failed;
    }
    const bool apart = !settings.operator_listen.empty();
    if (auto failed = state.open(settings.listen, apart ? Surface::kFansOnly : Surface::kEverything,
                                 state.address))
      return failed;
    state.operator_address = state.address;
    if (!apart) return std::nullopt;
    return state.open(settings.operator_listen, Surface::kOperatorsOnly, state.operator_address);
  };
  auto failed = prepare();
  if (failed) state.fronts.clear();
  return failed;
}

std::optional<std::string> Server::start() {
  State& state = *state_;
  if (state.fronts.empty()) {
    if (auto failed = open()) return failed;
  }
  for (const auto& front : state.fronts)
    state.threads.emplace_back([&its_front = *front] { its_front.run(); });
  return std::nullopt;
}

const std::string& Server::address() const { return state_->address; }
const std::string& Server::operator_address() const { return state_->operator_address; }

void Server::stop() {
  for (const auto& front : state_->fronts) front->stop();
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
  state_->fronts.clear();
}

}  // namespace frontrow::http
