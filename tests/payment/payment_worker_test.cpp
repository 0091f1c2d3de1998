#include "payment/payment_worker.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "payment/gateway_factory.hpp"
#include "sandbox/sandbox_server.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::payment {
namespace {

const DeskSettings settings{"bkk-1", "THB",
                            RetryRules{milliseconds(1), milliseconds(5), 3, milliseconds(1)}};

/// The sequencer's side of the channel, by hand.
class FarSide {
 public:
  explicit FarSide(Channel& channel) : channel_(channel) {}

  void send(Event event, std::string card_token = {}) {
    REQUIRE(channel_.try_send(EventDelivery{std::move(event), std::move(card_token)}));
    channel_.notify();
  }
  /// The commands so far, once there are `count`.
  std::vector<Command>& await_commands(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (commands_.size() < count && std::chrono::steady_clock::now() < deadline) {
      if (channel_.drain(16, [&](Submission& submission) { take(submission); }) == 0) {
        std::this_thread::yield();
      }
    }
    REQUIRE(commands_.size() >= count);
    return commands_;
  }
  bool answering = true;

 private:
  void take(Submission& submission) {
    CHECK(submission.card_token.empty());
    commands_.push_back(std::get<Command>(std::move(submission.what)));
    if (!answering) return;
    REQUIRE(channel_.try_send(Answer{submission.correlation, {}}));
    channel_.notify();
  }
  Channel& channel_;
  std::vector<Command> commands_;
};

/// A sandbox of its own that lives as long as what was made of it.
GatewayMaker quick_sandbox(const std::filesystem::path& directory) {
  frontrow::sandbox::SandboxSettings own;
  own.book = directory / "sandbox.book";
  own.secret = "a secret";
  own.faults.capture_delay = milliseconds(1);
  auto server = std::make_shared<frontrow::sandbox::SandboxServer>(own, [](const std::string&) {});
  REQUIRE_FALSE(server->start());
  GatewaySettings access;
  access.round_id = settings.round_id;
  access.currency = settings.currency;
  access.connections_max = 64;
  access.sandbox = {server->url(), own.secret};
  return [server, maker = gateway_maker("sandbox", access)](const GatewayMeans& means) {
    return maker(means);
  };
}

ChargeWanted wanted(std::uint32_t order, PaymentMethod method = PaymentMethod::kCard) {
  return {OrderId{order}, 1, method, {450'000}};
}

template <class Condition>
void await(Condition&& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  REQUIRE(condition());
}

}  // namespace

TEST_CASE("a charge wanted through the channel comes back as a command") {
  const TemporaryDirectory directory;
  Channel channel(16, {.fans = false, .payments = true});
  FarSide far(channel);
  PaymentWorker worker(channel, settings, quick_sandbox(directory.path()));
  REQUIRE_FALSE(worker.start());

  far.send(wanted(1), "tok_ok");
  const auto& success = std::get<RecordPaymentSuccess>(far.await_commands(1)[0]);
  CHECK(success.order == OrderId{1});
  CHECK(success.amount == Amount{450'000});

  far.send(wanted(2), "tok_declined");
  const auto& failure = std::get<RecordPaymentFailure>(far.await_commands(2)[1]);
  CHECK(failure.order == OrderId{2});
  CHECK(failure.failure == PaymentFailure::kDeclined);

  far.send(wanted(3, PaymentMethod::kPromptPay));
  CHECK(std::get<RecordPaymentAction>(far.await_commands(3)[2]).order == OrderId{3});
  CHECK(std::get<RecordPaymentSuccess>(far.await_commands(4)[3]).order == OrderId{3});

  far.send(wanted(4), "tok_never");
  far.send(CancelWanted{OrderId{4}, 1});
  CHECK(std::get<RecordPaymentFailure>(far.await_commands(5)[4]).failure ==
        PaymentFailure::kCancelled);

  far.send(RefundWanted{OrderId{1}, 1, {450'000}});
  CHECK(std::get<RecordRefund>(far.await_commands(6)[5]).order == OrderId{1});
  await([&] { return worker.cases() == 0; });
}

TEST_CASE("no outcome is lost while the ring is full") {
  constexpr std::uint32_t orders = 500;
  const TemporaryDirectory directory;
  Channel channel(4, {.fans = false, .payments = true});
  FarSide far(channel);
  PaymentWorker worker(channel, settings, quick_sandbox(directory.path()));
  REQUIRE_FALSE(worker.start());
  for (std::uint32_t n = 0; n < orders; ++n) far.send(wanted(n), "tok_ok");
  // Nobody takes anything: all but the four that the ring holds have to wait.
  await([&] { return worker.reports_waiting() == orders - 4; });
  CHECK(channel.waiting_submissions() == 4);

  std::map<std::uint32_t, int> captured;
  for (const Command& command : far.await_commands(orders)) {
    if (const auto* success = std::get_if<RecordPaymentSuccess>(&command)) {
      ++captured[success->order.value];
    }
  }
  CHECK(captured.size() == orders);
  for (const auto& [order, times] : captured) CHECK(times == 1);
}

TEST_CASE("a worker that dies with charges under way leaves them to the next one") {
  const TemporaryDirectory directory;
  {
    Channel channel(16, {.fans = false, .payments = true});
    FarSide far(channel);
    PaymentWorker dying(channel, settings, quick_sandbox(directory.path()));
    REQUIRE_FALSE(dying.start());
    far.send(wanted(1), "tok_ok");
    far.send(wanted(2), "tok_declined");
    far.send(wanted(3), "tok_never");
    far.send(wanted(4), "tok_never");
    await([&] { return dying.cases() == 4; });
    // What has not reached the gateway's book would rightly be called missing.
    await([&] {
      std::ifstream in(directory.path() / "sandbox.book");
      std::ostringstream text;
      text << in.rdbuf();
      const auto booked = [&](const char* order) {
        return text.str().find(std::string("bkk-1-") + order + "-1") != std::string::npos;
      };
      return booked("o1") && booked("o2") && booked("o3") && booked("o4");
    });
  }
  Channel channel(16, {.fans = false, .payments = true});
  FarSide far(channel);
  PaymentWorker worker(channel, settings, quick_sandbox(directory.path()));
  worker.settle({{OrderId{1}, 1, false, false, {450'000}, PaymentMethod::kCard},
                 {OrderId{2}, 1, false, false, {450'000}, PaymentMethod::kCard},
                 {OrderId{3}, 1, false, true, {450'000}, PaymentMethod::kCard},
                 {OrderId{5}, 1, false, false, {450'000}, PaymentMethod::kCard}});
  REQUIRE_FALSE(worker.start());
  std::map<std::uint32_t, Command> by_order;
  for (const Command& command : far.await_commands(4)) {
    if (const auto* success = std::get_if<RecordPaymentSuccess>(&command)) {
      by_order.emplace(success->order.value, command);
    } else {
      by_order.emplace(std::get<RecordPaymentFailure>(command).order.value, command);
    }
  }
  REQUIRE(by_order.size() == 4);
  CHECK(std::holds_alternative<RecordPaymentSuccess>(by_order.at(1)));
  const auto failure = [&](std::uint32_t order) {
    return std::get<RecordPaymentFailure>(by_order.at(order)).failure;
  };
  CHECK(failure(2) == PaymentFailure::kDeclined);
  CHECK(failure(3) == PaymentFailure::kCancelled);
  CHECK(failure(5) == PaymentFailure::kNotFoundAtGateway);

  // The one that nobody asked about is pending still.
  far.send(CancelWanted{OrderId{4}, 1});
  CHECK(std::get<RecordPaymentFailure>(far.await_commands(5)[4]).failure ==
        PaymentFailure::kCancelled);
}

TEST_CASE("a gateway that cannot be made is told by start") {
  Channel channel(16, {.fans = false, .payments = true});
  PaymentWorker broken(channel, settings, [](boost::asio::io_context&) -> std::unique_ptr<Gateway> {
    throw std::runtime_error("the book is wet");
  });
  CHECK(broken.start() == "the book is wet");
  PaymentWorker missing(channel, settings,
                        [](boost::asio::io_context&) { return std::unique_ptr<Gateway>(); });
  CHECK(missing.start().has_value());
}

TEST_CASE("a worker stops at once, twice, and without having started") {
  const TemporaryDirectory directory;
  Channel channel(16, {.fans = false, .payments = true});
  PaymentWorker idle(channel, settings, quick_sandbox(directory.path()));
  idle.stop();
  PaymentWorker worker(channel, settings, quick_sandbox(directory.path()));
  REQUIRE_FALSE(worker.start());
  worker.stop();
  worker.stop();
}

namespace {

/// A gateway of which the test keeps hold; used on the payment thread alone.
GatewayMaker recording(std::atomic<std::size_t>& confirms, TellHealth* tell = nullptr) {
  struct Recording final : Gateway {
    explicit Recording(std::atomic<std::size_t>& the_confirms) : confirms(the_confirms) {}
    void create(const ChargeRequest&, Callback) override {}
    void look_up(const PaymentReference&, Callback) override {}
    void cancel(const PaymentReference&, Callback) override {}
    void refund(const PaymentReference&, Amount, Callback) override {}
    void list(std::string, PageCallback) override {}
    void confirm(const GatewayNotice&, Callback) override { ++confirms; }
    std::atomic<std::size_t>& confirms;
  };
  return [&confirms, tell](const GatewayMeans& means) {
    if (tell != nullptr) *tell = means.tell_health;
    return std::make_unique<Recording>(confirms);
  };
}

}  // namespace

TEST_CASE("notices reach the desk from any thread, and too many at once are refused") {
  Channel channel(16, {.fans = false, .payments = true});
  std::atomic<std::size_t> confirms{0};
  PaymentWorker worker(channel, settings, recording(confirms));
  // Before the thread runs nobody takes any.
  for (std::uint32_t n = 0; n < PaymentWorker::notices_max; ++n)
    REQUIRE(worker.notice({"evt_" + std::to_string(n), "other-o" + std::to_string(n) + "-1"}));
  CHECK_FALSE(worker.notice({"evt_more", "bkk-1-o1-1"}));
  CHECK(worker.notices_refused() == 1);
  REQUIRE_FALSE(worker.start());
  await([&] { return worker.notice({"evt_again", "bkk-1-o1-1"}); });
  await([&] { return confirms.load() >= 1; });
}

TEST_CASE("what a breaker thinks of its gateway is told to the round") {
  Channel channel(16, {.fans = false, .payments = true});
  FarSide far(channel);
  std::atomic<std::size_t> confirms{0};
  PaymentWorker worker(channel, settings, [&](const GatewayMeans& means) {
    boost::asio::post(means.context, [tell = means.tell_health] {
      tell(PaymentMethod::kPromptPay, GatewayHealth::kFailing, "omise");
    });
    return recording(confirms)(means);
  });
  REQUIRE_FALSE(worker.start());
  const auto& told = std::get<RecordGatewayHealth>(far.await_commands(1)[0]);
  CHECK(told.method == PaymentMethod::kPromptPay);
  CHECK(told.health == GatewayHealth::kFailing);
  CHECK(told.gateway == "omise");
}

TEST_CASE("every so often the worker asks which orders await the gateway, and settles those") {
  const TemporaryDirectory directory;
  Channel channel(16, {.fans = false, .payments = true});
  PaymentWorker worker(channel, settings, quick_sandbox(directory.path()), {},
                       {milliseconds(5), seconds(3'600), seconds(3'600)});
  REQUIRE_FALSE(worker.start());
  // The sequencer's side: an order that nobody has charged, and no more captures.
  std::optional<RecordPaymentFailure> told;
  await([&] {
    channel.drain(16, [&](Submission& submission) {
      Reply reply;
      if (const auto* query = std::get_if<Query>(&submission.what)) {
        const auto& asked = std::get<ListUnsettled>(*query);
        auto& view = reply.body.emplace<UnsettledView>();
        if (!asked.captures && asked.from == 0)
          view.orders.push_back(
              {OrderId{7}, 1, OrderState::kPaying, PaymentMethod::kCard, false, Amount{450'000}});
        view.more = !asked.captures;
        view.next_captures = true;
      } else {
        const auto* failure =
            std::get_if<RecordPaymentFailure>(&std::get<Command>(submission.what));
        REQUIRE(failure != nullptr);
        told = *failure;
      }
      REQUIRE(channel.try_send(Answer{submission.correlation, std::move(reply)}));
      channel.notify();
    });
    return told.has_value();
  });
  CHECK(told->order == OrderId{7});
  CHECK(told->failure == PaymentFailure::kNotFoundAtGateway);
}

TEST_CASE("gateways are made by their names") {
  boost::asio::io_context context;
  for (const char* name : {"sandbox", "stripe", "omise"}) {
    CAPTURE(name);
    CHECK(gateway_maker(name, {})({context, {}}) != nullptr);
    CHECK(notice_reader(name, {}) != nullptr);
  }
  CHECK_FALSE(gateway_maker("nobody", {}));
  CHECK(notice_reader("nobody", {}) == nullptr);
  const std::vector<std::string> pair = {"stripe", "sandbox"}, wrong = {"stripe", "nobody"};
  CHECK(guarded_gateway_maker(std::make_shared<GatewayHealthBoard>(pair), {})({context, {}}) !=
        nullptr);
  CHECK_FALSE(guarded_gateway_maker(std::make_shared<GatewayHealthBoard>(wrong), {}));
}

}  // namespace frontrow::payment
