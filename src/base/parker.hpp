// How a thread waits for work: it spins, then yields, then sleeps until woken or until a
// deadline. One thread parks; any thread wakes it.
#pragma once

#include <atomic>
#include <cstdint>

namespace frontrow {

class Parker {
 public:
  /// The waiting thread: announce that it is about to sleep. After this it must look at its
  /// sources once more; then either `cancel()` or `sleep()`.
  void prepare() {
    state_.store(asleep, std::memory_order_relaxed);
    // Orders the announcement before the last look at the sources; pairs with wake().
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  void cancel() { state_.store(awake, std::memory_order_relaxed); }
  /// Sleeps until woken or `microseconds_max` have gone by (negative: no limit).
  void sleep(std::int64_t microseconds_max);

  /// Any thread, after it has made its work visible. Costs one fence and one load while the
  /// other is awake.
  void wake() {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (state_.load(std::memory_order_relaxed) == asleep) wake_sleeper();
  }

 private:
  static constexpr std::uint32_t awake = 0, asleep = 1;
  void wake_sleeper();
  std::atomic<std::uint32_t> state_{awake};
};

/// The stages before sleep: `idle()` after each empty look; true once it is time to sleep.
class Backoff {
 public:
  bool idle();
  void reset() { looks_ = 0; }

 private:
  static constexpr std::uint32_t spins = 200, yields = 40;
  std::uint32_t looks_ = 0;
};

}  // namespace frontrow
