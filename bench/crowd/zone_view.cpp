#include "crowd/zone_view.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace frontrow::crowd {

bool ZoneView::take_snapshot(std::string_view base64, std::uint64_t version, std::size_t seats) {
  const auto bytes = from_base64(base64);
  if (!bytes || bytes->size() != (seats + 7) / 8) return false;
  if (seats % 8 != 0 && (bytes->back() >> (seats % 8)) != 0) return false;
  free_.assign(seats, false);
  for (std::size_t n = 0; n < seats; ++n) free_[n] = ((*bytes)[n / 8] >> (n % 8) & 1) != 0;
  version_ = version;
  known_ = true;
  return true;
}

void ZoneView::set_free(std::size_t seat, bool free) {
  if (seat < free_.size()) free_[seat] = free;
}

void ZoneView::forget() {
  std::vector<bool>().swap(free_);
  known_ = false;
}

std::size_t ZoneView::count_free() const {
  return static_cast<std::size_t>(std::ranges::count(free_, true));
}

}  // namespace frontrow::crowd
