// The fan at the till: from the order to the ticket.
#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "crowd/fan.hpp"

namespace frontrow::crowd {
namespace {
constexpr std::uint32_t payments_max = 4;
/// How long a fan trusts the live socket before asking; shorter while it is not there.
constexpr double ask_pause_seconds = 10, ask_pause_seconds_offline = 2;
}  // namespace

Fan::Step Fan::pay() {
  const Options& options = context_.options;
  Moment decided =
      co_await think(plan_.hesitates ? options.hesitate_seconds : options.think_seconds);
  if (plan_.releases) {
    HttpRequest request;
    request.method = Method::kDelete;
    request.path = "/api/v1/orders/" + order_.id;
    request.token = record_.token;
    co_await api_.call(Call::kRelease, std::move(request), decided);
    co_return Outcome::kReleased;
  }
  while (!context_.over()) {
    switch (order_.state) {
      case SaleState::kPaid:
        break;
      case SaleState::kReleased:
      case SaleState::kExpired:
        co_return Outcome::kPaymentLost;
      case SaleState::kRefunding:
      case SaleState::kRefunded:
        co_return Outcome::kRefunded;
      case SaleState::kHeld: {
        if (payments_ >= payments_max) co_return Outcome::kGaveUp;
        if (payments_ > 0) decided = co_await think(options.think_seconds);
        const std::optional<Outcome> end = co_await send_payment(decided);
        if (end) co_return *end;
        continue;
      }
      case SaleState::kPaying:
      case SaleState::kUnknown: {
        const std::optional<Outcome> end = co_await wait_for_outcome();
        if (end) co_return *end;
        continue;
      }
    }
    note_paid(decided);
    const bool complete = co_await fetch_tickets();
    if (!complete) co_return Outcome::kFailed;
    co_return std::nullopt;
  }
  co_return Outcome::kUnfinished;
}

// One attempt. Where the answer is that the order cannot be paid, the server is asked how it
// stands: it may have been paid by an attempt whose answer was lost.
Fan::Step Fan::send_payment(Moment decided) {
  const char* token = "tok_ok";
  if (plan_.payment == PaymentHabit::kDeclined && payments_ == 0) token = "tok_declined";
  if (plan_.payment == PaymentHabit::kSlow) token = "tok_slow";
  if (plan_.payment == PaymentHabit::kNever) token = "tok_never";
  ++payments_;
  HttpRequest request;
  request.method = Method::kPost;
  request.path = "/api/v1/orders/" + order_.id + "/payment";
  request.token = record_.token;
  request.idempotency_key = next_key();
  request.body = nlohmann::json({{"method", "card"}, {"token", token}}).dump();
  // What is heard from here on may be the outcome, and may come before the answer does.
  order_.state = SaleState::kUnknown;
  const Answer answer = co_await api_.call(Call::kPayment, std::move(request), decided);
  if (answer.ok()) {
    if (order_.state == SaleState::kUnknown) order_.state = SaleState::kPaying;
    co_return std::nullopt;
  }
  if (answer.is("order-not-payable")) {
    co_await ask_for_order();
    co_return std::nullopt;
  }
  if (answer.is("banned")) co_return Outcome::kBanned;
  co_return Outcome::kFailed;
}

// Until the order is no longer `paying`.
Fan::Step Fan::wait_for_outcome() {
  // Whoever knows that this will take long, or come to nothing, gives the turn to others.
  if (plan_.payment == PaymentHabit::kNever) co_await leave_line();
  Moment ask_at = Clock::now() + seconds(ask_pause_seconds * random_.between(0.5, 1));
  while (!context_.over()) {
    if (order_.state != SaleState::kPaying && order_.state != SaleState::kUnknown) {
      if (order_.payment_failed) context_.tally.add(Counter::kPaymentsDeclined);
      co_return std::nullopt;
    }
    if (Clock::now() >= ask_at) {
      co_await ask_for_order();
      const double pause = live_.connected() ? ask_pause_seconds : ask_pause_seconds_offline;
      ask_at = Clock::now() + seconds(pause * random_.between(0.5, 1));
      continue;
    }
    co_await wait_for_news(ask_at);
  }
  co_return Outcome::kUnfinished;
}

boost::asio::awaitable<void> Fan::ask_for_order() {
  HttpRequest request;
  request.path = "/api/v1/orders/" + order_.id;
  request.token = record_.token;
  const Answer answer = co_await api_.call(Call::kOrderStatus, std::move(request), Clock::now());
  if (!answer.ok()) co_return;
  if (auto order = parse_order(answer.body)) order_ = std::move(*order);
}

void Fan::note_paid(Moment decided) {
  const Moment now = Clock::now();
  context_.tally.latency(Call::kPaymentOutcome, false, microseconds_between(decided, now));
  context_.tally.paid(microseconds_between(context_.start, now));
  context_.tally.add(Counter::kOrdersPaid);
  context_.tally.add(Counter::kSeatsBought, record_.orders.back().seats.size());
  record_.orders.back().paid = true;
}

// False where the tickets did not come, or are not those of the order's seats.
boost::asio::awaitable<bool> Fan::fetch_tickets() {
  HttpRequest request;
  request.path = "/api/v1/orders/" + order_.id + "/tickets";
  request.token = record_.token;
  const Answer answer = co_await api_.call(Call::kTickets, std::move(request), Clock::now());
  if (!answer.ok()) co_return false;
  OrderRecord& order = record_.orders.back();
  const auto tickets = parse_tickets(answer.body, order.id, number_);
  if (!tickets || tickets->size() != order.seats.size()) {
    context_.tally.error(Call::kTickets, "wrong-tickets");
    co_return false;
  }
  order.tickets = *tickets;
  co_return true;
}

}  // namespace frontrow::crowd
