#include "sale/gateway_model.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace frontrow::sale {
namespace {

constexpr std::uint64_t stream_of_gateway = 0xffff'ffff'0000'0001U;
/// An outage that no later phase ends.
constexpr Duration without_end = seconds(10 * 86'400);

}  // namespace

GatewayModel::GatewayModel(std::vector<GatewayPhase> phases, Instant origin, std::uint64_t seed)
    : phases_(std::move(phases)), origin_(origin), random_(seed, stream_of_gateway) {
  FRONTROW_ASSERT(!phases_.empty());
}

std::size_t GatewayModel::index_at(Instant now) const {
  std::size_t index = 0;
  while (index + 1 < phases_.size() && begin_of(index + 1) <= now) ++index;
  return index;
}

Instant GatewayModel::first_answering(Instant now) const {
  std::size_t index = index_at(now);
  if (phases_[index].answers) return now;
  while (++index < phases_.size())
    if (phases_[index].answers) return begin_of(index);
  return now + without_end;
}

GatewayModel::Answer GatewayModel::charge(Instant now) {
  const GatewayPhase& phase = phase_at(now);
  if (phase.answers && random_.chance(phase.failing))
    return {now + draw(phase.latency, random_), PaymentFailure::kGatewayUnavailable};
  // One payment's share of a second's work, over as many phases as it takes.
  Instant at = std::max(now, free_from_);
  for (double work = 1.0;;) {
    at = first_answering(at);
    const std::size_t index = index_at(at);
    const double rate = phases_[index].per_second;
    const Instant done = at + from_seconds(work / rate);
    if (index + 1 == phases_.size() || done <= begin_of(index + 1)) {
      at = done;
      break;
    }
    work -= static_cast<double>((begin_of(index + 1) - at).microseconds) * 1e-6 * rate;
    at = begin_of(index + 1);
  }
  free_from_ = at;
  const GatewayPhase& serving = phase_at(at);
  const PaymentFailure failure =
      random_.chance(serving.declined) ? PaymentFailure::kDeclined : PaymentFailure::kNone;
  return {first_answering(at + draw(serving.latency, random_)), failure};
}

Instant GatewayModel::answer_to_question(Instant now) {
  const Instant begins = first_answering(now);
  return begins + draw(phase_at(begins).latency, random_);
}

}  // namespace frontrow::sale
