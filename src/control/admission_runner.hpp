// Feeds the law of admission with what is published, once a second, and hands in what it says.
//
// Belongs to the control thread. No clock of its own.
#pragma once

#include <functional>
#include <optional>

#include "base/published.hpp"
#include "frontrow/command.hpp"
#include "frontrow/rejection.hpp"
#include "queue/admission_control.hpp"

namespace frontrow::control {

class AdmissionRunner {
 public:
  /// False: no room in the ring. Else `answered` is called once.
  using Submit = std::function<bool(Command&&)>;

  /// `published` outlives this.
  AdmissionRunner(const Published& published, Submit submit);

  /// About once a second. Keeps still while the round is not on sale, before the draw, and while
  /// the admission is pinned; says nothing while nobody waits.
  void look(Instant now);
  void answered(Rejection rejection);

 private:
  const Published& published_;
  const Submit submit_;
  /// None while it keeps still: what it has gathered of late would no longer be of late.
  std::optional<queue::AdmissionControl> law_;
  std::optional<SetPace> unsaid_;
  Instant latest_;
  bool awaiting_answer_ = false;
};

}  // namespace frontrow::control
