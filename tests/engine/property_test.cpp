#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

#include "engine/driver.hpp"
#include "engine/twin.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

/// How many plays of 1,500 steps; 700 are more than a million commands and some minutes.
std::uint64_t chosen_plays() {
  const char* text = std::getenv("FRONTROW_PLAYS");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 12;
}

std::uint64_t chosen_seed() {
  const char* text = std::getenv("FRONTROW_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
}

/// Random commands to an engine and its twin.
class Play {
 public:
  Play(std::uint64_t seed, const SmallRound& round)
      : random_(seed), driver_(round), twin_(driver_.engine.definition()) {
    twin_.shown = &driver_.engine;
    driver_.rules.missed_turn_places = static_cast<std::uint32_t>(random_() % 5);
    driver_.rules.enter = seconds(40);
    driver_.rules.shopping = seconds(400);
    send(SetAdmission{"config", (driver_.admit(8), driver_.rules)});
  }

  void step() {
    driver_.now = driver_.now + milliseconds(static_cast<std::int64_t>(random_() % 4'000));
    while (const auto due = driver_.engine.due(driver_.now)) send(*due);
    send(random_command());
  }
  Driver& driver() { return driver_; }
  const std::map<std::string, std::uint64_t>& seen() {
    seen_["prolonged"] = twin_.prolonged_;
    return seen_;
  }

 private:
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }
  bool chance(std::uint32_t percent) { return below(100) < percent; }

  void send(const Command& command) {
    INFO("sequence " << driver_.sequence + 1 << ", kind " << command.index());
    const Reply reply = driver_.send(command);
    ++seen_["rejection " + std::to_string(static_cast<int>(reply.rejection))];
    for (const Event& event : driver_.effects.events)
      if (const auto* changed = std::get_if<OrderChanged>(&event))
        ++seen_["origin " + std::to_string(static_cast<int>(changed->order.origin)) + " state " +
                std::to_string(static_cast<int>(changed->order.state))];
    for (const FanId fan : driver_.effects.fans)
      if (driver_.engine.fan(fan).slot.value % 2 == 1 && driver_.engine.fan(fan).slot.exists())
        ++seen_["put back"];
    twin_.apply(driver_.now, command, reply, driver_.effects.events);
    twin_.compare(driver_.engine);
    driver_.events.clear();
  }

  FanId any_fan() { return FanId{below(std::max(1U, driver_.engine.fan_count()))}; }
  FanId any_fan_in(FanState state) {
    for (int tries = 0; tries < 20; ++tries)
      if (const FanId fan = any_fan();
          driver_.engine.fan_count() > 0 && driver_.engine.fan(fan).state == state)
        return fan;
    return any_fan();
  }
  OrderId any_order() { return OrderId{below(driver_.engine.order_count() + 1)}; }
  OrderId any_order_in(OrderState state) {
    const auto count = driver_.engine.order_count();
    for (int tries = 0; tries < 40 && count > 0; ++tries)
      if (const OrderId order{below(count)}; driver_.state(order) == state) return order;
    return any_order();
  }
  FanId owner(OrderId order) {
    return order.value < driver_.engine.order_count() && !chance(3)
               ? driver_.engine.order(order).fan
               : any_fan();
  }
  std::uint32_t seats() { return driver_.engine.definition().plan->capacity(); }

  PlaceHold pick() {
    PlaceHold hold;
    hold.fan = any_fan_in(FanState::kShopping);
    const std::uint32_t count = 1 + below(4);
    std::uint32_t seat = below(seats());
    for (std::uint32_t n = 0; n < count; ++n) {
      hold.seats.push_back(SeatIndex{seat % seats()});
      seat = chance(80) ? seat + 1 : below(seats());
    }
    return hold;
  }
  PlaceBestHold best() {
    PlaceBestHold hold;
    hold.fan = any_fan_in(FanState::kShopping);
    hold.by_zone = chance(50);
    hold.zone = ZoneIndex{static_cast<std::uint16_t>(below(3))};
    hold.category = CategoryIndex{static_cast<std::uint16_t>(below(3))};
    hold.quantity = 1 + below(4);
    hold.together = static_cast<Together>(below(3));
    return hold;
  }
  Command outcome() {
    const OrderId order = chance(85) ? any_order_in(OrderState::kPaying) : any_order();
    if (order.value >= driver_.engine.order_count())
      return RecordPaymentFailure{order, 1, PaymentFailure::kDeclined};
    const OrderView view = driver_.engine.order(order);
    const std::uint32_t attempt = chance(85) || view.payment.attempt == 0
                                      ? view.payment.attempt
                                      : 1 + below(view.payment.attempt);
    if (chance(55)) return RecordPaymentSuccess{order, attempt, view.total, "ref"};
    return RecordPaymentFailure{order, attempt, PaymentFailure::kDeclined};
  }
  JoinWaitlist wish() {
    JoinWaitlist command;
    command.fan = any_fan();
    for (std::uint16_t zone = 0; zone < 3; ++zone)
      if (chance(40)) command.zones.push_back(ZoneIndex{zone});
    command.quantity = 1 + below(4);
    command.together = chance(40);
    if (command.zones.empty() || chance(30)) {
      command.zones.clear();
      for (std::uint16_t category = 0; category < 3; ++category)
        if (chance(40)) command.categories.push_back(CategoryIndex{category});
    }
    return command;
  }
  /// Only before the draw do categories move.
  Command move_category() {
    MoveCategory move{"ops", {}, CategoryIndex{static_cast<std::uint16_t>(below(3))}, ""};
    for (std::uint32_t n = 0; n < 1 + below(4); ++n)
      move.seats.push_back(SeatIndex{below(seats())});
    return move;
  }
  Command random_command() {
    const std::uint32_t dice = below(1'000);
    const auto fans = driver_.engine.fan_count();
    if (fans < 3 || (dice < 60 && fans < 60)) {
      JoinQueue join;
      join.entry = bytes_of(random_());
      join.tier = static_cast<std::uint8_t>(below(3));
      return join;
    }
    if (fans < 8 && chance(20)) return move_category();
    if (dice < 180) return EnterShop{any_fan_in(FanState::kCalled)};
    if (dice < 190) return LeaveQueue{any_fan()};
    if (dice < 400) return pick();
    if (dice < 540) return best();
    if (dice < 600) {
      const OrderId order = any_order_in(OrderState::kHeld);
      return ReleaseOrder{owner(order), order};
    }
    if (dice < 710) {
      const OrderId order = any_order_in(OrderState::kHeld);
      const auto method = chance(60) ? PaymentMethod::kCard : PaymentMethod::kPromptPay;
      return StartPayment{owner(order), order, {}, method};
    }
    if (dice < 730)
      return RecordGatewayHealth{chance(60) ? PaymentMethod::kCard : PaymentMethod::kPromptPay,
                                 static_cast<GatewayHealth>(below(3)), "sandbox"};
    if (dice < 810) return outcome();
    if (dice < 835) {
      const OrderId order = any_order_in(OrderState::kPaid);
      return ReturnOrder{owner(order), order, {}};
    }
    if (dice < 855) return RecordRefund{any_order_in(OrderState::kRefunding), "r"};
    if (dice < 915) return wish();
    if (dice < 920) return LeaveWaitlist{any_fan()};
    if (dice < 940) {
      BlockSeats block{"ops", {}};
      for (std::uint32_t n = 0; n < 1 + below(3); ++n)
        block.seats.push_back(SeatIndex{below(seats())});
      return block;
    }
    if (dice < 960) {
      UnblockSeats unblock{"ops", {}};
      for (const auto& [seat, why] : twin_.blocked_)
        if (chance(50)) unblock.seats.push_back(SeatIndex{seat});
      return unblock;
    }
    if (dice < 963)
      return SetZoneOpen{"ops", ZoneIndex{static_cast<std::uint16_t>(below(3))}, chance(70), ""};
    if (dice < 968) return BanFan{"ops", any_fan(), "x"};
    if (dice < 980) return UnbanFan{"ops", any_fan(), "x"};
    if (dice < 990)
      return SetPhase{"ops", chance(30) ? RequestedPhase::kPaused : RequestedPhase::kOnSale};
    AdmissionRules rules = driver_.rules;
    rules.max_shoppers = 4 + below(12);
    return SetAdmission{"ops", rules};
  }

  std::mt19937_64 random_;
  Driver driver_;
  Twin twin_;
  std::map<std::string, std::uint64_t> seen_;  ///< What has happened, and how often.
};

SmallRound round_for(std::uint64_t seed) {
  SmallRound round;
  // Small enough to sell out, so that the waitlist has work to do.
  round.rows_of_a = 2;
  round.rows_of_b = 1;
  round.places_of_s = 6;
  round.hold = seconds(150);
  round.payment = seconds(150);
  round.waitlist_offer = seconds(100);
  round.payment_outage = seconds(static_cast<std::int64_t>(seed % 4) * 30);
  round.closes_after = seconds(1'000'000);
  round.returns_until_after = seconds(1'000'000);
  round.max_open_orders_per_fan = 3;
  if (seed % 2 == 0) round.breaks_of_a = {3, 6};
  if (seed % 3 == 0) round.seating.orphan_rule = {0, 1, 1};
  if (seed % 3 == 1) round.max_seats_per_order = 3;
  round.waitlist_always = seed % 5 == 0;
  round.accessible_in_b = seed % 2 == 1;
  if (seed % 4 == 1) round.seating.companions_open_at = after_start(seconds(1'200));
  if (seed % 4 == 2)
    round.seating.withheld = {{BlockReason::kSponsor, {SeatIndex{3}, SeatIndex{4}}}};
  return round;
}

}  // namespace

TEST_CASE(
    "random commands lead the engine and its plain twin to the same seats and the same line") {
  const std::uint64_t first = chosen_seed();
  const bool asked = std::getenv("FRONTROW_PLAYS") != nullptr;
  const bool one_only = !asked && std::getenv("FRONTROW_SEED") != nullptr;
  std::cout << "FRONTROW_SEED=" << first << '\n';
  std::map<std::string, std::uint64_t> seen;
  std::uint64_t commands = 0;
  for (std::uint64_t seed = first; seed < first + (one_only ? 1 : chosen_plays()); ++seed) {
    INFO("FRONTROW_SEED=" << seed);
    Play play(seed, round_for(seed));
    for (int step = 0; step < 1'500; ++step) {
      play.step();
      play.driver().check();
    }
    commands += play.driver().commands.size();
    for (const auto& [what, often] : play.seen()) seen[what] += often;
  }
  std::cout << commands << " commands\n";
  if (one_only) return;
  // The plays are worth something only where all of this came up.
  for (const char* what :
       {"origin 0 state 0", "origin 0 state 1", "origin 0 state 2", "origin 0 state 3",
        "origin 0 state 4", "origin 0 state 5", "origin 0 state 6", "origin 1 state 0",
        "origin 1 state 2", "origin 1 state 4", "put back",         "rejection 1",
        "rejection 4",      "rejection 7",      "rejection 11",     "rejection 12",
        "rejection 13",     "rejection 14",     "rejection 15",     "rejection 16",
        "rejection 20",     "rejection 23",     "prolonged"}) {
    INFO(what);
    CHECK(seen[what] > 0);
  }
}

TEST_CASE("the same commands give the same state hash, and others another") {
  const std::uint64_t seed = chosen_seed();
  INFO("FRONTROW_SEED=" << seed);
  Play play(seed, round_for(seed));
  for (int step = 0; step < 800; ++step) play.step();
  const auto replayed = [&](std::size_t skip) {
    Engine engine(round_for(seed).definition());
    Effects effects;
    Sequence sequence = 0;
    for (std::size_t n = 0; n < play.driver().commands.size(); ++n) {
      const auto& [time, command] = play.driver().commands[n];
      engine.apply(++sequence, time, n == skip ? Command{PostNotice{}} : command, effects);
      effects.clear();
    }
    return engine.state_hash();
  };
  CHECK(replayed(~std::size_t{0}) == play.driver().engine.state_hash());
  // The first two joins at the latest are in place by now; leaving one out must be seen.
  std::size_t join = 0;
  while (!std::holds_alternative<JoinQueue>(play.driver().commands[join].second)) ++join;
  CHECK_FALSE(replayed(join) == play.driver().engine.state_hash());
}
