#include "base/parker.hpp"

#include <catch2/catch.hpp>
#include <thread>

namespace frontrow {
namespace {

TEST_CASE("a wake between the announcement and the sleep is not lost") {
  Parker parker;
  parker.prepare();
  parker.wake();
  parker.sleep(-1);  // returns, or the test hangs
  SUCCEED();
}

TEST_CASE("a sleep ends at its time-out when nobody wakes") {
  Parker parker;
  parker.prepare();
  parker.sleep(1'000);
  SUCCEED();
}

TEST_CASE("a sleeper may change its mind") {
  Parker parker;
  parker.prepare();
  parker.cancel();
  parker.wake();
  parker.prepare();
  parker.wake();
  parker.sleep(-1);
  SUCCEED();
}

TEST_CASE("no hand-over between two threads is ever missed") {
  // Each thread waits for the other's turn without a time-out: one lost wake and nobody moves.
  constexpr int turns = 20'000;
  std::atomic<int> turn{0};
  Parker parkers[2];
  const auto play = [&](int me) {
    for (;;) {
      while (turn.load() % 2 != me && turn.load() < turns) {
        parkers[me].prepare();
        if (turn.load() % 2 == me || turn.load() >= turns) {
          parkers[me].cancel();
          break;
        }
        parkers[me].sleep(-1);
      }
      if (turn.load() >= turns) break;
      turn.fetch_add(1);
      parkers[1 - me].wake();
    }
    parkers[1 - me].wake();
  };
  std::thread other(play, 1);
  play(0);
  other.join();
  CHECK(turn.load() == turns);
}

TEST_CASE("waiting goes through its stages once and starts anew after work") {
  Backoff backoff;
  int looks = 0;
  while (!backoff.idle()) ++looks;
  CHECK(looks > 0);
  CHECK(backoff.idle());
  backoff.reset();
  CHECK_FALSE(backoff.idle());
}

}  // namespace
}  // namespace frontrow
