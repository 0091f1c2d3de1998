// How long a fan in the line will wait: what is likely, and between which bounds. Fed with the
// round's status about once a second, it keeps what it has seen as a few averages, and after each
// look makes three curves of how the line will move; a fan's answer is then a look-up in them.
// The law with its reasons is in docs/waiting.md.
//
// Pure: no clock, no chance. Used by one thread; each front thread keeps its own.
#pragma once

#include <cstdint>

#include "frontrow/time.hpp"
#include "frontrow/view.hpp"
#include "http/call_curve.hpp"
#include "http/shop_model.hpp"

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
  /// How many of `ahead` fans will not have left the line by themselves before they are called.
  std::uint32_t staying(std::uint32_t ahead) const;
  /// Part of the fans who come in the end, at their first call or at the second.
  double turn_up() const;
  /// Seats that a fan has in the end of a turn, as far as is known.
  double seats_a_turn(std::uint32_t max_seats_per_fan) const;

 private:
  void watch_pace(const RoundStatus& status, double passed_seconds);
  void forecast(const RoundStatus& status);
  double leaving_part(double wait_seconds) const;
  double seconds_until(const CallCurve& curve, std::uint32_t ahead) const;

  bool observed_ = false;
  Instant observed_at_;
  SaleTime sale_time_;
  RoundStatus last_;
  ShopModel model_;
  CallCurve low_, middle_, high_;  ///< Named by the wait that they give.
  double held_for_ = -1;  ///< Seconds for which calls have been held back; negative: they are not.
  double held_seconds_ = 0, watched_seconds_ = 0, held_share_ = 0;
  double left_ = 0, waited_seconds_ = 0;
  double leaving_rate_ = 0;  ///< Of each waiting fan, a second.
};

}  // namespace frontrow::http
