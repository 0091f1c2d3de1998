// The log against the journal itself: what recovery makes of it is what was told live, and a
// journal that was rewritten in its middle cannot be passed off as the old one continued, however
// well its hash chain was made good.
#include <catch2/catch.hpp>
#include <deque>
#include <functional>

#include "journal/data_directory.hpp"
#include "journal/rocks_journal.hpp"
#include "proof/checkpoint.hpp"
#include "proof/evidence.hpp"
#include "proof/transparency_log.hpp"
#include "sequencer/recovery.hpp"
#include "sequencer/sequencer.hpp"
#include "sequencer/start_commands.hpp"
#include "support/small_round.hpp"
#include "support/temporary_directory.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

class ManualClock final : public Clock {
 public:
  Instant now() override { return now_; }
  void set(Instant now) { now_ = now; }

 private:
  Instant now_ = test::small_round_start;
};

Bytes32 filled(std::uint8_t byte) {
  Bytes32 bytes;
  bytes.fill(byte);
  return bytes;
}

/// A log that is built note by note, with the round's key.
struct BuiltLog {
  explicit BuiltLog(const Published& published)
      : log({log_name("tickets.example", "small-1"), filled(1)}, "small-1", filled(2), published) {}
  void append(std::vector<FactNote> notes) {
    put_in_leaf_order(notes);
    log.append(notes);
  }
  std::string checkpoint() {
    log.sign_checkpoint(test::small_round_start);
    return log.checkpoint()->note;
  }
  TransparencyLog log;
};

/// A server of one round on a journal in `directory`, as far as the log is concerned.
class Server {
 public:
  explicit Server(const std::filesystem::path& directory, Instant now) {
    auto locked = journal::DataDirectory::lock(directory);
    REQUIRE(locked.has_value());
    directory_.emplace(std::move(*locked));
    clock_.set(now);
    const RoundDefinition definition = test::small_round();
    published_.emplace(definition.plan);
    built.emplace(*published_);
    std::vector<Command> first;
    std::deque<FactNote> recovered;
    journal::Head head;
    auto reader = journal::JournalReader::open(directory, {});
    if (reader.has_value()) {
      RecoveryOptions options;
      options.on_facts = [&](std::vector<FactNote> notes) {
        put_in_leaf_order(notes);
        recovered.insert(recovered.end(), notes.begin(), notes.end());
      };
      auto found = recover(**reader, maker(), options);
      REQUIRE(found.has_value());
      head = found->summary.head;
      engine_ = std::move(found->engine);
      first = later_start_commands(*engine_, now, admission(), admission());
    } else {
      REQUIRE(reader.error().fault == journal::Fault::kNoJournal);
      engine_ = std::make_unique<Engine>(definition);
      first = first_start_commands("{}", admission());
    }
    auto writer = journal::RocksJournal::open(directory, head, {.sync = false, .notice = {}});
    REQUIRE(writer.has_value());
    journal_ = std::move(*writer);
    sequencer_.emplace(Sequencer::Parts{*engine_, *journal_, *published_, clock_,
                                        std::vector<Channel*>{&fans_, &facts_},
                                        [](const std::string& line) { FAIL(line); }});
    REQUIRE(sequencer_->begin(first));
    built->append({recovered.begin(), recovered.end()});
    turn();
  }

  Reply ask(const Command& command) {
    REQUIRE(fans_.try_submit({1, command, {}}));
    Reply answered;
    turn();
    fans_.receive(100'000, [&](Outgoing& outgoing) {
      if (const auto* answer = std::get_if<Answer>(&outgoing)) answered = answer->reply;
    });
    return answered;
  }
  void at(Duration after) {
    clock_.set(test::after_start(after));
    turn();
  }
  FanId join(std::uint64_t number) {
    JoinQueue join;
    join.entry = test::bytes_of(number);
    const Reply reply = ask(join);
    REQUIRE(reply.rejection == Rejection::kNone);
    return std::get<JoinedView>(reply.body).fan;
  }
  SeatIndex seat(const char* id) const { return engine_->definition().plan->find_seat(id); }

  /// What was recovered, and what has happened since.
  std::optional<BuiltLog> built;

 private:
  static AdmissionRules admission() {
    AdmissionRules rules;
    rules.max_shoppers = 1'000;
    rules.per_second = 1'000;
    return rules;
  }
  static EngineMaker maker() {
    return [](const OpenRound&) -> boost::system::result<std::unique_ptr<Engine>, std::string> {
      return std::make_unique<Engine>(test::small_round());
    };
  }
  void turn() {
    while (sequencer_->run_once()) {
    }
    facts_.receive(100'000, [&](Outgoing& outgoing) {
      auto& delivery = std::get<EventDelivery>(outgoing);
      built->append(std::get<FactsRecorded>(delivery.event).facts);
    });
  }

  std::optional<journal::DataDirectory> directory_;
  ManualClock clock_;
  std::optional<Published> published_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<journal::Journal> journal_;
  Channel fans_{64, {.fans = true}};
  Channel facts_{1, {.facts = true}};
  std::optional<Sequencer> sequencer_;
};

/// The first half of a sale. `middle` is the number of the fan who joins third of five.
void first_half(Server& server, std::uint64_t middle) {
  server.join(1);
  server.join(2);
  server.join(middle);
  server.join(4);
  server.join(5);
}
/// All are drawn and called; the first buys two seats and gives them back.
void second_half(Server& server) {
  server.at(seconds(61));
  server.at(seconds(62));
  const FanId fan{0};
  REQUIRE(server.ask(EnterShop{fan}).rejection == Rejection::kNone);
  PlaceHold hold;
  hold.fan = fan;
  hold.seats = {server.seat("A-1-2"), server.seat("A-1-1")};
  REQUIRE(server.ask(hold).rejection == Rejection::kNone);
  const Reply paying = server.ask(StartPayment{fan, OrderId{0}, {}, PaymentMethod::kCard, false});
  REQUIRE(paying.rejection == Rejection::kNone);
  const auto& order = std::get<OrderView>(paying.body);
  REQUIRE(server.ask(RecordPaymentSuccess{order.id, order.payment.attempt, order.total, "c"})
              .rejection == Rejection::kNone);
  REQUIRE(server.ask(ReturnOrder{fan, order.id, {}}).rejection == Rejection::kNone);
}

/// Judges the newest checkpoint of `log` against one that was kept from before, as anyone can.
Verdict judge(BuiltLog& built, const std::string& older, Evidence evidence = {}) {
  evidence.checkpoint = built.checkpoint();
  evidence.older_checkpoint = older;
  const auto size = open_checkpoint(older, built.log.verifier_key()).checkpoint->size;
  evidence.consistency = built.log.prove_consistency(size, built.log.leaves());
  return check_evidence(evidence, built.log.verifier_key());
}

std::string failed_step(const Verdict& verdict) {
  for (const Step& step : verdict.steps)
    if (step.outcome == Outcome::kFailed) return step.name;
  return "";
}

/// The sequence numbers and commands of a journal whose chain and state hashes hold.
Sequence verified_end(const std::filesystem::path& directory) {
  const auto reader = journal::JournalReader::open(directory, {});
  REQUIRE(reader.has_value());
  const auto summary =
      (*reader)->visit([](const journal::Block&) -> journal::Result<void> { return {}; });
  REQUIRE(summary.has_value());
  return summary->head.last;
}

}  // namespace

TEST_CASE("a log that is built again from the journal is the log that was told live") {
  const TemporaryDirectory directory;
  std::string live;
  {
    Server server(directory.path(), test::small_round_start);
    first_half(server, 3);
    second_half(server);
    live = server.built->checkpoint();
    // Five joined, were drawn and called; two seats were sold and came back.
    CHECK(server.built->log.leaves() == 19);
  }
  Server again(directory.path(), test::after_start(seconds(100)));
  CHECK(again.built->checkpoint() == live);
}

TEST_CASE("a journal that goes on honestly is consistent with every checkpoint before") {
  const TemporaryDirectory directory;
  std::vector<std::string> kept;
  std::optional<Receipt> receipt;
  {
    Server server(directory.path(), test::small_round_start);
    kept.push_back(server.built->checkpoint());
    first_half(server, 3);
    kept.push_back(server.built->checkpoint());
    receipt = server.built->log.sign_receipt_of(FanId{2});
  }
  // Stopped and started in the middle.
  Server server(directory.path(), test::after_start(seconds(30)));
  kept.push_back(server.built->checkpoint());
  second_half(server);
  for (const std::string& older : kept) {
    const Verdict verdict = judge(*server.built, older);
    CHECK(failed_step(verdict) == "");
    CHECK(verdict.passed());
  }
  Evidence evidence;
  evidence.receipt = receipt;
  for (const auto& fact : server.built->log.prove_entry(receipt->entry).facts)
    evidence.facts.push_back(fact.logged);
  CHECK(judge(*server.built, kept[1], evidence).passed());
}

TEST_CASE("a journal rewritten from the middle fails the consistency with an old checkpoint") {
  const TemporaryDirectory honest, rewritten;
  std::string older;
  std::optional<Receipt> receipt;
  {
    Server server(honest.path(), test::small_round_start);
    first_half(server, 3);
    older = server.built->checkpoint();
    receipt = server.built->log.sign_receipt_of(FanId{2});
    second_half(server);
  }
  // The same beginning; the third fan is another; everything after follows from that.
  {
    Server server(rewritten.path(), test::small_round_start);
    first_half(server, 33);
    second_half(server);
  }
  // The forged journal is a good journal: chain, checksums and state hashes all hold.
  REQUIRE(verified_end(rewritten.path()) == verified_end(honest.path()));
  Server forger(rewritten.path(), test::after_start(seconds(100)));
  const Verdict verdict = judge(*forger.built, older);
  CHECK_FALSE(verdict.passed());
  CHECK(failed_step(verdict) == "consistency");
  // Nor can it show the place that it took away.
  CHECK(forger.built->log.prove_entry(receipt->entry).state == EntryProof::State::kUnknown);
  Evidence evidence;
  evidence.receipt = receipt;
  CHECK(failed_step(judge(*forger.built, older, evidence)) == "receipt-in-log");
  // The same check passes on the journal that was not rewritten.
  Server keeper(honest.path(), test::after_start(seconds(100)));
  CHECK(judge(*keeper.built, older).passed());
}
