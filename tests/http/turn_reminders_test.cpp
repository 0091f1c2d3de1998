#include <catch2/catch.hpp>
#include <vector>

#include "http/turn_reminders.hpp"

using namespace frontrow;
using namespace frontrow::http;

namespace {

constexpr SaleTime deadline{1'000'000'000};

/// The seconds left at which a socket that looks once a second, from `from` on, is reminded.
std::vector<int> reminded(TurnReminders& reminders, FanState state, int from, int to = 0,
                          SaleTime until = deadline) {
  std::vector<int> at;
  for (int left = from; left >= to; --left)
    if (reminders.due(state, until, seconds(left))) at.push_back(left);
  return at;
}

}  // namespace

TEST_CASE("a called fan is reminded at half of the time, and 30 and 10 seconds before the end") {
  struct Row {
    int from;
    std::vector<int> expected;
  };
  const Row rows[] = {
      {120, {60, 30, 10}},
      {60, {30, 10}},  // half and thirty are the same moment
      {40, {30, 20, 10}},
      {25, {12, 10}},  // what had passed before the socket came is not caught up on
      {8, {4}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.from);
    TurnReminders reminders;
    CHECK(reminded(reminders, FanState::kCalled, row.from) == row.expected);
  }
}

TEST_CASE("a shopping fan is reminded a minute before the end, whenever the socket came") {
  TurnReminders whole, late;
  CHECK(reminded(whole, FanState::kShopping, 600) == std::vector<int>{60});
  CHECK(reminded(late, FanState::kShopping, 45).empty());
}

TEST_CASE("a deadline that moved begins anew, and who is not in a turn is not reminded") {
  TurnReminders reminders;
  CHECK(reminded(reminders, FanState::kCalled, 120, 5) == std::vector<int>({60, 30, 10}));
  CHECK(reminded(reminders, FanState::kCalled, 120, 5, deadline + seconds(115)) ==
        std::vector<int>({60, 30, 10}));
  CHECK(reminded(reminders, FanState::kShopping, 600, 50) == std::vector<int>{60});
  CHECK(reminded(reminders, FanState::kWaiting, 600).empty());
}

TEST_CASE("one that looks rarely is reminded once for all that has passed") {
  TurnReminders reminders;
  CHECK_FALSE(reminders.due(FanState::kCalled, deadline, seconds(120)));
  CHECK(reminders.due(FanState::kCalled, deadline, seconds(5)));
  CHECK_FALSE(reminders.due(FanState::kCalled, deadline, seconds(4)));
  CHECK_FALSE(reminders.due(FanState::kCalled, deadline, seconds(0)));
}
