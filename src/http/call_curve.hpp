// How far a line will have moved by when: points of a forecast, and the look-up in them. Pure.
#pragma once

#include <array>
#include <cstddef>

namespace frontrow::http {

class CallCurve {
 public:
  void clear();
  /// Points in the order of time. `calls` so far; `put_back` of those who were called before stand
  /// again before whoever is further back than the places they were put back.
  void add(double seconds, double calls, double put_back);
  /// What each second brings after the last point.
  void go_on(double calls_a_second, double put_back_a_second);

  /// Until a fan is called who has the `place`th place, from 1, where those who miss their turn are
  /// put back `places_back`.
  double seconds_until(double place, double places_back) const;

 private:
  static constexpr std::size_t points_max = 400;
  double until(const std::array<float, points_max>& of, double wanted, double a_second) const;
  double calls_at(double seconds) const;

  std::array<float, points_max> seconds_{}, calls_{}, places_{};
  std::size_t count_ = 0;
  double calls_a_second_ = 0, places_a_second_ = 0;
};

}  // namespace frontrow::http
