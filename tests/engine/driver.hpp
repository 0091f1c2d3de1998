// Drives an engine as the sequencer would: numbers commands, lets time pass, carries out what is
// due. For tests of the engine alone.
#pragma once

// GCC 12 takes the move of a small vector out of a variant for a read past its end.
#pragma GCC diagnostic ignored "-Wstringop-overread"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.hpp"
#include "support/small_round.hpp"

namespace frontrow::test {

class Driver {
 public:
  explicit Driver(const SmallRound& round = {}) : engine(round.definition()) {
    send(OpenRound{1, "small"});
  }

  Reply send(const Command& command) {
    effects.clear();
    commands.emplace_back(now, command);
    Reply reply = engine.apply(++sequence, now, command, effects);
    for (const Event& event : effects.events) events.push_back(event);
    return reply;
  }
  Rejection refusal(const Command& command) { return send(command).rejection; }
  /// Sends what must be accepted.
  Reply must(const Command& command) {
    Reply reply = send(command);
    INFO("command of kind " << command.index());
    REQUIRE(static_cast<int>(reply.rejection) == static_cast<int>(Rejection::kNone));
    return reply;
  }

  /// Carries out everything due now.
  void settle() {
    for (int steps = 0;; ++steps) {
      const auto due = engine.due(now);
      if (!due) return;
      REQUIRE(steps < 10'000);
      must(*due);
    }
  }
  /// Lets time pass, stopping at every moment at which something is due.
  void pass(Duration length) {
    const Instant end = now + length;
    settle();
    for (;;) {
      const auto next = engine.next_due();
      if (!next || *next > end) break;
      if (*next > now) now = *next;
      settle();
    }
    now = end;
    settle();
  }

  FanId join(std::uint8_t tier = 1) {
    const auto number = ++joins_;
    JoinQueue command;
    command.entry = bytes_of(number * 0x9e3779b97f4a7c15U);
    command.tier = tier;
    command.key = bytes_of(number, 7);
    return std::get<JoinedView>(must(command).body).fan;
  }
  std::vector<FanId> join_many(std::uint32_t count) {
    std::vector<FanId> fans;
    for (std::uint32_t n = 0; n < count; ++n) fans.push_back(join());
    return fans;
  }
  void admit(std::uint32_t max_shoppers, std::uint32_t per_second = 1'000) {
    rules.max_shoppers = max_shoppers;
    rules.per_second = per_second;
    must(SetAdmission{"config", rules});
  }
  /// Fans of the lobby, drawn, called and all shopping.
  std::vector<FanId> shoppers(std::uint32_t count) {
    const auto fans = join_many(count);
    draw();
    pass(seconds(5));
    for (const FanId fan : fans) must(EnterShop{fan});
    return fans;
  }
  void draw() {
    const Instant draw_at = engine.status().draw_at;
    pass(draw_at - now);
    REQUIRE(engine.status().drawn);
  }

  SeatIndex seat(const std::string& id) const {
    const SeatIndex found = engine.definition().plan->find_seat(id);
    REQUIRE(found.exists());
    return found;
  }
  PlaceHold picking(FanId fan, const std::vector<std::string>& ids) const {
    PlaceHold command;
    command.fan = fan;
    for (const auto& id : ids) command.seats.push_back(seat(id));
    return command;
  }
  OrderView hold(FanId fan, const std::vector<std::string>& ids) {
    return std::get<OrderView>(must(picking(fan, ids)).body);
  }
  /// The standing places from `first` (from 1) on.
  OrderView hold_standing(FanId fan, std::uint32_t first, std::uint32_t count = 1) {
    std::vector<std::string> ids;
    for (std::uint32_t n = 0; n < count; ++n) ids.push_back("S-1-" + std::to_string(first + n));
    return hold(fan, ids);
  }
  OrderView start_paying(FanId fan, OrderId order) {
    return std::get<OrderView>(must(StartPayment{fan, order, {}}).body);
  }
  OrderView pay(FanId fan, OrderId order) {
    const OrderView paying = start_paying(fan, order);
    must(RecordPaymentSuccess{order, paying.payment.attempt, paying.total, "ref"});
    return engine.order(order);
  }
  OrderState state(OrderId order) const { return engine.order(order).state; }

  template <class Kind>
  std::vector<Kind> told() const {
    std::vector<Kind> found;
    for (const Event& event : events)
      if (const auto* kind = std::get_if<Kind>(&event)) found.push_back(*kind);
    return found;
  }
  void check() const {
    for (const std::string& violation : engine.check_invariants()) FAIL_CHECK(violation);
  }

  Engine engine;
  Effects effects;            ///< Of the last command.
  std::vector<Event> events;  ///< Of all commands.
  std::vector<std::pair<Instant, Command>> commands;
  AdmissionRules rules;
  Instant now = small_round_start;
  Sequence sequence = 0;

 private:
  std::uint64_t joins_ = 0;
};

}  // namespace frontrow::test

template <>
struct Catch::StringMaker<frontrow::Rejection> {
  static std::string convert(frontrow::Rejection value) {
    return "rejection " + std::to_string(static_cast<int>(value));
  }
};
template <>
struct Catch::StringMaker<frontrow::OrderState> {
  static std::string convert(frontrow::OrderState value) {
    return "order state " + std::to_string(static_cast<int>(value));
  }
};
template <>
struct Catch::StringMaker<frontrow::FanState> {
  static std::string convert(frontrow::FanState value) {
    return "fan state " + std::to_string(static_cast<int>(value));
  }
};
