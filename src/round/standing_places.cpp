#include "round/standing_places.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace frontrow::round {
namespace {

struct Point {
  std::int64_t x, y;  // millimetres
};

/// Stretches of the line at height `y` that lie inside the polygon, as ascending pairs of ends.
void cut_at(const std::vector<Point>& polygon, std::int64_t y, std::vector<std::int64_t>& ends) {
  ends.clear();
  for (std::size_t n = 0; n < polygon.size(); ++n) {
    const Point& a = polygon[n];
    const Point& b = polygon[(n + 1) % polygon.size()];
    // Half open: a corner that two edges share is counted once.
    if ((a.y <= y) != (b.y <= y)) ends.push_back(a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y));
  }
  std::sort(ends.begin(), ends.end());
}

/// The grid of one pitch: its points, or only their number where `points` is null.
std::uint64_t grid(const std::vector<Point>& polygon, std::int64_t pitch, std::uint64_t most,
                   bool from_top, std::vector<PlanPoint>* points) {
  std::int64_t top = polygon.front().y, bottom = top;
  for (const Point& point : polygon) {
    top = std::min(top, point.y);
    bottom = std::max(bottom, point.y);
  }
  const std::int64_t ranks = (bottom - top) / pitch;
  const std::int64_t first = top + (bottom - top - (ranks - 1) * pitch) / 2;
  std::uint64_t count = 0;
  std::vector<std::int64_t> ends;
  for (std::int64_t rank = 0; rank < ranks && count < most; ++rank) {
    const std::int64_t y = first + (from_top ? rank : ranks - 1 - rank) * pitch;
    cut_at(polygon, y, ends);
    for (std::size_t n = 0; n + 1 < ends.size(); n += 2) {
      const std::int64_t width = ends[n + 1] - ends[n];
      const std::int64_t in_rank = width / pitch;
      const std::int64_t left = ends[n] + (width - (in_rank - 1) * pitch) / 2;
      for (std::int64_t place = 0; place < in_rank && count < most; ++place, ++count)
        if (points != nullptr)
          points->emplace_back(static_cast<float>(left + place * pitch) / 1000.0F,
                               static_cast<float>(y) / 1000.0F);
    }
  }
  return count;
}

}  // namespace

std::optional<std::vector<PlanPoint>> standing_places(const std::vector<PlanPoint>& outline,
                                                      std::uint32_t capacity, float focal_y) {
  if (outline.size() < 3 || capacity == 0) return std::nullopt;
  std::vector<Point> polygon;
  for (const auto& [x, y] : outline)
    polygon.push_back({std::llround(static_cast<double>(x) * 1000.0),
                       std::llround(static_cast<double>(y) * 1000.0)});
  std::int64_t doubled_area = 0, sum_y = 0;
  for (std::size_t n = 0; n < polygon.size(); ++n) {
    const Point& a = polygon[n];
    const Point& b = polygon[(n + 1) % polygon.size()];
    doubled_area += a.x * b.y - b.x * a.y;
    sum_y += a.y;
  }
  const std::int64_t middle_y = sum_y / static_cast<std::int64_t>(polygon.size());
  const bool from_top = std::llround(static_cast<double>(focal_y) * 1000.0) <= middle_y;

  // The widest pitch that could do is the side of the square that each place has for itself;
  // from there down in small steps to the first that does.
  const std::int64_t square = std::abs(doubled_area) / 2 / capacity;
  std::int64_t pitch = 1;
  while ((pitch + 1) * (pitch + 1) <= square) pitch += std::max<std::int64_t>(1, pitch / 1'000);
  for (; pitch >= standing_pitch_millimetres_min; pitch -= std::max<std::int64_t>(1, pitch / 100)) {
    if (grid(polygon, pitch, capacity, from_top, nullptr) < capacity) continue;
    std::vector<PlanPoint> points;
    points.reserve(capacity);
    grid(polygon, pitch, capacity, from_top, &points);
    return points;
  }
  return std::nullopt;
}

}  // namespace frontrow::round
