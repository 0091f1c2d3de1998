// The wall's time as the sequencer sees it; tests drive their own.
#pragma once

#include "frontrow/time.hpp"

namespace frontrow {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

/// The operating system's clock; may jump, which the sequencer bears.
class SystemClock final : public Clock {
 public:
  Instant now() override;
};

}  // namespace frontrow
