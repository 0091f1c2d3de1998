#include "control/beacon_watch.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "control/published_round.hpp"
#include "round/drand_chains.hpp"

namespace frontrow::control {
namespace {

using outbound::OutboundError;
using outbound::OutboundOutcome;
using test::PublishedRound;
using test::quicknet;
using test::with_beacon;

/// A watch whose relay and ring the test plays.
class Desk {
 public:
  Desk(const std::string& chain, std::uint64_t number)
      : round(with_beacon(chain, number)),
        watch(std::make_unique<BeaconWatch>(round.definition, round.published, means())) {}

  void look(Instant now) { watch->look(now); }
  /// Answers the oldest open request.
  void answer(OutboundOutcome outcome) {
    REQUIRE_FALSE(open.empty());
    const auto done = std::move(open.front());
    open.erase(open.begin());
    done(std::move(outcome));
  }
  std::size_t told(const std::string& part) const {
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(),
        [&](const std::string& line) { return line.find(part) != std::string::npos; }));
  }

  PublishedRound round;
  std::vector<std::string> urls;
  std::vector<std::function<void(OutboundOutcome)>> open;
  std::vector<Command> submitted;
  std::vector<std::string> lines;
  bool room = true;
  std::unique_ptr<BeaconWatch> watch;

 private:
  BeaconWatch::Means means() {
    BeaconWatch::Means means;
    means.fetch = [this](outbound::OutboundRequest request,
                         std::function<void(OutboundOutcome)> done) {
      CHECK(request.method == "GET");
      CHECK(request.response_body_bytes_max <= drand_answer_bytes_max);
      urls.push_back(request.url);
      open.push_back(std::move(done));
    };
    means.submit = [this](Command&& command) {
      if (room) submitted.push_back(std::move(command));
      return room;
    };
    means.chance = [] { return 0U; };
    means.report = [this](Weight, const std::string& line) { lines.push_back(line); };
    return means;
  }
};

const std::string signature(48, '\x77');

OutboundOutcome value_of(std::uint64_t round) {
  OutboundOutcome outcome;
  outcome.response.status = 200;
  outcome.response.body = nlohmann::json{{"round", round},
                                         {"randomness", to_hex(sha256(as_bytes(signature)))},
                                         {"signature", to_hex(as_bytes(signature))}}
                              .dump();
  return outcome;
}

OutboundOutcome failure(OutboundError error) {
  OutboundOutcome outcome;
  outcome.error = error;
  return outcome;
}

}  // namespace

TEST_CASE("the draw's beacon is fetched when its time has come, and handed in by the relay") {
  Desk desk(quicknet, 40'000'000);
  const Instant made = *round::drand_round_time(quicknet, 40'000'000);
  desk.look(made + seconds(1));
  CHECK(desk.urls.empty());  // the lobby is open: nobody may know it
  desk.round.close_lobby(5);
  desk.look(made - microseconds(1));
  CHECK(desk.urls.empty());
  desk.look(made);
  desk.look(made + seconds(1));
  CHECK(desk.urls == std::vector<std::string>{"http://127.0.0.1:1/relay/" + std::string(quicknet) +
                                              "/public/40000000"});
  desk.answer(value_of(40'000'000));
  REQUIRE(desk.submitted.size() == 1);
  const auto& command = std::get<SetBeacon>(desk.submitted[0]);
  CHECK(command.operator_name == "relay");
  CHECK(command.round == 40'000'000);
  CHECK(command.signature == signature);
  CHECK(command.randomness == sha256(as_bytes(signature)));
  desk.watch->answered(Rejection::kNone);
  for (int n = 0; n < 100; ++n) desk.look(made + seconds(n));
  CHECK(desk.urls.size() == 1);
  desk.round.draw_it("beacon");
  desk.look(made + seconds(200));
  desk.look(made + seconds(201));
  CHECK(desk.told("drawn with the beacon") == 1);
}

TEST_CASE("each failure is tried again, at growing distances up to the bound") {
  Desk desk("ab", 7);
  desk.round.close_lobby(0);
  const Instant begin = desk.round.after_draw(seconds(0));
  std::vector<Instant> asked;
  for (int n = 0; n < 60'000 / 50; ++n) {
    const Instant now = begin + milliseconds(n * 50);
    const std::size_t before = desk.urls.size();
    desk.look(now);
    if (desk.urls.size() == before) continue;
    asked.push_back(now);
    desk.answer(failure(OutboundError::kConnect));
  }
  REQUIRE(asked.size() > 8);
  for (std::size_t n = 1; n < asked.size(); ++n) {
    CHECK(asked[n] - asked[n - 1] <= BeaconWatch::longest_delay);
    CHECK(asked[n] - asked[n - 1] >= milliseconds(200));
  }
  // With the least of chances: half of the longest.
  CHECK(asked.back() - asked[asked.size() - 2] >= milliseconds(2'500));
  CHECK(desk.told("no connection") == 1);
}

TEST_CASE("what is no value of the wanted round is never handed in, and each kind is told") {
  Desk desk("ab", 7);
  desk.round.close_lobby(0);
  Instant now = desk.round.after_draw(seconds(0));
  const auto next = [&](OutboundOutcome outcome) {
    now = now + seconds(6);
    desk.look(now);
    desk.answer(std::move(outcome));
  };
  auto malformed = value_of(7);
  malformed.response.body = "<html>";
  auto forged = value_of(7);
  forged.response.body.replace(forged.response.body.find("7777"), 4, "7778");
  for (int n = 0; n < 3; ++n) {
    next(malformed);
    next(forged);
    next(value_of(8));
    next(failure(OutboundError::kTimeout));
  }
  CHECK(desk.submitted.empty());
  CHECK(desk.told("not a drand round") >= 1);
  CHECK(desk.told("not the SHA-256") >= 1);
  CHECK(desk.told("another round") >= 1);
  CHECK(desk.told("no answer in time") >= 1);
  CHECK(desk.lines.size() <= 10);
  // And the good one still counts.
  next(value_of(7));
  CHECK(desk.submitted.size() == 1);
}

TEST_CASE("a full ring is tried again at the next look, without asking the relay again") {
  Desk desk("ab", 7);
  desk.round.close_lobby(0);
  desk.room = false;
  desk.look(desk.round.after_draw(seconds(0)));
  desk.answer(value_of(7));
  desk.look(desk.round.after_draw(seconds(1)));
  CHECK(desk.submitted.empty());
  desk.room = true;
  desk.look(desk.round.after_draw(seconds(2)));
  CHECK(desk.submitted.size() == 1);
  CHECK(desk.urls.size() == 1);
}

TEST_CASE("where another value had been handed in, that is told and no more is asked") {
  Desk desk("ab", 7);
  desk.round.close_lobby(0);
  desk.look(desk.round.after_draw(seconds(0)));
  desk.answer(value_of(7));
  desk.watch->answered(Rejection::kBeaconRefused);
  for (int n = 1; n < 50; ++n) desk.look(desk.round.after_draw(seconds(n)));
  CHECK(desk.urls.size() == 1);
  CHECK(desk.told("another value") == 1);
}

TEST_CASE("an answer that comes after the round has gone on is dropped") {
  Desk desk(quicknet, 40'000'000);
  desk.round.close_lobby(0);
  const Instant made = *round::drand_round_time(quicknet, 40'000'000);
  desk.look(made);
  REQUIRE(desk.open.size() == 1);
  desk.round.draw_it();
  desk.look(made + seconds(1));
  CHECK(desk.told("drawn without a beacon") == 1);
  desk.answer(value_of(40'000'000));
  CHECK(desk.submitted.empty());
}

TEST_CASE("a late window is closed with the first round after its end") {
  Desk desk(quicknet, 40'000'000);
  desk.round.close_lobby(2);
  desk.round.draw_it("beacon");
  desk.round.join(desk.round.after_draw(seconds(1)));
  const Instant end = desk.round.after_draw(seconds(10));
  const std::uint64_t number = *late_beacon_round(quicknet, end);
  const Instant made = *round::drand_round_time(quicknet, number);
  desk.look(made - microseconds(1));
  CHECK(desk.urls.empty());
  desk.look(made);
  REQUIRE(desk.urls.size() == 1);
  CHECK(desk.urls[0].ends_with("/public/" + std::to_string(number)));
  desk.answer(value_of(number));
  REQUIRE(desk.submitted.size() == 1);
  const auto& command = std::get<CloseLateWindow>(desk.submitted[0]);
  const Bytes32 randomness = sha256(as_bytes(signature));
  CHECK(command.window == 0);
  CHECK(command.beacon_round == number);
  CHECK(command.beacon == std::string(randomness.begin(), randomness.end()));
  CHECK(command.beacon_signature == signature);
  desk.watch->answered(Rejection::kNone);
  desk.look(made + seconds(9));
  CHECK(desk.urls.size() == 1);

  // Refused, for whatever reason: asked for again while the window stands open.
  desk.round.close_window(0, 1, "beacon");
  desk.round.join(desk.round.after_draw(seconds(11)));
  desk.look(made + seconds(30));
  REQUIRE(desk.urls.size() == 2);
  desk.answer(value_of(*late_beacon_round(quicknet, end + seconds(10))));
  desk.watch->answered(Rejection::kNotDue);
  desk.look(made + seconds(40));
  CHECK(desk.urls.size() == 3);
  CHECK(desk.told("refused as") == 1);
}

TEST_CASE("an answer about an earlier beacon is not taken for the present one's") {
  Desk desk(quicknet, 40'000'000);
  desk.round.close_lobby(0);
  desk.round.draw_it("beacon");
  desk.round.join(desk.round.after_draw(seconds(1)));
  desk.round.join(desk.round.after_draw(seconds(11)));
  const Instant now = desk.round.after_draw(seconds(60));
  const auto value_for = [&](std::int64_t window) {
    return value_of(
        *late_beacon_round(quicknet, desk.round.after_draw(seconds((window + 1) * 10))));
  };
  desk.look(now);
  desk.answer(value_for(0));
  // The engine has closed the window without, before the command came to it.
  desk.round.close_window(0, 1, "");
  desk.look(now + seconds(1));
  desk.answer(value_for(1));
  REQUIRE(desk.submitted.size() == 2);
  desk.watch->answered(Rejection::kNotDue);
  desk.watch->answered(Rejection::kNone);
  desk.look(now + seconds(30));
  CHECK(desk.urls.size() == 2);
  CHECK(desk.told("window 0 was closed without") == 1);
  CHECK(desk.told("refused as") == 0);
}

TEST_CASE("a clock that is set back does not put the next try off") {
  Desk desk("ab", 7);
  desk.round.close_lobby(0);
  desk.look(desk.round.after_draw(seconds(4'000)));
  desk.answer(failure(OutboundError::kConnect));
  desk.look(desk.round.after_draw(seconds(0)));
  CHECK(desk.urls.size() == 2);
}

TEST_CASE("a relay that is down for an hour fills no log") {
  Desk desk("ab", 7);
  desk.round.close_lobby(0);
  int asked = 0;
  for (int n = 0; n < 3'600 * 2; ++n) {
    desk.look(desk.round.after_draw(milliseconds(n * 500)));
    if (desk.open.empty()) continue;
    ++asked;
    desk.answer(failure(OutboundError::kConnect));
  }
  CHECK(asked > 600);
  CHECK(desk.told("could not be fetched") <= 61);
  CHECK(desk.told("times before") > 30);
}

TEST_CASE("that late windows of an unknown chain go without is said at the start") {
  CHECK(Desk("ab", 7).told("late windows go without") == 1);
  CHECK(Desk(quicknet, 7).told("late windows go without") == 0);
}

}  // namespace frontrow::control
