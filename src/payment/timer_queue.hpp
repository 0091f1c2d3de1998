// Any number of things to do later, over one timer: the timer is not set while nothing waits.
// Belongs to the thread that runs the io_context.
#pragma once

#include <functional>
#include <memory>

#include "frontrow/time.hpp"

namespace boost::asio {
class io_context;
}

namespace frontrow::payment {

class TimerQueue {
 public:
  explicit TimerQueue(boost::asio::io_context& context);
  /// What still waits is dropped, not run.
  ~TimerQueue();
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  /// Runs `action` from the io_context's loop once `delay` has gone by; never from within this
  /// call, also where `delay` is zero or negative. Equal moments run in the order of asking.
  void after(Duration delay, std::function<void()> action);
  std::size_t waiting() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace frontrow::payment
