#include "base/parker.hpp"

#include <immintrin.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace frontrow {

void Parker::sleep(std::int64_t microseconds_max) {
  timespec limit{};
  timespec* timeout = nullptr;
  if (microseconds_max >= 0) {
    limit.tv_sec = microseconds_max / 1'000'000;
    limit.tv_nsec = microseconds_max % 1'000'000 * 1'000;
    timeout = &limit;
  }
  // A return for any reason (woken, time-out, signal) is a reason to look again.
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&state_), FUTEX_WAIT_PRIVATE, asleep, timeout,
          nullptr, 0);
  state_.store(awake, std::memory_order_relaxed);
}

void Parker::wake_sleeper() {
  if (state_.exchange(awake, std::memory_order_acq_rel) == asleep)
    syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&state_), FUTEX_WAKE_PRIVATE, 1, nullptr,
            nullptr, 0);
}

bool Backoff::idle() {
  if (looks_ < spins) {
    ++looks_;
    _mm_pause();
    return false;
  }
  if (looks_ < spins + yields) {
    ++looks_;
    sched_yield();
    return false;
  }
  return true;
}

}  // namespace frontrow
