#include "payment/payment_worker.hpp"

#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "frontrow/limits.hpp"
#include "payment/outbox.hpp"
#include "payment/settling.hpp"

namespace frontrow::payment {
namespace {

/// Arrivals taken in one turn, so that the gateway's answers get theirs between.
constexpr std::size_t arrivals_a_turn = 256;
/// Between attempts to hand over reports that found no room, should nothing arrive meanwhile.
constexpr Duration flush_again_after = milliseconds(10);
/// Notices handed on in one turn.
constexpr std::size_t notices_a_turn = 64;

/// Whose answers these are; the desk's correlations name orders that there can be.
enum Correlation : std::uint64_t {
  kOfNobody = PaymentDesk::no_case,
  kOfSettling = PaymentDesk::no_case - 1,
  kOfCharges = PaymentDesk::no_case - 2,
};

/// What `StrayCharges` counts, for other threads to read.
struct SharedCounts {
  std::atomic<std::uint64_t> found{0}, refunded{0}, untold{0}, twice{0}, walks{0}, broken{0};
  void store(const StrayCharges::Counts& counts) {
    found = counts.found;
    refunded = counts.refunded;
    untold = counts.untold;
    twice = counts.twice;
    walks = counts.walks;
    broken = counts.broken;
  }
  StrayCharges::Counts load() const { return {found, refunded, untold, twice, walks, broken}; }
};

Unsettled to_settle(const UnsettledOrder& order) {
  return {order.order,         order.attempt, order.state == OrderState::kRefunding,
          order.cancel_wanted, order.amount,  order.method};
}

}  // namespace

struct PaymentWorker::State {
  State(Channel& the_channel, DeskSettings the_settings, GatewayMaker the_maker,
        PaymentDesk::Log the_log, SettlingRules the_rules)
      : channel(the_channel),
        settings(std::move(the_settings)),
        make_gateway(std::move(the_maker)),
        log(std::move(the_log)),
        rules(the_rules),
        arrivals(context),
        outbox(the_channel) {}

  Channel& channel;
  const DeskSettings settings;
  const GatewayMaker make_gateway;
  const PaymentDesk::Log log;
  const SettlingRules rules;

  boost::asio::io_context context{1};
  boost::asio::posix::stream_descriptor arrivals;
  Outbox outbox;
  std::thread thread;
  std::atomic<std::size_t> cases{0}, reports_waiting{0};
  std::atomic<std::uint64_t> notices_refused{0};
  SharedCounts stray_counts;
  bool flush_planned = false;

  std::mutex notices_mutex;
  std::deque<GatewayNotice> notices;  ///< Guarded; at most `notices_max`.
  bool notices_planned = false;       ///< Guarded: the payment thread will look.

  // Made and destroyed on the payment thread, in this order and its reverse.
  std::unique_ptr<TimerQueue> timers;
  std::unique_ptr<Gateway> gateway;
  std::unique_ptr<PaymentDesk> desk;
  std::unique_ptr<Settling> settling;
  std::unique_ptr<StrayCharges> stray_charges;

  void run(std::promise<std::optional<std::string>>& started);
  std::optional<std::string> set_up();
  void take_down();
  void listen();
  void receive();
  void flush();
  void take(Outgoing& outgoing);
  void take(Event& event, std::string& card_token);
  void take_notices();
  void settle_orders();
  void settle_charges();
  void submit(std::uint64_t correlation, std::variant<Command, Query>&& what);
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
    gateway = make_gateway(
        {context, [this](PaymentMethod method, GatewayHealth health, std::string_view name) {
           submit(kOfNobody,
                  RecordGatewayHealth{method, health,
                                      std::string(name.substr(0, limits::gateway_name_bytes_max))});
         }});
  } catch (const std::exception& problem) {
    return problem.what();
  }
  if (!gateway) return "there is no such payment gateway";
  desk = std::make_unique<PaymentDesk>(
      *gateway, *timers, settings,
      [this](std::uint64_t correlation, Command&& command) {
        submit(correlation, std::move(command));
      },
      log);
  settling = std::make_unique<Settling>(
      [this](Query&& query) { submit(kOfSettling, std::move(query)); },
      [this](const UnsettledOrder& order) { desk->settle(to_settle(order)); });
  StrayCharges::Ways ways;
  ways.ask = [this](Query&& query) { submit(kOfCharges, std::move(query)); };
  ways.tell = [this](Command&& command) { submit(kOfNobody, std::move(command)); };
  ways.look = [this](const GatewayNotice& notice) { desk->notice(notice); };
  ways.log = log;
  stray_charges = std::make_unique<StrayCharges>(*gateway, settings.round_id, settings.currency,
                                                 std::move(ways));
  timers->after(rules.orders_every, [this] { settle_orders(); });
  timers->after(rules.first_charges, [this] { settle_charges(); });
  return std::nullopt;
}

void PaymentWorker::State::take_down() {
  // The gateway first: its callbacks lead into the desk.
  gateway.reset();
  stray_charges.reset();
  settling.reset();
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
  if (auto* answer = std::get_if<Answer>(&outgoing)) {
    if (answer->correlation == kOfSettling)
      settling->answered(std::move(answer->reply));
    else if (answer->correlation == kOfCharges)
      stray_charges->answered(answer->reply);
    else
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

void PaymentWorker::State::submit(std::uint64_t correlation, std::variant<Command, Query>&& what) {
  outbox.push({correlation, std::move(what), {}});
  flush();
}

void PaymentWorker::State::take_notices() {
  std::vector<GatewayNotice> taken;
  {
    const std::lock_guard lock(notices_mutex);
    for (; taken.size() < notices_a_turn && !notices.empty(); notices.pop_front())
      taken.push_back(std::move(notices.front()));
    notices_planned = !notices.empty();
    if (notices_planned) boost::asio::post(context, [this] { take_notices(); });
  }
  for (const GatewayNotice& notice : taken) desk->notice(notice);
  count();
}

void PaymentWorker::State::settle_orders() {
  settling->begin();
  timers->after(rules.orders_every, [this] { settle_orders(); });
}

void PaymentWorker::State::settle_charges() {
  stray_charges->begin();
  timers->after(rules.charges_every, [this] { settle_charges(); });
}

void PaymentWorker::State::count() {
  cases.store(desk->cases(), std::memory_order_relaxed);
  stray_counts.store(stray_charges->counts());
}

PaymentWorker::PaymentWorker(Channel& channel, DeskSettings settings, GatewayMaker make_gateway,
                             PaymentDesk::Log log, SettlingRules settling)
    : state_(std::make_unique<State>(channel, std::move(settings), std::move(make_gateway),
                                     std::move(log), settling)) {
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

bool PaymentWorker::notice(GatewayNotice notice) {
  State& state = *state_;
  const std::lock_guard lock(state.notices_mutex);
  if (state.notices.size() >= notices_max) {
    state.notices_refused.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  state.notices.push_back(std::move(notice));
  if (!std::exchange(state.notices_planned, true))
    boost::asio::post(state.context, [&state] { state.take_notices(); });
  return true;
}

void PaymentWorker::stop() {
  if (!state_->thread.joinable()) return;
  state_->context.stop();
  state_->thread.join();
}

std::size_t PaymentWorker::cases() const { return state_->cases.load(std::memory_order_relaxed); }
std::uint64_t PaymentWorker::notices_refused() const {
  return state_->notices_refused.load(std::memory_order_relaxed);
}
StrayCharges::Counts PaymentWorker::stray_charges() const { return state_->stray_counts.load(); }
std::size_t PaymentWorker::reports_waiting() const {
  return state_->reports_waiting.load(std::memory_order_relaxed);
}

}  // namespace frontrow::payment
