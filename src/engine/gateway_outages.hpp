// What the engine has been told of the gateway's health, method by method, and when it failed, so
// that who paid into an outage is given the time back.
//
// Private to src/engine.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "engine/hash_sum.hpp"
#include "frontrow/command.hpp"
#include "frontrow/time.hpp"

namespace frontrow::engine {

class GatewayOutages {
 public:
  /// Ended outages that are remembered of each method; the oldest goes first.
  static constexpr std::size_t kept_max = 32;

  /// `hash` is the sum that the outages are part of; it must outlive this.
  explicit GatewayOutages(HashSum& hash) : hash_(hash) {}

  /// An outage begins when the gateway fails and ends when it is good again: while it is tried
  /// the outage goes on.
  void record(PaymentMethod method, GatewayHealth health, SaleTime now);
  /// All methods are good again.
  void forgive(SaleTime now);

  GatewayHealth health(PaymentMethod method) const { return of(method).health; }
  bool lasts(PaymentMethod method) const { return of(method).lasts; }
  /// How much of the time from `from` to `to` lay in outages that are over.
  Duration overlap(PaymentMethod method, SaleTime from, SaleTime to) const;

  void add_hash_anew(HashSum& sum) const;

 private:
  struct Outage {
    SaleTime begin, end;
  };
  struct Method {
    GatewayHealth health = GatewayHealth::kGood;
    bool lasts = false;
    SaleTime began;             ///< The outage that lasts.
    std::vector<Outage> ended;  ///< Oldest first.
  };

  const Method& of(PaymentMethod method) const {
    return methods_[static_cast<std::size_t>(method)];
  }
  static StateHash hash_of(PaymentMethod method, const Method& its);
  static StateHash hash_of(PaymentMethod method, const Outage& outage);

  HashSum& hash_;
  std::array<Method, payment_method_count> methods_;
};

}  // namespace frontrow::engine
