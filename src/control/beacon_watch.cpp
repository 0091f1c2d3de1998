#include "control/beacon_watch.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"
#include "round/drand_chains.hpp"

namespace frontrow::control {
namespace {

constexpr std::size_t kind_refused = outbound::outbound_error_count + drand_fault_count;

Duration delay_after(std::uint32_t tries, std::uint32_t chance) {
  std::int64_t length = BeaconWatch::first_delay.microseconds;
  for (std::uint32_t n = 1; n < tries && length < BeaconWatch::longest_delay.microseconds; ++n)
    length *= 2;
  length = std::min(length, BeaconWatch::longest_delay.microseconds);
  const std::int64_t half = length / 2;
  return microseconds(half + static_cast<std::int64_t>(chance) % (length - half + 1));
}

}  // namespace

BeaconWatch::BeaconWatch(const RoundDefinition& definition, const Published& published, Means means)
    : definition_(definition),
      published_(published),
      means_(std::move(means)),
      plan_(definition, published),
      troubles_(means_.report) {
  const auto draw = published.draw();
  draw_told_ = draw != nullptr && draw->drawn;
  if (!round::drand_round_time(definition.draw.beacon->chain, 1))
    means_.report(Weight::kTrouble,
                  "the beacon's chain is not known here: late windows go without a beacon");
}

void BeaconWatch::look(Instant now) {
  now_ = now;
  tell_news();
  const auto wanted = plan_.wanted(now);
  if (wanted != wanted_) begin(wanted);
  if (!wanted_ || now < wanted_->made_at) return;
  if (step_ == Step::kHandIn) hand_in();
  // A clock that was set back must not put the next try off for long.
  if (step_ == Step::kAsk && (now >= next_try_ || next_try_ - now > longest_delay)) ask();
}

void BeaconWatch::tell_news() {
  if (!draw_told_) {
    const auto draw = published_.draw();
    if (draw != nullptr && draw->drawn) {
      draw_told_ = true;
      if (draw->beacon.empty())
        means_.report(Weight::kTrouble, "drawn without a beacon: none came in time");
      else
        means_.report(Weight::kNews, "drawn with the beacon of round " +
                                         std::to_string(definition_.draw.beacon->round));
    }
  }
  const auto windows = plan_.windows_gone_without();
  if (!windows.empty())
    means_.report(Weight::kTrouble, "late window " + std::to_string(windows.back()) +
                                        " was closed without a beacon: none came in time");
}

void BeaconWatch::begin(const std::optional<WantedBeacon>& wanted) {
  wanted_ = wanted;
  current_ = std::make_shared<const int>(0);
  step_ = Step::kAsk;
  tries_ = 0;
  next_try_ = Instant{};
}

std::string BeaconWatch::name_of_wanted() const {
  const std::string round = "beacon round " + std::to_string(wanted_->round);
  return wanted_->for_draw ? round : round + " for late window " + std::to_string(wanted_->window);
}

void BeaconWatch::ask() {
  const BeaconRule& rule = *definition_.draw.beacon;
  outbound::OutboundRequest request;
  request.url = drand_address(rule.url, rule.chain, wanted_->round);
  request.headers = {{"Accept", "application/json"}};
  request.deadline = fetch_deadline;
  request.response_body_bytes_max = drand_answer_bytes_max;
  step_ = Step::kAsking;
  means_.fetch(std::move(request), [this, asked_for = std::weak_ptr(current_)](
                                       const outbound::OutboundOutcome& outcome) {
    if (!asked_for.expired()) fetched(outcome);
  });
}

void BeaconWatch::fetched(const outbound::OutboundOutcome& outcome) {
  if (!outcome.good()) {
    std::string what(describe(outcome.error));
    if (!outcome.detail.empty()) what += ": " + outcome.detail;
    try_again(static_cast<std::size_t>(outcome.error), what);
    return;
  }
  DrandFault fault = DrandFault::kNone;
  auto value = read_drand_answer(outcome.response.body, wanted_->round, fault);
  if (!value) {
    try_again(outbound::outbound_error_count + static_cast<std::size_t>(fault),
              std::string(describe(fault)));
    return;
  }
  value_ = std::move(*value);
  step_ = Step::kHandIn;
  hand_in();
}

Command BeaconWatch::command_of(const DrandValue& value) const {
  if (wanted_->for_draw)
    return SetBeacon{operator_name, value.round, value.randomness, value.signature};
  return CloseLateWindow{wanted_->window, value.round,
                         std::string(value.randomness.begin(), value.randomness.end()),
                         value.signature};
}

void BeaconWatch::hand_in() {
  // A full ring empties within moments: the next look tries again.
  if (!means_.submit(command_of(value_))) return;
  step_ = Step::kHandedIn;
  ++answers_awaited_;
}

void BeaconWatch::answered(Rejection rejection) {
  // Answers come in the order of submission: one that others follow, or that nobody waits for any
  // more, is about an earlier beacon.
  if (--answers_awaited_ > 0 || step_ != Step::kHandedIn) return;
  if (rejection == Rejection::kNone) {
    step_ = Step::kSettled;
    troubles_.forget();
    if (wanted_->for_draw) means_.report(Weight::kNews, name_of_wanted() + " was fetched");
    return;
  }
  if (wanted_->for_draw && rejection == Rejection::kBeaconRefused) {
    // The engine holds another value of that round, or has just drawn without one.
    step_ = Step::kSettled;
    means_.report(Weight::kTrouble, name_of_wanted() +
                                        " was fetched but another value had been handed in, or the "
                                        "draw was made without");
    return;
  }
  try_again(kind_refused, "refused as " + std::string(frontrow::name_of(rejection)));
}

void BeaconWatch::try_again(std::size_t kind, const std::string& what) {
  ++tries_;
  step_ = Step::kAsk;
  next_try_ = now_ + delay_after(tries_, means_.chance());
  troubles_.tell(now_, kind, name_of_wanted() + " could not be fetched: " + what);
}

}  // namespace frontrow::control
