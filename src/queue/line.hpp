// The line after the draw: slots, who stands in each, and which of them really wait.
//
// The fan of drawn rank r (from 1) has slot 2 * (r - 1). The odd slots between are for fans who are
// put back, so that nobody's slot ever has to move. A slot is given once and never again: the
// published view of a fan who left it may still name it.
//
// Pure; used by one thread at a time.
#pragma once

#include <cstdint>

#include "base/paged_array.hpp"
#include "frontrow/ids.hpp"
#include "frontrow/limits.hpp"
#include "queue/counted_bits.hpp"

namespace frontrow::queue {

class Line {
 public:
  /// Twice the fans there can be, and as much again for those who are put back.
  static constexpr std::uint32_t slots_max = limits::fans_max * 4;

  Line();

  /// The next even slot behind everybody; the fan does not wait there until `set_waiting`.
  /// None where the line is full.
  LineSlot append(FanId fan);
  /// The first odd slot never used behind the first `places` waiting fans; behind everybody where
  /// fewer wait. None where the line is full.
  LineSlot put_back(FanId fan, std::uint32_t places);
  /// Behind everybody. None where the line is full.
  LineSlot put_at_end(FanId fan);

  void set_waiting(LineSlot slot, bool waits);
  bool is_waiting(LineSlot slot) const { return waiting_.test(slot.value); }
  std::uint32_t waiting() const { return waiting_.count(); }
  /// How many waiting fans stand in slots before `slot`.
  std::uint32_t waiting_before(LineSlot slot) const { return waiting_.count_before(slot.value); }

  /// The fan to call next stops waiting and the front moves behind them. Precondition: one waits.
  FanId call_next();
  /// The first waiting slot, or none.
  LineSlot first_waiting() const { return LineSlot{waiting_.first()}; }
  /// Whether somebody further behind has been called already.
  bool has_passed(LineSlot slot) const { return slot.value < front_; }
  /// One behind the furthest slot from which a fan was called.
  std::uint32_t front() const { return front_; }
  /// One behind the last slot ever given.
  std::uint32_t end() const { return static_cast<std::uint32_t>(fans_.size()); }
  /// Who was given the slot, or none.
  FanId fan_at(LineSlot slot) const { return fans_[slot.value]; }

 private:
  LineSlot give(std::uint32_t slot, FanId fan);

  PagedArray<FanId> fans_;  ///< By slot.
  CountedBits waiting_;
  std::uint32_t front_ = 0;
};

}  // namespace frontrow::queue
