#include "payment/payment_worker.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <future>
#include <thread>
#include <utility>

#include "base/assert.hpp"
#include "payment/outbox.hpp"

namespace frontrow::payment {
namespace {

/// Arrivals taken in one turn, so that the gateway's answers get theirs between.
constexpr std::size_t arrivals_a_turn = 256;
/// Between attempts to hand over reports that found no room, should nothing arrive meanwhile.
constexpr Duration flush_again_after = milliseconds(10);

}  // namespace

struct PaymentWorker::State {
  State(Channel& the_channel, DeskSettings the_settings, GatewayMaker the_maker,
        PaymentDesk::Log the_log)
      : channel(the_channel),
        settings(std::move(the_settings)),
        make_gateway(std::move(the_maker)),
        log(std::move(the_log)),
        arrivals(context),
        outbox(the_channel) {}

  Channel& channel;
  const DeskSettings settings;
  const GatewayMaker make_gateway;
  const PaymentDesk::Log log;

  boost::asio::io_context context{1};
  boost::asio::posix::stream_descriptor arrivals;
  Outbox outbox;
  std::thread thread;
  std::atomic<std::size_t> cases{0}, reports_waiting{0};
  bool flush_planned = false;

  // Made and destroyed on the payment thread, in this order and its reverse.
  std::unique_ptr<TimerQueue> timers;
  std::unique_ptr<Gateway> gateway;
  std::unique_ptr<PaymentDesk> desk;

  void run(std::promise<std::optional<std::string>>& started);
  std::optional<std::string> set_up();
  void take_down();
  void listen();
  void receive();
  void flush();
  void take(Outgoing& outgoing);
  void take(Event& event, std::string& card_token);
  void count();
};

void PaymentWorker::State::run(std::promise<std::optional<std::string>>& started) {
  if (auto problem = set_up()) {
    take_down();
    started.set_value(std::move(problem));
    return;
  }
  boost::asio::post(context, [this] { receive(); });
  started.set_value(std::nullopt);
  context.run();
  take_down();
}

std::optional<std::string> PaymentWorker::State::set_up() {
  // The channel keeps its descriptor: asio closes the copy.
  const int copy = dup(channel.event_descriptor());
  if (copy < 0) return "the payment thread found no free descriptor";
  arrivals.assign(copy);
  timers = std::make_unique<TimerQueue>(context);
  try {
    gateway = make_gateway(context);
  } catch (const std::exception& problem) {
    return problem.what();
  }
  if (!gateway) return "there is no such payment gateway";
  desk = std::make_unique<PaymentDesk>(
      *gateway, *timers, settings,
      [this](std::uint64_t correlation, Command&& command) {
        outbox.push({correlation, std::move(command), {}});
        flush();
      },
      log);
  return std::nullopt;
}

void PaymentWorker::State::take_down() {
  // The gateway first: its callbacks lead into the desk.
  gateway.reset();
  desk.reset();
  timers.reset();
  arrivals.close();
}

void PaymentWorker::State::listen() {
  channel.arm();
  if (channel.has_arrivals()) {  // came between the last look and arming
    channel.disarm();
    boost::asio::post(context, [this] { receive(); });
    return;
  }
  arrivals.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& error) {
                        if (error) return;  // closed: the worker stops
                        channel.disarm();
                        receive();
                      });
}

void PaymentWorker::State::receive() {
  const std::size_t taken =
      channel.receive(arrivals_a_turn, [this](Outgoing& outgoing) { take(outgoing); });
  flush();
  count();
  if (taken == arrivals_a_turn) {
    boost::asio::post(context, [this] { receive(); });
  } else {
    listen();
  }
}

void PaymentWorker::State::flush() {
  outbox.flush();
  reports_waiting.store(outbox.waiting(), std::memory_order_relaxed);
  if (outbox.waiting() == 0 || flush_planned) return;
  flush_planned = true;
  timers->after(flush_again_after, [this] {
    flush_planned = false;
    flush();
  });
}

void PaymentWorker::State::take(Outgoing& outgoing) {
  if (const auto* answer = std::get_if<Answer>(&outgoing)) {
    desk->answered(answer->correlation, answer->reply.rejection);
  } else {
    auto& delivery = std::get<EventDelivery>(outgoing);
    take(delivery.event, delivery.card_token);
  }
}

void PaymentWorker::State::take(Event& event, std::string& card_token) {
  if (const auto* wanted = std::get_if<ChargeWanted>(&event)) {
    desk->charge(*wanted, std::move(card_token));
    card_token.clear();  // the ring's slot is reused: it must not keep the token
  } else if (const auto* unwanted = std::get_if<CancelWanted>(&event)) {
    desk->cancel(*unwanted);
  } else if (const auto* owed = std::get_if<RefundWanted>(&event)) {
    desk->refund(*owed);
  }
}

void PaymentWorker::State::count() { cases.store(desk->cases(), std::memory_order_relaxed); }

PaymentWorker::PaymentWorker(Channel& channel, DeskSettings settings, GatewayMaker make_gateway,
                             PaymentDesk::Log log)
    : state_(std::make_unique<State>(channel, std::move(settings), std::move(make_gateway),
                                     std::move(log))) {
  FRONTROW_ASSERT(channel.subscription().payments);
}

PaymentWorker::~PaymentWorker() { stop(); }

std::optional<std::string> PaymentWorker::start() {
  FRONTROW_ASSERT(!state_->thread.joinable());
  std::promise<std::optional<std::string>> started;
  state_->thread = std::thread([this, &started] { state_->run(started); });
  return started.get_future().get();
}

void PaymentWorker::settle(std::vector<Unsettled> unsettled) {
  boost::asio::post(state_->context, [this, orders = std::move(unsettled)] {
    for (const Unsettled& order : orders) state_->desk->settle(order);
    state_->count();
  });
}

void PaymentWorker::stop() {
  if (!state_->thread.joinable()) return;
  state_->context.stop();
  state_->thread.join();
}

std::size_t PaymentWorker::cases() const { return state_->cases.load(std::memory_order_relaxed); }
std::size_t PaymentWorker::reports_waiting() const {
  return state_->reports_waiting.load(std::memory_order_relaxed);
}

}  // namespace frontrow::payment
