#include "http/turn_reminders.hpp"

namespace frontrow::http {

bool TurnReminders::due(FanState state, SaleTime deadline, Duration left) {
  if (state != FanState::kCalled && state != FanState::kShopping) {
    state_ = state;
    return false;
  }
  const bool anew = state != state_ || deadline != deadline_;
  if (anew) {
    state_ = state;
    deadline_ = deadline;
    at_first_ = left;
    sent_ = 0;
  }
  const Duration of_call[] = {{at_first_.microseconds / 2}, seconds(30), seconds(10)};
  const Duration of_turn[] = {seconds(60)};
  std::uint8_t passed = 0;
  std::uint8_t bit = 1;
  const auto look = [&](Duration moment) {
    if (left <= moment) passed = static_cast<std::uint8_t>(passed | bit);
    bit = static_cast<std::uint8_t>(bit << 1);
  };
  if (state == FanState::kCalled)
    for (const Duration moment : of_call) look(moment);
  else
    for (const Duration moment : of_turn) look(moment);
  const bool more = (passed & ~sent_) != 0;
  sent_ = static_cast<std::uint8_t>(sent_ | passed);
  // Moments that had passed when the socket first heard of it need no word: it has just been told.
  return more && !anew && left > Duration{0};
}

}  // namespace frontrow::http
