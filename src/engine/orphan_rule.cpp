#include "engine/orphan_rule.hpp"

#include <algorithm>
#include <bitset>
#include <cstdlib>

#include "engine/free_runs.hpp"
#include "frontrow/limits.hpp"

namespace frontrow::engine {
namespace {

using Offsets = std::vector<std::uint32_t>;
using Sums = std::bitset<limits::seats_per_fan_max + 1>;

/// Whether `taken` seats off one end of a run of `length` leave no seat alone that had company.
bool leaves_no_orphan(std::uint32_t length, std::uint32_t taken) {
  return length == 1 || taken == length || length - taken >= 2;
}

/// Free seats that the choice leaves alone in their run of two or more.
Offsets orphans_in(const std::vector<FreeRun>& runs, const Offsets& picked) {
  Offsets orphans;
  auto next = picked.begin();
  for (const FreeRun& run : runs) {
    if (run.length < 2) continue;
    const std::uint32_t end = run.start + run.length;
    next = std::lower_bound(next, picked.end(), run.start);
    std::uint32_t open = run.start;  // Begin of what is left since the last picked seat.
    for (;;) {
      const std::uint32_t stop = next != picked.end() && *next < end ? *next : end;
      if (stop - open == 1) orphans.push_back(open);
      if (stop == end) break;
      open = stop + 1;
      ++next;
    }
  }
  return orphans;
}

/// Twice the distance of a stretch's middle from the middle of what was asked for.
std::int64_t distance(std::uint32_t start, std::uint32_t length, std::int64_t asked_twice) {
  return std::abs(2 * std::int64_t{start} + length - 1 - asked_twice);
}

/// `count` seats side by side that leave no orphan, as near as can be.
std::optional<Offsets> side_by_side(const std::vector<FreeRun>& runs, std::uint32_t count,
                                    std::int64_t asked_twice) {
  std::optional<std::uint32_t> best;
  for (const FreeRun& run : runs) {
    if (run.length < count) continue;
    for (std::uint32_t left = 0; left + count <= run.length; ++left) {
      const std::uint32_t right = run.length - count - left;
      if ((left == 1 || right == 1) && run.length > 1) continue;
      const std::uint32_t start = run.start + left;
      if (!best || distance(start, count, asked_twice) < distance(*best, count, asked_twice))
        best = start;
    }
  }
  if (!best) return std::nullopt;
  Offsets offsets(count);
  for (std::uint32_t n = 0; n < count; ++n) offsets[n] = *best + n;
  return offsets;
}

/// `count` seats out of several runs, off their ends, near runs first.
std::optional<Offsets> spread(std::vector<FreeRun> runs, std::uint32_t count,
                              std::int64_t asked_twice) {
  std::stable_sort(runs.begin(), runs.end(), [&](const FreeRun& a, const FreeRun& b) {
    return distance(a.start, a.length, asked_twice) < distance(b.start, b.length, asked_twice);
  });
  if (runs.size() > orphan_runs_max) runs.resize(orphan_runs_max);
  // can[n] has bit c where runs n and later can give exactly c seats.
  std::vector<Sums> can(runs.size() + 1);
  can.back().set(0);
  for (std::size_t n = runs.size(); n-- > 0;) {
    can[n] = can[n + 1];
    for (std::uint32_t taken = 1; taken <= std::min(runs[n].length, count); ++taken)
      if (leaves_no_orphan(runs[n].length, taken)) can[n] |= can[n + 1] << taken;
  }
  if (!can.front().test(count)) return std::nullopt;
  Offsets offsets;
  std::uint32_t missing = count;
  for (std::size_t n = 0; n < runs.size() && missing > 0; ++n) {
    std::uint32_t taken = std::min(runs[n].length, missing);
    while (taken > 0 &&
           !(leaves_no_orphan(runs[n].length, taken) && can[n + 1].test(missing - taken)))
      --taken;
    const std::uint32_t last = runs[n].start + runs[n].length - taken;
    const bool from_front =
        distance(runs[n].start, taken, asked_twice) <= distance(last, taken, asked_twice);
    for (std::uint32_t seat = 0; seat < taken; ++seat)
      offsets.push_back((from_front ? runs[n].start : last) + seat);
    missing -= taken;
  }
  std::sort(offsets.begin(), offsets.end());
  return offsets;
}

}  // namespace

std::optional<OrphanFinding> find_orphans(const SeatMap& map, SeatSpan picked,
                                          const std::function<bool(ZoneIndex)>& applies) {
  std::vector<SeatIndex> sorted(picked.begin(), picked.end());
  std::sort(sorted.begin(), sorted.end());
  OrphanFinding finding;
  for (std::size_t begin = 0; begin < sorted.size();) {
    const PlanRow& row = map.plan().row(map.plan().seat(sorted[begin]).row);
    const std::uint32_t first = row.first_seat.value;
    Offsets offsets;
    while (begin < sorted.size() && sorted[begin].value < first + row.seat_count)
      offsets.push_back(sorted[begin++].value - first);
    const auto count = static_cast<std::uint32_t>(offsets.size());
    std::optional<Offsets> better;
    if (map.plan().zone(row.zone).kind == ZoneKind::kSeated && count <= limits::seats_per_fan_max &&
        applies(row.zone)) {
      std::vector<FreeRun> runs;
      for_each_free_run(
          row.word_count, [&](std::uint32_t n) { return map.free_word(row.first_word + n); },
          [&](std::uint32_t n) { return map.link_word(row.first_word + n); },
          [&](FreeRun run) { runs.push_back(run); });
      if (const Offsets orphans = orphans_in(runs, offsets); !orphans.empty()) {
        const std::int64_t asked_twice = std::int64_t{offsets.front()} + offsets.back();
        better = side_by_side(runs, count, asked_twice);
        if (!better) better = spread(std::move(runs), count, asked_twice);
        if (better)
          for (const std::uint32_t offset : orphans)
            finding.orphans.push_back(SeatIndex{first + offset});
      }
    }
    for (const std::uint32_t offset : better ? *better : offsets)
      finding.suggestions.push_back(SeatIndex{first + offset});
  }
  if (finding.orphans.empty()) return std::nullopt;
  return finding;
}

}  // namespace frontrow::engine
