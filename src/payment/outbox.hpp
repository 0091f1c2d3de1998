// Submissions on their way into a channel that may be full: kept in order until the ring takes
// them. Belongs to the channel's near side.
//
// Bounded by what fills it: the payment desk reports each of its cases once, an action apart.
#pragma once

#include <deque>
#include <utility>

#include "base/channel.hpp"

namespace frontrow::payment {

class Outbox {
 public:
  explicit Outbox(Channel& channel) : channel_(channel) {}

  void push(Submission&& submission) { waiting_.push_back(std::move(submission)); }
  /// As many as there is room for. Call it after every arrival, because room comes with answers,
  /// and a while later where some still wait: an answer may come a moment before the room.
  void flush() {
    // A refused submission is left as it was: `try_submit` takes all or nothing.
    while (!waiting_.empty() && channel_.try_submit(std::move(waiting_.front()))) {
      waiting_.pop_front();
    }
  }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  Channel& channel_;
  std::deque<Submission> waiting_;
};

}  // namespace frontrow::payment
