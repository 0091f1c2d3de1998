#include "sequencer/sequencer.hpp"

#include "frontrow/limits.hpp"

#include "sequencer/group_limits.hpp"
#include "sequencer_fixture.hpp"

namespace frontrow {
namespace {

using namespace test;

using Names = std::vector<std::string>;

TEST_CASE("a first start journals the round and its admission before anything else") {
  Round round;
  round.open();
  CHECK(journaled(round.journal)[0] == Names{"OpenRound", "SetAdmission"});
  const RoundStatus status = round.published.read_status();
  CHECK(status.seats.free == 84);
  CHECK(status.admission == open_admission());
  CHECK(round.published.zone_free(ZoneIndex{0}) == 40);
  CHECK(round.published.draw() != nullptr);
}

TEST_CASE(
    "a group is one block, whoever sent its commands, and each channel gets its own answers") {
  Round round;
  round.open();
  for (std::uint32_t n = 0; n < 3; ++n) {
    JoinQueue join;
    join.entry = bytes_of(n);
    round.submit(round.fans, join);
    join.entry = bytes_of(n, 1);
    round.submit(round.payments, join);
  }
  REQUIRE(round.sequencer.run_once());
  CHECK(journaled(round.journal).back() == Names(6, "JoinQueue"));
  for (Channel* channel : {&round.fans, &round.payments}) {
    const auto answers = Round::answers_in(round.receive(*channel));
    REQUIRE(answers.size() == 3);
    for (std::size_t n = 0; n < 3; ++n) {
      CHECK(answers[n].correlation == 100 + 2 * n + (channel == &round.payments ? 1 : 0));
      CHECK(std::get<JoinedView>(answers[n].reply.body).created);
    }
    CHECK(answers[0].reply.sequence < answers[1].reply.sequence);
  }
}

TEST_CASE("queries are answered where they stand, and a group of queries alone writes nothing") {
  Round round;
  round.open();
  round.let_in(1);
  const auto blocks = round.journal.entries().size();
  round.submit(round.fans, ListOrders{FanId{0}});
  round.submit(round.fans, hold(0, {SeatIndex{0}}));
  round.submit(round.fans, ListOrders{FanId{0}});
  round.submit(round.fans, ReleaseOrder{FanId{0}, OrderId{0}});
  round.submit(round.fans, GetOrder{FanId{0}, OrderId{0}});
  round.turn();
  const auto answers = Round::answers_in(round.receive(round.fans));
  REQUIRE(answers.size() == 5);
  const auto orders = [&](std::size_t n) {
    return std::get<OrderListView>(answers[n].reply.body).orders;
  };
  CHECK(orders(0).empty());
  REQUIRE(orders(2).size() == 1);
  CHECK(orders(2)[0].state == OrderState::kHeld);
  CHECK(std::get<OrderView>(answers[4].reply.body).state == OrderState::kReleased);
  CHECK(answers[0].reply.sequence + 1 == answers[1].reply.sequence);
  CHECK(answers[2].reply.sequence == answers[1].reply.sequence);
  CHECK(round.journal.entries().size() == blocks + 1);

  CHECK(round.ask(ListOrders{FanId{0}}).rejection == Rejection::kNone);
  CHECK(round.journal.entries().size() == blocks + 1);
  CHECK(round.sequencer.statistics().queries.value() == 4);
}

TEST_CASE("what is due comes first in its group, with the group's time") {
  Round round;
  round.open();
  JoinQueue join;
  join.entry = bytes_of(1);
  round.ask(join);
  round.clock.advance(seconds(60));
  join.entry = bytes_of(2);
  round.submit(round.fans, join);
  REQUIRE(round.sequencer.run_once());
  const Names last = journaled(round.journal).back();
  CHECK(last[0] == "CloseLobby");
  CHECK(last[1] == "DrawLine");
  CHECK(last.back() == "JoinQueue");
  const auto view = journal::open_block(1, round.journal.entries().back().value);
  CHECK(view->time == round.clock.now());
  CHECK(round.published.draw()->drawn);
  CHECK(round.published.read_status().drawn);
  CHECK(round.published.read_fan(FanId{0})->rank == 1);
}

TEST_CASE("a quiet turn does nothing and says so") {
  Round round;
  round.open();
  const auto blocks = round.journal.entries().size();
  CHECK_FALSE(round.sequencer.run_once());
  CHECK(round.journal.entries().size() == blocks);
}

TEST_CASE("the time of a group never lies before the last one's, whatever the clock does") {
  Round round;
  round.open();
  round.clock.advance(seconds(30));
  JoinQueue join;
  join.entry = bytes_of(1);
  round.ask(join);
  round.clock.advance(seconds(-20));
  join.entry = bytes_of(2);
  round.ask(join);
  CHECK(round.engine.time() == after_start(seconds(30)));
  CHECK(replay(round.journal).has_value());
}

TEST_CASE("nothing leaves before it is durable") {
  Round round;
  round.open();
  round.let_in(1);
  round.submit(round.fans, hold(0, {SeatIndex{0}}));
  bool looked = false;
  round.journal.before_write([&] {
    looked = true;
    CHECK(round.fans.waiting_arrivals() == 0);
    CHECK(round.published.zone_free(ZoneIndex{0}) == 40);
    CHECK(round.published.read_status().seats.held == 0);
  });
  round.turn();
  CHECK(looked);
  CHECK(round.published.zone_free(ZoneIndex{0}) == 39);
  CHECK(round.published.read_status().seats.held == 1);
  CHECK(round.fans.waiting_arrivals() == 2);
}

TEST_CASE("a large group too is told of only once it is durable") {
  Round round(small_round(), 4'096);
  round.open();
  for (std::uint32_t n = 0; n < 1'000; ++n) {
    JoinQueue join;
    join.entry = bytes_of(n);
    round.submit(round.fans, join);
  }
  std::size_t seen_early = 0;
  round.journal.before_write(
      [&] { seen_early += round.fans.waiting_arrivals() + round.published.fan_count(); });
  REQUIRE(round.sequencer.run_once());
  CHECK(round.journal.entries().back().value.size() > group_limits::inline_bytes_max);
  CHECK(seen_early == 0);
  CHECK(round.published.fan_count() == 1'000);
  CHECK(Round::answers_in(round.receive(round.fans)).size() == 1'000);
}

TEST_CASE("a failed write is the end: nobody is told, readiness ends, nothing more is taken") {
  const std::uint32_t commands = GENERATE(1U, 1'000U);  // on this thread, and on the other
  Round round(small_round(), 4'096);
  round.open();
  round.published.ready = true;
  round.journal.fail_at(round.journal.entries().size());
  for (std::uint32_t n = 0; n < commands; ++n) {
    JoinQueue join;
    join.entry = bytes_of(n);
    round.submit(round.fans, join);
  }
  round.turn();
  CHECK(round.failures.size() == 1);
  CHECK(round.sequencer.failed());
  CHECK_FALSE(round.published.ready);
  CHECK(round.fans.waiting_arrivals() == 0);
  CHECK(round.published.fan_count() == 0);
  round.submit(round.fans, JoinQueue{});
  CHECK_FALSE(round.sequencer.run_once());
  CHECK(round.failures.size() == 1);
}

TEST_CASE("a start whose first block cannot be written says so") {
  Round round;
  round.journal.fail_at(0);
  CHECK_FALSE(round.sequencer.begin(first_start_commands("{}", open_admission())));
  CHECK(round.failures.size() == 1);
}

TEST_CASE("a group is bounded in commands") {
  Round round(small_round(), 16'384);
  round.open();
  constexpr std::uint32_t count = 10'000;
  for (std::uint32_t n = 0; n < count; ++n) round.submit(round.fans, LeaveQueue{FanId{n}});
  const auto before = round.journal.entries().size();
  round.turn();
  const auto names = journaled(round.journal);
  std::size_t total = 0;
  for (std::size_t n = before; n < names.size(); ++n) {
    CHECK(names[n].size() <= group_limits::submissions_max);
    total += names[n].size();
  }
  CHECK(total == count);
  CHECK(names.size() - before == 3);
}

TEST_CASE("a group is bounded in bytes") {
  Round round;
  round.open();
  BlockSeats block;
  block.seats.assign(limits::seats_per_command_max / 10, SeatIndex::none());
  for (int n = 0; n < 40; ++n) round.submit(round.fans, block);
  const auto before = round.journal.entries().size();
  round.turn();
  // Each command is larger than a third of the bound: no more than a visit's worth in a block.
  CHECK(round.journal.entries().size() - before == 2);
  CHECK(round.receive(round.fans).size() == 40);
}

TEST_CASE("no channel is left waiting behind a busy one") {
  Round round(small_round(), 16'384);
  round.open();
  for (std::uint32_t n = 0; n < 8'000; ++n) round.submit(round.fans, LeaveQueue{FanId{n}});
  round.submit(round.payments, LeaveQueue{FanId{1}});
  REQUIRE(round.sequencer.run_once());
  CHECK(round.payments.waiting_arrivals() == 1);
  CHECK(round.fans.waiting_submissions() > 0);
}

TEST_CASE("the sequencer counts what it does") {
  Round round;
  round.open();
  round.let_in(1);
  round.ask(hold(0, {SeatIndex{0}}));
  round.ask(hold(0, {SeatIndex{0}}));
  const auto& counted = round.sequencer.statistics();
  const auto of = [&](std::uint16_t number, Rejection rejection) {
    return counted.commands[number][static_cast<std::size_t>(rejection)].value();
  };
  CHECK(of(PlaceHold::number, Rejection::kNone) == 1);
  CHECK(of(PlaceHold::number, Rejection::kSeatsUnavailable) == 1);
  CHECK(of(OpenRound::number, Rejection::kNone) == 1);
  CHECK(of(DrawLine::number, Rejection::kNone) == 1);
  std::uint64_t in_buckets = 0;
  for (std::size_t n = 0; n < decltype(counted.group_size)::bucket_count; ++n)
    in_buckets += counted.group_size.in_bucket(n);
  CHECK(in_buckets == counted.groups.value());
  CHECK(counted.groups.value() == round.journal.entries().size());
  CHECK(counted.group_size.sum() == round.engine.sequence());
  CHECK(counted.journaled_bytes.value() > 0);
}

TEST_CASE("a histogram puts each value where its bound says") {
  DoublingHistogram<3, 10> histogram;  // up to 10, 20, 40, and above
  for (const std::uint64_t value : {0, 10, 11, 20, 40, 41, 1'000}) histogram.observe(value);
  CHECK(histogram.in_bucket(0) == 2);
  CHECK(histogram.in_bucket(1) == 2);
  CHECK(histogram.in_bucket(2) == 1);
  CHECK(histogram.in_bucket(3) == 2);
  CHECK(histogram.sum() == 1'122);
}

}  // namespace
}  // namespace frontrow
