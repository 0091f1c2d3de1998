// What one fan is going to do, drawn from the seed before they come. Pure.
#pragma once

#include <cstdint>

#include "crowd/options.hpp"
#include "crowd/random.hpp"

namespace frontrow::crowd {

/// Where in their visit something happens to a fan.
enum class Stage : std::uint8_t { kNever, kInLine, kShopping, kPaying };

enum class PaymentHabit : std::uint8_t { kOk, kDeclined, kSlow, kNever };

struct FanPlan {
  std::uint32_t seats = 1;
  bool picks = false;  ///< From the map; else asks for the best there are.
  PaymentHabit payment = PaymentHabit::kOk;
  Stage drop = Stage::kNever;   ///< Loses both connections in this stage.
  Stage leave = Stage::kNever;  ///< Leaves the line, or ends the turn without an order.
  bool releases = false;        ///< Gives the order back instead of paying, then leaves.
  bool hesitates = false;
  double drop_after_seconds = 0;   ///< After the stage began.
  double away_seconds = 0;         ///< Before connecting again.
  double leave_after_seconds = 0;  ///< After the stage began.
};

FanPlan draw_plan(const Options& options, Random& random);

}  // namespace frontrow::crowd
