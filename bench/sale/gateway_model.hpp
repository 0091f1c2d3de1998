// A payment gateway as it looks from outside: it gets so many payments done in a second, in the
// order in which they came, takes its time, declines some, and in an outage answers nothing.
#pragma once

#include <vector>

#include "frontrow/command.hpp"
#include "sale/chance.hpp"
#include "sale/scenario.hpp"

namespace frontrow::sale {

class GatewayModel {
 public:
  struct Answer {
    Instant at;
    PaymentFailure failure = PaymentFailure::kNone;
  };

  /// `phases` begin at their time after `origin`, in order; the first counts from the beginning.
  GatewayModel(std::vector<GatewayPhase> phases, Instant origin, std::uint64_t seed);

  /// What will be answered to a charge that arrives at `now`, and when. Calls in order of time.
  Answer charge(Instant now);
  /// When a cancellation, a refund or any other small question asked at `now` is answered.
  Instant answer_to_question(Instant now);

  const GatewayPhase& phase_at(Instant now) const { return phases_[index_at(now)]; }

 private:
  std::size_t index_at(Instant now) const;
  Instant begin_of(std::size_t index) const { return origin_ + phases_[index].from; }
  Instant first_answering(Instant now) const;

  const std::vector<GatewayPhase> phases_;
  const Instant origin_;
  Random random_;
  Instant free_from_;  ///< When it has done all that was asked so far.
};

}  // namespace frontrow::sale
