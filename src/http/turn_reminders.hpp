// Which reminders of a turn that runs out one socket has been sent: for a called fan at half of
// the time that was left when the socket first heard of the call, and 30 and 10 seconds before the
// end; for a shopping fan 60 seconds before it. Pure; belongs to one socket.
#pragma once

#include <cstdint>

#include "frontrow/time.hpp"
#include "frontrow/view.hpp"

namespace frontrow::http {

class TurnReminders {
 public:
  /// The fan as it is now, with `left` until `deadline`. True where a reminder is due, which is
  /// then counted as sent. A deadline that was moved begins anew.
  bool due(FanState state, SaleTime deadline, Duration left);

 private:
  FanState state_ = FanState::kLobby;
  std::uint8_t sent_ = 0;  ///< A bit for each moment.
  SaleTime deadline_;
  Duration at_first_;
};

}  // namespace frontrow::http
