// How long to wait before asking a gateway again. Any thread.
#pragma once

#include <cstdint>

#include "frontrow/time.hpp"

namespace frontrow::payment {

struct RetryRules {
  Duration first = milliseconds(200);
  Duration longest = seconds(30);
  /// How often a charge is sent while the gateway cannot be reached. After that it is cancelled,
  /// until the gateway says that nothing was or will be taken.
  std::uint32_t create_attempts_max = 5;
  /// First wait before asking what became of a charge that is pending.
  Duration first_look = seconds(1);
};

/// Doubles with each of `tries` (from 1) up to `longest`; of that, between half and all, as
/// `random` has it, so that a thousand fans who failed together do not come back together.
Duration retry_delay(Duration first, Duration longest, std::uint32_t tries, std::uint32_t random);

}  // namespace frontrow::payment
