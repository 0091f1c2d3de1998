#include "payment/timer_queue.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

namespace frontrow::payment {

using Clock = std::chrono::steady_clock;

struct TimerQueue::State {
  explicit State(boost::asio::io_context& context) : timer(context) {}

  boost::asio::steady_timer timer;
  std::multimap<Clock::time_point, std::function<void()>> actions;
  std::optional<Clock::time_point> set_for;

  static void set(const std::shared_ptr<State>& self) {
    if (self->actions.empty()) return;
    const auto first = self->actions.begin()->first;
    if (self->set_for && *self->set_for <= first) return;
    self->set_for = first;
    self->timer.expires_at(first);
    // Weak: a queue that is gone runs nothing, even where its timer had fired already.
    self->timer.async_wait([weak = std::weak_ptr(self)](const boost::system::error_code& error) {
      const auto state = weak.lock();
      if (!state || error) return;
      state->set_for.reset();
      run_due(state);
    });
  }

  static void run_due(const std::shared_ptr<State>& self) {
    // What an action adds for "now" waits for the next turn of the loop, so that a chain of
    // zero delays cannot keep the loop from its other work.
    const auto now = Clock::now();
    const auto end = self->actions.upper_bound(now);
    std::multimap<Clock::time_point, std::function<void()>> due;
    for (auto next = self->actions.begin(); next != end;) {
      due.insert(due.end(), self->actions.extract(next++));
    }
    for (auto& [moment, action] : due) action();
    set(self);
  }
};

TimerQueue::TimerQueue(boost::asio::io_context& context)
    : state_(std::make_shared<State>(context)) {}

TimerQueue::~TimerQueue() {
  state_->timer.cancel();
  state_->actions.clear();
}

void TimerQueue::after(Duration delay, std::function<void()> action) {
  const auto length = std::chrono::microseconds(delay.microseconds > 0 ? delay.microseconds : 0);
  state_->actions.emplace(Clock::now() + length, std::move(action));
  State::set(state_);
}

std::size_t TimerQueue::waiting() const { return state_->actions.size(); }

}  // namespace frontrow::payment
