// The two rings between the sequencer and one other thread (a front thread, the payment
// thread, a bench). The other thread owns the `Channel`'s near side, the sequencer the far one.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <variant>

#include "base/parker.hpp"
#include "base/spsc_ring.hpp"
#include "frontrow/reply.hpp"

namespace frontrow {

/// What travels to the sequencer. `correlation` comes back with the answer, unread.
struct Submission {
  std::uint64_t correlation = 0;
  std::variant<Command, Query> what;
  /// With `StartPayment` alone: handed to the payment thread beside the journal, never written.
  std::string card_token;
};

struct Answer {
  std::uint64_t correlation = 0;
  Reply reply;
};

/// An event that wants a card token takes it along.
struct EventDelivery {
  Event event;
  std::string card_token;
};

/// What travels back: the answers to this channel's submissions, each once, in the order of
/// submission, and the events that the channel subscribed to, in the order of the journal.
using Outgoing = std::variant<Answer, EventDelivery>;

/// Which events a channel is sent.
struct Subscription {
  bool fans = false;      ///< OrderChanged, NoticePosted, DrawPublished, LateWindowPublished.
  bool payments = false;  ///< ChargeWanted, CancelWanted, RefundWanted. One channel has this.
  bool facts = false;     ///< FactsRecorded. One channel has this.
};

class Channel {
 public:
  /// `in_flight_max`: submissions without an answer yet; more are refused at once.
  Channel(std::size_t in_flight_max, Subscription subscription);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // --- near side: one thread -----------------------------------------------------------

  /// False: full, nothing taken. To a fan: 503 with Retry-After.
  bool try_submit(Submission&& submission);
  /// Hands what has arrived to `take(Outgoing&)`; returns how many.
  template <class Take>
  std::size_t receive(std::size_t max, Take&& take) {
    return from_sequencer_.drain(max, [&](Outgoing& outgoing) {
      if (std::holds_alternative<Answer>(outgoing)) --in_flight_;
      take(outgoing);
    });
  }
  bool has_arrivals() const { return !from_sequencer_.empty(); }
  std::size_t in_flight() const { return in_flight_; }
  /// An eventfd that becomes readable when something has arrived while `armed`. Near side:
  /// `arm()`, look once more, then wait on it; `disarm()` after waking reads it empty.
  int event_descriptor() const { return event_descriptor_; }
  void arm();
  void disarm();

  // --- far side: the sequencer ----------------------------------------------------------

  template <class Take>
  std::size_t drain(std::size_t max, Take&& take) {
    return to_sequencer_.drain(max, take);
  }
  /// False: full for now; try again later. There is always room for the answers in flight if
  /// no events are queued before them, so events are bounded by the sender.
  bool try_send(Outgoing&& outgoing) { return from_sequencer_.try_push(std::move(outgoing)); }
  /// After the last `try_send` of a batch.
  void notify();
  const Subscription& subscription() const { return subscription_; }
  /// The sequencer sets this once, before the near side submits.
  void attach(Parker* sequencer) { sequencer_ = sequencer; }

  /// Any thread, for metrics.
  std::size_t waiting_submissions() const { return to_sequencer_.size(); }
  std::size_t waiting_arrivals() const { return from_sequencer_.size(); }

 private:
  const std::size_t in_flight_max_;
  const Subscription subscription_;
  SpscRing<Submission> to_sequencer_;
  SpscRing<Outgoing> from_sequencer_;
  Parker* sequencer_ = nullptr;
  int event_descriptor_ = -1;
  std::size_t in_flight_ = 0;  // near side's
  std::atomic<bool> armed_{false};
};

}  // namespace frontrow
