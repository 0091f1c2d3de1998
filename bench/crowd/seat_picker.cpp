#include "crowd/seat_picker.hpp"

#include <algorithm>

namespace frontrow::crowd {
namespace {

// First seats of all runs of `wanted` free seats in `row`.
std::vector<std::uint32_t> runs_in(const CatalogueRow& row, const ZoneView& view,
                                   std::size_t wanted) {
  std::vector<std::uint32_t> starts;
  std::size_t length = 0;
  for (std::uint32_t seat = row.first; seat < row.first + row.count; ++seat) {
    length = view.is_free(seat) ? length + 1 : 0;
    if (length >= wanted) starts.push_back(seat + 1 - static_cast<std::uint32_t>(wanted));
  }
  return starts;
}

}  // namespace

std::vector<std::uint32_t> pick_seats(const CatalogueZone& zone, const ZoneView& view,
                                      std::size_t wanted, Random& random) {
  std::vector<std::uint32_t> picked;
  if (wanted == 0 || zone.seats.empty() || view.size() != zone.seats.size()) return picked;

  const std::size_t first_row = random.below(zone.rows.size());
  for (std::size_t n = 0; n < zone.rows.size(); ++n) {
    const auto starts = runs_in(zone.rows[(first_row + n) % zone.rows.size()], view, wanted);
    if (starts.empty()) continue;
    const std::uint32_t start = starts[random.below(starts.size())];
    for (std::uint32_t seat = start; seat < start + wanted; ++seat) picked.push_back(seat);
    return picked;
  }

  for (std::uint32_t seat = 0; seat < zone.seats.size(); ++seat)
    if (view.is_free(seat)) picked.push_back(seat);
  while (picked.size() > wanted) {
    picked[random.below(picked.size())] = picked.back();
    picked.pop_back();
  }
  std::ranges::sort(picked);
  return picked;
}

}  // namespace frontrow::crowd
