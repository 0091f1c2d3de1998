// What the faults come to, one question at a time. Each kind of fault draws from a stream of its
// own, so that the same seed gives the same declines whatever else is turned on. Belongs to the
// server's thread.
#pragma once

#include <array>
#include <cstdint>
#include <random>

#include "sandbox/faults.hpp"

namespace frontrow::sandbox {

class FaultDice {
 public:
  explicit FaultDice(Faults faults) { set(std::move(faults)); }

  const Faults& faults() const { return faults_; }
  /// From here on; another seed begins every stream anew.
  void set(Faults faults);

  Duration latency();
  bool declines() { return hits(kDecline, faults_.decline_rate); }
  bool drops_answer() { return hits(kDrop, faults_.dropped_answer_rate); }
  bool duplicates_notice() { return hits(kDuplicate, faults_.duplicated_notice_rate); }
  bool reorders_notice() { return hits(kReorder, faults_.reordered_notice_rate); }
  /// Between 0 and `most`.
  Duration some_of(Duration most);
  bool outage(Duration since_start) const;

 private:
  enum Stream { kLatency, kDecline, kDrop, kDuplicate, kReorder, kDisorder, kStreams };
  /// From 0 to below 1, the same on every machine.
  double uniform(Stream stream);
  bool hits(Stream stream, double rate) { return rate > 0 && uniform(stream) < rate; }

  Faults faults_;
  bool seeded_ = false;
  std::array<std::mt19937_64, kStreams> streams_;
};

}  // namespace frontrow::sandbox
