// One front thread's way to the sequencer: keeps what is to be done with each answer until it
// comes. Bounded by the channel's submissions in flight. Used by its thread alone.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/channel.hpp"

namespace frontrow::http {

class Submitter {
 public:
  using Continuation = std::function<void(Reply&)>;

  explicit Submitter(Channel& channel) : channel_(channel) {}

  /// False: full, nothing was sent and `continuation` will not be called.
  bool submit(std::variant<Command, Query>&& what, Continuation&& continuation,
              std::string&& card_token = {});
  void on_answer(Answer& answer);
  std::size_t waiting() const { return slots_.size() - free_.size(); }
  /// At the end: lets go of whatever waits.
  void clear();

 private:
  Channel& channel_;
  std::vector<Continuation> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace frontrow::http
