#include "http/front_thread.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "http/http_session.hpp"
#include "http/listen_address.hpp"
#include "observe/log.hpp"

namespace frontrow::http {
namespace {

using std::chrono::milliseconds;

/// Answers taken at a stretch before connections have their turn again.
constexpr std::size_t answers_at_once_max = 1'024;

std::int64_t steady_milliseconds() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

FrontThread::FrontThread(FrontShared& shared, Channel& channel)
    : shared_(shared),
      channel_(channel),
      front_(shared, channel),
      hub_(front_),
      turn_timer_(io_),
      stop_timer_(io_),
      arrivals_(io_, dup(channel.event_descriptor())) {}

FrontThread::~FrontThread() {
  // Continuations hold connections, which must not outlive the io_context.
  front_.submitter().clear();
}

std::optional<std::string> FrontThread::use_tls(const TlsFiles& files) {
  std::string problem;
  tls_ = make_tls_context(files, problem);
  if (tls_ == nullptr) return problem;
  return std::nullopt;
}

std::optional<std::string> FrontThread::listen(asio::ip::tcp::endpoint& endpoint, Surface surface) {
  auto listener = std::make_unique<Listener>(
      Listener{asio::basic_socket_acceptor<asio::ip::tcp, Executor>(io_.get_executor()),
               decltype(Listener::pause)(io_.get_executor()), surface});
  auto& acceptor = listener->acceptor;
  using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.set_option(reuse_port(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(limits::listen_backlog, error);
  if (!error) endpoint = acceptor.local_endpoint(error);
  if (error) return listen_problem(endpoint, error);
  listeners_.push_back(std::move(listener));
  return std::nullopt;
}

void FrontThread::run() {
  wheel_.advance(steady_milliseconds());
  for (const auto& listener : listeners_) accept(*listener);
  wait_for_answers();
  running_ = true;
  io_.run();
  running_ = false;
  // What is still open is dropped with the io_context; no continuation may run after this.
  front_.submitter().clear();
}

void FrontThread::stop() {
  asio::post(io_, [this] { begin_stop(); });
}

void FrontThread::begin_stop() {
  if (stopping_) return;
  stopping_ = true;
  for (const auto& listener : listeners_) {
    error_code ignored;
    listener->acceptor.close(ignored);
    listener->pause.cancel();
  }
  // Stopping one may close it and take it out of the set.
  const std::vector<Connection*> open(connections_.begin(), connections_.end());
  for (Connection* connection : open)
    if (connections_.contains(connection)) connection->stop();
  stop_timer_.expires_after(std::chrono::seconds(limits::stop_seconds_max));
  stop_timer_.async_wait([this](const error_code&) { io_.stop(); });
  end_if_empty();
}

void FrontThread::end_if_empty() {
  if (running_ && stopping_ && connections_.empty()) io_.stop();
}

void FrontThread::opened(Connection& connection) {
  // Without connections there are no turns, and the wheel has stood still.
  if (connections_.empty()) wheel_.advance(steady_milliseconds());
  connections_.insert(&connection);
  shared_.connections->open.fetch_add(1, std::memory_order_relaxed);
  schedule_turn();
}

void FrontThread::closed(Connection& connection) {
  if (connections_.erase(&connection) == 0) return;
  shared_.connections->open.fetch_sub(1, std::memory_order_relaxed);
  end_if_empty();
}

void FrontThread::live_opened() {
  shared_.connections->live.fetch_add(1, std::memory_order_relaxed);
  if (hub_.size() > 1) return;
  // The turn that is scheduled was for timeouts alone, and comes too late.
  turn_scheduled_ = false;
  schedule_turn();
}

void FrontThread::live_closed() {
  shared_.connections->live.fetch_sub(1, std::memory_order_relaxed);
}

void FrontThread::accept(Listener& listener) {
  listener.acceptor.async_accept([this, &listener](const error_code& error, PlainStream socket) {
    if (stopping_ || error == asio::error::operation_aborted) return;
    if (!error) {
      on_accepted(listener, std::move(socket));
      accept(listener);
      return;
    }
    // A client that is gone already costs nothing; a want of descriptors or memory passes only
    // with time. Neither ends the listening.
    if (error == asio::error::connection_aborted) {
      accept(listener);
      return;
    }
    static observe::LogBound bound{1};
    observe::log(bound, observe::Level::kWarning, "accept failed", {{"why", error.message()}});
    listener.pause.expires_after(milliseconds(limits::accept_pause_milliseconds));
    listener.pause.async_wait([this, &listener](const error_code& cancelled) {
      if (!cancelled && !stopping_) accept(listener);
    });
  });
}

void FrontThread::on_accepted(Listener& listener, PlainStream&& socket) {
  shared_.connections->accepted.fetch_add(1, std::memory_order_relaxed);
  const std::size_t open = connections_.size();
  const bool refuse = open >= limits::connections_per_thread_max;
  if (refuse) {
    shared_.connections->refused.fetch_add(1, std::memory_order_relaxed);
    if (open >= limits::connections_per_thread_max + limits::refused_connections_per_thread_max)
      return;
  }
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (tls_ != nullptr)
    start_session(*this, TlsStream(std::move(socket), *tls_), listener.surface, refuse);
  else
    start_session(*this, std::move(socket), listener.surface, refuse);
}

void FrontThread::wait_for_answers() {
  channel_.arm();
  if (channel_.has_arrivals()) {
    channel_.disarm();
    asio::post(io_, [this] { take_answers(); });
    return;
  }
  arrivals_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const error_code& error) {
    if (error) return;
    channel_.disarm();
    take_answers();
  });
}

void FrontThread::take_answers() {
  const std::size_t count = channel_.receive(answers_at_once_max, [this](Outgoing& outgoing) {
    if (auto* answer = std::get_if<Answer>(&outgoing))
      front_.submitter().on_answer(*answer);
    else
      hub_.on_event(std::get<EventDelivery>(outgoing).event, wall_now());
  });
  if (count == answers_at_once_max)
    asio::post(io_, [this] { take_answers(); });
  else
    wait_for_answers();
}

void FrontThread::schedule_turn() {
  if (turn_scheduled_ || connections_.empty()) return;
  turn_scheduled_ = true;
  const std::int64_t every =
      hub_.size() > 0
          ? std::max(limits::turn_milliseconds, turn_took_milliseconds_ * limits::turn_rest_factor)
          : limits::wheel_grain_milliseconds;
  turn_timer_.expires_after(milliseconds(every));
  turn_timer_.async_wait([this](const error_code& error) {
    if (error) return;
    turn_scheduled_ = false;
    turn();
    schedule_turn();
  });
}

void FrontThread::turn() {
  const std::int64_t began = steady_milliseconds();
  wheel_.advance(began);
  if (hub_.size() > 0) hub_.turn(wall_now());
  turn_took_milliseconds_ = steady_milliseconds() - began;
}

}  // namespace frontrow::http
