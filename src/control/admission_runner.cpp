#include "control/admission_runner.hpp"

#include <algorithm>
#include <utility>

namespace frontrow::control {

AdmissionRunner::AdmissionRunner(const Published& published, Submit submit)
    : published_(published), submit_(std::move(submit)) {}

void AdmissionRunner::look(Instant now) {
  // The law's times must not fall; the wall's clock may.
  latest_ = std::max(latest_, now);
  const RoundStatus status = published_.read_status();
  if (!law_) law_.emplace(status.pace);
  // The law is shown everything, so that it has its history when a pause or a pin ends; while one
  // lasts it says nothing, and neither does what it said before.
  if (auto pace = law_->observe(status, latest_)) unsaid_ = std::move(pace);
  if (!status.drawn || status.phase != Phase::kOnSale || status.admission.pinned) unsaid_.reset();
  // With nobody to call a pace is of no use to anyone, unless it is a stop: a quiet round's journal
  // stays quiet. The law goes by the pace in force, so it says again what still matters once
  // somebody waits.
  const bool nobody_waits = status.fans_by_state[static_cast<std::size_t>(FanState::kWaiting)] == 0;
  if (unsaid_ && nobody_waits && unsaid_->pace.calls_per_second != 0) unsaid_.reset();
  if (!unsaid_ || awaiting_answer_) return;
  // With a full ring it stays unsaid until the next second, unless the law says something newer.
  if (!submit_(Command(*unsaid_))) return;
  awaiting_answer_ = true;
  unsaid_.reset();
}

void AdmissionRunner::answered(Rejection rejection) {
  awaiting_answer_ = false;
  // The law believes that its word is in force: it begins again from the pace that is.
  if (rejection != Rejection::kNone) law_.reset();
}

}  // namespace frontrow::control
