// The last events, for those who fetch one back; in memory alone. Belongs to the server's thread.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {

class EventStore {
 public:
  /// `text` is the event as it was sent.
  void keep(const std::string& id, std::string text) {
    if (order_.size() == limits::events_kept_max) {
      events_.erase(order_.front());
      order_.pop_front();
    }
    order_.push_back(id);
    events_.emplace(id, std::move(text));
  }
  /// Null where there is none, or it has been forgotten.
  const std::string* find(std::string_view id) const {
    const auto found = events_.find(id);
    return found != events_.end() ? &found->second : nullptr;
  }
  /// Oldest first.
  const std::deque<std::string>& ids() const { return order_; }

 private:
  std::deque<std::string> order_;
  std::map<std::string, std::string, std::less<>> events_;
};

}  // namespace frontrow::sandbox
