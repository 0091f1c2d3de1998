// What fans are told about their wait, held against what came: in small sales of many kinds, with
// fixed seeds. The full one is `./dev bench estimate`.
#include "estimate/calibration.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace frontrow;
using namespace frontrow::estimate;

namespace {

constexpr std::uint32_t seats = 2'000;
constexpr double coverage_wanted = 0.80;

std::uint32_t scaled(std::uint32_t seconds, double factor) {
  return static_cast<std::uint32_t>(std::lround(seconds * factor));
}

}  // namespace

TEST_CASE("four of five fans are called inside the range told to them, in any sale") {
  for (std::uint64_t seed = 101; seed <= 106; ++seed) {
    const Calibration found = calibrate(troubled_sale(seats, seed));
    CHECK(found.called > seats / 2);
    for (const Moment& moment : found.moments) {
      CAPTURE(seed, moment.part, moment.early(), moment.late(), moment.median_width());
      CHECK(moment.told.size() > found.called * 9 / 10);
      CHECK(moment.coverage() >= coverage_wanted);
      // Who is told "between one minute and an hour" has been told nothing.
      CHECK(moment.median_width() < 2.5);
    }
  }
}

TEST_CASE("a range of one in a hundred, or one that is half as long, does not hold") {
  const auto narrow = calibrate(troubled_sale(seats, 101), [](const http::WaitRange& told) {
    return http::WaitRange{told.middle, scaled(told.middle, 0.99), scaled(told.middle, 1.01)};
  });
  const auto hopeful = calibrate(troubled_sale(seats, 101), [](const http::WaitRange& told) {
    return http::WaitRange{told.middle / 2, told.low / 2, told.high / 2};
  });
  for (std::size_t n = 0; n < narrow.moments.size(); ++n) {
    CHECK(narrow.moments[n].coverage() < coverage_wanted);
    CHECK(hopeful.moments[n].coverage() < coverage_wanted);
  }
}

TEST_CASE("chances that are told are what comes, within what a twentieth can say") {
  double brier = 0, high_told = 0, high_found = 0, low_told = 0, low_found = 0;
  std::uint32_t sales = 0;
  for (std::uint64_t seed = 101; seed <= 106; ++seed, ++sales) {
    const Calibration found = calibrate(troubled_sale(seats, seed));
    brier += found.brier;
    high_told += static_cast<double>(found.chances.back().told);
    high_found += static_cast<double>(found.chances.back().found);
    low_told += static_cast<double>(found.chances.front().told);
    low_found += static_cast<double>(found.chances.front().found);
  }
  CHECK(high_told > 1'000);
  CHECK(high_found / high_told > 0.85);
  CHECK(low_found / low_told < 0.1);
  // To tell everybody the share of those who find a seat would be off by some 0.015.
  CHECK(brier / sales < 0.008);
}
