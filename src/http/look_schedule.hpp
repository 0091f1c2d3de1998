// When which live socket is next worth a look: a ring of lists, one a grain of time, so that a turn
// costs what is due and not what there is. Used by its thread alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "frontrow/time.hpp"

namespace frontrow::http {

/// Something to be looked at. It takes itself off when it is destroyed.
class Scheduled {
 public:
  Scheduled() = default;
  ~Scheduled() { unlink(); }
  Scheduled(const Scheduled&) = delete;
  Scheduled& operator=(const Scheduled&) = delete;
  bool linked() const { return next_ != nullptr; }

 private:
  friend class LookSchedule;
  void unlink();
  Scheduled* previous_ = nullptr;
  Scheduled* next_ = nullptr;
};

class LookSchedule {
 public:
  LookSchedule();
  LookSchedule(const LookSchedule&) = delete;
  LookSchedule& operator=(const LookSchedule&) = delete;

  /// In place of whatever was set before: not before `delay` has passed, and soon after it. Longer
  /// delays than the ring are cut to it.
  void set(Scheduled& one, Duration delay);
  void cancel(Scheduled& one) { one.unlink(); }
  /// Makes everything due at once.
  void set_all_due();
  /// Moves the clock; one that was set back stands still until it runs on.
  void advance(Instant now);
  /// Takes one that is due off the schedule; none where nothing is.
  Scheduled* take_due();

 private:
  static constexpr std::int64_t grain_microseconds = 50'000;
  static constexpr std::size_t slot_count = 1'024;
  static void link(Scheduled& head, Scheduled& one);
  /// All of `from` behind what is due.
  void make_due(Scheduled& from);

  std::array<Scheduled, slot_count> slots_;  // heads of rings
  Scheduled due_;
  std::int64_t passed_microseconds_ = 0;
  std::int64_t grain_ = 0;
  Instant now_;
  bool started_ = false;
};

}  // namespace frontrow::http
