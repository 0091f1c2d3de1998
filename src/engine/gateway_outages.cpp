#include "engine/gateway_outages.hpp"

#include <algorithm>

namespace frontrow::engine {

StateHash GatewayOutages::hash_of(PaymentMethod method, const Method& its) {
  return hash_words(HashKind::kGatewayHealth, static_cast<std::uint64_t>(method),
                    static_cast<std::uint64_t>(its.health), its.lasts ? 1 : 0,
                    its.began.microseconds);
}

StateHash GatewayOutages::hash_of(PaymentMethod method, const Outage& outage) {
  return hash_words(HashKind::kGatewayOutage, static_cast<std::uint64_t>(method),
                    outage.begin.microseconds, outage.end.microseconds);
}

void GatewayOutages::record(PaymentMethod method, GatewayHealth health, SaleTime now) {
  Method& its = methods_[static_cast<std::size_t>(method)];
  // A gateway that has always been good is not in the hash at all.
  if (its.health != GatewayHealth::kGood) hash_.remove(hash_of(method, its));
  its.health = health;
  if (health == GatewayHealth::kFailing && !its.lasts) {
    its.lasts = true;
    its.began = now;
  } else if (health == GatewayHealth::kGood && its.lasts) {
    const Outage outage{its.began, now};
    its.lasts = false;
    its.began = {};
    if (outage.end > outage.begin) {
      if (its.ended.size() == kept_max) {
        hash_.remove(hash_of(method, its.ended.front()));
        its.ended.erase(its.ended.begin());
      }
      its.ended.push_back(outage);
      hash_.add(hash_of(method, outage));
    }
  }
  if (its.health != GatewayHealth::kGood) hash_.add(hash_of(method, its));
}

void GatewayOutages::forgive(SaleTime now) {
  for (std::size_t n = 0; n < methods_.size(); ++n)
    if (methods_[n].health != GatewayHealth::kGood)
      record(static_cast<PaymentMethod>(n), GatewayHealth::kGood, now);
}

Duration GatewayOutages::overlap(PaymentMethod method, SaleTime from, SaleTime to) const {
  Duration sum;
  for (const Outage& outage : of(method).ended) {
    const Duration shared = std::min(outage.end, to) - std::max(outage.begin, from);
    sum = sum + std::max(shared, Duration{});
  }
  return sum;
}

void GatewayOutages::add_hash_anew(HashSum& sum) const {
  for (std::size_t n = 0; n < methods_.size(); ++n) {
    const auto method = static_cast<PaymentMethod>(n);
    if (methods_[n].health != GatewayHealth::kGood) sum.add(hash_of(method, methods_[n]));
    for (const Outage& outage : methods_[n].ended) sum.add(hash_of(method, outage));
  }
}

}  // namespace frontrow::engine
