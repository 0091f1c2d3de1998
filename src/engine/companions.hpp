// Which accessible place a companion seat belongs to: the nearest one of its row, the one with the
// lower number of two. A companion seat in a row without an accessible place belongs to none and is
// a seat like any other.
//
// Private to src/engine. Pure.
#pragma once

#include <vector>

#include "frontrow/plan.hpp"

namespace frontrow::engine {

class Companions {
 public:
  explicit Companions(const Plan& plan);

  /// The accessible place of a companion seat; none for all other seats.
  SeatIndex accessible_of(SeatIndex seat) const;
  struct Pair {
    SeatIndex companion, accessible;
  };
  /// Ascending by companion seat.
  const std::vector<Pair>& pairs() const { return pairs_; }

 private:
  std::vector<Pair> pairs_;
};

}  // namespace frontrow::engine
