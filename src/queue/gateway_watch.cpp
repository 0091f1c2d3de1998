#include "queue/gateway_watch.hpp"

#include <algorithm>
#include <cmath>

#include "base/names.hpp"
#include "queue/measured_text.hpp"

namespace frontrow::queue {
namespace {

constexpr std::uint32_t unbounded = ~std::uint32_t{0};
/// Payments that each call is taken to lead to before it is known.
constexpr double prior_payments_per_call = 1.0, prior_calls = 20;
constexpr double least_payments_per_call = 0.1;

double in_seconds(Duration length) { return static_cast<double>(length.microseconds) * 1e-6; }

std::uint32_t outstanding(const RoundStatus& status) {
  return status.fans_by_state[static_cast<std::size_t>(FanState::kCalled)] +
         status.fans_by_state[static_cast<std::size_t>(FanState::kShopping)];
}

}  // namespace

GatewayWatch::GatewayWatch(const AdmissionPace& current) {
  if (current.reason == PaceReason::kGatewayFailing) {
    health_ = Health::kFailing;
    calls_per_second_ = 0;
  } else if (current.reason == PaceReason::kGatewaySlow ||
             current.reason == PaceReason::kGatewayRecovering) {
    health_ = Health::kRecovering;
    calls_per_second_ = std::max<std::uint32_t>(current.calls_per_second, 1);
  }
}

const GatewayWatch::Sample& GatewayWatch::sample_at(Instant at) const {
  const auto after =
      std::upper_bound(history_.begin(), history_.end(), at,
                       [](Instant time, const Sample& sample) { return time < sample.at; });
  return after == history_.begin() ? *after : *std::prev(after);
}

void GatewayWatch::measure(const RoundStatus& status) {
  const SaleCounts& counts = status.counts;
  const bool first = history_.empty();
  if (first || counts.payments_answered != history_.back().answered) {
    answered_at_ = now_;
    started_when_answered_ =
        first ? counts.payments_answered + counts.payments_unanswered : history_.back().started;
  }
  if (first || outstanding(status) > 0) empty_since_ = now_;
  if (first) stepped_at_ = now_;
  if (!first && history_.back().at == now_) history_.pop_back();
  history_.push_back(
      {now_, counts.payments_started, counts.payments_answered, counts.payments_unanswered, {}});
  std::copy(std::begin(counts.payments_by_method), std::end(counts.payments_by_method),
            history_.back().by_method.begin());
  while (history_.size() > samples_max ||
         (history_.size() > 1 && history_[1].at <= now_ - history_length))
    history_.pop_front();

  const std::uint64_t done = counts.payments_answered + counts.payments_unanswered;
  waiting_ = counts.payments_started - std::min(done, counts.payments_started);
  // Were they answered in order, all that was started until then would be done.
  const auto undone =
      std::partition_point(history_.begin(), history_.end(),
                           [&](const Sample& sample) { return sample.started <= done; });
  wait_ = undone == history_.end() ? Duration{} : now_ - undone->at;
  const Sample& before = sample_at(now_ - rate_window);
  const double span = in_seconds(now_ - before.at);
  answers_per_second_ =
      span <= 0 ? 0 : static_cast<double>(counts.payments_answered - before.answered) / span;
}

bool GatewayWatch::is_told_failing(const RoundStatus& status) {
  told_failing_.clear();
  std::uint64_t recent = 0, recent_failing = 0, ever = 0, ever_failing = 0;
  std::string methods;
  for (std::size_t n = 0; n < payment_method_count; ++n) {
    const std::uint64_t started = history_.back().by_method[n];
    const std::uint64_t of_late = started - history_.front().by_method[n];
    ever += started;
    recent += of_late;
    if (status.gateway_health[n] == GatewayHealth::kGood) continue;
    ever_failing += started;
    recent_failing += of_late;
    methods += (methods.empty() ? "" : ", ") + std::string(name_of(static_cast<PaymentMethod>(n)));
  }
  // Where hardly anybody pays any more, what they paid with before tells what they would use.
  const bool by_recent = recent >= failing_payments_least;
  const auto all = static_cast<double>(by_recent ? recent : ever);
  const auto failing = static_cast<double>(by_recent ? recent_failing : ever_failing);
  if (failing <= 0 || failing < failing_share * all) return false;
  told_failing_ = std::move(methods);
  return true;
}

bool GatewayWatch::is_failing() {
  const Sample& last = history_.back();
  const Sample& earlier = sample_at(now_ - failures_window);
  const auto failed = last.unanswered - earlier.unanswered;
  const auto answered = last.answered - earlier.answered;
  failing_by_itself_ =
      failed >= failing_payments_least &&
      static_cast<double>(failed) >= failing_share * static_cast<double>(failed + answered);
  if (failing_by_itself_) return true;
  if (!knows(now_ - silence)) return health_ == Health::kFailing && waiting_ > 0;
  const std::uint64_t done = last.answered + last.unanswered;
  const std::uint64_t started_before = sample_at(now_ - silence).started;
  // What was started before the last answer and still waits was overtaken by others: it hangs by
  // itself, and says nothing of the gateway.
  return now_ - answered_at_ >= silence &&
         started_before >= std::max(done, started_when_answered_) + failing_payments_least;
}

bool GatewayWatch::is_slow() const {
  const Sample& last = history_.back();
  const std::uint64_t done = last.answered + last.unanswered;
  if (health_ == Health::kSlow) return waiting_ >= slow_payments_least && wait_ > good_wait;
  return knows(now_ - slow_wait) &&
         sample_at(now_ - slow_wait).started >= done + slow_payments_least;
}

std::uint32_t GatewayWatch::rate_while_slow(const RoundStatus& status) const {
  const auto calls = static_cast<double>(status.counts.called);
  const auto payments = static_cast<double>(status.counts.payments_started);
  const double payments_per_call =
      std::max((payments + prior_payments_per_call * prior_calls) / (calls + prior_calls),
               least_payments_per_call);
  const double factor = std::clamp(in_seconds(slow_wait) / std::max(in_seconds(wait_), 1.0),
                                   slow_factor_least, slow_factor_most);
  const double rate = answers_per_second_ / payments_per_call * factor;
  return static_cast<std::uint32_t>(
      std::min(std::lround(rate), static_cast<long>(status.admission.per_second)));
}

void GatewayWatch::step_up(const RoundStatus& status) {
  if (now_ - stepped_at_ < (gently_ ? gentle_step : rate_step)) return;
  // A step needs an answer since the last one, where there was anything to answer.
  if (waiting_ > 0 && answered_at_ <= stepped_at_) return;
  stepped_at_ = now_;
  const std::uint32_t more = gently_ ? calls_per_second_ / gentle_divisor : calls_per_second_;
  calls_per_second_ += std::max<std::uint32_t>(1, more);
  if (calls_per_second_ < status.admission.per_second) return;
  health_ = Health::kGood;
  calls_per_second_ = unbounded;
}

void GatewayWatch::observe(Instant now, const RoundStatus& status) {
  now_ = now;
  measure(status);
  probing_ = false;
  const bool was_failing = health_ == Health::kFailing;
  const bool told = is_told_failing(status);
  if (is_failing() || told) {
    health_ = Health::kFailing;
    calls_per_second_ = 0;
    probing_ = now_ - empty_since_ >= probe_after;
    if (probing_) calls_per_second_ = 1;
  } else if (is_slow()) {
    if (health_ != Health::kSlow) slow_since_ = now_;
    if (health_ != Health::kSlow || now_ - stepped_at_ >= rate_step) {
      calls_per_second_ = rate_while_slow(status);
      stepped_at_ = now_;
    }
    health_ = Health::kSlow;
  } else if (was_failing || health_ == Health::kSlow) {
    // What a gateway bore that was slow for long it bears now; otherwise from far below.
    gently_ = !was_failing && now_ - slow_since_ >= lasting_slowness;
    const std::uint32_t low =
        std::max<std::uint32_t>(1, status.admission.per_second / recovery_divisor);
    calls_per_second_ = gently_ ? std::max<std::uint32_t>(1, rate_while_slow(status)) : low;
    health_ = Health::kRecovering;
    stepped_at_ = now_;
  } else if (health_ == Health::kRecovering) {
    step_up(status);
  }
  say();
}

void GatewayWatch::say() {
  const std::string wait_text = text_of(waiting_, "payment waits", "payments wait");
  const std::string answers = one_decimal(answers_per_second_) + " answers a second";
  switch (health_) {
    case Health::kGood:
      measured_ = "the gateway keeps up: " + answers + ", " + wait_text;
      return;
    case Health::kSlow:
      measured_ =
          wait_text + " for the gateway, the oldest about " + whole_seconds(wait_) + "; " + answers;
      return;
    case Health::kFailing:
      measured_ = !told_failing_.empty()
                      ? "the payment thread finds the gateway failing: " + told_failing_
                  : failing_by_itself_
                      ? "nearly all payments of the last " + whole_seconds(failures_window) +
                            " failed at the gateway itself"
                      : "no answer from the gateway for " + whole_seconds(now_ - answered_at_) +
                            " while " + wait_text;
      if (probing_)
        measured_ += "; nobody is in the shop, so " + std::to_string(probe_fans) +
                     " fans are let in to find out";
      return;
    case Health::kRecovering:
      measured_ = (waiting_ == 0 && answers_per_second_ <= 0
                       ? std::string("nothing waits for the gateway any more")
                       : "the gateway answers again: " + answers + ", " + wait_text) +
                  "; calls go up step by step";
      return;
  }
}

}  // namespace frontrow::queue
