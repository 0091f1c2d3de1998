#include "payment/stray_charges.hpp"

#include <algorithm>
#include <utility>

#include "frontrow/limits.hpp"

namespace frontrow::payment {

StrayCharges::StrayCharges(Gateway& gateway, std::string round_id, std::string currency, Ways ways)
    : gateway_(gateway),
      round_id_(std::move(round_id)),
      currency_(std::move(currency)),
      ways_(std::move(ways)) {}

void StrayCharges::log(const std::string& line) {
  if (ways_.log && lines_++ < lines_max) ways_.log(line);
}

void StrayCharges::begin() {
  if (under_way_) return;
  under_way_ = true;
  pages_ = lines_ = 0;
  names_.clear();
  next_.clear();
  gateway_.list({}, [this](GatewayRecordPage&& page) { take(std::move(page)); });
}

void StrayCharges::end(bool good) {
  under_way_ = false;
  names_ = {};
  to_judge_ = {};
  ++(good ? counts_.walks : counts_.broken);
}

bool StrayCharges::is_new(AttemptId attempt) {
  if (names_.size() >= names_max) return true;
  return names_.insert(std::uint64_t{attempt.order.value} << 32 | attempt.attempt).second;
}

void StrayCharges::take(GatewayRecordPage&& page) {
  if (!page.good) {
    log("the gateway's record of charges could not be read: " + page.problem);
    return end(false);
  }
  ++pages_;
  next_ = std::move(page.next);
  for (GatewayRecord& record : page.records) {
    if (record.state != ChargeState::kCaptured || record.refunded >= record.amount) continue;
    const auto attempt = parse_reference(round_id_, record.reference);
    if (!attempt) continue;  // of another round, or of none
    if (!is_new(*attempt)) {
      // Which of the two pays for the seats only a person can say.
      ++counts_.twice;
      log("payment " + record.reference + ": the gateway has more than one charge of this name, " +
          record.gateway_reference + " among them");
      continue;
    }
    to_judge_.push_back({*attempt, std::move(record)});
  }
  go_on();
}

void StrayCharges::go_on() {
  if (!to_judge_.empty()) {
    JudgeCharges query;
    asked_ = std::min(to_judge_.size(), limits::charges_judged_max);
    for (std::size_t n = to_judge_.size() - asked_; n < to_judge_.size(); ++n)
      query.charges.push_back(
          {to_judge_[n].attempt.order, to_judge_[n].attempt.attempt, to_judge_[n].record.amount});
    return ways_.ask(std::move(query));
  }
  if (next_.empty()) return end(true);
  if (pages_ >= pages_max) return end(false);
  gateway_.list(std::exchange(next_, {}),
                [this](GatewayRecordPage&& page) { take(std::move(page)); });
}

void StrayCharges::answered(const Reply& reply) {
  if (!under_way_) return;
  const auto* view = std::get_if<ChargeStandingsView>(&reply.body);
  if (view == nullptr || view->standings.size() != asked_ || asked_ > to_judge_.size())
    return end(false);
  for (std::size_t n = 0; n < asked_; ++n)
    judge(to_judge_[to_judge_.size() - asked_ + n], view->standings[n]);
  to_judge_.resize(to_judge_.size() - asked_);
  asked_ = 0;
  go_on();
}

void StrayCharges::judge(const Charge& charge, ChargeStanding standing) {
  if (standing == ChargeStanding::kNoAttempt)
    return give_back(charge, "the round has no such order or attempt", false);
  if (charge.record.currency != currency_)
    return give_back(charge, "it is of another currency", true);
  if (standing == ChargeStanding::kWrongAmount)
    return give_back(charge, "it is of another amount", true);
  if (standing == ChargeStanding::kRecorded) return;
  ++counts_.untold;
  ways_.look({{}, charge.record.reference});
}

void StrayCharges::give_back(const Charge& charge, const char* why, bool has_attempt) {
  const GatewayRecord& record = charge.record;
  ++counts_.found;
  const std::string what = "payment " + record.reference + ": captured at the gateway (" +
                           record.gateway_reference + ", " + std::to_string(record.amount.minor) +
                           " minor units of " + record.currency + "), but " + why;
  if (refunds_ >= refunds_max)
    return log(what + "; so many are no accident, and this one is left as it is");
  ++refunds_;
  log(what + "; the money is given back");
  gateway_.refund(record.reference, record.amount,
                  [this, attempt = charge.attempt, reference = record.reference,
                   has_attempt](const ChargeOutcome& outcome) {
                    if (outcome.state != ChargeState::kCaptured) {
                      --refunds_;
                      return log("payment " + reference +
                                 ": could not be given back yet; the next look tries again");
                    }
                    ++counts_.refunded;
                    // An order that waits for this attempt would wait for ever.
                    if (has_attempt)
                      ways_.tell(RecordPaymentFailure{attempt.order, attempt.attempt,
                                                      PaymentFailure::kDeclined});
                  });
}

}  // namespace frontrow::payment
