// The fans of a simulated sale: when they join, whether they come when called, what they choose,
// whether they pay and when they go. Each fan has chance of their own, so that another course of
// the sale does not make them other people.
#pragma once

#include <vector>

#include "sale/chance.hpp"
#include "sale/stage.hpp"

namespace frontrow::sale {

class Visitors {
 public:
  Visitors(const Scenario& scenario, Stage& stage, Instant draw_at);

  /// Plans every fan's joining.
  void plan_joins();
  /// The engine has made or changed this fan.
  void changed(FanId fan);
  /// An act of a fan.
  void act(const Act& act);
  /// A payment of this order was refused.
  void declined(OrderId order);

 private:
  struct Fan {
    Random random{0};
    FanState state = FanState::kLobby;
    std::uint8_t calls = 0;
    std::uint8_t quantity = 1;
    bool picks = false;
    std::uint8_t category = 0;
    OrderId order;  ///< The one that the fan has yet to decide about.
  };

  void join(std::uint32_t number);
  void enter(FanId fan, std::uint32_t call);
  void choose(FanId fan);
  void decide(FanId fan);
  void look_again_or_go(FanId fan);
  Reply hold(FanId fan, CategoryIndex category);
  SeatList pick_seats(Fan& fan, CategoryIndex category) const;

  const Habits& habits_;
  Stage& stage_;
  const Instant draw_at_;
  const Duration lobby_;
  const std::uint64_t seed_;
  std::vector<Fan> fans_;  ///< By fan.
  std::uint32_t shopping_ = 0;
};

}  // namespace frontrow::sale
