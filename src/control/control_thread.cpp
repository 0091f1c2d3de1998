#include "control/control_thread.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <future>
#include <thread>
#include <utility>

#include "base/assert.hpp"
#include "base/digest.hpp"
#include "control/admission_runner.hpp"
#include "control/beacon_watch.hpp"

namespace frontrow::control {
namespace {

namespace asio = boost::asio;

constexpr auto look_every = std::chrono::milliseconds(200);
/// Of the looks, the ones at which the admission is paced: once a second.
constexpr std::uint32_t looks_a_pace = 5;

/// Which of its submissions an answer belongs to.
enum Correlation : std::uint64_t { kOfBeacon = 1, kOfPace = 2 };

}  // namespace

struct ControlThread::State {
  explicit State(ControlParts the_parts)
      : parts(std::move(the_parts)), arrivals(context), timer(context) {}

  const ControlParts parts;
  asio::io_context context{1};
  asio::posix::stream_descriptor arrivals;
  asio::steady_timer timer;
  std::thread thread;
  std::uint32_t looks = 0;

  // Made and destroyed on the control thread, in this order and its reverse.
  std::unique_ptr<outbound::HttpClient> http;
  std::unique_ptr<BeaconWatch> beacon;
  std::unique_ptr<AdmissionRunner> admission;

  void run(std::promise<std::optional<std::string>>& started);
  std::optional<std::string> set_up();
  void set_up_beacon();
  void take_down();
  void look();
  void listen();
  void receive();
  bool submit(Correlation correlation, Command&& command) {
    return parts.channel.try_submit({correlation, std::move(command), {}});
  }
};

void ControlThread::State::run(std::promise<std::optional<std::string>>& started) {
  auto problem = set_up();
  const bool good = !problem;
  if (!good) take_down();
  started.set_value(std::move(problem));
  if (!good) return;
  look();
  receive();
  context.run();
  take_down();
}

std::optional<std::string> ControlThread::State::set_up() {
  // The channel keeps its descriptor: asio closes the copy.
  const int copy = dup(parts.channel.event_descriptor());
  if (copy < 0) return "the control thread found no free descriptor";
  arrivals.assign(copy);
  try {
    set_up_beacon();
  } catch (const std::exception& problem) {
    return problem.what();
  }
  admission = std::make_unique<AdmissionRunner>(
      parts.published, [this](Command&& command) { return submit(kOfPace, std::move(command)); });
  return std::nullopt;
}

void ControlThread::State::set_up_beacon() {
  const auto& rule = parts.definition.draw.beacon;
  if (!rule || rule->url.empty()) return;
  http = std::make_unique<outbound::HttpClient>(context, parts.http);
  BeaconWatch::Means means;
  means.fetch = [this](outbound::OutboundRequest request,
                       std::function<void(outbound::OutboundOutcome)> done) {
    http->send(std::move(request), std::move(done));
  };
  means.submit = [this](Command&& command) { return submit(kOfBeacon, std::move(command)); };
  means.chance = [] {
    std::uint32_t number = 0;
    for (const std::uint8_t byte : random_array<std::array<std::uint8_t, 4>>())
      number = number << 8 | byte;
    return number;
  };
  means.report = parts.report;
  beacon = std::make_unique<BeaconWatch>(parts.definition, parts.published, std::move(means));
}

void ControlThread::State::take_down() {
  // The client first: its callbacks lead into the watch.
  http.reset();
  beacon.reset();
  admission.reset();
  timer.cancel();
  boost::system::error_code ignored;
  arrivals.close(ignored);
}

void ControlThread::State::look() {
  const Instant now = parts.now();
  if (beacon) beacon->look(now);
  if (looks++ % looks_a_pace == 0) admission->look(now);
  timer.expires_after(look_every);
  timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();
  });
}

void ControlThread::State::listen() {
  parts.channel.arm();
  if (parts.channel.has_arrivals()) {  // came between the last look and arming
    parts.channel.disarm();
    asio::post(context, [this] { receive(); });
    return;
  }
  arrivals.async_wait(asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& error) {
                        if (error) return;  // closed: the thread stops
                        parts.channel.disarm();
                        receive();
                      });
}

void ControlThread::State::receive() {
  parts.channel.receive(control_in_flight_max, [this](Outgoing& outgoing) {
    const auto* answer = std::get_if<Answer>(&outgoing);
    if (answer == nullptr) return;
    if (answer->correlation == kOfPace) admission->answered(answer->reply.rejection);
    if (answer->correlation == kOfBeacon && beacon) beacon->answered(answer->reply.rejection);
  });
  listen();
}

ControlThread::ControlThread(ControlParts parts)
    : state_(std::make_unique<State>(std::move(parts))) {}

ControlThread::~ControlThread() { stop(); }

std::optional<std::string> ControlThread::start() {
  FRONTROW_ASSERT(!state_->thread.joinable());
  std::promise<std::optional<std::string>> started;
  state_->thread = std::thread([this, &started] { state_->run(started); });
  return started.get_future().get();
}

void ControlThread::stop() {
  if (!state_->thread.joinable()) return;
  state_->context.stop();
  state_->thread.join();
}

}  // namespace frontrow::control
