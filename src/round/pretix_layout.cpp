#include "round/pretix_layout.hpp"

#include <algorithm>
#include <cmath>

namespace frontrow::round {
namespace {

/// Seats of a zone that areas are held against; evenly taken where there are more.
constexpr std::size_t seats_tried_max = 1'000;
/// The order in which seats stand is taken over the file's where it is this much shorter to walk.
constexpr double shorter_walk = 0.9;

double distance(PretixPoint a, PretixPoint b) { return std::hypot(a.x - b.x, a.y - b.y); }

double walk(const std::vector<PretixSeat>& seats) {
  double length = 0;
  for (std::size_t n = 1; n < seats.size(); ++n) length += distance(seats[n - 1].at, seats[n].at);
  return length;
}

PretixPoint farthest_from(PretixPoint from, const std::vector<PretixSeat>& seats) {
  return std::max_element(seats.begin(), seats.end(),
                          [&](const PretixSeat& a, const PretixSeat& b) {
                            return distance(from, a.at) < distance(from, b.at);
                          })
      ->at;
}

double doubled_area(const std::vector<PretixPoint>& polygon) {
  double sum = 0;
  for (std::size_t n = 0; n < polygon.size(); ++n) {
    const PretixPoint a = polygon[n], b = polygon[(n + 1) % polygon.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return std::abs(sum);
}

/// On which side of the line from `a` to `b` the point is: its sign.
double side(PretixPoint a, PretixPoint b, PretixPoint point) {
  return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
}

bool cross(PretixPoint a, PretixPoint b, PretixPoint c, PretixPoint d) {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

bool is_inside(const std::vector<PretixPoint>& polygon, PretixPoint point) {
  bool inside = false;
  for (std::size_t n = 0; n < polygon.size(); ++n) {
    const PretixPoint a = polygon[n], b = polygon[(n + 1) % polygon.size()];
    if ((a.y <= point.y) != (b.y <= point.y) &&
        point.x < a.x + (point.y - a.y) * (b.x - a.x) / (b.y - a.y))
      inside = !inside;
  }
  return inside;
}

std::vector<PretixPoint> seats_to_try(const PretixZone& zone) {
  std::size_t count = 0;
  for (const PretixRow& row : zone.rows) count += row.seats.size();
  const std::size_t step = (count + seats_tried_max - 1) / seats_tried_max;
  std::vector<PretixPoint> points;
  std::size_t n = 0;
  for (const PretixRow& row : zone.rows)
    for (const PretixSeat& seat : row.seats)
      if (n++ % step == 0) points.push_back(seat.at);
  return points;
}

}  // namespace

bool put_in_order(PretixRow& row) {
  if (row.seats.size() < 3) return false;
  const PretixPoint end = farthest_from(row.seats.front().at, row.seats);
  const PretixPoint other = farthest_from(end, row.seats);
  // From the end that the file begins nearer to, so that numbers keep their direction.
  const bool forward = distance(row.seats.front().at, end) < distance(row.seats.front().at, other);
  const PretixPoint from = forward ? end : other, to = forward ? other : end;
  std::vector<PretixSeat> sorted = row.seats;
  std::stable_sort(sorted.begin(), sorted.end(), [&](const PretixSeat& a, const PretixSeat& b) {
    const auto along = [&](PretixPoint at) {
      return (at.x - from.x) * (to.x - from.x) + (at.y - from.y) * (to.y - from.y);
    };
    return along(a.at) < along(b.at);
  });
  if (walk(sorted) >= shorter_walk * walk(row.seats)) return false;
  row.seats = std::move(sorted);
  return true;
}

std::vector<double> neighbour_distances(const PretixRow& row) {
  std::vector<double> distances;
  for (std::size_t n = 1; n < row.seats.size(); ++n)
    distances.push_back(distance(row.seats[n - 1].at, row.seats[n].at));
  return distances;
}

double median_distance(std::vector<double> distances) {
  std::erase_if(distances, [](double one) { return !(one > 0); });
  if (distances.empty()) return 0;
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>((distances.size() - 1) / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle;
}

std::vector<std::uint32_t> gaps_of(const PretixRow& row, double usual_in_plan) {
  const std::vector<double> distances = neighbour_distances(row);
  const double own = distances.size() >= own_distances_min ? median_distance(distances) : 0;
  const double usual = own > 0 ? own : usual_in_plan;
  std::vector<std::uint32_t> gaps;
  if (!(usual > 0)) return gaps;
  for (std::size_t n = 0; n < distances.size(); ++n)
    if (distances[n] > gap_distances * usual) gaps.push_back(static_cast<std::uint32_t>(n + 1));
  return gaps;
}

bool is_sound(const std::vector<PretixPoint>& polygon) {
  if (polygon.size() < 3 || !(doubled_area(polygon) > 0)) return false;
  const std::size_t size = polygon.size();
  for (std::size_t n = 0; n < size; ++n)
    for (std::size_t m = n + 2; m < size; ++m)
      if (cross(polygon[n], polygon[n + 1], polygon[m], polygon[(m + 1) % size])) return false;
  return true;
}

std::optional<std::vector<PretixPoint>> outline_of(const PretixZone& zone) {
  const std::vector<PretixPoint> seats = seats_to_try(zone);
  const std::vector<PretixPoint>* best = nullptr;
  std::size_t most = 0;
  for (const auto& area : zone.areas) {
    std::size_t inside = 0;
    for (const PretixPoint seat : seats) inside += is_inside(area, seat) ? 1 : 0;
    if (inside * 2 < seats.size() || inside < most) continue;
    if (inside == most && best != nullptr && doubled_area(area) >= doubled_area(*best)) continue;
    if (!is_sound(area)) continue;
    best = &area;
    most = inside;
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

}  // namespace frontrow::round
