#include "payments/till.hpp"

#include <chrono>
#include <stdexcept>

namespace frontrow::bench {
namespace {

constexpr std::uint64_t of_payment = 1, of_probe = 2;
constexpr std::size_t arrivals_a_turn = 4'096;

}  // namespace

Till::Till(Pipeline& pipeline, Channel& events, std::uint32_t fans, std::uint32_t orders)
    : pipeline_(pipeline),
      events_(events),
      fans_(fans),
      seats_(orders),
      orders_(orders),
      paying_(orders) {}

void Till::hold_all() {
  pipeline_.exchange(
      seats_, 4'096,
      [&](std::uint64_t n) {
        Command command(std::in_place_type<PlaceHold>);
        auto& hold = std::get<PlaceHold>(command);
        hold.fan = FanId{static_cast<std::uint32_t>(n % fans_)};
        hold.seats.push_back(SeatIndex{static_cast<std::uint32_t>(
            n % (seats_ / seats_in_row) * seats_in_row + n / (seats_ / seats_in_row))});
        return command;
      },
      [&](std::uint64_t n, const Reply& reply) {
        if (reply.rejection != Rejection::kNone) throw std::runtime_error("a hold was refused");
        orders_[n] = {FanId{static_cast<std::uint32_t>(n % fans_)},
                      std::get<OrderView>(reply.body).id};
        while (receive()) {
        }
      });
  for (std::uint32_t n = 0; n < seats_; ++n) {
    const std::uint32_t id = orders_[n].id.value;
    if (place_of_.size() <= id) place_of_.resize(id + 1, seats_);
    place_of_[id] = n;
    ready_.push_back(n);
  }
}

bool Till::start_one() {
  if (ready_.empty()) return false;
  const std::uint32_t n = ready_.back();
  Submission submission{of_payment, Command(StartPayment{orders_[n].fan, orders_[n].id, {}}),
                        "tok_ok"};
  if (!pipeline_.channel().try_submit(std::move(submission))) return false;
  ready_.pop_back();
  paying_[n] = 1;
  ++started_;
  return true;
}

void Till::take(Outgoing& outgoing) {
  if (const auto* answer = std::get_if<Answer>(&outgoing)) {
    if (answer->reply.rejection != Rejection::kNone)
      throw std::runtime_error("a command was refused");
    if (answer->correlation != of_probe) return;
    probe_answered_ = true;
    probe_order_ = std::get<OrderView>(answer->reply.body).id;
    return;
  }
  const auto* changed = std::get_if<OrderChanged>(&std::get<EventDelivery>(outgoing).event);
  if (changed == nullptr || changed->order.id.value >= place_of_.size()) return;
  const std::uint32_t n = place_of_[changed->order.id.value];
  if (n >= seats_ || paying_[n] == 0) return;
  if (changed->order.state == OrderState::kPaid) {
    ++paid_;
    paying_[n] = 0;
  } else if (changed->order.state == OrderState::kHeld) {
    ++failed_;
    paying_[n] = 0;
    ready_.push_back(n);
  }
}

bool Till::receive() {
  const auto to_take = [&](Outgoing& outgoing) { take(outgoing); };
  const std::size_t told = events_.receive(arrivals_a_turn, to_take);
  // Before all orders are there the answers are those of the holds.
  const std::size_t answered =
      place_of_.empty() ? 0 : pipeline_.channel().receive(arrivals_a_turn, to_take);
  return told + answered > 0;
}

double Till::probe() {
  const FanId fan{static_cast<std::uint32_t>(probes_ / 2 % fans_)};
  Command command(std::in_place_type<PlaceHold>);
  if (probes_ % 2 == 0) {
    std::get<PlaceHold>(command).fan = fan;
    std::get<PlaceHold>(command).seats.push_back(SeatIndex{seats_});
  } else {
    command = ReleaseOrder{fan, probe_order_};
  }
  ++probes_;
  probe_answered_ = false;
  const auto start = std::chrono::steady_clock::now();
  while (!pipeline_.channel().try_submit({of_probe, std::move(command), {}})) receive();
  while (!probe_answered_)
    if (!receive()) sched_yield();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace frontrow::bench
