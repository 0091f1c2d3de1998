// Whether fans are told the truth about their wait: a simulated sale is run twice, the first time
// to learn when everybody is called, the second time to ask what each would have been told at named
// moments of that wait. Values only come out; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "http/queue_view.hpp"
#include "sale/scenario.hpp"

namespace frontrow::estimate {

/// What was told to one fan at one moment, and what came of it.
struct Told {
  double after_draw_seconds = 0;
  double wait_seconds = 0;  ///< The whole one, from the draw or from joining.
  double left_seconds = 0;  ///< What was still to come.
  std::uint32_t ahead = 0;
  http::WaitRange range;
  bool inside() const { return range.low <= left_seconds && left_seconds <= range.high; }
};

struct Moment {
  double part = 0;  ///< Of the wait.
  std::vector<Told> told;
  double coverage() const;
  double median_width() const;  ///< Of high by low, both taken as at least one second.
  double early() const;         ///< Share called before the range.
  double late() const;
};

/// Chances told between two bounds, and how many of those fans found a free seat.
struct ChanceBand {
  double from = 0, to = 0;
  std::uint64_t told = 0, found = 0;
  double sum = 0;  ///< Of what was told.
};

struct Calibration {
  std::array<Moment, 3> moments;
  std::array<ChanceBand, 5> chances;
  double brier = 0;  ///< Mean square of what was told less what came.
  std::uint64_t chances_told = 0;
  std::uint32_t fans = 0, called = 0;
  double median_wait_seconds = 0, longest_wait_seconds = 0;
};

/// Changes a range before it is judged: for tests that need a worse estimator.
using Distortion = std::function<http::WaitRange(const http::WaitRange&)>;

Calibration calibrate(const sale::Scenario& scenario, const Distortion& distortion = {});

/// A sale of so many seats with two fans for each: a shop that is full from the first minute to
/// the last, and a gateway that has slow spells and fails for a while.
sale::Scenario troubled_sale(std::uint32_t seats, std::uint64_t seed);

}  // namespace frontrow::estimate
