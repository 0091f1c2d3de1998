#include "base/channel.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace frontrow {

namespace {
/// Room for events beside the answers.
constexpr std::size_t events_waiting_max = 4'096;
}  // namespace

Channel::Channel(std::size_t in_flight_max, Subscription subscription)
    : in_flight_max_(in_flight_max),
      subscription_(subscription),
      to_sequencer_(in_flight_max),
      from_sequencer_(in_flight_max + events_waiting_max),
      event_descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  FRONTROW_ASSERT(event_descriptor_ >= 0);
}

Channel::~Channel() { close(event_descriptor_); }

bool Channel::try_submit(Submission&& submission) {
  if (in_flight_ >= in_flight_max_) return false;
  if (!to_sequencer_.try_push(std::move(submission))) return false;
  ++in_flight_;
  if (sequencer_ != nullptr) sequencer_->wake();
  return true;
}

void Channel::arm() {
  armed_.store(true, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void Channel::disarm() {
  armed_.store(false, std::memory_order_relaxed);
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(event_descriptor_, &count, sizeof count);
}

void Channel::notify() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!armed_.load(std::memory_order_relaxed)) return;
  if (!armed_.exchange(false, std::memory_order_acq_rel)) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put = write(event_descriptor_, &one, sizeof one);
}

}  // namespace frontrow
