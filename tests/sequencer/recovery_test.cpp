#include "sequencer/recovery.hpp"

#include <cstring>

#include "base/bytes.hpp"
#include "journal/crc32c.hpp"
#include "sequencer_fixture.hpp"

namespace frontrow {
namespace {

using namespace test;
using journal::Fault;

/// A round with something of everything in it.
std::unique_ptr<Round> lived_round() {
  auto round = std::make_unique<Round>();
  round->open();
  round->let_in(4);
  round->ask(hold(0, {SeatIndex{0}, SeatIndex{1}}));
  round->ask(hold(1, {SeatIndex{0}}));  // refused
  round->ask(hold(2, {SeatIndex{10}}));
  StartPayment payment;
  payment.fan = FanId{0};
  payment.order = OrderId{0};
  round->ask(payment);
  round->ask(RecordPaymentSuccess{OrderId{0}, 1, Amount{2 * 680'000}, "ch_1"});
  payment.fan = FanId{2};
  payment.order = OrderId{1};
  round->ask(payment);
  round->clock.advance(seconds(30));
  round->ask(hold(3, {SeatIndex{20}}));
  return round;
}

void seal_again(std::vector<journal::MemoryJournal::Entry>& entries, std::size_t from) {
  // Checksum and chain made good from here on, as a forger would.
  for (std::size_t n = from; n < entries.size(); ++n) {
    auto& value = entries[n].value;
    if (n > 0) {
      const auto hash = sha256(entries[n - 1].value);
      std::memcpy(value.data() + 16, hash.data(), hash.size());
    }
    value.resize(value.size() - journal::block_checksum_bytes);
    ByteWriter(value).integer(journal::crc32c(value));
  }
}

TEST_CASE("a replayed journal gives the same state, fan for fan and seat for seat") {
  const auto round = lived_round();
  const auto recovered = replay(round->journal);
  INFO((recovered.has_error() ? recovered.error().message : ""));
  REQUIRE(recovered.has_value());
  const Engine& engine = *recovered->engine;
  CHECK(engine.state_hash() == round->engine.state_hash());
  CHECK(engine.sequence() == round->engine.sequence());
  CHECK(engine.time() == round->engine.time());
  CHECK(recovered->commands == round->engine.sequence());
  CHECK(recovered->refused == 1);
  CHECK(recovered->definition == "{}");
  CHECK(recovered->summary.head.last == round->engine.sequence());
  CHECK(recovered->summary.head.hash == round->journal.head().hash);
  CHECK(engine.check_invariants().empty());
}

TEST_CASE("an empty journal recovers to nothing") {
  const auto recovered = replay(journal::MemoryJournal{});
  REQUIRE(recovered.has_value());
  CHECK(recovered->engine == nullptr);
  CHECK(recovered->commands == 0);
}

TEST_CASE("a replay ends where it is told, in the middle of a block too") {
  const auto round = lived_round();
  for (const Sequence to : {Sequence{1}, Sequence{2}, Sequence{5}, Sequence{12}}) {
    RecoveryOptions options;
    options.to = to;
    const auto recovered = replay(round->journal, small_round(), options);
    REQUIRE(recovered.has_value());
    CHECK(recovered->engine->sequence() == to);
    CHECK(recovered->commands == to);
  }
}

TEST_CASE("who reads along sees every command with its answer") {
  const auto round = lived_round();
  std::vector<Sequence> sequences;
  std::size_t refused = 0;
  RecoveryOptions options;
  options.on_command = [&](Sequence sequence, Instant, const Command& command, const Reply& reply,
                           const Engine& engine) {
    sequences.push_back(sequence);
    CHECK(engine.sequence() == sequence);
    if (reply.rejection == Rejection::kNone) return;
    ++refused;
    CHECK(std::holds_alternative<PlaceHold>(command));
  };
  REQUIRE(replay(round->journal, small_round(), options).has_value());
  CHECK(sequences.size() == round->engine.sequence());
  CHECK(sequences.back() == round->engine.sequence());
  CHECK(refused == 1);
}

TEST_CASE("a recorded state hash that is not the replayed one is named") {
  const auto round = lived_round();
  auto& entries = round->journal.entries();
  for (std::size_t n = 0; n < entries.size(); ++n) {
    auto saved = entries;
    entries[n].value[48] ^= 1;
    seal_again(entries, n);
    const auto recovered = replay(round->journal);
    REQUIRE(recovered.has_error());
    CHECK(recovered.error().fault == Fault::kState);
    CHECK(recovered.error().sequence == journal::sequence_of_key(entries[n].key));
    entries = std::move(saved);
  }
}

TEST_CASE("another rule, which only shows in the state, is found by the state hash") {
  const auto round = lived_round();
  SmallRound other;
  other.hold = seconds(299);
  const auto recovered = replay(round->journal, other.definition());
  REQUIRE(recovered.has_error());
  CHECK(recovered.error().fault == Fault::kState);
}

TEST_CASE("a journal that does not begin with a round of these rules is refused at its first") {
  journal::MemoryJournal without_round;
  journal::MemoryJournal other_rules;
  journal::BlockBuilder block;
  block.begin(1, Instant{1}, {});
  block.add(Tick{});
  REQUIRE(without_round.append(block).has_value());
  block.begin(1, Instant{1}, {});
  block.add(OpenRound{Engine::rules_version + 1, "{}"});
  REQUIRE(other_rules.append(block).has_value());
  for (const auto* bad : {&without_round, &other_rules}) {
    const auto recovered = replay(*bad);
    REQUIRE(recovered.has_error());
    CHECK(recovered.error().fault == Fault::kFirstCommand);
    CHECK(recovered.error().sequence == 1);
  }
}

TEST_CASE("a definition that cannot be read is refused with its reason") {
  const auto round = lived_round();
  Replayer replayer(
      [](const OpenRound&) -> boost::system::result<std::unique_ptr<Engine>, std::string> {
        return std::string("no such venue");
      },
      {});
  journal::BlockVerifier verifier([&](const journal::Block& each) { return replayer.apply(each); });
  const auto& first = round->journal.entries().front();
  const auto accepted = verifier.accept(first.key, first.value);
  REQUIRE(accepted.has_error());
  CHECK(accepted.error().message == "sequence 1: no such venue");
}

TEST_CASE("a later start moves the sale's time by the gap and journals a changed admission") {
  const auto round = lived_round();
  auto recovered = replay(round->journal);
  REQUIRE(recovered.has_value());
  const Instant restart = recovered->engine->time() + seconds(90);

  auto same = later_start_commands(*recovered->engine, restart, open_admission(), open_admission());
  REQUIRE(same.size() == 1);
  CHECK(std::get<Resume>(same[0]).gap == seconds(90));

  AdmissionRules changed = open_admission();
  changed.per_second = 7;
  const auto commands =
      later_start_commands(*recovered->engine, restart, open_admission(), changed);
  REQUIRE(commands.size() == 2);
  CHECK(std::get<SetAdmission>(commands[1]).operator_name == "config");
  CHECK(std::get<SetAdmission>(commands[1]).rules == changed);

  const auto set_back =
      later_start_commands(*recovered->engine, Instant{5}, open_admission(), open_admission());
  CHECK(std::get<Resume>(set_back[0]).gap == seconds(0));
}

TEST_CASE("a restarted round publishes what it was, asks for open payments and goes on") {
  const auto before = lived_round();
  auto recovered = replay(before->journal);
  REQUIRE(recovered.has_value());
  Engine& engine = *recovered->engine;
  ManualClock clock;
  clock.set(engine.time() + seconds(1'000));
  journal::MemoryJournal journal(recovered->summary.head);
  Published published(engine.definition().plan);
  Channel channel(64, {.fans = true});
  Sequencer sequencer({engine, journal, published, clock, {&channel}, [](const std::string&) {}});

  const auto unsettled = sequencer.unsettled_orders();
  REQUIRE(unsettled.size() == 1);
  CHECK(unsettled[0].order == OrderId{1});
  CHECK(unsettled[0].attempt == 1);
  REQUIRE(sequencer.begin(
      later_start_commands(engine, clock.now(), open_admission(), open_admission())));

  CHECK(published.fan_count() == 4);
  CHECK(published.read_fan(FanId{3})->state == FanState::kShopping);
  CHECK(published.zone_free(ZoneIndex{0}) == 36);
  CHECK(published.zone_version(ZoneIndex{0}) == engine.sequence());
  CHECK(published.draw()->drawn);
  CHECK(published.read_status().seats.sold == 2);
  // The hold had 300 s when the server died, 1000 s ago; it has them still.
  sequencer.run_once();
  CHECK(engine.order(OrderId{2}).state == OrderState::kHeld);
  CHECK(journal.head().last == engine.sequence());
}

}  // namespace
}  // namespace frontrow
