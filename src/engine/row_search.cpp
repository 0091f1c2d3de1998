#include "engine/row_search.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "engine/free_runs.hpp"

namespace frontrow::engine {
namespace {

/// The set bit nearest to `wanted`, the lower of two. Precondition: there is one.
std::uint32_t nearest_bit(std::uint64_t bits, std::uint32_t wanted) {
  const std::uint64_t below = wanted >= 63 ? bits : bits & ((std::uint64_t{2} << wanted) - 1);
  const std::uint64_t above = bits & ~below;
  if (above == 0) return 63 - static_cast<std::uint32_t>(std::countl_zero(below));
  const auto next = static_cast<std::uint32_t>(std::countr_zero(above));
  if (below == 0) return next;
  const std::uint32_t previous = 63 - static_cast<std::uint32_t>(std::countl_zero(below));
  return wanted - previous <= next - wanted ? previous : next;
}

/// Bit s: `quantity` neighbours that are all free begin at s. `pairs` as of `free_pairs`.
std::uint64_t starts_of_runs(std::uint64_t free, std::uint64_t pairs, std::uint32_t quantity) {
  if (quantity == 1) return free;
  if (quantity > 64) return 0;
  std::uint64_t starts = pairs;
  std::uint32_t covered = 1;  // Links that `starts` answers for; doubled while it can be.
  while (covered < quantity - 1) {
    const std::uint32_t step = std::min(covered, quantity - 1 - covered);
    starts &= starts >> step;
    covered += step;
  }
  return starts;
}

/// Of those starts, the ones that leave no seat alone that had a free neighbour.
std::uint64_t starts_without_orphan(std::uint64_t starts, std::uint64_t pairs,
                                    std::uint32_t quantity) {
  const std::uint64_t left_alone = pairs << 1 & ~(pairs << 2);
  const std::uint64_t from_last = pairs >> (quantity - 1);
  const std::uint64_t right_alone = from_last & ~(from_last >> 1);
  return starts & ~left_alone & ~right_alone;
}

/// The best start in a row of several words, run by run.
class LongRowChoice {
 public:
  LongRowChoice(std::uint32_t quantity, std::uint32_t wanted)
      : quantity_(quantity), wanted_(wanted) {}

  void consider(const FreeRun& run) {
    if (run.length < quantity_) return;
    const std::uint32_t room = run.length - quantity_;
    const std::uint32_t middle = std::clamp(wanted_, run.start, run.start + room) - run.start;
    // Three places to either side are enough to get away from a lone seat.
    for (std::uint32_t left = middle > 3 ? middle - 3 : 0; left <= std::min(room, middle + 3);
         ++left)
      consider_start(run.start + left, left != 1 && room - left != 1);
  }
  std::optional<std::uint32_t> best() const { return best_; }

 private:
  std::int64_t away(std::uint32_t from) const {
    return std::abs(std::int64_t{from} - std::int64_t{wanted_});
  }
  void consider_start(std::uint32_t start, bool clean) {
    if (best_ &&
        (best_is_clean_ > clean || (best_is_clean_ == clean && away(start) >= away(*best_))))
      return;
    best_ = start;
    best_is_clean_ = clean;
  }

  const std::uint32_t quantity_, wanted_;
  std::optional<std::uint32_t> best_;
  bool best_is_clean_ = false;
};

}  // namespace

std::uint32_t RowLook::count_free() const {
  std::uint32_t count = 0;
  for (const std::uint64_t word : free) count += static_cast<std::uint32_t>(std::popcount(word));
  return count;
}

std::optional<std::uint32_t> best_start(const RowLook& row, std::uint32_t quantity,
                                        std::uint32_t wanted) {
  if (row.seat_count < quantity || quantity == 0) return std::nullopt;
  if (row.free.size() == 1) {
    const std::uint64_t pairs = free_pairs(row.free[0], row.links[0], 0);
    const std::uint64_t starts = starts_of_runs(row.free[0], pairs, quantity);
    if (starts == 0) return std::nullopt;
    const std::uint64_t clean = starts_without_orphan(starts, pairs, quantity);
    return nearest_bit(clean != 0 ? clean : starts, std::min(wanted, 63U));
  }
  LongRowChoice choice(quantity, wanted);
  for_each_free_run(
      static_cast<std::uint32_t>(row.free.size()), [&](std::uint32_t n) { return row.free[n]; },
      [&](std::uint32_t n) { return row.links[n]; },
      [&](const FreeRun& run) { choice.consider(run); });
  return choice.best();
}

void closest(const RowLook& row, std::uint32_t quantity, std::vector<std::uint32_t>& offsets) {
  offsets.clear();
  for (std::uint32_t n = 0; n < row.free.size(); ++n) {
    for (std::uint64_t bits = row.free[n]; bits != 0; bits &= bits - 1)
      offsets.push_back(n * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
    if (row.standing && offsets.size() >= quantity) break;
  }
  if (offsets.size() <= quantity) return;
  // The window with the least distance from end to end.
  std::size_t best = 0;
  if (!row.standing)
    for (std::size_t n = 1; n + quantity <= offsets.size(); ++n)
      if (offsets[n + quantity - 1] - offsets[n] < offsets[best + quantity - 1] - offsets[best])
        best = n;
  offsets.erase(offsets.begin(), offsets.begin() + static_cast<std::ptrdiff_t>(best));
  offsets.resize(quantity);
}

}  // namespace frontrow::engine
