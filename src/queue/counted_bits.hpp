// A plane of bits with counts by block, so that "how many before", "the first" and "the n-th" cost
// a walk over a few counts however many bits there are.
//
// Pure; used by one thread at a time.
#pragma once

#include <bit>
#include <cstdint>

#include "base/paged_array.hpp"

namespace frontrow::queue {

class CountedBits {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// Bits 0 to `capacity` - 1, all clear.
  explicit CountedBits(std::uint32_t capacity);

  bool test(std::uint32_t bit) const {
    return bit / 64 < words_.size() && (words_[bit / 64] >> bit % 64 & 1) != 0;
  }
  /// Setting a set bit, or clearing a clear one, changes nothing.
  void set(std::uint32_t bit);
  void clear(std::uint32_t bit);

  std::uint32_t count() const { return count_; }
  std::uint32_t count_before(std::uint32_t bit) const;
  /// The lowest set bit, or `none`.
  std::uint32_t first() const;
  /// The set bit that has `index` set bits before it, or `none`.
  std::uint32_t nth(std::uint32_t index) const;

 private:
  static constexpr std::uint32_t block_words = 64;

  PagedArray<std::uint64_t> words_;
  PagedArray<std::uint32_t> in_block_;
  std::uint32_t count_ = 0;
  mutable std::uint32_t first_block_ = 0;  ///< No bit is set before this block.
};

}  // namespace frontrow::queue
