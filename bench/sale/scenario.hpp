// What a simulated sale is made of: the hall, how fans behave, how the gateway fares, the rules.
// Values only.
#pragma once

#include <cstdint>
#include <vector>

#include "frontrow/command.hpp"
#include "frontrow/round_definition.hpp"

namespace frontrow::sale {

/// A lognormal length of time: half of all are shorter than `median_seconds`; `sigma` is the
/// deviation of the logarithm (0.5: two thirds lie between 0.6 and 1.65 times the median).
struct Spread {
  double median_seconds = 10;
  double sigma = 0.6;
};

struct Habits {
  std::uint32_t fans = 12'000;
  /// Share of fans who join after the draw, spread evenly over `late_within` from the draw on.
  double late_share = 0.08;
  Duration late_within = seconds(1'200);
  /// Share of waiting fans who give up, each after a time of their own.
  double leave_the_line = 0.05;
  Spread patience{900, 0.8};
  /// Share of called fans who come; of those called a second time.
  double turn_up = 0.7;
  double turn_up_again = 0.4;
  Spread entering{15, 0.8};
  /// From entering to an order, and from an order to paying or letting go.
  Spread choosing{90, 0.6};
  Spread deciding{45, 0.6};
  /// Share of orders that are paid; the rest are released.
  double buy = 0.88;
  /// Share of fans without an order who look again, and of declined ones who pay again.
  double try_again = 0.5;
  double pay_again = 0.7;
  /// Share of fans who pick their seats themselves; the others take the best available.
  double pick = 0.4;
  double leave_when_done = 0.75;
  /// Share paid by PromptPay: the gateway answers with a code, the fan scans it or does not.
  double promptpay = 0.3;
  double scan = 0.97;
  Spread scanning{25, 0.6};
  std::vector<double> category_weights{0.25, 0.45, 0.30};
  double second_choice = 0.7;  ///< Share who take another category where theirs is gone.
  std::vector<double> seats_weights{0.22, 0.48, 0.14, 0.16};  ///< Of wanting 1, 2, 3, 4 seats.
};

/// How the gateway fares from a moment on, counted from the draw, until the next phase.
struct GatewayPhase {
  Duration from;
  Spread latency{1.5, 0.5};
  double per_second = 1'000;  ///< Payments it gets done.
  double declined = 0.06;     ///< By a bank's word.
  double failing = 0.0;       ///< Share that it fails itself, at once.
  /// False: it answers nothing. What was asked meanwhile is done when it answers again.
  bool answers = true;
};

/// What the payment thread tells of the gateway, for all methods, counted from the draw.
struct ToldHealth {
  Duration at;
  GatewayHealth health = GatewayHealth::kGood;
};

struct Scenario {
  std::uint64_t seed = 1;
  std::uint32_t seats = 5'000;
  Habits habits;
  std::vector<GatewayPhase> gateway{{}};
  AdmissionRules admission{500, 100, seconds(120), seconds(480), 500, false};
  Duration hold = seconds(300);
  Duration payment = seconds(300);
  Duration lobby = seconds(60);
  Duration length = seconds(3'600);  ///< From the draw on.
  /// False: nobody controls the admission, the rules alone count.
  bool controlled = true;
  /// When the controller is made anew, as after a restart of the server; from the draw on, rising.
  std::vector<Duration> control_restarts;
  std::vector<ToldHealth> told_health;  ///< Rising.
};

}  // namespace frontrow::sale
