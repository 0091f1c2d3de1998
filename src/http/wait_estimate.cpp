#include "http/wait_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace frontrow::http {
namespace {

constexpr double wait_seconds_max = 7 * 24 * 3'600;
constexpr Duration look_interval = seconds(1);

// What is taken for granted until it is seen: so many cases weigh as much as all seen ones.
constexpr double prior_turn_up = 0.9;
constexpr double prior_calls = 30;
constexpr double prior_entering_part = 0.25;  // of the time to enter
constexpr double prior_turns = 30;
constexpr double prior_turn_part = 0.55;  // of the time to shop
constexpr double prior_seats = 2;
/// How far the law itself may be off: as a factor to each side, in natural logarithms.
constexpr double doubt_at_first = 0.6;
constexpr double doubt_at_last = 0.12;
/// How long a slow or fast spell goes on once it is there.
constexpr double spell_seconds = 400;
constexpr double leaving_seconds = 300;

double in_seconds(Duration duration) { return static_cast<double>(duration.microseconds) / 1e6; }
double in_state(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}
double grown(std::uint64_t before, std::uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0;
}

double calls_per_second(const RoundStatus& status) {
  const AdmissionRules& rules = status.admission;
  return rules.pinned ? rules.per_second : std::min(rules.per_second, status.pace.calls_per_second);
}
double outstanding_max(const RoundStatus& status) {
  const double rule = status.admission.max_shoppers;
  if (status.admission.pinned || status.pace.outstanding_max == 0) return rule;
  return std::min<double>(status.pace.outstanding_max, rule * 2);
}
double shopping_seconds(const RoundStatus& status) {
  return std::max(in_seconds(status.admission.shopping), 1.0);
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
  const bool went_back = observed_ && status.counts.called < last_.counts.called;
  if (!observed_ || went_back) {
    *this = WaitEstimate{};
    in_stage_[0] = in_state(status, FanState::kShopping);
    // A sale that is under way, seen for the first time: its turns are spread over the stages.
    if (status.counts.turns_ended > 0) in_stage_.fill(in_stage_[0] / stages);
    last_ = status;
    sale_time_ = sale_time;
  }
  learn(status, std::max(in_seconds(sale_time - sale_time_), 0.0));
  observed_ = true;
  observed_at_ = now;
  sale_time_ = sale_time;
  last_ = status;
  forecast(status);
}

void WaitEstimate::learn(const RoundStatus& status, double passed_seconds) {
  const SaleCounts& counts = status.counts;
  const double entered = static_cast<double>(counts.entered);
  const double resolved = entered + static_cast<double>(counts.missed);
  turn_up_ = (entered + prior_calls * prior_turn_up) / (resolved + prior_calls);
  entering_seconds_ = (static_cast<double>(counts.entering_microseconds) / 1e6 +
                       prior_calls * prior_entering_part * in_seconds(status.admission.enter)) /
                      (entered + prior_calls);

  const double shopping = in_state(status, FanState::kShopping);
  const double ended = grown(last_.counts.turns_ended, counts.turns_ended);
  double stage_seconds = 0;
  if (passed_seconds > 0) {
    // The stages cannot be seen: they are carried on at the rate as it is believed to be, and what
    // is seen, who entered and whose turn ended, puts them right.
    const double prior_turn = prior_turn_part * shopping_seconds(status);
    const double rate = (long_.turns_ended + prior_turns) /
                        (long_.last_stage_seconds + prior_turns * prior_turn / stages);
    const double stays = std::exp(-rate * passed_seconds);
    const double before = in_stage_[stages - 1];
    for (std::size_t n = stages - 1; n > 0; --n) {
      const double moves = in_stage_[n - 1] * (1 - stays);
      in_stage_[n] += moves;
      in_stage_[n - 1] -= moves;
    }
    stage_seconds =
        std::max(0.0, (before + in_stage_[stages - 1]) / 2 - ended / 2) * passed_seconds;
    in_stage_[0] += grown(last_.counts.entered, counts.entered);
    double leaving = ended;
    for (std::size_t n = stages; n-- > 0;) {
      const double taken = std::min(leaving, in_stage_[n]);
      in_stage_[n] -= taken;
      leaving -= taken;
    }
  }
  double all = 0;
  for (const double part : in_stage_) all += part;
  if (all > 0)
    for (double& part : in_stage_) part *= shopping / all;
  else
    in_stage_[0] = shopping;

  for (Recent* recent : {&short_, &long_}) {
    const double keep = std::exp(-passed_seconds / recent->length_seconds);
    recent->turns_ended = recent->turns_ended * keep + ended;
    recent->last_stage_seconds = recent->last_stage_seconds * keep + stage_seconds;
  }
  const double keep = std::exp(-passed_seconds / leaving_seconds);
  const double waiting = in_state(status, FanState::kWaiting);
  const auto left = static_cast<std::size_t>(FanState::kLeft);
  left_ = left_ * keep + grown(last_.fans_by_state[left], status.fans_by_state[left]);
  waited_seconds_ = waited_seconds_ * keep + waiting * passed_seconds;
  leaving_rate_ = waited_seconds_ > 0 ? left_ / waited_seconds_ : 0;
}

void WaitEstimate::forecast(const RoundStatus& status) {
  const SaleCounts& counts = status.counts;
  const double all_turns = static_cast<double>(counts.turns_ended);
  double prior_turn = prior_turn_part * shopping_seconds(status);
  // After a restart what the journal knows of all turns stands in for what was not seen.
  if (all_turns > 0 && long_.turns_ended < all_turns / 2)
    prior_turn = (static_cast<double>(counts.turn_microseconds) / 1e6 + prior_turns * prior_turn) /
                 (all_turns + prior_turns);
  const double rate_later = (long_.turns_ended + prior_turns) /
                            (long_.last_stage_seconds + prior_turns * prior_turn / stages);
  const double rate_now =
      (short_.turns_ended + prior_turns) / (short_.last_stage_seconds + prior_turns / rate_later);
  const double shoppers = std::max(in_state(status, FanState::kShopping), 1.0);
  const double generations = all_turns / shoppers;
  const double young = doubt_at_first / (1 + 3 * generations);
  const double spell = std::log(rate_now / rate_later) / 3;
  const double doubt =
      std::exp(std::sqrt(doubt_at_last * doubt_at_last + young * young + spell * spell));

  const double pace = calls_per_second(status);
  const double bound = outstanding_max(status);
  draw_curve(status, {rate_now, rate_later, pace, bound}, middle_);
  draw_curve(status, {rate_now * doubt, rate_later * doubt, pace * 1.05, bound * 1.03}, low_);
  draw_curve(status, {rate_now / doubt, rate_later / doubt, pace * 0.9, bound * 0.97}, high_);
}

void WaitEstimate::draw_curve(const RoundStatus& status, const Scenario& scenario,
                              Curve& curve) const {
  double called = in_state(status, FanState::kCalled);
  std::array<double, stages> shoppers = in_stage_;
  const double called_seconds = std::max(
      turn_up_ * entering_seconds_ + (1 - turn_up_) * in_seconds(status.admission.enter), 0.1);
  // Who misses a turn is put back before those who stand behind: each such call moves nobody.
  const double moves_the_line = turn_up_;
  const double step_max =
      std::clamp(1 / (std::max(scenario.stage_rate_now, scenario.stage_rate_later) * 4), 0.5, 30.0);
  double seconds = 0, places = 0, step = std::min(0.25, step_max), rate = 0;
  curve.count = 0;
  curve.seconds[curve.count] = 0;
  curve.places[curve.count++] = 0;
  while (curve.count < points_max) {
    const double spell = std::exp(-seconds / spell_seconds);
    const double stage_rate = scenario.stage_rate_later *
                              std::pow(scenario.stage_rate_now / scenario.stage_rate_later, spell);
    const double resolved = called * (1 - std::exp(-step / called_seconds));
    const double stays = std::exp(-stage_rate * step);
    called -= resolved;
    double moving = resolved * turn_up_;
    double outstanding = called;
    for (double& in_stage : shoppers) {
      const double leaves = in_stage * (1 - stays);
      in_stage += moving - leaves;
      moving = leaves;
      outstanding += in_stage;
    }
    const double calls =
        std::clamp(scenario.outstanding_max - outstanding, 0.0, scenario.calls_per_second * step);
    called += calls;
    seconds += step;
    places += calls * moves_the_line;
    // Those ahead who leave do it while they stand ahead: on average half of the time.
    const double left_ahead = std::min(leaving_rate_ * seconds / 2, 0.8);
    curve.seconds[curve.count] = static_cast<float>(seconds);
    curve.places[curve.count] =
        std::max(curve.places[curve.count - 1], static_cast<float>(places / (1 - left_ahead)));
    ++curve.count;
    // The rate past the end: what the last third of the curve gave, so that no ripple decides.
    if (curve.count > points_max * 2 / 3)
      rate += calls * moves_the_line / step / (points_max / 3.0);
    step = std::min(step * 1.06, step_max);
  }
  curve.places_a_second = std::max(rate, 1e-6);
}

double WaitEstimate::Curve::seconds_until(double wanted) const {
  if (count == 0) return wait_seconds_max;
  const auto begin = places.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  const auto found = std::lower_bound(begin, end, static_cast<float>(wanted));
  if (found == end)
    return static_cast<double>(seconds[count - 1]) +
           (wanted - static_cast<double>(places[count - 1])) / places_a_second;
  const auto at = static_cast<std::size_t>(found - begin);
  if (at == 0) return 0;
  const double step = static_cast<double>(places[at]) - static_cast<double>(places[at - 1]);
  const double part = (wanted - static_cast<double>(places[at - 1])) / step;
  return static_cast<double>(seconds[at - 1]) +
         part * (static_cast<double>(seconds[at]) - static_cast<double>(seconds[at - 1]));
}

WaitRange WaitEstimate::range(std::uint32_t ahead) const {
  const double place = static_cast<double>(ahead) + 1;
  WaitRange range;
  range.middle = rounded(std::ceil(middle_.seconds_until(place)));
  // Calls are made by the handful and looks come once a second: two seconds are nobody's fault.
  range.low = std::min(range.middle, rounded(std::floor(low_.seconds_until(place)) - 1));
  range.high = std::max(range.middle, rounded(std::ceil(high_.seconds_until(place)) + 2));
  return range;
}

double WaitEstimate::seats_a_turn(std::uint32_t max_seats_per_fan) const {
  const double at_first = std::min(prior_seats, static_cast<double>(max_seats_per_fan));
  return (static_cast<double>(last_.counts.turn_seats) + prior_turns * at_first) /
         (static_cast<double>(last_.counts.turns_ended) + prior_turns);
}

}  // namespace frontrow::http
