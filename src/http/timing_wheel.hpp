// Timeouts of a thread's connections: a ring of lists, one a grain of time, so that setting and
// moving one costs a few pointers and no timer of the system. Used by its thread alone.
#pragma once

#include <array>
#include <cstdint>

#include "http/http_limits.hpp"

namespace frontrow::http {

/// Something that can run out of time. It takes itself off the wheel when it is destroyed.
class Timed {
 public:
  Timed() = default;
  virtual ~Timed() { unlink(); }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;
  /// The deadline has passed; it is off the wheel and may be set again, or destroyed, in here.
  virtual void on_timeout() = 0;

 private:
  friend class TimingWheel;
  void unlink();
  Timed* previous_ = nullptr;
  Timed* next_ = nullptr;
  Timed** head_ = nullptr;  // of the list that it is in
  std::int64_t due_ = 0;    // in grains
};

class TimingWheel {
 public:
  /// In place of whatever deadline it had: never before `milliseconds` have gone by.
  void set(Timed& timed, std::int64_t milliseconds);
  void cancel(Timed& timed) { timed.unlink(); }
  /// Runs what is due at `now_milliseconds` of a clock that never runs backwards.
  void advance(std::int64_t now_milliseconds);

 private:
  void link(Timed& timed);
  std::int64_t now_ = 0;  // in grains; everything due by then has run
  std::array<Timed*, limits::wheel_slots> slots_{};
};

}  // namespace frontrow::http
