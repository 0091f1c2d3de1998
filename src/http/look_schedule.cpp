#include "http/look_schedule.hpp"

#include <algorithm>

namespace frontrow::http {

void Scheduled::unlink() {
  if (next_ == nullptr) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

LookSchedule::LookSchedule() {
  for (Scheduled& head : slots_) head.previous_ = head.next_ = &head;
  due_.previous_ = due_.next_ = &due_;
}

void LookSchedule::link(Scheduled& head, Scheduled& one) {
  one.previous_ = head.previous_;
  one.next_ = &head;
  head.previous_->next_ = &one;
  head.previous_ = &one;
}

void LookSchedule::make_due(Scheduled& from) {
  if (from.next_ == &from) return;
  from.next_->previous_ = due_.previous_;
  due_.previous_->next_ = from.next_;
  from.previous_->next_ = &due_;
  due_.previous_ = from.previous_;
  from.previous_ = from.next_ = &from;
}

void LookSchedule::set(Scheduled& one, Duration delay) {
  one.unlink();
  if (delay <= Duration{0}) {
    link(due_, one);
    return;
  }
  const std::int64_t at = passed_microseconds_ + delay.microseconds;
  const std::int64_t grains = (at + grain_microseconds - 1) / grain_microseconds - grain_;
  const auto ahead = std::clamp<std::int64_t>(grains, 1, static_cast<std::int64_t>(slot_count) - 1);
  link(slots_[static_cast<std::size_t>(grain_ + ahead) % slot_count], one);
}

void LookSchedule::set_all_due() {
  for (Scheduled& head : slots_) make_due(head);
}

void LookSchedule::advance(Instant now) {
  if (started_ && now > now_) passed_microseconds_ += (now - now_).microseconds;
  started_ = true;
  now_ = now;
  const std::int64_t target = passed_microseconds_ / grain_microseconds;
  // After a long sleep each slot is looked at once.
  grain_ = std::max(grain_, target - static_cast<std::int64_t>(slot_count));
  while (grain_ < target) {
    ++grain_;
    make_due(slots_[static_cast<std::size_t>(grain_) % slot_count]);
  }
}

Scheduled* LookSchedule::take_due() {
  Scheduled* const first = due_.next_;
  if (first == &due_) return nullptr;
  first->unlink();
  return first;
}

}  // namespace frontrow::http
