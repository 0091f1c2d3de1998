// The loop in its own thread, with the real clock and a journal on disk.
#include <chrono>
#include <thread>

#include "journal/rocks_journal.hpp"
#include "sequencer_fixture.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow {
namespace {

using namespace test;
using namespace std::chrono_literals;

template <class Condition>
bool wait_for(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

/// A round whose lobby is open now and stays so.
RoundDefinition round_of_now() {
  auto definition = small_round();
  const Instant now = SystemClock().now();
  definition.first_start = now;
  definition.sale.lobby_opens_at = now;
  definition.sale.draw_at = now + seconds(3'600);
  definition.sale.closes_at = now + seconds(7'200);
  definition.sale.returns_until = now + seconds(7'200);
  return definition;
}

TEST_CASE("four threads' joins are all answered, all journaled and all recovered") {
  const TemporaryDirectory directory;
  const auto definition = round_of_now();
  constexpr int threads = 4;
  constexpr std::uint64_t joins_each = 5'000;
  StateHash hash;
  std::vector<FanId> joined[threads];
  {
    auto journal = journal::RocksJournal::open(directory.path(), {}, {.sync = false, .notice = {}});
    REQUIRE(journal.has_value());
    Engine engine(definition);
    Published published(definition.plan);
    SystemClock clock;
    std::vector<std::unique_ptr<Channel>> channels;
    std::vector<Channel*> pointers;
    for (int n = 0; n < threads; ++n) {
      channels.push_back(std::make_unique<Channel>(256, Subscription{}));
      pointers.push_back(channels.back().get());
    }
    Sequencer sequencer({engine, **journal, published, clock, pointers, [](const std::string&) {}});
    REQUIRE(sequencer.begin(first_start_commands("{}", open_admission())));
    sequencer.start();
    CHECK(published.ready);
    std::vector<std::thread> workers;
    std::atomic<int> failures{0};
    for (int me = 0; me < threads; ++me)
      workers.emplace_back([&, me] {
        Channel& channel = *channels[static_cast<std::size_t>(me)];
        std::uint64_t sent = 0;
        const bool done = wait_for([&] {
          while (sent < joins_each) {
            JoinQueue join;
            join.entry = bytes_of(sent, static_cast<std::uint8_t>(me));
            if (!channel.try_submit({sent, Command{join}, {}})) break;
            ++sent;
          }
          channel.receive(256, [&](Outgoing& outgoing) {
            const auto& answer = std::get<Answer>(outgoing);
            if (answer.correlation != joined[me].size() ||
                answer.reply.rejection != Rejection::kNone)
              ++failures;
            joined[me].push_back(std::get<JoinedView>(answer.reply.body).fan);
          });
          return joined[me].size() == joins_each;
        });
        if (!done) ++failures;
      });
    for (auto& worker : workers) worker.join();
    CHECK(failures == 0);
    sequencer.stop();
    CHECK_FALSE(published.ready);
    hash = engine.state_hash();
  }
  const auto reader = journal::JournalReader::open(directory.path(), {});
  REQUIRE(reader.has_value());
  const auto recovered = recover(**reader, maker_of(definition));
  REQUIRE(recovered.has_value());
  CHECK(recovered->engine->state_hash() == hash);
  CHECK(recovered->engine->fan_count() == threads * joins_each);
  for (int me = 0; me < threads; ++me)
    for (std::uint64_t n = 0; n < joins_each; ++n)
      if (recovered->engine->fan(joined[me][n]).entry != bytes_of(n, static_cast<std::uint8_t>(me)))
        FAIL("a fan has another's place");
}

TEST_CASE("stopping takes and answers what is in the rings") {
  const auto definition = round_of_now();
  journal::MemoryJournal journal;
  Engine engine(definition);
  Published published(definition.plan);
  SystemClock clock;
  Channel channel(4'096, {});
  Sequencer sequencer({engine, journal, published, clock, {&channel}, [](const std::string&) {}});
  REQUIRE(sequencer.begin(first_start_commands("{}", open_admission())));
  sequencer.start();
  for (std::uint64_t n = 0; n < 4'096; ++n) {
    JoinQueue join;
    join.entry = bytes_of(n);
    REQUIRE(channel.try_submit({n, Command{join}, {}}));
  }
  sequencer.stop();
  std::size_t answers = 0;
  channel.receive(10'000, [&](Outgoing&) { ++answers; });
  CHECK(answers == 4'096);
  CHECK(engine.fan_count() == 4'096);
  CHECK(journal.head().last == engine.sequence());
  sequencer.stop();  // again: nothing happens
}

TEST_CASE("a timer fires by itself while nobody sends anything") {
  auto definition = round_of_now();
  definition.sale.draw_at = definition.first_start + milliseconds(50);
  journal::MemoryJournal journal;
  Engine engine(definition);
  Published published(definition.plan);
  SystemClock clock;
  Channel channel(16, {});
  Sequencer sequencer({engine, journal, published, clock, {&channel}, [](const std::string&) {}});
  REQUIRE(sequencer.begin(first_start_commands("{}", open_admission())));
  sequencer.start();
  CHECK(wait_for([&] { return published.read_status().drawn; }));
  sequencer.stop();
}

TEST_CASE("a journal that fails under the running loop ends it and is told once") {
  const auto definition = round_of_now();
  journal::MemoryJournal journal;
  journal.fail_at(3);
  Engine engine(definition);
  Published published(definition.plan);
  SystemClock clock;
  Channel channel(16, {});
  std::atomic<int> failures{0};
  Sequencer sequencer(
      {engine, journal, published, clock, {&channel}, [&](const std::string&) { ++failures; }});
  REQUIRE(sequencer.begin(first_start_commands("{}", open_admission())));
  sequencer.start();
  std::uint64_t sent = 0;
  CHECK(wait_for([&] {
    JoinQueue join;
    join.entry = bytes_of(sent);
    if (channel.try_submit({sent, Command{join}, {}})) ++sent;
    channel.receive(16, [](Outgoing&) {});
    return failures.load() == 1;
  }));
  CHECK(wait_for([&] { return !published.ready; }));
  CHECK(sequencer.failed());
  sequencer.stop();
  CHECK(failures == 1);
}

}  // namespace
}  // namespace frontrow
