// Which commands concern an order, a fan or a seat: those that name it, those that made it, and
// those that changed it without naming it (a `Tick` that let a hold expire). One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audit/command_fields.hpp"

namespace frontrow::audit {

/// Sees every command from the first on, in order, because a change is found by comparing.
class Concern {
 public:
  struct Of {
    std::optional<OrderId> order;
    std::optional<FanId> fan;
    std::optional<SeatIndex> seat;
  };
  explicit Concern(Of of) : of_(of) {}

  /// Whether this command concerns all that was asked for; true where nothing was.
  bool sees(const Carried& carried);

 private:
  /// What of an order an auditor would call a change.
  struct OrderMark {
    OrderState state = OrderState::kHeld;
    PaymentState payment = PaymentState::kNone;
    std::uint32_t attempt = 0, ticket_counter = 0;
    bool tickets_void = false;
    std::vector<SeatIndex> seats;
    friend bool operator==(const OrderMark&, const OrderMark&) = default;
  };
  struct FanMark {
    FanState state = FanState::kLobby;
    bool banned = false;
    std::uint8_t tier = 0;
    std::uint32_t rank = 0;
    friend bool operator==(const FanMark&, const FanMark&) = default;
  };
  struct SeatMark {
    Engine::SeatState state = Engine::SeatState::kFree;
    OrderId order;
    friend bool operator==(const SeatMark&, const SeatMark&) = default;
  };
  struct WatchedOrder {
    OrderId order;
    std::optional<OrderMark> mark;
  };

  static OrderMark mark_of(const OrderView& order);
  bool order_changed(WatchedOrder& watched, const Engine& engine);
  bool sees_order(const Carried& carried);
  bool sees_fan(const Carried& carried);
  bool sees_seat(const Carried& carried);

  const Of of_;
  WatchedOrder watched_order_;
  std::vector<WatchedOrder> orders_of_fan_;
  std::uint32_t orders_seen_ = 0;
  std::optional<FanMark> fan_mark_;
  std::optional<SeatMark> seat_mark_;
};

}  // namespace frontrow::audit
