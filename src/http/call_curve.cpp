#include "http/call_curve.hpp"

#include <algorithm>
#include <cstdint>

namespace frontrow::http {
namespace {

/// Past this nobody tells the numbers apart, and sums of them stay numbers.
constexpr double endless_seconds = 1e8;
constexpr double least_a_second = 1e-6;

double between(double low, double high, double part) { return low + (high - low) * part; }

}  // namespace

void CallCurve::clear() {
  count_ = 0;
  calls_a_second_ = places_a_second_ = 0;
}

void CallCurve::add(double seconds, double calls, double put_back) {
  if (count_ == points_max) return;
  const auto highest = count_ == 0 ? 0.0F : places_[count_ - 1];
  seconds_[count_] = static_cast<float>(seconds);
  calls_[count_] = static_cast<float>(calls);
  places_[count_] = std::max(highest, static_cast<float>(calls - put_back));
  ++count_;
}

void CallCurve::go_on(double calls_a_second, double put_back_a_second) {
  calls_a_second_ = std::max(calls_a_second, least_a_second);
  places_a_second_ = std::max(calls_a_second - put_back_a_second, least_a_second);
}

double CallCurve::until(const std::array<float, points_max>& of, double wanted,
                        double a_second) const {
  const auto end = of.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found = std::lower_bound(of.begin(), end, static_cast<float>(wanted));
  if (found == of.begin()) return 0;
  const auto at = static_cast<std::size_t>(found - of.begin());
  const auto before = static_cast<double>(of[at - 1]);
  const auto began = static_cast<double>(seconds_[at - 1]);
  if (found == end) return std::min(began + (wanted - before) / a_second, endless_seconds);
  return between(began, static_cast<double>(seconds_[at]),
                 (wanted - before) / (static_cast<double>(of[at]) - before));
}

double CallCurve::calls_at(double seconds) const {
  const auto end = seconds_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found = std::upper_bound(seconds_.begin(), end, static_cast<float>(seconds));
  const auto at = static_cast<std::size_t>(found - seconds_.begin());
  const auto calls = static_cast<double>(calls_[at - 1]);
  const double passed = seconds - static_cast<double>(seconds_[at - 1]);
  if (found == end) return calls + passed * calls_a_second_;
  const double step = static_cast<double>(seconds_[at]) - static_cast<double>(seconds_[at - 1]);
  return between(calls, static_cast<double>(calls_[at]), passed / step);
}

double CallCurve::seconds_until(double place, double places_back) const {
  if (count_ == 0) return endless_seconds;
  if (place <= places_back) return until(calls_, place, calls_a_second_);
  // While more stand ahead than fans are put back, those who miss their turn come to stand ahead;
  // after that they come to stand behind.
  const double far = place - places_back;
  const double near_from = until(places_, far, places_a_second_);
  const double put_back = std::max(calls_at(near_from) - far, 0.0);
  return until(calls_, place + put_back, calls_a_second_);
}

}  // namespace frontrow::http
