// What the sandbox does badly on purpose, as a value: how slow, how often, when. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "frontrow/time.hpp"

namespace frontrow::sandbox {

/// From `begin` after the server's start, for `length`.
struct Outage {
  Duration begin, length;
};
inline constexpr std::size_t outages_max = 1'000;
/// No answer is held back, and no charge kept pending, for longer.
inline constexpr Duration fault_delay_max = seconds(3'600);

struct Faults {
  // Time before a request is acted upon: a log-normal distribution with this median and this
  // 99th percentile. A median of 0: at once. A percentile below the median: always the median.
  Duration latency_median, latency_p99;
  // Rates from 0 to 1.
  double decline_rate = 0;         ///< Of charges that would have been captured.
  double dropped_answer_rate = 0;  ///< Acted upon, then the connection is closed unanswered.
  double duplicated_notice_rate = 0;
  double reordered_notice_rate = 0;  ///< Held back until later ones have gone.
  bool notices = true;               ///< Off: none is sent; what happens meanwhile is never told.
  std::vector<Outage> outages;
  bool outage = false;        ///< One is on now, whatever the list says.
  bool outage_drops = false;  ///< In an outage connections are closed, in place of 503.
  /// From the making of a charge to its end; 0: it is made and ended at once.
  Duration capture_delay = milliseconds(300);
  /// Whether a charge that a person has to approve waits for that person. Else it is approved by
  /// itself after the time of `tok_slow`: ten times `capture_delay`, at least 3 s.
  bool approve_by_hand = false;
  /// For such a charge; it has failed then.
  Duration approval_time = seconds(900);
  std::uint64_t seed = 1;
};

}  // namespace frontrow::sandbox
