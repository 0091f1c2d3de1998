// Whether the seats that are left are spoken for by who is called or shopping already: what those
// fans will take, worked out carefully, so that calls stop only where it is all but sure.
// docs/fairness.md has the formulas.
//
// Pure; part of the admission controller and used by its thread alone.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "frontrow/view.hpp"

namespace frontrow::queue {

class TurnUp;

class SeatDemand {
 public:
  /// Before anything is known a turn takes this many seats, give or take the deviation squared,
  /// as if so many turns had been seen.
  static constexpr double prior_take = 1.0, prior_variance = 4.0, prior_turns = 20;
  /// What is remembered weighs as much as so many turns at most.
  static constexpr double remembered_turns_max = 1'000;
  /// Share of held seats that come back, before orders have ended.
  static constexpr double prior_return = 0.1, prior_orders = 20;
  /// Deviations that the expected take must be above what is left; to stop and to go on stopping.
  static constexpr double sure = 2.0, still_sure = 1.0;

  /// How long a shopper is taken to choose, before turns have ended.
  static constexpr Duration prior_turn = seconds(120);
  /// Of a turn's seats a shopper who is choosing has this share still ahead.
  static constexpr double ahead_of_shopper = 0.5;

  void observe(SaleTime now, const RoundStatus& status, const TurnUp& turn_up);

  /// How many more may be called; 0: the seats are spoken for.
  std::uint32_t further_calls() const { return further_calls_; }
  bool spoken_for() const { return spoken_for_; }
  /// In a line for operators.
  const std::string& measured() const { return measured_; }

 private:
  struct Sample {
    SaleTime at;
    std::uint64_t entered = 0;
  };
  static constexpr std::size_t samples_max = 1'024;

  void learn(const SaleCounts& counts);
  double still_choosing(SaleTime now, const RoundStatus& status);
  std::uint32_t solve(const RoundStatus& status, const TurnUp& turn_up, double left) const;

  std::deque<Sample> history_;  ///< Rising times, at most `samples_max`.
  bool begun_ = false;
  double last_turns_ = 0, last_seats_ = 0;
  double turns_ = 0, seats_ = 0;  ///< What is remembered.
  double squares_ = 0;            ///< Of the differences from the mean, for the variance.
  double take_ = prior_take, variance_ = prior_variance;
  double expected_ = 0, deviation_ = 0;  ///< Of what who is called or shopping will take.
  bool spoken_for_ = false;
  std::uint32_t further_calls_ = 0;
  std::string measured_;
};

}  // namespace frontrow::queue
