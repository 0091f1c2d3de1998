// How fast fans are called, closed loop: from what the round publishes about once a second it
// concludes what the shop, the gateway and the seats that are left can bear, and says so as a
// command. The law with its reasons is in docs/fairness.md, "How fast fans are called".
//
// Pure: no clock, no chance. Belongs to the one thread that feeds it. All that must outlive a
// restart stands in the status; what has been seen of late is gathered anew.
#pragma once

#include <optional>

#include "frontrow/command.hpp"
#include "frontrow/view.hpp"

namespace frontrow::queue {

class AdmissionControl {
 public:
  /// `current`: the pace in force, as the journal left it.
  explicit AdmissionControl(const AdmissionPace& current);

  /// To be called about once a second with what is published. The command that should be submitted
  /// now, or nothing where the pace stays. Times must not fall.
  std::optional<SetPace> observe(const RoundStatus& status, Instant now);

 private:
  AdmissionPace said_;
  Instant said_at_;
};

}  // namespace frontrow::queue
