#include "queue/counted_bits.hpp"

#include <algorithm>

namespace frontrow::queue {

CountedBits::CountedBits(std::uint32_t capacity)
    : words_((std::size_t{capacity} / 64 / block_words + 1) * block_words),
      in_block_(std::size_t{capacity} / 64 / block_words + 1) {}

void CountedBits::set(std::uint32_t bit) {
  const std::uint32_t block = bit / 64 / block_words;
  words_.grow_to(std::max<std::size_t>(words_.size(), std::size_t{block + 1} * block_words), 0);
  in_block_.grow_to(std::max<std::size_t>(in_block_.size(), std::size_t{block} + 1), 0);
  std::uint64_t& word = words_[bit / 64];
  const std::uint64_t mask = std::uint64_t{1} << bit % 64;
  if ((word & mask) != 0) return;
  word |= mask;
  ++in_block_[block];
  ++count_;
  first_block_ = std::min(first_block_, block);
}

void CountedBits::clear(std::uint32_t bit) {
  if (!test(bit)) return;
  words_[bit / 64] &= ~(std::uint64_t{1} << bit % 64);
  --in_block_[bit / 64 / block_words];
  --count_;
}

std::uint32_t CountedBits::count_before(std::uint32_t bit) const {
  if (bit / 64 >= words_.size()) return count_;
  const std::uint32_t word = bit / 64;
  const std::uint32_t block = word / block_words;
  std::uint32_t before = 0;
  for (std::uint32_t n = first_block_; n < block; ++n) before += in_block_[n];
  for (std::uint32_t n = block * block_words; n < word; ++n)
    before += static_cast<std::uint32_t>(std::popcount(words_[n]));
  const std::uint64_t below = (std::uint64_t{1} << bit % 64) - 1;
  return before + static_cast<std::uint32_t>(std::popcount(words_[word] & below));
}

std::uint32_t CountedBits::first() const { return nth(0); }

std::uint32_t CountedBits::nth(std::uint32_t index) const {
  if (index >= count_) return none;
  while (in_block_[first_block_] == 0) ++first_block_;
  std::uint32_t block = first_block_;
  while (index >= in_block_[block]) index -= in_block_[block++];
  std::uint32_t word = block * block_words;
  for (;;) {
    const auto in_word = static_cast<std::uint32_t>(std::popcount(words_[word]));
    if (index < in_word) break;
    index -= in_word;
    ++word;
  }
  std::uint64_t bits = words_[word];
  for (; index > 0; --index) bits &= bits - 1;
  return word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
}

}  // namespace frontrow::queue
