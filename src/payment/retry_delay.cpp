#include "payment/retry_delay.hpp"

#include <algorithm>

namespace frontrow::payment {

Duration retry_delay(Duration first, Duration longest, std::uint32_t tries, std::uint32_t random) {
  std::int64_t length = std::min(first.microseconds, longest.microseconds);
  for (std::uint32_t n = 1; n < tries && length < longest.microseconds; ++n) {
    length = std::min(length * 2, longest.microseconds);
  }
  const std::int64_t half = length / 2;
  return microseconds(half + static_cast<std::int64_t>(random) % (length - half + 1));
}

}  // namespace frontrow::payment
