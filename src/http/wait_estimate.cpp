#include "http/wait_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace frontrow::http {
namespace {

constexpr double wait_seconds_max = 7 * 24 * 3'600;
constexpr Duration look_interval = seconds(1);
/// Those who leave the line are counted over about so many seconds.
constexpr double leaving_seconds = 300;
/// Turns that are taken to have brought so many seats before any were seen.
constexpr double prior_turns = 30, prior_seats = 2;

/// Of the fans who are called a second time, how many come.
constexpr double come_again_part = 0.7;

/// How far the model may be off, as a factor to each side in natural logarithms: before the shop
/// has turned over once, and when it has done so often.
constexpr double doubt_at_first = 0.55, doubt_at_last = 0.12;
constexpr double usual_doubt = 0.2;
/// As much may the part of those who come be off before any have missed their turn.
constexpr double turn_up_doubt_at_first = 0.2;
/// What holds the calls back is taken to go on for as long as it has done, within bounds; at most
/// for three times as long. A gateway that recovers is soon well.
constexpr double held_back_least = 30, held_back_most = 240;
constexpr double held_back_longest_least = 120, held_back_longest_most = 900;
constexpr double recovering_seconds = 15, recovering_seconds_most = 60;
/// Share of the time in which calls are held back, before any was seen, how many seconds that
/// weighs, and for how long what was seen counts.
constexpr double prior_held_share = 0.04, prior_held_seconds = 900;
constexpr double held_remembered_seconds = 2'400;
/// Waits shorter than this seldom meet such a time.
constexpr double undisturbed_seconds = 30;

double in_seconds(Duration duration) { return static_cast<double>(duration.microseconds) / 1e6; }
double in_state(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}
std::uint32_t rounded(double value) {
  return static_cast<std::uint32_t>(std::clamp(value, 0.0, wait_seconds_max));
}

}  // namespace

bool WaitEstimate::wants(const RoundStatus& status, Instant now) const {
  if (!observed_ || now - observed_at_ >= look_interval || now < observed_at_) return true;
  return status.phase != last_.phase || status.drawn != last_.drawn ||
         !(status.admission == last_.admission) ||
         status.pace.calls_per_second != last_.pace.calls_per_second ||
         status.pace.outstanding_max != last_.pace.outstanding_max;
}

void WaitEstimate::observe(const RoundStatus& status, Instant now) {
  const bool paused = status.paused_at.microseconds != 0;
  const Instant wall = paused ? status.paused_at : now;
  const SaleTime sale_time{(wall - status.sale_offset).microseconds};
  double passed = 0;
  if (observed_) {
    passed = std::max(in_seconds(sale_time - sale_time_), 0.0);
    const auto left = static_cast<std::size_t>(FanState::kLeft);
    const double keep = std::exp(-passed / leaving_seconds);
    left_ = left_ * keep + std::max<double>(status.fans_by_state[left], last_.fans_by_state[left]) -
            last_.fans_by_state[left];
    waited_seconds_ = waited_seconds_ * keep + in_state(status, FanState::kWaiting) * passed;
    leaving_rate_ = waited_seconds_ > 0 ? left_ / waited_seconds_ : 0;
  }
  watch_pace(status, passed);
  model_.observe(status, passed);
  observed_ = true;
  observed_at_ = now;
  sale_time_ = sale_time;
  last_ = status;
  forecast(status);
}

void WaitEstimate::forecast(const RoundStatus& status) {
  using Assumptions = ShopModel::Assumptions;
  const AdmissionRules& rules = status.admission;
  const double shop = rules.max_shoppers;
  Assumptions usual;
  usual.calls_per_second = usual.calls_per_second_now = rules.per_second;
  usual.outstanding_max = shop;
  usual.turn_up = model_.turn_up();
  double longest = 0;  // seconds of being held back, at most
  if (!rules.pinned) {
    // The controller calls as many as will fill the shop, once it knows how many come.
    usual.absent_left_out = true;
    usual.known_after_seconds = model_.unjudged_seconds();
    if (held_for_ >= 0) {
      usual.calls_per_second_now = std::min(rules.per_second, status.pace.calls_per_second);
      const bool recovers = status.pace.reason == PaceReason::kGatewayRecovering;
      usual.held_back_seconds =
          recovers ? recovering_seconds : std::clamp(held_for_, held_back_least, held_back_most);
      longest = recovers
                    ? recovering_seconds_most
                    : std::clamp(3 * held_for_, held_back_longest_least, held_back_longest_most);
    }
  }
  const double young = doubt_at_first / (1 + 3 * model_.generations());
  const double spell = model_.spell() / 3;
  const double doubt =
      std::exp(std::sqrt(doubt_at_last * doubt_at_last + young * young + spell * spell));
  Assumptions quick = usual, slow = usual;
  const double turn_up_doubt = turn_up_doubt_at_first * model_.turn_up_doubt();
  quick.turns_factor = doubt;
  quick.turn_up -= turn_up_doubt;
  quick.calls_per_second *= 1.05;
  quick.calls_per_second_now *= 1.05;
  quick.outstanding_max *= 1.03;
  quick.held_back_seconds = 0;
  slow.turns_factor = 1 / doubt;
  slow.turn_up = std::min(slow.turn_up + turn_up_doubt, 1.0);
  slow.calls_per_second *= 0.9;
  slow.calls_per_second_now *= 0.9;
  slow.outstanding_max *= 0.95;
  slow.held_back_seconds = longest;
  model_.forecast(usual, middle_);
  model_.forecast(quick, low_);
  model_.forecast(slow, high_);
}

void WaitEstimate::watch_pace(const RoundStatus& status, double passed_seconds) {
  const bool under_way = observed_ && last_.drawn && last_.phase == Phase::kOnSale;
  const bool held = !status.admission.pinned && status.drawn &&
                    status.pace.calls_per_second < status.admission.per_second;
  const double keep = std::exp(-passed_seconds / held_remembered_seconds);
  watched_seconds_ = watched_seconds_ * keep + (under_way ? passed_seconds : 0);
  held_seconds_ = held_seconds_ * keep + (under_way && held_for_ >= 0 ? passed_seconds : 0);
  held_for_ = !held ? -1 : held_for_ < 0 ? 0 : held_for_ + passed_seconds;
  held_share_ = (held_seconds_ + prior_held_share * prior_held_seconds) /
                (watched_seconds_ + prior_held_seconds);
}

double WaitEstimate::leaving_part(double wait_seconds) const {
  // They leave while they stand ahead: on average half of the time.
  return std::min(leaving_rate_ * wait_seconds / 2, 0.5);
}

double WaitEstimate::seconds_until(const CallCurve& curve, std::uint32_t ahead) const {
  const double places_back = last_.admission.missed_turn_places;
  const double wait = curve.seconds_until(static_cast<double>(ahead) + 1, places_back);
  const double leave = leaving_part(wait);
  if (leave * static_cast<double>(ahead) < 1) return wait;
  return curve.seconds_until(static_cast<double>(ahead) * (1 - leave) + 1, places_back);
}

std::uint32_t WaitEstimate::staying(std::uint32_t ahead) const {
  const double leave = leaving_part(seconds_until(middle_, ahead));
  return static_cast<std::uint32_t>(static_cast<double>(ahead) * (1 - leave));
}

WaitRange WaitEstimate::range(std::uint32_t ahead) const {
  // Time in which nobody is called comes on top of a wait, the more of it the longer that is.
  const double share = last_.admission.pinned ? 0 : held_share_;
  const auto with_stops = [](double wait, double part) {
    return wait + std::max(wait - undisturbed_seconds, 0.0) * part;
  };
  // Few turns more or less are chance where few stand ahead, beside all that may be misjudged.
  const double few = std::min(1 / std::sqrt(static_cast<double>(ahead) + 1), 0.5);
  const double chance = std::sqrt(usual_doubt * usual_doubt + few * few) - usual_doubt;
  WaitRange range;
  range.middle = rounded(std::ceil(with_stops(seconds_until(middle_, ahead), share)));
  // Calls are made by the handful and looks come once a second: two seconds are nobody's fault.
  const double low = seconds_until(low_, ahead) * (1 - chance);
  const double high = with_stops(seconds_until(high_, ahead), 2.5 * share) * (1 + chance);
  range.low = std::min(range.middle, rounded(std::floor(low) - 1));
  range.high = std::max(range.middle, rounded(std::ceil(high) + 2));
  return range;
}

double WaitEstimate::turn_up() const {
  return std::min(model_.turn_up() + model_.called_again() * come_again_part, 1.0);
}

double WaitEstimate::seats_a_turn(std::uint32_t max_seats_per_fan) const {
  const double at_first = std::min(prior_seats, static_cast<double>(max_seats_per_fan));
  return (static_cast<double>(last_.counts.turn_seats) + prior_turns * at_first) /
         (static_cast<double>(last_.counts.turns_ended) + prior_turns);
}

}  // namespace frontrow::http
