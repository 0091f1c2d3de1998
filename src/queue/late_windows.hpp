// Who joined after the lobby closed, gathered in windows of time. Fans have dense ids in the order
// of joining, so a window is a range of ids.
//
// Pure; used by one thread at a time.
#pragma once

#include <cstdint>
#include <deque>

#include "frontrow/ids.hpp"
#include "frontrow/time.hpp"

namespace frontrow::queue {

class LateWindows {
 public:
  struct Window {
    std::uint64_t number = 0;
    FanId first;
    std::uint32_t count = 0;
  };

  explicit LateWindows(Duration length) : length_(length > Duration{0} ? length : seconds(1)) {}

  /// The window in which one who joins at `time` is gathered. Precondition: not before `draw_at`.
  std::uint64_t number_at(Instant draw_at, Instant time) const {
    return static_cast<std::uint64_t>((time - draw_at).microseconds / length_.microseconds);
  }
  /// Precondition: fans come in the order of their ids, windows in the order of their numbers.
  void add(std::uint64_t number, FanId fan) {
    if (open_.empty() || open_.back().number != number) open_.push_back({number, fan, 0});
    ++open_.back().count;
  }
  bool empty() const { return open_.empty(); }
  /// The window to close next: windows close in their order, those without members are no windows.
  const Window& front() const { return open_.front(); }
  Instant end_of_front(Instant draw_at) const {
    return draw_at + Duration{static_cast<std::int64_t>(front().number + 1) * length_.microseconds};
  }
  void close_front() { open_.pop_front(); }
  const std::deque<Window>& open() const { return open_; }

 private:
  Duration length_;
  std::deque<Window> open_;
};

}  // namespace frontrow::queue
