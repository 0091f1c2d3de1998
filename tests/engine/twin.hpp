// A twin of the engine out of std::map and std::set, slow and plain: it is told every command and
// the engine's answer, says whether that answer is right, and keeps its own account of seats,
// orders, turns and the line. What is a matter of choice (which of several free seats) it takes
// from the engine's answer, and checks that the choice was allowed.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/driver.hpp"
#include "engine/naive_seats.hpp"

namespace frontrow::test {

class Twin : public NaiveSeats {
 public:
  explicit Twin(const RoundDefinition& definition)
      : NaiveSeats(definition), rules_(definition.sale), seating_(definition.seating) {
    for (const auto& withheld : seating_.withheld)
      for (const SeatIndex seat : withheld.seats) {
        free_.erase(seat.value);
        blocked_[seat.value] = withheld.reason;
      }
  }

  struct Order {
    std::uint32_t fan = 0;
    std::set<std::uint32_t> seats;
    OrderState state = OrderState::kHeld;
    std::uint32_t attempt = 0;
    bool cancel_wanted = false, release_wanted = false, offer = false;
    PaymentMethod method = PaymentMethod::kCard;
    bool prolonged = false;
    SaleTime deadline;
    std::set<std::uint32_t> captured;  ///< Attempts whose money came, kept or not.
  };
  struct Fan {
    FanState state = FanState::kLobby;
    bool banned = false, missed = false;
    std::uint32_t slot = none;
    SaleTime deadline;
    std::uint64_t since = 0;  ///< Orders deadlines that are equal.
  };
  struct Wish {
    std::uint32_t fan = 0;
    std::set<std::uint16_t> zones, categories;
    std::uint32_t quantity = 1;
    bool together = false;
    std::uint64_t order = 0;  ///< Lower ones stand ahead.
    bool sleeps = false;      ///< Could have been bought; served once the house was sold out.
  };
  /// When a gateway failed for a method; without an end while it lasts.
  struct Outage {
    PaymentMethod method;
    SaleTime begin;
    std::optional<SaleTime> end;
  };
  /// What a fan has let go unpaid.
  struct Account {
    Duration held;
    SaleTime next_hold_at;
  };

  /// Tells the twin a command, the engine's answer and its events.
  void apply(Instant now, const Command& command, const Reply& reply,
             const std::vector<Event>& events) {
    now_ = now;
    events_ = &events;
    std::visit([&](const auto& kind) { on(kind, reply); }, command);
    if (!std::holds_alternative<Tick>(command)) match_waitlist();
    REQUIRE(offers_expected_ == offers_told());
    offers_expected_ = 0;
    if (free_.empty())
      for (Wish& wish : wishes_) wish.sleeps = false;
  }

  void compare(const Engine& engine) const {
    for (std::uint32_t n = 0; n < plan_.capacity(); ++n) {
      const SeatIndex seat{n};
      Engine::SeatState expected = Engine::SeatState::kFree;
      OrderId holder;
      if (blocked_.count(n) != 0) expected = Engine::SeatState::kBlocked;
      for (const auto& [id, order] : orders_)
        if (owns(order) && order.seats.count(n) != 0) {
          holder = OrderId{id};
          expected = order.state == OrderState::kPaid ? Engine::SeatState::kSold
                                                      : Engine::SeatState::kHeld;
        }
      INFO("seat " << n);
      REQUIRE((free_.count(n) != 0) == (expected == Engine::SeatState::kFree));
      REQUIRE(engine.seat_state(seat) == expected);
      REQUIRE(engine.seat_order(seat) == holder);
    }
    for (const auto& [id, order] : orders_) {
      INFO("order " << id);
      const OrderView view = engine.order(OrderId{id});
      REQUIRE(view.state == order.state);
      if (open(order)) REQUIRE(view.held_until - now_ == order.deadline - sale_now());
    }
    std::uint32_t ahead = 0;
    for (const auto& [slot, fan] : waiting_) {
      INFO("slot " << slot << ", " << ahead << " ahead");
      REQUIRE(engine.fan(FanId{fan}).slot.value == slot);
      ++ahead;
    }
    for (const auto& [id, fan] : fans_) {
      INFO("fan " << id);
      const FanView view = engine.fan(FanId{id});
      REQUIRE(view.state == fan.state);
      REQUIRE(view.banned == fan.banned);
    }
  }

  std::map<std::uint32_t, Order> orders_;
  std::map<std::uint32_t, Fan> fans_;
  std::map<std::uint32_t, BlockReason> blocked_;
  std::map<std::uint32_t, std::uint32_t> waiting_;  ///< Fan by slot, waiting ones only.
  std::vector<Wish> wishes_;                        ///< In their order.
  std::map<std::uint32_t, Account> accounts_;
  std::set<std::uint16_t> closed_zones_;
  std::vector<Outage> outages_;
  std::uint64_t prolonged_ = 0;

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  static bool open(const Order& order) {
    return order.state == OrderState::kHeld || order.state == OrderState::kPaying;
  }
  static bool owns(const Order& order) { return open(order) || order.state == OrderState::kPaid; }
  SaleTime sale_now() const { return {((paused_ ? paused_at_ : now_) - offset_).microseconds}; }
  std::uint32_t seats_of(std::uint32_t fan) const {
    std::size_t count = 0;
    for (const auto& [id, order] : orders_)
      if (order.fan == fan && owns(order)) count += order.seats.size();
    return static_cast<std::uint32_t>(count);
  }
  bool within_limit(std::uint32_t fan, std::size_t quantity) const {
    const auto open_orders = std::count_if(orders_.begin(), orders_.end(), [&](const auto& item) {
      return item.second.fan == fan && open(item.second);
    });
    return quantity <= rules_.max_seats_per_order &&
           seats_of(fan) + quantity <= rules_.max_seats_per_fan &&
           static_cast<std::uint32_t>(open_orders) < rules_.max_open_orders_per_fan;
  }
  void give_up(Order& order, OrderState state) {
    if (open(order) && !order.offer) let_go(order);
    for (const auto seat : order.seats) {
      if (closed_zones_.count(plan_.seats[seat].zone.value) != 0)
        blocked_[seat] = BlockReason::kZoneClosed;
      else
        free_.insert(seat);
    }
    order.state = state;
  }
  void let_go(const Order& order) {
    Account& account = accounts_[order.fan];
    const std::int64_t hold = rules_.hold.microseconds;
    const std::int64_t left = order.attempt == 0 ? (order.deadline - sale_now()).microseconds : 0;
    account.held.microseconds += std::min(std::max(hold - left, std::int64_t{0}), hold);
    const std::int64_t wait = std::max((account.held.microseconds - 4 * hold) / 2, std::int64_t{0});
    if (wait > 0)
      account.next_hold_at = sale_now() + Duration{std::min(wait, std::int64_t{600'000'000})};
  }
  bool must_wait(std::uint32_t fan) const {
    const auto found = accounts_.find(fan);
    return found != accounts_.end() && found->second.next_hold_at > sale_now();
  }
  bool companions_locked() const { return seating_.companions_open_at && !companions_open_; }
  bool locked(std::uint32_t seat) const {
    return companions_locked() && accessible_of(seat).has_value();
  }
  bool companion_alone(std::uint32_t fan, const std::set<std::uint32_t>& picked) const {
    return std::any_of(picked.begin(), picked.end(), [&](std::uint32_t seat) {
      if (!locked(seat)) return false;
      const std::uint32_t accessible = *accessible_of(seat);
      const bool paid = std::any_of(orders_.begin(), orders_.end(), [&](const auto& item) {
        return item.second.fan == fan && item.second.state == OrderState::kPaid &&
               item.second.seats.count(accessible) != 0;
      });
      return picked.count(accessible) == 0 && !paid;
    });
  }

  // --- commands -------------------------------------------------------------------------------

  template <class Kind>
  void on(const Kind&, const Reply&) {}  // What does not concern seats, orders or the line.

  void on(const JoinQueue&, const Reply& reply) {
    if (reply.rejection != Rejection::kNone) return;
    const auto& joined = std::get<JoinedView>(reply.body);
    if (joined.created)
      fans_[joined.fan.value].state =
          now_ >= rules_.draw_at ? FanState::kWaiting : FanState::kLobby;
  }
  void line_up(const std::vector<DrawEntry>& entries, const Engine& engine) {
    for (const DrawEntry& entry : entries)
      for (auto& [id, fan] : fans_)
        if (engine.fan(FanId{id}).entry == entry.entry) {
          fan.slot = (end_ + 1) / 2 * 2;
          use(fan.slot);
          if (fan.state == FanState::kLobby) fan.state = FanState::kWaiting;
          if (fan.state == FanState::kWaiting && !fan.banned) waiting_[fan.slot] = id;
        }
  }
  void on(const DrawLine&, const Reply&) {
    for (const Event& event : *events_)
      if (const auto* draw = std::get_if<DrawPublished>(&event))
        line_up(draw->record->entries, *shown);
  }
  void on(const CloseLateWindow&, const Reply&) {
    for (const Event& event : *events_)
      if (const auto* late = std::get_if<LateWindowPublished>(&event))
        line_up(late->record->entries, *shown);
  }
  void use(std::uint32_t slot) {
    used_.insert(slot);
    end_ = std::max(end_, slot + 1);
  }
  std::uint32_t count(FanState state) const {
    return static_cast<std::uint32_t>(std::count_if(
        fans_.begin(), fans_.end(),
        [&](const auto& item) { return item.second.state == state && !item.second.banned; }));
  }
  void on(const SetAdmission& command, const Reply&) { admission_ = command.rules; }
  void on(const EnterShop& command, const Reply& reply) {
    Fan& fan = fans_[command.fan.value];
    Rejection expected = Rejection::kNone;
    if (fan.banned)
      expected = Rejection::kBanned;
    else if (fan.state != FanState::kCalled || fan.deadline <= sale_now())
      expected = Rejection::kNotCalled;
    else if (count(FanState::kShopping) >= admission_.max_shoppers)
      expected = Rejection::kShopFull;
    REQUIRE(reply.rejection == expected);
    if (expected == Rejection::kNone) {
      fan.state = FanState::kShopping;
      fan.deadline = sale_now() + admission_.shopping;
    } else if (expected == Rejection::kShopFull) {
      fan.deadline = sale_now() + admission_.enter;
    }
    if (expected == Rejection::kNone || expected == Rejection::kShopFull) fan.since = ++counter_;
  }
  void on(const LeaveQueue& command, const Reply& reply) {
    if (reply.rejection != Rejection::kNone) return;
    Fan& fan = fans_[command.fan.value];
    if (fan.state == FanState::kWaiting) waiting_.erase(fan.slot);
    if (fan.state == FanState::kShopping)
      fan.state = FanState::kEnded;
    else if (fan.state == FanState::kLobby || fan.state == FanState::kWaiting ||
             fan.state == FanState::kCalled)
      fan.state = FanState::kLeft;
  }

  Rejection may_order(std::uint32_t id) const {
    const Fan& fan = fans_.at(id);
    if (fan.banned) return Rejection::kBanned;
    if (paused_) return Rejection::kRoundPaused;
    const bool shopping = fan.state == FanState::kShopping && fan.deadline > sale_now();
    return shopping ? Rejection::kNone : Rejection::kNotShopping;
  }
  void on(const PlaceHold& command, const Reply& reply) {
    Rejection expected = may_order(command.fan.value);
    std::set<std::uint32_t> picked;
    bool all_free = true;
    for (const SeatIndex seat : command.seats)
      all_free = picked.insert(seat.value).second && free_.count(seat.value) != 0 && all_free;
    if (expected != Rejection::kNone) {
    } else if (!within_limit(command.fan.value, command.seats.size())) {
      expected = Rejection::kLimitReached;
    } else if (must_wait(command.fan.value)) {
      expected = Rejection::kHoldTooSoon;
    } else if (companion_alone(command.fan.value, picked)) {
      expected = Rejection::kCompanionAlone;
    } else if (!all_free) {
      expected = Rejection::kSeatsUnavailable;
      require_nearest(picked, std::get<ConflictView>(reply.body));
    } else if (breaks_orphan_rule(picked)) {
      expected = Rejection::kLeavesOrphan;
      const auto& better = std::get<ConflictView>(reply.body);
      std::set<std::uint32_t> suggested;
      for (const SeatIndex seat : better.suggestions) suggested.insert(seat.value);
      REQUIRE(suggested.size() == picked.size());
      REQUIRE(std::includes(free_.begin(), free_.end(), suggested.begin(), suggested.end()));
      REQUIRE_FALSE(breaks_orphan_rule(suggested));
    }
    REQUIRE(reply.rejection == expected);
    if (expected == Rejection::kNone) made(std::get<OrderView>(reply.body), rules_.hold);
  }
  void on(const PlaceBestHold& command, const Reply& reply) {
    Rejection expected = may_order(command.fan.value);
    const auto wanted = [&](std::uint32_t seat) {
      return !locked(seat) && (command.by_zone ? plan_.seats[seat].zone == command.zone
                                               : category_of(seat) == command.category);
    };
    const auto first_choice = [&](std::uint32_t seat) {
      return wanted(seat) && !plan_.seats[seat].accessible && !plan_.seats[seat].companion;
    };
    if (expected != Rejection::kNone) {
    } else if (!within_limit(command.fan.value, command.quantity)) {
      expected = Rejection::kLimitReached;
    } else if (must_wait(command.fan.value)) {
      expected = Rejection::kHoldTooSoon;
    } else if (command.together == Together::kRequired ? !has_run(command.quantity, wanted)
                                                       : free_count(wanted) < command.quantity) {
      expected = Rejection::kNotEnoughSeats;
    }
    REQUIRE(reply.rejection == expected);
    if (expected != Rejection::kNone) return;
    const auto& order = std::get<OrderView>(reply.body);
    REQUIRE(order.seats.size() == command.quantity);
    for (const SeatIndex seat : order.seats) REQUIRE(wanted(seat.value));
    if (command.together == Together::kRequired) require_together(order);
    const bool accessible_needed = free_count(first_choice) < command.quantity;
    if (!accessible_needed && command.together != Together::kRequired)
      for (const SeatIndex seat : order.seats) REQUIRE(first_choice(seat.value));
    if (command.together == Together::kPreferred && !accessible_needed)
      REQUIRE((order.arrangement == Arrangement::kSideBySide) ==
              has_run(command.quantity, first_choice));
    if (order.arrangement == Arrangement::kPairs || order.arrangement == Arrangement::kAdjacentRows)
      for (const SeatIndex seat : order.seats)
        REQUIRE((order.arrangement == Arrangement::kAdjacentRows || has_company(seat, order)));
    made(order, rules_.hold);
  }
  /// The suggestions in the stead of taken seats are free, of the same categories, and new.
  void require_nearest(const std::set<std::uint32_t>& picked, const ConflictView& conflict) const {
    std::multiset<std::uint16_t> taken;
    for (const SeatIndex seat : conflict.seats) taken.insert(category_of(seat.value).value);
    std::set<std::uint32_t> suggested;
    for (const SeatIndex seat : conflict.suggestions) {
      REQUIRE(free_.count(seat.value) != 0);
      REQUIRE(picked.count(seat.value) == 0);
      REQUIRE_FALSE(locked(seat.value));
      REQUIRE(suggested.insert(seat.value).second);
      const auto its = taken.find(category_of(seat.value).value);
      REQUIRE(its != taken.end());
      taken.erase(its);
    }
    // Nothing is suggested only where nothing is free: the hall is small enough to be searched.
    for (const auto category : taken)
      for (const auto seat : free_)
        REQUIRE((category_of(seat).value != category || picked.count(seat) != 0 ||
                 suggested.count(seat) != 0 || locked(seat)));
  }
  bool has_company(SeatIndex seat, const OrderView& order) const {
    return std::any_of(order.seats.begin(), order.seats.end(), [&](SeatIndex other) {
      return (other.value == seat.value + 1 && neighbours(seat.value, other.value)) ||
             (seat.value == other.value + 1 && neighbours(other.value, seat.value));
    });
  }
  void require_together(const OrderView& order) const {
    for (std::size_t n = 1; n < order.seats.size(); ++n) {
      const auto before = order.seats[n - 1].value, after = order.seats[n].value;
      const bool standing = plan_.zone(plan_.seats[after].zone).kind == ZoneKind::kStanding;
      REQUIRE(plan_.seats[before].row == plan_.seats[after].row);
      REQUIRE((standing || (after == before + 1 && neighbours(before, after))));
    }
  }
  /// An order with seats of the engine's choice: they were free, and now they are not.
  void made(const OrderView& view, Duration length) {
    Order order;
    order.fan = view.fan.value;
    order.deadline = sale_now() + length;
    for (const SeatIndex seat : view.seats) {
      REQUIRE(free_.erase(seat.value) == 1);
      order.seats.insert(seat.value);
    }
    REQUIRE(orders_.emplace(view.id.value, order).second);
  }

  void on(const ReleaseOrder& command, const Reply& reply) {
    const auto found = orders_.find(command.order.value);
    Rejection expected = Rejection::kNone;
    if (fans_[command.fan.value].banned)
      expected = Rejection::kBanned;
    else if (found == orders_.end() || found->second.fan != command.fan.value)
      expected = Rejection::kNotFound;
    else if (found->second.state != OrderState::kHeld)
      expected = Rejection::kOrderNotHeld;
    REQUIRE(reply.rejection == expected);
    if (expected == Rejection::kNone) give_up(found->second, OrderState::kReleased);
  }
  void on(const StartPayment& command, const Reply& reply) {
    const auto found = orders_.find(command.order.value);
    Rejection expected = Rejection::kNone;
    if (fans_[command.fan.value].banned)
      expected = Rejection::kBanned;
    else if (found == orders_.end() || found->second.fan != command.fan.value)
      expected = Rejection::kNotFound;
    else if (found->second.state != OrderState::kHeld || found->second.deadline <= sale_now())
      expected = Rejection::kOrderNotPayable;
    REQUIRE(reply.rejection == expected);
    if (expected != Rejection::kNone) return;
    found->second.state = OrderState::kPaying;
    found->second.method = command.method;
    found->second.deadline = sale_now() + rules_.payment;
    ++found->second.attempt;
  }
  void on(const RecordPaymentFailure& command, const Reply& reply) {
    const auto found = orders_.find(command.order.value);
    if (found == orders_.end() || found->second.state != OrderState::kPaying ||
        found->second.attempt != command.attempt) {
      REQUIRE(reply.rejection == Rejection::kPaymentUnknown);
      return;
    }
    Order& order = found->second;
    if (order.cancel_wanted) {
      give_up(order, order.release_wanted ? OrderState::kReleased : OrderState::kExpired);
      order.cancel_wanted = false;
    } else {
      order.state = OrderState::kHeld;
      order.deadline = std::max(order.deadline, sale_now() + seconds(60));
    }
  }
  void on(const RecordPaymentSuccess& command, const Reply& reply) {
    if (reply.rejection != Rejection::kNone) return;
    Order& order = orders_.at(command.order.value);
    if (!order.captured.insert(command.attempt).second) return;  // A repeat.
    if (order.state == OrderState::kHeld ||
        (order.state == OrderState::kPaying && command.attempt == order.attempt)) {
      order.state = OrderState::kPaid;
      order.cancel_wanted = false;
    } else if (order.state == OrderState::kExpired || order.state == OrderState::kReleased) {
      const bool fits =
          !fans_[order.fan].banned &&
          seats_of(order.fan) + order.seats.size() <= rules_.max_seats_per_fan &&
          std::includes(free_.begin(), free_.end(), order.seats.begin(), order.seats.end());
      order.state = fits ? OrderState::kPaid : OrderState::kRefunding;
      if (fits)
        for (const auto seat : order.seats) free_.erase(seat);
    }
  }
  void on(const RecordGatewayHealth& command, const Reply& reply) {
    REQUIRE(reply.rejection == Rejection::kNone);
    const auto lasting = std::find_if(outages_.begin(), outages_.end(), [&](const Outage& outage) {
      return outage.method == command.method && !outage.end;
    });
    if (command.health == GatewayHealth::kFailing && lasting == outages_.end())
      outages_.push_back({command.method, sale_now(), std::nullopt});
    if (command.health == GatewayHealth::kGood && lasting != outages_.end())
      lasting->end = sale_now();
  }
  /// By how much an outage moves the deadline of a payment that has run out of time.
  Duration prolongation(const Order& order) const {
    Duration lost;
    for (const Outage& outage : outages_) {
      if (outage.method != order.method) continue;
      if (!outage.end) return rules_.payment_outage;
      const SaleTime from = std::max(outage.begin, order.deadline - rules_.payment);
      const SaleTime to = std::min(*outage.end, order.deadline);
      if (to > from) lost = lost + (to - from);
    }
    return std::min(lost, rules_.payment_outage);
  }
  void on(const ReturnOrder& command, const Reply& reply) {
    if (reply.rejection == Rejection::kNone)
      give_up(orders_.at(command.order.value), OrderState::kRefunding);
  }
  void on(const RecordRefund& command, const Reply& reply) {
    if (reply.rejection != Rejection::kNone) return;
    Order& order = orders_.at(command.order.value);
    if (order.state == OrderState::kRefunding) order.state = OrderState::kRefunded;
  }

  void on(const BlockSeats& command, const Reply& reply) {
    const bool taken = std::any_of(command.seats.begin(), command.seats.end(), [&](SeatIndex seat) {
      return free_.count(seat.value) == 0 && blocked_.count(seat.value) == 0;
    });
    REQUIRE(reply.rejection == (taken ? Rejection::kSeatsUnavailable : Rejection::kNone));
    if (taken) return;
    for (const SeatIndex seat : command.seats) {
      free_.erase(seat.value);
      blocked_[seat.value] = command.why;
    }
  }
  void on(const SetZoneOpen& command, const Reply& reply) {
    REQUIRE(reply.rejection == Rejection::kNone);
    const PlanZone& zone = plan_.zone(command.zone);
    if (command.open)
      closed_zones_.erase(command.zone.value);
    else
      closed_zones_.insert(command.zone.value);
    for (std::uint32_t n = 0; n < zone.seat_count; ++n) {
      const std::uint32_t seat = zone.first_seat.value + n;
      if (!command.open && free_.erase(seat) != 0) blocked_[seat] = BlockReason::kZoneClosed;
      const auto blocked = blocked_.find(seat);
      if (!command.open || blocked == blocked_.end() || blocked->second != BlockReason::kZoneClosed)
        continue;
      blocked_.erase(blocked);
      free_.insert(seat);
    }
  }
  void on(const MoveCategory& command, const Reply& reply) {
    const bool too_late = now_ >= rules_.draw_at;
    REQUIRE(reply.rejection == (too_late ? Rejection::kCategoryFixed : Rejection::kNone));
    if (too_late) return;
    for (const SeatIndex seat : command.seats) categories_[seat.value] = command.category;
  }
  void on(const UnblockSeats& command, const Reply& reply) {
    const bool all = std::all_of(command.seats.begin(), command.seats.end(),
                                 [&](SeatIndex seat) { return blocked_.count(seat.value) != 0; });
    REQUIRE(reply.rejection == (all ? Rejection::kNone : Rejection::kSeatInOtherState));
    if (!all) return;
    for (const SeatIndex seat : command.seats) {
      if (closed_zones_.count(plan_.seat(seat).zone.value) != 0) {
        blocked_[seat.value] = BlockReason::kZoneClosed;
        continue;
      }
      blocked_.erase(seat.value);
      free_.insert(seat.value);
    }
  }
  void on(const BanFan& command, const Reply&) {
    Fan& fan = fans_[command.fan.value];
    if (fan.banned) return;
    fan.banned = true;
    if (fan.state == FanState::kWaiting) waiting_.erase(fan.slot);
    if (fan.state == FanState::kCalled || fan.state == FanState::kShopping)
      fan.state = FanState::kEnded;
    std::erase_if(wishes_, [&](const Wish& wish) { return wish.fan == command.fan.value; });
    for (auto& [id, order] : orders_) {
      if (order.fan != command.fan.value) continue;
      if (order.state == OrderState::kHeld) give_up(order, OrderState::kReleased);
      if (order.state == OrderState::kPaying) order.cancel_wanted = order.release_wanted = true;
    }
  }
  void on(const UnbanFan& command, const Reply&) {
    Fan& fan = fans_[command.fan.value];
    if (!fan.banned) return;
    fan.banned = false;
    if (fan.state != FanState::kWaiting || fan.slot == none) return;
    if (fan.slot < front_) {
      fan.slot = end_ | 1;
      use(fan.slot);
    }
    waiting_[fan.slot] = command.fan.value;
  }
  void on(const SetPhase& command, const Reply& reply) {
    if (reply.rejection != Rejection::kNone) return;
    const bool pause = command.phase == RequestedPhase::kPaused;
    if (pause && !paused_) paused_at_ = now_;
    if (!pause && paused_) offset_ = offset_ + (now_ - paused_at_);
    paused_ = pause;
  }

  void on(const JoinWaitlist& command, const Reply& reply) {
    Wish wish{command.fan.value, {}, {}, command.quantity, command.together, 0, false};
    for (const ZoneIndex zone : command.zones) wish.zones.insert(zone.value);
    if (wish.zones.empty())
      for (const CategoryIndex category : command.categories)
        wish.categories.insert(category.value);
    if (reply.rejection == Rejection::kWaitlistNotNeeded) {
      REQUIRE(suits(wish));
      REQUIRE_FALSE(rules_.waitlist_always);
    }
    if (reply.rejection != Rejection::kNone) return;
    REQUIRE((rules_.waitlist_always || !suits(wish)));
    wish.sleeps = suits(wish);
    const Fan& fan = fans_[command.fan.value];
    const bool had_no_turn = fan.state == FanState::kWaiting && !fan.missed;
    const std::uint32_t rank = had_no_turn ? shown->fan(command.fan).rank : 0;
    wish.order = rank != 0 ? rank : (std::uint64_t{1} << 32) + ++counter_;
    const auto behind = std::find_if(wishes_.begin(), wishes_.end(),
                                     [&](const Wish& other) { return other.order > wish.order; });
    wishes_.insert(behind, wish);
  }
  void on(const LeaveWaitlist& command, const Reply& reply) {
    const auto gone =
        std::erase_if(wishes_, [&](const Wish& wish) { return wish.fan == command.fan.value; });
    if (fans_[command.fan.value].banned) return;
    REQUIRE((reply.rejection == Rejection::kNone) == (gone == 1));
  }
  bool suits(const Wish& wish) const {
    const auto wanted = [&](std::uint32_t seat) { return !locked(seat) && asked_for(wish, seat); };
    if (!wish.together) return free_count(wanted) >= wish.quantity;
    if (wish.categories.empty()) return has_run(wish.quantity, wanted);
    // Side by side and of one price.
    return std::any_of(wish.categories.begin(), wish.categories.end(), [&](std::uint16_t one) {
      return has_run(wish.quantity, [&](std::uint32_t seat) {
        return wanted(seat) && category_of(seat).value == one;
      });
    });
  }
  bool asked_for(const Wish& wish, std::uint32_t seat) const {
    if (!wish.zones.empty()) return wish.zones.count(plan_.seats[seat].zone.value) != 0;
    return wish.categories.empty() || wish.categories.count(category_of(seat).value) != 0;
  }
  std::vector<OrderView> new_offers() const {
    std::vector<OrderView> offers;
    for (const Event& event : *events_)
      if (const auto* changed = std::get_if<OrderChanged>(&event);
          changed != nullptr && changed->order.origin == OrderOrigin::kWaitlist &&
          changed->order.state == OrderState::kHeld && changed->order.created_at == now_ &&
          changed->order.payment.attempt == 0)
        offers.push_back(changed->order);
    return offers;
  }
  std::uint32_t offers_told() const {
    return static_cast<std::uint32_t>(
        std::count_if(events_->begin(), events_->end(), [&](const Event& event) {
          const auto* changed = std::get_if<OrderChanged>(&event);
          return changed != nullptr && changed->order.origin == OrderOrigin::kWaitlist &&
                 changed->order.state == OrderState::kHeld && changed->order.payment.attempt == 0 &&
                 changed->order.created_at == now_;
        }));
  }
  void match_waitlist() {
    const auto offers = new_offers();
    for (bool again = true; again;) {
      again = false;
      for (std::size_t n = 0; n < wishes_.size(); ++n) {
        if (wishes_[n].sleeps || !suits(wishes_[n]) ||
            !within_limit(wishes_[n].fan, wishes_[n].quantity))
          continue;
        REQUIRE(offers_expected_ < offers.size());
        const OrderView& offer = offers[offers_expected_++];
        REQUIRE(offer.fan.value == wishes_[n].fan);
        REQUIRE(offer.seats.size() == wishes_[n].quantity);
        if (wishes_[n].together) require_together(offer);
        for (const SeatIndex seat : offer.seats)
          REQUIRE((!locked(seat.value) && asked_for(wishes_[n], seat.value)));
        made(offer, rules_.waitlist_offer);
        orders_[offer.id.value].offer = true;
        wishes_.erase(wishes_.begin() + static_cast<std::ptrdiff_t>(n));
        again = true;
        break;
      }
    }
  }

  void on(const Tick&, const Reply&) {
    if (seating_.companions_open_at && now_ >= *seating_.companions_open_at)
      companions_open_ = true;
    for (auto& [id, order] : orders_) {
      if (!open(order) || order.cancel_wanted || order.deadline > sale_now()) continue;
      if (order.state == OrderState::kHeld) {
        give_up(order, OrderState::kExpired);
        continue;
      }
      if (const Duration by = prolongation(order); !order.prolonged && by > Duration{}) {
        order.prolonged = true;
        order.deadline = order.deadline + by;
        ++prolonged_;
      }
      if (order.deadline <= sale_now()) order.cancel_wanted = true;
    }
    std::vector<std::pair<std::pair<SaleTime, std::uint64_t>, std::uint32_t>> turns;
    for (const auto& [id, fan] : fans_)
      if ((fan.state == FanState::kCalled || fan.state == FanState::kShopping) &&
          fan.deadline <= sale_now())
        turns.push_back({{fan.deadline, fan.since}, id});
    std::sort(turns.begin(), turns.end());
    for (const auto& [deadline, id] : turns) {
      Fan& fan = fans_[id];
      if (fan.state == FanState::kShopping)
        fan.state = FanState::kEnded;
      else
        miss(id, fan);
    }
    match_waitlist();
    call();
  }
  void miss(std::uint32_t id, Fan& fan) {
    fan.state = FanState::kMissed;
    if (fan.missed) return;
    fan.missed = true;
    fan.state = FanState::kWaiting;
    std::uint32_t slot = end_ | 1;
    const std::uint32_t places = admission_.missed_turn_places;
    if (places == 0) {
      slot = front_ | 1;
      while (used_.count(slot) != 0) slot += 2;
    } else if (places <= waiting_.size()) {
      slot = (std::next(waiting_.begin(), places - 1)->first + 1) | 1;
      while (used_.count(slot) != 0) slot += 2;
    }
    use(slot);
    fan.slot = slot;
    waiting_[slot] = id;
  }
  /// Whom the engine has called must be the first of those who wait, and no more than allowed.
  void call() {
    std::uint32_t called = 0;
    for (const auto& [id, fan] : fans_)
      if (fan.state == FanState::kWaiting && !fan.banned &&
          shown->fan(FanId{id}).state == FanState::kCalled)
        ++called;
    if (called == 0) return;
    REQUIRE_FALSE(paused_);
    REQUIRE_FALSE(free_.empty());
    for (; called > 0; --called) {
      const auto [slot, id] = *waiting_.begin();
      waiting_.erase(waiting_.begin());
      front_ = std::max(front_, slot + 1);
      Fan& fan = fans_[id];
      fan.state = FanState::kCalled;
      fan.deadline = sale_now() + admission_.enter;
      fan.since = ++counter_;
    }
    REQUIRE(count(FanState::kCalled) + count(FanState::kShopping) <= admission_.max_shoppers);
  }

 public:
  const Engine* shown = nullptr;  ///< For looking entries and calls up.

 private:
  SaleRules rules_;
  SeatingRules seating_;
  bool companions_open_ = false;
  AdmissionRules admission_;
  Instant now_, paused_at_;
  Duration offset_;
  bool paused_ = false;
  std::set<std::uint32_t> used_;
  std::uint32_t end_ = 0, front_ = 0;
  std::uint64_t counter_ = 0;
  std::uint32_t offers_expected_ = 0;
  const std::vector<Event>* events_ = nullptr;
};

}  // namespace frontrow::test
