#include "http/shop_model.hpp"

#include <algorithm>
#include <cmath>

namespace frontrow::http {
namespace {

// What is taken for granted until it is seen, and how many seen cases weigh as much.
constexpr double prior_turn_up = 0.8, prior_called_again = 0.12, prior_calls = 30;
constexpr double prior_entering_part = 0.25;  // of the time to enter
/// A turn, were there no end to it: a part of the time to shop, however long that is.
constexpr double prior_turn_part = 0.4, prior_turn_seconds_max = 200;
/// In their first seconds turns end so much less readily.
constexpr double young_seconds = 60, prior_young_part = 8;
constexpr double prior_turns = 3;  // in each group of ages
/// Turns of long ago count less, by e after so many seconds.
constexpr double remembered_seconds = 1'500;
constexpr double recent_seconds = 90;
constexpr double prior_recent_turns = 15;
/// How long a slow or fast spell goes on once it is there.
constexpr double spell_seconds = 240;
/// The controller counts on this share of the turns that are about to end, and keeps so many
/// deviations free: see "How fast fans are called" in docs/fairness.md.
constexpr double leaving_counted = 0.5, caution = 1.65;
constexpr double least_width = 0.25;

double in_seconds(Duration duration) { return static_cast<double>(duration.microseconds) / 1e6; }
double in_state(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}
double grown(std::uint64_t before, std::uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0;
}

}  // namespace

void ShopModel::shift(Groups& ages) {
  ages[groups - 1] += ages[groups - 2];
  for (std::size_t n = groups - 2; n > 0; --n) ages[n] = ages[n - 1];
  ages[0] = 0;
}

void ShopModel::scale_to(Groups& ages, double total) {
  double sum = 0;
  for (const double group : ages) sum += group;
  if (sum > 1e-9)
    for (double& group : ages) group *= total / sum;
  else
    ages[0] = total;
}

std::size_t ShopModel::group_of(double seconds) const {
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(seconds / width_)), 1,
                                 groups - 1);
}

double ShopModel::coming_part(double turn_up, double age_seconds) const {
  const double coming = turn_up * std::exp(-age_seconds / std::max(entering_seconds_, 0.1));
  return coming / (coming + 1 - turn_up + 1e-9);
}

void ShopModel::begin(const RoundStatus& status) {
  *this = ShopModel{};
  begun_ = true;
  last_ = status;
  enter_seconds_ = std::max(in_seconds(status.admission.enter), 1.0);
  shopping_seconds_ = std::max(in_seconds(status.admission.shopping), 1.0);
  // The last group is for those whose deadline has come.
  width_ = std::max(std::max(enter_seconds_, shopping_seconds_) / (groups - 1), least_width);
  // A sale that is under way, seen for the first time: ages are as the lengths of turns make them.
  double before = std::min(prior_turn_part * shopping_seconds_, prior_turn_seconds_max);
  if (status.counts.turns_ended > 0)
    before = static_cast<double>(status.counts.turn_microseconds) / 1e6 /
             static_cast<double>(status.counts.turns_ended);
  const double prior_rate = 1 / std::max(before, 1.0);
  for (std::size_t n = 0; n < hazard_groups; ++n) {
    ended_[n] = prior_turns;
    exposed_[n] = prior_exposed(n);
    hazards_[n] = ended_[n] / exposed_[n];
  }
  const bool young = status.counts.turns_ended == 0 && status.counts.missed == 0;
  for (std::size_t n = 0; n <= group_of(shopping_seconds_); ++n)
    shopping_[n] =
        young ? (n == 0 ? 1 : 0) : std::exp(-prior_rate * width_ * static_cast<double>(n));
  for (std::size_t n = 0; n <= group_of(enter_seconds_); ++n)
    called_[n] =
        young ? (n == 0 ? 1 : 0) : std::exp(-static_cast<double>(n) * width_ * 3 / enter_seconds_);
  scale_to(called_, in_state(status, FanState::kCalled));
  scale_to(shopping_, in_state(status, FanState::kShopping));
}

void ShopModel::observe(const RoundStatus& status, double passed_seconds) {
  if (!begun_ || status.counts.called < last_.counts.called ||
      status.admission.enter != last_.admission.enter ||
      status.admission.shopping != last_.admission.shopping)
    begin(status);
  const SaleCounts& now = status.counts;
  new_calls_ = grown(last_.counts.called, now.called);
  new_entered_ = grown(last_.counts.entered, now.entered);
  new_ended_ = grown(last_.counts.turns_ended, now.turns_ended);
  now_ += passed_seconds;
  remember_calls(static_cast<double>(now.called));
  learn(status);
  // A look that comes after a long sleep is taken in group by group, like any other.
  double left = std::min(passed_seconds, width_ * groups);
  const double all = std::max(left, 1e-9);
  while (left > 1e-9) {
    const double step = std::min(left, width_ - phase_);
    pass(step, step / all);
    left -= step;
  }
  scale_to(called_, in_state(status, FanState::kCalled));
  scale_to(shopping_, in_state(status, FanState::kShopping));

  // Old experience fades, down to what was taken for granted.
  const double forget = std::exp(-passed_seconds / remembered_seconds);
  for (std::size_t n = 0; n < hazard_groups; ++n) {
    const double prior = prior_exposed(n);
    ended_[n] = prior_turns + (ended_[n] - prior_turns) * forget;
    exposed_[n] = prior + (exposed_[n] - prior) * forget;
    hazards_[n] = ended_[n] / exposed_[n];
  }
  const double fade = std::exp(-passed_seconds / recent_seconds);
  recent_ended_ *= fade;
  recent_expected_ *= fade;
  spell_ = std::log((recent_ended_ + prior_recent_turns) / (recent_expected_ + prior_recent_turns));
  last_ = status;
}

void ShopModel::learn(const RoundStatus& status) {
  const SaleCounts& counts = status.counts;
  const double entered = static_cast<double>(counts.entered);
  entering_seconds_ = (static_cast<double>(counts.entering_microseconds) / 1e6 +
                       prior_calls * prior_entering_part * enter_seconds_) /
                      (entered + prior_calls);
  // Only calls that have had all their time tell how many come: those who come do it early.
  const double missed = static_cast<double>(counts.missed);
  // A call that is missed is counted within the second; the others are given that long, too.
  const double judged = std::max(calls_until(now_ - enter_seconds_ + 2), missed);
  turn_up_ = std::clamp(1 - (missed + prior_calls * (1 - prior_turn_up)) / (judged + prior_calls),
                        0.05, 1.0);
  turn_up_doubt_ = prior_calls / (judged + prior_calls);
  // Who missed a turn and is not gone was put back.
  const double again = std::max(missed - in_state(status, FanState::kMissed), 0.0);
  called_again_ =
      std::clamp((again + prior_calls * prior_called_again) / (judged + prior_calls), 0.0, 0.9);
}

void ShopModel::pass(double seconds, double part) {
  const std::size_t last_shopping = group_of(shopping_seconds_);
  const std::size_t last_called = group_of(enter_seconds_);
  const double to_next_group = std::max(width_ - phase_, seconds);
  // Deadlines first: those turns end whatever their fans do.
  const double at_deadline = shopping_[last_shopping] * seconds / to_next_group;
  shopping_[last_shopping] -= at_deadline;
  const double ended = std::max(0.0, new_ended_ * part - at_deadline);
  Groups expected{};
  double sum = 0;
  for (std::size_t n = 0; n < last_shopping; ++n) {
    expected[n] = shopping_[n] * (1 - std::exp(-hazards_[hazard_of(n)] * seconds));
    sum += expected[n];
  }
  const double factor = sum > 1e-9 ? ended / sum : 0;
  for (std::size_t n = 0; n < last_shopping; ++n) {
    const double gone = std::min(expected[n] * factor, shopping_[n]);
    exposed_[hazard_of(n)] += (shopping_[n] - gone / 2) * seconds;
    ended_[hazard_of(n)] += gone;
    shopping_[n] -= gone;
  }
  recent_ended_ += ended;
  recent_expected_ += sum;
  shopping_[0] += new_entered_ * part;

  called_[last_called] -= called_[last_called] * seconds / to_next_group;
  double coming = 0;
  Groups may_come;
  for (std::size_t n = 0; n < groups; ++n) {
    may_come[n] = called_[n] * coming_part(turn_up_, static_cast<double>(n) * width_);
    coming += may_come[n];
  }
  const double entered = coming > 1e-9 ? std::min(new_entered_ * part / coming, 1.0) : 0;
  for (std::size_t n = 0; n < groups; ++n) called_[n] -= may_come[n] * entered;
  called_[0] += new_calls_ * part;

  phase_ += seconds;
  if (phase_ < width_ - 1e-9) return;
  phase_ = 0;
  for (Groups* ages : {&called_, &shopping_}) shift(*ages);
  for (std::size_t n = last_called + 1; n < groups; ++n) called_[n] = 0;
}

void ShopModel::remember_calls(double calls) {
  if (calls > 0 && calls_began_ < 0) calls_began_ = now_;
  // Looks that come often are thinned out, so that the ring reaches back as far as calls last.
  const double apart = enter_seconds_ * 1.5 / looks_max;
  if (look_count_ > 0) {
    Look& last = looks_[(next_look_ + looks_max - 1) % looks_max];
    if (last.calls == calls) return;
    if (look_count_ > 1 && now_ - looks_[(next_look_ + looks_max - 2) % looks_max].at < apart) {
      last = {now_, calls};
      return;
    }
  }
  looks_[next_look_] = {now_, calls};
  next_look_ = (next_look_ + 1) % looks_max;
  look_count_ = std::min(look_count_ + 1, looks_max);
}

double ShopModel::calls_until(double time) const {
  double calls = 0;
  for (std::size_t n = 0; n < look_count_; ++n) {
    const Look& look = looks_[(next_look_ + looks_max - look_count_ + n) % looks_max];
    if (look.at > time) break;
    calls = look.calls;
  }
  return calls;
}

double ShopModel::prior_exposed(std::size_t hazard_group) const {
  const double usual = std::min(prior_turn_part * shopping_seconds_, prior_turn_seconds_max);
  const double age = static_cast<double>(hazard_group + 1) * width_ * groups / hazard_groups;
  const double young = std::min(young_seconds, shopping_seconds_ / 8);
  return prior_turns * usual * (age <= young * 1.1 ? prior_young_part : 1);
}

double ShopModel::unjudged_seconds() const {
  if (calls_began_ < 0) return enter_seconds_;
  return std::max(0.0, enter_seconds_ - (now_ - calls_began_));
}

double ShopModel::generations() const {
  const double shoppers = std::max(in_state(last_, FanState::kShopping), 1.0);
  return static_cast<double>(last_.counts.turns_ended) / shoppers;
}

void ShopModel::forecast(const Assumptions& assumptions, CallCurve& curve) const {
  const double turn_up = std::clamp(assumptions.turn_up, 0.05, 1.0);
  Groups shopping = shopping_, absent{};
  double coming = 0, absent_now = 0, outstanding = 0;
  for (std::size_t n = 0; n < groups; ++n) {
    const double come = called_[n] * coming_part(turn_up, static_cast<double>(n) * width_);
    coming += come;
    absent[n] = called_[n] - come;
    absent_now += absent[n];
    outstanding += come + shopping[n];
  }
  const std::size_t last_shopping = group_of(shopping_seconds_);
  const std::size_t last_called = group_of(enter_seconds_);
  const double enters = 1 - std::exp(-width_ / std::max(entering_seconds_, 0.1));
  const double first_misses = std::min(called_again_ / std::max(1 - turn_up_, 1e-3), 1.0);
  std::array<double, hazard_groups> ends{};

  double seconds = 0, calls = 0, put_back = 0;
  double tail_calls = 0, tail_put_back = 0;
  // Turns that end in the time in which a called fan comes.
  double leaving = 0;
  curve.clear();
  curve.add(0, 0, 0);
  for (std::size_t step = 0; step < steps; ++step) {
    const bool free_now = seconds >= assumptions.held_back_seconds;
    const double rate = free_now ? assumptions.calls_per_second : assumptions.calls_per_second_now;
    const bool absent_count =
        !assumptions.absent_left_out || seconds < assumptions.known_after_seconds;
    const double fade = std::exp(-seconds / spell_seconds);
    for (std::size_t n = 0; n < hazard_groups; ++n)
      ends[n] =
          1 - std::exp(-hazards_[n] * assumptions.turns_factor * std::exp(spell_ * fade) * width_);
    // Room that is there already is filled as fast as the rate allows.
    const double counted = outstanding + (absent_count ? absent_now : 0);
    double bound = assumptions.outstanding_max;
    if (!absent_count) {
      const double spread = leaving + (coming + absent_now) * turn_up * (1 - turn_up);
      bound += leaving_counted * leaving - caution * std::sqrt(spread);
    }
    const double room = std::max(bound - counted, 0.0);
    const double at_once =
        std::min(room / (absent_count ? 1 : std::max(turn_up, 0.5)), rate * width_);
    if (room > 0 && at_once < rate * width_)
      curve.add(seconds + at_once / rate, calls + at_once, put_back);

    const double entered = coming * enters;
    coming -= entered;
    const double missed = absent[last_called];
    absent[last_called] = 0;
    double ended = shopping[last_shopping];
    shopping[last_shopping] = 0;
    for (std::size_t n = 0; n < last_shopping; ++n) {
      const double leaves = shopping[n] * ends[hazard_of(n)];
      shopping[n] -= leaves;
      ended += leaves;
    }
    leaving = ended / width_ * entering_seconds_;
    // Each that goes makes room for one who is counted: for more than one call where not all are.
    const double counted_a_call = absent_count ? 1 : std::max(turn_up, 0.5);
    const double gone = ended + (absent_count ? missed : 0);
    const double made = std::min((room + gone) / counted_a_call, rate * width_);
    shift(shopping);
    shift(absent);
    shopping[0] = entered;
    absent[0] = made * (1 - turn_up);
    coming += made * turn_up;
    outstanding += made * turn_up - ended;
    absent_now += made * (1 - turn_up) - missed;
    calls += made;
    put_back += missed * first_misses;
    seconds += width_;
    curve.add(seconds, calls, put_back);
    if (step >= steps - groups) {
      tail_calls += made;
      tail_put_back += missed * first_misses;
    }
  }
  const double tail_seconds = width_ * static_cast<double>(groups);
  curve.go_on(tail_calls / tail_seconds, tail_put_back / tail_seconds);
}

}  // namespace frontrow::http
