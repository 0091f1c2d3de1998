#include "queue/admission_control.hpp"

#include <algorithm>
#include <string>

namespace frontrow::queue {
namespace {

constexpr Duration change_interval = seconds(2);
/// Turn-ups that everybody is taken to have come to before anything is known.
constexpr double prior_turn_ups = 50;
/// Part of the bound by which a new one must differ to be worth a command.
constexpr std::uint32_t least_change_divisor = 20;

}  // namespace

AdmissionControl::AdmissionControl(const AdmissionPace& current) : said_(current) {}

std::optional<SetPace> AdmissionControl::observe(const RoundStatus& status, Instant now) {
  const std::uint32_t room = status.admission.max_shoppers;
  if (status.phase != Phase::kOnSale || !status.drawn || status.admission.pinned || room == 0)
    return std::nullopt;
  if (now - said_at_ < change_interval) return std::nullopt;
  const double came = static_cast<double>(status.counts.entered) + prior_turn_ups;
  const double turn_up = came / (came + static_cast<double>(status.counts.missed));
  const auto wanted = std::min(static_cast<std::uint32_t>(room / turn_up), room * 2);
  const std::uint32_t current =
      status.pace.outstanding_max == 0 ? room : status.pace.outstanding_max;
  const std::uint32_t difference = wanted > current ? wanted - current : current - wanted;
  if (difference <= room / least_change_divisor) return std::nullopt;
  said_ = {~std::uint32_t{0}, wanted, PaceReason::kTurnUp};
  said_at_ = now;
  return SetPace{said_, std::to_string(static_cast<int>(turn_up * 100)) +
                            " of 100 called fans come: " + std::to_string(wanted) +
                            " may be called or shopping"};
}

}  // namespace frontrow::queue
