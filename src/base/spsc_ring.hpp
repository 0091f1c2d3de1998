// A bounded ring between exactly one producing and one consuming thread. Wait-free on both
// sides; the layout follows rigtorp/SPSCQueue: each side keeps a copy of the other's index, so
// that the shared cache line is touched only when the ring looks full or empty.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#include "base/assert.hpp"

namespace frontrow {

template <class T>
class SpscRing {
 public:
  /// `capacity` is rounded up to a power of two; all slots are made at once and reused, so
  /// that a T that keeps its memory on assignment allocates no more after the first lap.
  explicit SpscRing(std::size_t capacity)
      : mask_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity) - 1),
        slots_(std::make_unique<T[]>(mask_ + 1)) {}

  SpscRing(const SpscRing&) = delete;
  SpscRing& operator=(const SpscRing&) = delete;

  std::size_t capacity() const { return mask_ + 1; }

  /// Producer. False, and `value` untouched, where the ring is full.
  bool try_push(T&& value) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_seen_ > mask_) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail - head_seen_ > mask_) return false;
    }
    slots_[tail & mask_] = std::move(value);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  /// Consumer. Hands up to `max` values to `take(T&)`, in order; returns how many.
  template <class Take>
  std::size_t drain(std::size_t max, Take&& take) {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (tail_seen_ == head) {
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (tail_seen_ == head) return 0;
    }
    std::size_t count = tail_seen_ - head;
    if (count > max) count = max;
    for (std::size_t n = 0; n < count; ++n) take(slots_[(head + n) & mask_]);
    head_.store(head + count, std::memory_order_release);
    return count;
  }

  bool try_pop(T& value) {
    return drain(1, [&](T& slot) { value = std::move(slot); }) == 1;
  }

  /// Any thread; a moment's glance for metrics and for going to sleep.
  std::size_t size() const {
    const std::size_t head = head_.load(std::memory_order_acquire);
    const std::size_t tail = tail_.load(std::memory_order_acquire);
    return tail - head;
  }
  bool empty() const { return size() == 0; }

 private:
  // Two lines apart, because the adjacent-line prefetcher fetches pairs.
  static constexpr std::size_t line = 128;
  const std::size_t mask_;
  const std::unique_ptr<T[]> slots_;
  alignas(line) std::atomic<std::size_t> tail_{0};
  alignas(line) std::size_t head_seen_ = 0;  // producer's
  alignas(line) std::atomic<std::size_t> head_{0};
  alignas(line) std::size_t tail_seen_ = 0;  // consumer's
};

}  // namespace frontrow
