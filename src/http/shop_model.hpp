// The shop as a front thread sees it, from the round's status alone: who was called when, who shops
// since when, how likely a turn of a given age is to end. From it follows how the line will move.
// Fans are counted in age groups: a turn that nobody ends, and a call that nobody takes up, end at
// their deadlines all at once, and that is known in advance. The law is in docs/waiting.md.
//
// Pure: no clock, no chance. Used by one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "frontrow/view.hpp"
#include "http/call_curve.hpp"

namespace frontrow::http {

class ShopModel {
 public:
  /// Takes in a look at the round, `passed_seconds` of the sale's time after the one before. The
  /// first one, and one that knows less than the one before, begin anew.
  void observe(const RoundStatus& status, double passed_seconds);

  /// What is assumed of the time to come.
  struct Assumptions {
    double turns_factor = 1;      ///< On how readily turns end.
    double turn_up = 1;           ///< Part of the calls that are taken up.
    double calls_per_second = 0;  ///< At last.
    double calls_per_second_now = 0;
    double held_back_seconds = 0;  ///< Until nothing but the rules holds the calls back.
    /// Fans called and shopping together. Where the absent are left out, of those called only who
    /// will come: how the controller calls, once it knows how many that are.
    double outstanding_max = 0;
    bool absent_left_out = false;
    double known_after_seconds = 0;  ///< Until then the absent count.
  };
  void forecast(const Assumptions& assumptions, CallCurve& curve) const;

  /// Part of the calls that are taken up; part that lead to a second call of the same fan.
  double turn_up() const { return turn_up_; }
  double called_again() const { return called_again_; }
  /// How much of `turn_up` is still taken for granted: from 1 down to 0.
  double turn_up_doubt() const { return turn_up_doubt_; }
  /// Until calls have had all their time, and it is known how many are missed.
  double unjudged_seconds() const;
  /// How often the whole shop has turned over: what the model knows grows with it.
  double generations() const;
  /// How much more readily turns end of late than they did before, beyond what chance would do.
  double spell() const { return spell_; }

 private:
  static constexpr std::size_t groups = 64;
  /// How readily a turn ends is learnt for ages in coarser groups.
  static constexpr std::size_t hazard_groups = 16;
  static constexpr std::size_t steps = 192;
  using Groups = std::array<double, groups>;

  void begin(const RoundStatus& status);
  void pass(double seconds, double part);
  static constexpr std::size_t hazard_of(std::size_t group) {
    return group * hazard_groups / groups;
  }
  void learn(const RoundStatus& status);
  void remember_calls(double calls);
  double calls_until(double time) const;
  double prior_exposed(std::size_t hazard_group) const;
  static void shift(Groups& ages);
  static void scale_to(Groups& ages, double total);
  /// The group whose members come to this age while they are in it.
  std::size_t group_of(double seconds) const;
  double coming_part(double turn_up, double age_seconds) const;

  bool begun_ = false;
  RoundStatus last_;
  double width_ = 1;  ///< Seconds of an age group.
  double phase_ = 0;  ///< Seconds since the groups last grew older.
  double enter_seconds_ = 0, shopping_seconds_ = 0;
  Groups called_{}, shopping_{};
  /// Calls there had been at a time, the latest that is remembered last: a ring.
  struct Look {
    double at = 0;
    double calls = 0;
  };
  static constexpr std::size_t looks_max = 256;
  std::array<Look, looks_max> looks_{};
  std::size_t look_count_ = 0, next_look_ = 0;
  double now_ = 0;  ///< Seconds since the model began.
  double calls_began_ = -1;
  // Of the look that is being taken in: what happened in all, spread evenly over its time.
  double new_calls_ = 0, new_entered_ = 0, new_ended_ = 0;
  std::array<double, hazard_groups> ended_{}, exposed_{}, hazards_{};
  double recent_ended_ = 0, recent_expected_ = 0;
  double turn_up_ = 0, turn_up_doubt_ = 1, called_again_ = 0, entering_seconds_ = 0, spell_ = 0;
};

}  // namespace frontrow::http
