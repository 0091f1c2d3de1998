#include "sandbox/sandbox_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <stdexcept>
#include <thread>
#include <utility>

#include "sandbox/front_desk.hpp"
#include "sandbox/listener.hpp"

namespace frontrow::sandbox {

struct SandboxServer::State {
  State(SandboxSettings own, Log told) : settings(std::move(own)), log(std::move(told)) {
    if (!log) log = [](const std::string&) {};
  }

  std::optional<std::string> start() {
    try {
      desk.emplace(context, settings, log);
    } catch (const std::exception& error) {
      return error.what();
    }
    if (settings.tls_certificate.empty() != settings.tls_key.empty())
      return "TLS needs a certificate and its key";
    listener.emplace(context,
                     ListenerSettings{settings.listen, settings.tls_certificate, settings.tls_key},
                     [this](Request request, Respond respond) {
                       desk->take(std::move(request), std::move(respond));
                     });
    if (auto problem = listener->start()) return problem;
    url = listener->url();
    desk->open(settings.public_url.empty() ? url : settings.public_url);
    thread = std::thread([this] {
      const auto work = boost::asio::make_work_guard(context);
      context.run();
    });
    return std::nullopt;
  }

  void stop() {
    context.stop();
    if (thread.joinable()) thread.join();
  }

  const SandboxSettings settings;
  Log log;
  // Before what its handlers refer to, so that it goes last.
  boost::asio::io_context context{1};
  std::optional<FrontDesk> desk;
  std::optional<Listener> listener;
  std::string url;
  std::thread thread;
};

SandboxServer::SandboxServer(SandboxSettings settings, Log log)
    : state_(std::make_unique<State>(std::move(settings), std::move(log))) {}

SandboxServer::~SandboxServer() {
  if (state_) state_->stop();
}

std::optional<std::string> SandboxServer::start() { return state_->start(); }

std::string SandboxServer::url() const { return state_->url; }

void SandboxServer::set_notify_url(std::string url) {
  boost::asio::post(state_->context, [state = state_.get(), told = std::move(url)]() mutable {
    state->desk->set_notify_url(std::move(told));
  });
}

void SandboxServer::stop() {
  state_->stop();
  // Connections are closed and the book is let go of, so that another server can take it.
  SandboxSettings settings = state_->settings;
  Log log = state_->log;
  state_.reset();
  state_ = std::make_unique<State>(std::move(settings), std::move(log));
}

}  // namespace frontrow::sandbox
