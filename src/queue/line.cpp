#include "queue/line.hpp"

#include "base/assert.hpp"

namespace frontrow::queue {

Line::Line() : fans_(slots_max), waiting_(slots_max) {}

LineSlot Line::give(std::uint32_t slot, FanId fan) {
  if (slot >= slots_max) return LineSlot::none();
  if (slot >= fans_.size()) fans_.grow_to(slot + 1, FanId::none());
  FRONTROW_ASSERT(!fans_[slot].exists());
  fans_[slot] = fan;
  return LineSlot{slot};
}

LineSlot Line::append(FanId fan) { return give((end() + 1) / 2 * 2, fan); }

LineSlot Line::put_at_end(FanId fan) { return give(end() | 1, fan); }

LineSlot Line::put_back(FanId fan, std::uint32_t places) {
  if (places > waiting_.count()) return put_at_end(fan);
  // Behind the last of those who stay ahead; with no places at all, right behind the front.
  std::uint32_t slot = places == 0 ? front_ : waiting_.nth(places - 1) + 1;
  slot |= 1;
  // Each fan is put back once, so the used slots passed here are as many as fans were put there.
  while (slot < end() && fans_[slot].exists()) slot += 2;
  return give(slot, fan);
}

void Line::set_waiting(LineSlot slot, bool waits) {
  FRONTROW_ASSERT(slot.value < end());
  if (waits)
    waiting_.set(slot.value);
  else
    waiting_.clear(slot.value);
}

FanId Line::call_next() {
  const std::uint32_t slot = waiting_.first();
  FRONTROW_ASSERT(slot != CountedBits::none);
  waiting_.clear(slot);
  if (slot >= front_) front_ = slot + 1;
  return fans_[slot];
}

}  // namespace frontrow::queue
