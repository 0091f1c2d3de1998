// Runs of free seats that are neighbours, found in the bit planes.
//
// Private to src/engine.
#pragma once

#include <bit>
#include <cstdint>

#include "engine/seat_map.hpp"

namespace frontrow::engine {

/// Seats side by side, by their offset in the row.
struct FreeRun {
  std::uint32_t start = 0;
  std::uint32_t length = 0;
};

/// Bit n: seat n of the word and the seat after it are both free and neighbours. `free` and
/// `next_free` are the free bits of this word and the next.
constexpr std::uint64_t free_pairs(std::uint64_t free, std::uint64_t links,
                                   std::uint64_t next_free) {
  const std::uint64_t following = free >> 1 | ((links >> 63) != 0 ? next_free << 63 : 0);
  return free & links & following;
}

/// Calls `visit(FreeRun)` for every run of a row of so many words in order, lone seats included.
/// `free_word(n)` and `link_word(n)` give the bits of its n-th word; a standing row has only lone
/// places.
template <class FreeWord, class LinkWord, class Visit>
void for_each_free_run(std::uint32_t word_count, FreeWord&& free_word, LinkWord&& link_word,
                       Visit&& visit) {
  FreeRun open;  // A run that has reached the end of a word; length 0: none.
  for (std::uint32_t n = 0; n < word_count; ++n) {
    std::uint64_t free = free_word(n);
    const std::uint64_t next = n + 1 < word_count ? free_word(n + 1) : 0;
    const std::uint64_t pairs = free_pairs(free, link_word(n), next);
    while (free != 0) {
      const auto start = static_cast<std::uint32_t>(std::countr_zero(free));
      const auto linked = static_cast<std::uint32_t>(std::countr_one(pairs >> start));
      const bool goes_on = start + linked == 64;
      const std::uint32_t length = goes_on ? linked : linked + 1;
      FreeRun run{n * 64 + start, length};
      if (open.length > 0) {
        // Only the run at bit 0 can continue one from before.
        run = {open.start, open.length + length};
        open = {};
      }
      if (goes_on)
        open = run;
      else
        visit(run);
      free = start + length >= 64 ? 0 : free >> (start + length) << (start + length);
    }
  }
}

}  // namespace frontrow::engine
