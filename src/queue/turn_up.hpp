// How many of the fans who are called come, and so how many may be outstanding, called and
// shopping together, without the shop growing past its places. docs/fairness.md has the formulas.
//
// Pure; part of the admission controller and used by its thread alone.
#pragma once

#include <cstdint>
#include <deque>

#include "frontrow/view.hpp"

namespace frontrow::queue {

class TurnUp {
 public:
  /// Calls that nobody is taken to have missed, before anything is known.
  static constexpr double prior_calls = 50;
  /// What is remembered weighs as much as so many calls at most: later fans may be other people.
  static constexpr double remembered_calls_max = 1'000;
  /// Shoppers who leave while called fans are on their way make room for this share of them.
  static constexpr double leaving_counted = 0.5;
  /// Span over which those who leave are counted.
  static constexpr Duration leaving_window = seconds(60);
  /// Deviations that are kept free.
  static constexpr double caution = 1.65;

  void observe(SaleTime now, const RoundStatus& status);

  /// Share of called fans who come.
  double share() const { return 1.0 - missed_ / (calls_ + prior_calls); }
  /// Calls that the share was learnt from.
  double evidence() const { return calls_; }
  /// How many of those called now are still expected.
  double still_to_come() const { return still_to_come_; }
  /// Shoppers who are expected to leave in the time in which called fans come.
  double leaving() const { return leaving_; }
  /// Variance of `still_to_come() + further` fans' coming, were `further` more called now.
  double variance(double further) const;
  /// Called and shopping together: between `max_shoppers` and twice that.
  std::uint32_t outstanding_max() const { return outstanding_max_; }

 private:
  struct Sample {
    SaleTime at;
    std::uint64_t called = 0, turns_ended = 0;
  };
  static constexpr std::size_t samples_max = 1'024;

  void remember(SaleTime now, const RoundStatus& status);
  /// Calls made until `time`; negative where the history does not reach back to it.
  double called_until(SaleTime time) const;
  double expect_leaving(SaleTime now, const RoundStatus& status) const;
  void learn(double called_in_time, double missed);
  std::uint32_t solve(const RoundStatus& status) const;

  std::deque<Sample> history_;  ///< Rising times, at most `samples_max`.
  Duration enter_;              ///< Of the rules that the history was made under.
  bool begun_ = false;
  bool learning_ = false;
  double last_called_ = 0, last_missed_ = 0;  ///< Up to where has been learnt.
  double calls_ = 0, missed_ = 0;             ///< What is remembered.
  double recent_calls_ = 0;                   ///< Those whose time to enter is not over.
  double still_to_come_ = 0, leaving_ = 0;
  std::uint32_t outstanding_max_ = 0;
};

}  // namespace frontrow::queue
