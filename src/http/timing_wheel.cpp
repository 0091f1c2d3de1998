#include "http/timing_wheel.hpp"

#include <algorithm>

namespace frontrow::http {

namespace {
constexpr auto slot_count = static_cast<std::int64_t>(limits::wheel_slots);
}

void Timed::unlink() {
  if (head_ == nullptr) return;
  if (previous_ != nullptr)
    previous_->next_ = next_;
  else
    *head_ = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  previous_ = next_ = nullptr;
  head_ = nullptr;
}

void TimingWheel::link(Timed& timed) {
  Timed*& head = slots_[static_cast<std::size_t>(timed.due_ % slot_count)];
  timed.head_ = &head;
  timed.previous_ = nullptr;
  timed.next_ = head;
  if (head != nullptr) head->previous_ = &timed;
  head = &timed;
}

void TimingWheel::set(Timed& timed, std::int64_t milliseconds) {
  timed.unlink();
  // One grain more than the division says: the current grain has begun already.
  timed.due_ = now_ + milliseconds / limits::wheel_grain_milliseconds + 2;
  link(timed);
}

void TimingWheel::advance(std::int64_t now_milliseconds) {
  const std::int64_t target = now_milliseconds / limits::wheel_grain_milliseconds;
  if (now_ == 0) now_ = target;  // the first look sets the clock
  // After a long sleep each slot is looked at once.
  now_ = std::max(now_, target - slot_count);
  while (now_ < target) {
    ++now_;
    Timed*& head = slots_[static_cast<std::size_t>(now_ % slot_count)];
    // What stays is kept aside, because a timeout may set deadlines or destroy others.
    Timed* later = nullptr;
    while (head != nullptr) {
      Timed& timed = *head;
      timed.unlink();
      if (timed.due_ <= target) {
        timed.on_timeout();
      } else {
        timed.head_ = &later;
        timed.next_ = later;
        if (later != nullptr) later->previous_ = &timed;
        later = &timed;
      }
    }
    while (later != nullptr) {
      Timed& timed = *later;
      timed.unlink();
      link(timed);
    }
  }
}

}  // namespace frontrow::http
