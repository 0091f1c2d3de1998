#include "http/bitmap.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace frontrow::http {

std::vector<std::uint8_t> pack_bitmap(const Plan& plan, ZoneIndex zone,
                                      std::span<const std::uint64_t> words) {
  const PlanZone& geometry = plan.zone(zone);
  std::vector<std::uint8_t> bytes((geometry.seat_count + 7) / 8, 0);
  std::uint32_t at = 0;  // bits written
  for (std::uint32_t r = 0; r < geometry.row_count; ++r) {
    const PlanRow& row = plan.row(RowIndex{geometry.first_row.value + r});
    for (std::uint32_t done = 0; done < row.seat_count; done += 64) {
      const std::uint32_t count = std::min(64U, row.seat_count - done);
      std::uint64_t word = words[row.first_word - geometry.first_word + done / 64];
      if (count < 64) word &= (std::uint64_t{1} << count) - 1;
      for (std::uint32_t n = 0; n < count;) {
        const std::uint32_t shift = at % 8;
        const std::uint32_t take = std::min(8 - shift, count - n);
        const auto part = static_cast<std::uint32_t>(word >> n) & ((1U << take) - 1);
        bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | part << shift);
        n += take;
        at += take;
      }
    }
  }
  return bytes;
}

std::string bitmap_text(const Plan& plan, ZoneIndex zone, std::span<const std::uint64_t> words) {
  return to_base64(pack_bitmap(plan, zone, words));
}

}  // namespace frontrow::http
