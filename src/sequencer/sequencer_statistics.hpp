// What the sequencer counts. Written by its thread alone with plain loads and stores (no
// read-modify-write); read by any thread at any time.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "frontrow/rejection.hpp"

namespace frontrow {

class Counter {
 public:
  void add(std::uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Buckets by doubling bounds: `first`, 2 × `first`, 4 × `first`, …, and one for all above.
template <std::size_t Buckets, std::uint64_t first>
class DoublingHistogram {
 public:
  static constexpr std::size_t bucket_count = Buckets + 1;
  /// Largest value that bucket `n` counts; the last one has no bound.
  static constexpr std::uint64_t bound(std::size_t n) { return first << n; }

  void observe(std::uint64_t value) {
    std::size_t n = 0;
    while (n < Buckets && value > bound(n)) ++n;
    buckets_[n].add();
    sum_.add(value);
  }
  std::uint64_t in_bucket(std::size_t n) const { return buckets_[n].value(); }
  std::uint64_t sum() const { return sum_.value(); }

 private:
  std::array<Counter, bucket_count> buckets_;
  Counter sum_;
};

struct SequencerStatistics {
  static constexpr std::size_t command_numbers = 64;
  static constexpr std::size_t rejections = static_cast<std::size_t>(Rejection::kCount);
  /// By permanent number of the command (`command_name_of_number`) and by rejection.
  std::array<std::array<Counter, rejections>, command_numbers> commands;
  Counter queries;
  Counter groups;                       ///< That were journaled.
  DoublingHistogram<14, 1> group_size;  ///< Commands of a group.
  Counter journaled_bytes;
  DoublingHistogram<16, 50> sync_microseconds;  ///< Of one block's write, sync included.
  Counter events_sent;
  Counter events_dropped;  ///< For front threads that did not take them.
  Counter held_back;       ///< Outgoing values that found a ring full and were sent later.
};

}  // namespace frontrow
