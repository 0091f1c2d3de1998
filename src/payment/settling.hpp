// Compares, every now and then, the orders that await something of the gateway with the cases that
// the desk has open: what has fallen out between them is settled as after a start.
//
// Belongs to the payment thread.
#pragma once

#include <functional>
#include <vector>

#include "frontrow/reply.hpp"

namespace frontrow::payment {

class Settling {
 public:
  /// Puts a question to the sequencer; its answer goes to `answered`, in order.
  using Ask = std::function<void(Query&&)>;
  /// Must leave an order alone that has a case open.
  using Settle = std::function<void(const UnsettledOrder&)>;

  Settling(Ask ask, Settle settle) : ask_(std::move(ask)), settle_(std::move(settle)) {}

  /// Asks for all of them, a stretch at a time. Nothing happens while that is still under way.
  void begin();
  void answered(Reply&& reply);
  bool under_way() const { return under_way_; }

 private:
  const Ask ask_;
  const Settle settle_;
  bool under_way_ = false;
  /// Told by the last answer. What the engine wanted before that answer arrives here before the
  /// next one does: only then is an order without a case one that was forgotten.
  std::vector<UnsettledOrder> told_;
};

}  // namespace frontrow::payment
