// The way out to one channel. It never blocks: what finds the ring full is held back and sent
// later, in order. The sequencer's thread alone.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "base/channel.hpp"
#include "sequencer/sequencer_statistics.hpp"

namespace frontrow {

class Outlet {
 public:
  Outlet(Channel& channel, SequencerStatistics& statistics)
      : channel_(&channel), statistics_(&statistics) {}

  Channel& channel() { return *channel_; }
  /// Held back where there is no room. Bounded by the submissions that the channel lets be in
  /// flight, because each is answered once.
  void send_answer(Answer&& answer) { send(std::move(answer)); }
  /// To a front thread: dropped beyond `group_limits::events_held_back_max`; its sockets then
  /// find out by asking.
  void send_fan_event(const Event& event);
  /// To the payment thread: never dropped. Bounded by the orders there are.
  void send_payment_event(Event&& event, std::string&& card_token);
  /// To the transparency log: never dropped. Bounded by the facts of a round.
  void send_facts(std::vector<FactNote>&& facts);
  /// Sends what was held back as far as there is room; true where anything was sent.
  bool send_held_back();
  bool holds_back() const { return !held_back_.empty(); }
  /// Wakes the other thread if anything was sent since the last call.
  void notify();

 private:
  void send(Outgoing&& outgoing);

  Channel* channel_;
  SequencerStatistics* statistics_;
  std::deque<Outgoing> held_back_;
  std::size_t events_held_back_ = 0;
  bool has_sent_ = false;
};

}  // namespace frontrow
