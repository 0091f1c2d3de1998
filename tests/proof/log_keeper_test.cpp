// The log's thread: what was recovered first, then what the sequencer sends.
#include "proof/log_keeper.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "log_room.hpp"

using namespace frontrow;
using namespace frontrow::proof;
using frontrow::test::LogRoom;

namespace {

/// Waits for the condition; false where it does not come about in time.
template <class Condition>
bool comes_about(Condition&& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

struct KeptLog : LogRoom {
  Channel channel{1, Subscription{.facts = true}};

  void send(std::vector<FactNote> notes) {
    Outgoing outgoing = EventDelivery{FactsRecorded{std::move(notes)}, {}};
    while (!channel.try_send(std::move(outgoing))) {
      channel.notify();
      std::this_thread::yield();
    }
    channel.notify();
  }
};

}  // namespace

TEST_CASE("the first checkpoint covers all that was recovered, the next what came since") {
  KeptLog kept;
  std::vector<FactNote> recovered, all;
  for (int n = 0; n < 40'000; ++n) recovered.push_back(kept.join());
  all = recovered;
  LogKeeper keeper(kept.log, kept.channel, {recovered.begin(), recovered.end()});
  CHECK(keeper.backlog() == recovered.size());
  keeper.start();
  REQUIRE(comes_about([&] { return kept.log.checkpoint() != nullptr; }));
  CHECK(kept.log.checkpoint()->size == recovered.size());
  CHECK(keeper.backlog() == 0);
  CHECK(kept.newest().root == kept.root_of(recovered));
  // More groups than the ring has room for; inside a command the notes lie as they happened.
  for (int n = 0; n < 6'000; ++n) {
    std::vector<FactNote> notes{kept.join()};
    ++kept.sequence;
    const auto later = kept.sale(FactKind::kSold, OrderId{1}, SeatIndex{5});
    const auto earlier = kept.sale(FactKind::kSold, OrderId{1}, SeatIndex{4});
    notes.insert(notes.end(), {later, earlier});
    all.insert(all.end(), {notes[0], earlier, later});
    kept.send(notes);
  }
  REQUIRE(comes_about([&] { return kept.log.checkpoint()->size == all.size(); }));
  CHECK(kept.newest().root == kept.root_of(all));
  keeper.stop();
}

TEST_CASE("a log without facts has a checkpoint from the start") {
  KeptLog kept;
  LogKeeper keeper(kept.log, kept.channel, {});
  keeper.start();
  REQUIRE(comes_about([&] { return kept.log.checkpoint() != nullptr; }));
  CHECK(kept.log.checkpoint()->size == 0);
}

TEST_CASE("the log's thread stops while it waits, while it takes in, and where it never began") {
  KeptLog kept;
  { const LogKeeper never_started(kept.log, kept.channel, {}); }
  {
    LogKeeper waiting(kept.log, kept.channel, {});
    waiting.start();
    REQUIRE(comes_about([&] { return kept.log.checkpoint() != nullptr; }));
    waiting.stop();
    waiting.stop();
  }
  std::deque<FactNote> many;
  for (int n = 0; n < 100'000; ++n) many.push_back(kept.join());
  LogKeeper busy(kept.log, kept.channel, std::move(many));
  busy.start();
  busy.stop();
  CHECK(kept.log.leaves() + busy.backlog() == 100'000);
}
