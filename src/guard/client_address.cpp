#include "guard/client_address.hpp"

#include <algorithm>
#include <array>

namespace frontrow::guard {
namespace {

// ff00::/8 is multicast: no sender has such an address, so these prefixes are free for ours.
constexpr std::uint64_t ipv4_prefix = 0xffff'0000'0000'0000;
constexpr std::uint64_t fan_prefix = 0xfffe'0000'0000'0000;

std::uint64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

}  // namespace

std::uint64_t rate_key_of_address(std::span<const std::uint8_t> address) {
  static constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (address.size() == 16 && std::equal(mapped.begin(), mapped.end(), address.begin()))
    address = address.subspan(mapped.size());
  if (address.size() == 4) return ipv4_prefix | big_endian(address);
  if (address.size() == 16) return big_endian(address.first(8));
  return 0;
}

std::uint64_t rate_key_of_fan(FanId fan) { return fan_prefix | fan.value; }

}  // namespace frontrow::guard
