// A short sale, command by command, as an auditor would find it in a journal.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>

#include "audit/command_fields.hpp"
#include "support/small_round.hpp"

namespace frontrow::audit {

class SmallSale {
 public:
  using Reader = std::function<void(const Carried&)>;

  explicit SmallSale(Reader reader = {}, test::SmallRound round = {})
      : engine(round.definition()), reader_(std::move(reader)) {}

  Reply apply(const Command& command, Duration after) {
    const Instant time = test::after_start(after);
    Effects effects;
    Reply reply = engine.apply(engine.sequence() + 1, time, command, effects);
    if (reader_) reader_({engine.sequence(), time, command, reply, engine});
    return reply;
  }
  /// All that is due by then and that nobody asks for.
  void pass_time(Duration after) {
    while (const auto due = engine.due(test::after_start(after))) {
      REQUIRE(apply(*due, after).rejection == Rejection::kNone);
    }
  }
  SeatIndex seat(const char* id) const { return engine.definition().plan->find_seat(id); }
  Reply try_hold(FanId fan, std::initializer_list<SeatIndex> seats, Duration after) {
    Command command;
    auto& hold = command.emplace<PlaceHold>();
    hold.fan = fan;
    for (const SeatIndex one : seats) hold.seats.push_back(one);
    return apply(command, after);
  }
  OrderId hold(FanId fan, std::initializer_list<SeatIndex> seats, Duration after) {
    const Reply reply = try_hold(fan, seats, after);
    REQUIRE(reply.rejection == Rejection::kNone);
    return std::get<OrderView>(reply.body).id;
  }
  std::uint32_t pay(FanId fan, OrderId order, Duration after) {
    const Reply reply = apply(StartPayment{fan, order, {}, PaymentMethod::kCard, false}, after);
    REQUIRE(reply.rejection == Rejection::kNone);
    return std::get<OrderView>(reply.body).payment.attempt;
  }

  /// Two fans in the shop at 62 s.
  void open() {
    apply(OpenRound{1, R"({"the definition":"is long"})"}, seconds(0));
    apply(JoinQueue{test::bytes_of(1)}, seconds(1));
    apply(JoinQueue{test::bytes_of(2)}, seconds(2));
    pass_time(seconds(61));
    pass_time(seconds(62));
    for (const FanId fan : {first, second}) {
      REQUIRE(apply(EnterShop{fan}, seconds(62)).rejection == Rejection::kNone);
    }
  }
  /// `first` buys A-1-1 and A-1-2 with the second card and gets a refund; `second` is refused
  /// A-1-1 and lets a hold of A-2-1 expire. Returns the orders.
  std::pair<OrderId, OrderId> sell() {
    open();
    const OrderId bought = hold(first, {seat("A-1-1"), seat("A-1-2")}, seconds(70));
    const std::uint32_t declined = pay(first, bought, seconds(71));
    apply(RecordPaymentFailure{bought, declined, PaymentFailure::kDeclined}, seconds(72));
    const std::uint32_t attempt = pay(first, bought, seconds(73));
    const Amount total = engine.order(bought).total;
    apply(RecordPaymentSuccess{bought, attempt, total, "charge-7"}, seconds(74));
    try_hold(second, {seat("A-1-1")}, seconds(75));
    const OrderId expired = hold(second, {seat("A-2-1")}, seconds(76));
    pass_time(seconds(76 + 301));
    apply(RefundOrder{"ops", bought, "asked\nfor it \"nicely\""}, seconds(400));
    apply(RecordRefund{bought, "refund-7"}, seconds(401));
    return {bought, expired};
  }

  static constexpr FanId first{0}, second{1};
  Engine engine;

 private:
  Reader reader_;
};

}  // namespace frontrow::audit
