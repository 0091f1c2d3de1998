// How fast the line has been called of late, and what that means for a fan who waits. Pure; each
// front thread keeps one and shows it the round's status.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "frontrow/time.hpp"
#include "frontrow/view.hpp"

namespace frontrow::http {

class CallingRate {
 public:
  /// Takes a sample, at most one a second.
  void observe(const RoundStatus& status, Instant now);
  /// Calls a second over the last minute at most; nothing before there are two samples.
  std::optional<double> per_second() const;

 private:
  struct Sample {
    Instant at;
    std::uint64_t called = 0;
  };
  static constexpr std::size_t samples_max = 61;
  std::array<Sample, samples_max> samples_{};
  std::size_t count_ = 0;
  std::size_t next_ = 0;
};

/// Seconds until a fan with `ahead` others before them is called. The places that the shop has
/// left are called at the admission's pace; those behind at the pace that was seen, or, before
/// any was, at the pace at which full turns would end.
std::uint32_t eta_seconds(std::uint32_t ahead, const RoundStatus& status,
                          std::optional<double> observed_per_second);

}  // namespace frontrow::http
