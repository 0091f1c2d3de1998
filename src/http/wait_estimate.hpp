// How long a fan in the line will wait: what is likely, and between which bounds. Fed with the
// round's status about once a second, it keeps what it has seen as a few averages, and after each
// look makes three curves of how the line will move; a fan's answer is then a look-up in them.
// The law with its reasons is in docs/waiting.md.
//
// Pure: no clock, no chance. Used by one thread; each front thread keeps its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "frontrow/time.hpp"
#include "frontrow/view.hpp"

namespace frontrow::http {

struct WaitRange {
  std::uint32_t middle = 0, low = 0, high = 0;  ///< Seconds.
  friend bool operator==(const WaitRange&, const WaitRange&) = default;
};

class WaitEstimate {
 public:
  /// Whether `status` is worth a look: the last is a second old, or the rules have changed since.
  bool wants(const RoundStatus& status, Instant now) const;
  /// Takes a look and makes the curves anew. One that comes late costs accuracy, nothing else.
  void observe(const RoundStatus& status, Instant now);

  /// Until a fan is called before whom `ahead` others wait. Never falls as `ahead` grows.
  WaitRange range(std::uint32_t ahead) const;
  /// Part of the called fans who come, as far as is known.
  double turn_up() const { return turn_up_; }
  /// Seats that a fan has in the end of a turn, as far as is known.
  double seats_a_turn(std::uint32_t max_seats_per_fan) const;

 private:
  /// A turn is thought of as so many stages in a row, each left at the same rate: nobody buys in
  /// the first seconds, and the times of the others spread as they do in shops.
  static constexpr std::size_t stages = 3;
  static constexpr std::size_t points_max = 192;

  /// What happened lately: older things count less, by e after each length of time.
  struct Recent {
    double length_seconds = 0;
    double turns_ended = 0;
    double last_stage_seconds = 0;  ///< Spent by all shoppers in the last stage.
  };
  /// How many places the line has moved by which time.
  struct Curve {
    std::array<float, points_max> seconds{};
    std::array<float, points_max> places{};
    std::size_t count = 0;
    double places_a_second = 0;  ///< Past the last point.
    double seconds_until(double places) const;
  };
  struct Scenario {
    double stage_rate_now = 0, stage_rate_later = 0;
    double calls_per_second = 0;
    double outstanding_max = 0;
  };

  void learn(const RoundStatus& status, double passed_seconds);
  void forecast(const RoundStatus& status);
  void draw_curve(const RoundStatus& status, const Scenario& scenario, Curve& curve) const;

  bool observed_ = false;
  Instant observed_at_;
  SaleTime sale_time_;
  RoundStatus last_;
  double turn_up_ = 0;
  double entering_seconds_ = 0;  ///< From the call to entering, of those who come.
  double leaving_rate_ = 0;      ///< Of each waiting fan, a second.
  double left_ = 0, waited_seconds_ = 0;
  std::array<double, stages> in_stage_{};
  Recent short_{60}, long_{900};
  Curve low_, middle_, high_;  ///< Named by the wait that they give.
};

}  // namespace frontrow::http
