#include "queue/admission_control.hpp"

#include <algorithm>

#include "queue/measured_text.hpp"

namespace frontrow::queue {
namespace {

constexpr std::uint32_t unbounded = ~std::uint32_t{0};

std::uint32_t in(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}

std::uint32_t bound_of(const AdmissionPace& pace, const RoundStatus& status) {
  return pace.outstanding_max == 0 ? status.admission.max_shoppers : pace.outstanding_max;
}

bool is_governed(const RoundStatus& status) {
  return status.drawn && status.phase == Phase::kOnSale && !status.admission.pinned &&
         status.admission.max_shoppers > 0 && status.admission.per_second > 0;
}

}  // namespace

AdmissionControl::AdmissionControl(const AdmissionPace& current) : gateway_(current) {}

AdmissionControl::Wanted AdmissionControl::conclude(const RoundStatus& status) const {
  using Health = GatewayWatch::Health;
  Wanted wanted;
  AdmissionPace& pace = wanted.pace;
  pace.calls_per_second = gateway_.calls_per_second();
  const std::uint32_t room = turn_up_.outstanding_max();
  if (gateway_.health() == Health::kFailing) {
    pace.reason = PaceReason::kGatewayFailing;
    if (gateway_.probing()) pace.outstanding_max = GatewayWatch::probe_fans;
    wanted.measured = gateway_.measured();
    return wanted;
  }
  const std::uint32_t outstanding = in(status, FanState::kCalled) + in(status, FanState::kShopping);
  const std::uint64_t by_seats = std::uint64_t{outstanding} + seats_.further_calls();
  pace.outstanding_max = static_cast<std::uint32_t>(std::min<std::uint64_t>(room, by_seats));
  if (seats_.spoken_for()) {
    pace = {0, 0, PaceReason::kSeatsSpokenFor};
    wanted.measured = seats_.measured();
  } else if (gateway_.health() == Health::kSlow) {
    pace.reason = PaceReason::kGatewaySlow;
    wanted.measured = gateway_.measured();
  } else if (gateway_.health() == Health::kRecovering) {
    pace.reason = PaceReason::kGatewayRecovering;
    wanted.measured = gateway_.measured();
  } else if (by_seats < room) {
    pace.reason = PaceReason::kSeatsSpokenFor;
    wanted.measured = seats_.measured();
  } else if (room > status.admission.max_shoppers) {
    pace.reason = PaceReason::kTurnUp;
    wanted.measured = rounded(turn_up_.share() * 100) + " of 100 called fans come, by " +
                      rounded(turn_up_.evidence()) + " calls; " +
                      std::to_string(in(status, FanState::kShopping)) + " shop and " +
                      rounded(turn_up_.still_to_come()) + " of " +
                      std::to_string(in(status, FanState::kCalled)) + " called are still expected";
  } else {
    pace = {unbounded, 0, PaceReason::kAsConfigured};
    wanted.measured = "as many as there are places: nothing holds the calls back";
  }
  return wanted;
}

bool AdmissionControl::matters(const AdmissionPace& wanted, const RoundStatus& status,
                               Duration since_last) const {
  const AdmissionPace& current = status.pace;
  const std::uint32_t rate = std::min(wanted.calls_per_second, status.admission.per_second);
  const std::uint32_t rate_now = std::min(current.calls_per_second, status.admission.per_second);
  if (rate == 0 && rate_now != 0) return true;
  if (since_last < change_interval) return false;
  if (rate != 0 && rate_now == 0) return true;
  if (wanted.reason != current.reason && since_last >= reason_interval) return true;
  if (rate == 0) return false;
  const double rate_change = std::abs(static_cast<double>(rate) - rate_now);
  if (rate_change >= rate_step * rate_now && rate_change > 0) return true;
  const double places = status.admission.max_shoppers;
  const double bound_change =
      static_cast<double>(bound_of(wanted, status)) - bound_of(current, status);
  return bound_change <= -std::max(1.0, bound_step_down * places) ||
         bound_change >= std::max(1.0, bound_step_up * places);
}

std::optional<SetPace> AdmissionControl::observe(const RoundStatus& status, Instant now) {
  gateway_.observe(now, status);
  // What is counted in the sale's time stands still with it.
  if (status.paused_at.microseconds != 0) return std::nullopt;
  const SaleTime sale_now{(now - status.sale_offset).microseconds};
  turn_up_.observe(sale_now, status);
  seats_.observe(sale_now, status, turn_up_);
  if (!is_governed(status)) return std::nullopt;
  Wanted wanted = conclude(status);
  if (!matters(wanted.pace, status, now - said_at_)) return std::nullopt;
  said_at_ = now;
  return SetPace{wanted.pace, std::move(wanted.measured)};
}

}  // namespace frontrow::queue
