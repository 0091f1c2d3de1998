// How fast fans are called, closed loop: from what the round publishes about once a second it
// concludes what the shop, the gateway and the seats that are left can bear, and says so as a
// command. The law with its reasons is in docs/fairness.md, "How fast fans are called".
//
// Pure: no clock, no chance. Belongs to the one thread that feeds it. All that must outlive a
// restart stands in the status; what has been seen of late is gathered anew.
#pragma once

#include <optional>
#include <string>

#include "frontrow/command.hpp"
#include "frontrow/view.hpp"
#include "queue/gateway_watch.hpp"
#include "queue/seat_demand.hpp"
#include "queue/turn_up.hpp"

namespace frontrow::queue {

class AdmissionControl {
 public:
  /// Between two changes; a stop does not wait.
  static constexpr Duration change_interval = seconds(2);
  /// A change of reason alone is said no sooner than this after the last.
  static constexpr Duration reason_interval = seconds(30);
  /// What makes a change worth saying: this share of the rate; of `max_shoppers` in the bound,
  /// downwards and upwards.
  static constexpr double rate_step = 0.10;
  static constexpr double bound_step_down = 0.02, bound_step_up = 0.04;

  /// `current`: the pace in force, as the journal left it.
  explicit AdmissionControl(const AdmissionPace& current);

  /// To be called about once a second with what is published. The command that should be submitted
  /// now, or nothing where the pace stays. Times must not fall.
  std::optional<SetPace> observe(const RoundStatus& status, Instant now);

 private:
  struct Wanted {
    AdmissionPace pace;
    std::string measured;
  };
  Wanted conclude(const RoundStatus& status) const;
  bool matters(const AdmissionPace& wanted, const RoundStatus& status, Duration since_last) const;

  TurnUp turn_up_;
  GatewayWatch gateway_;
  SeatDemand seats_;
  Instant said_at_;
};

}  // namespace frontrow::queue
