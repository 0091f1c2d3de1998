#include "control/control_thread.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "control/admission_runner.hpp"
#include "control/published_round.hpp"

namespace frontrow::control {
namespace {

using test::PublishedRound;
using test::with_beacon;

constexpr auto patience = std::chrono::seconds(20);

template <class Condition>
bool wait_until(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

/// A round on sale whose last seats are gone: the law has something to say at once.
void publish_few_seats(PublishedRound& round) {
  round.close_lobby(0);
  round.draw_it();
  round.write_status([](RoundStatus& status) {
    status.admission.max_shoppers = 1'000;
    status.admission.per_second = 100;
    status.seats = {1'000, 0, 0, 1'000, 0};
    status.fans_by_state[static_cast<std::size_t>(FanState::kWaiting)] = 500;
  });
}

/// What a law that has watched for a while says, handed in.
std::vector<SetPace> watched(AdmissionRunner& runner, std::vector<SetPace>& said, Instant from,
                             int looks = 120) {
  for (int n = 0; n < looks; ++n) runner.look(from + seconds(n));
  return said;
}

}  // namespace

TEST_CASE("what the law of admission says is handed in") {
  PublishedRound round;
  publish_few_seats(round);
  std::vector<SetPace> said;
  AdmissionRunner runner(round.published, [&](Command&& command) {
    said.push_back(std::get<SetPace>(std::move(command)));
    return true;
  });
  const Instant begin = round.after_draw(seconds(10));
  // One command at a time: no other before the answer.
  CHECK(watched(runner, said, begin).size() == 1);
  CHECK(said[0].pace != AdmissionPace{});
  CHECK_FALSE(said[0].measured.empty());
  runner.answered(Rejection::kNone);
  watched(runner, said, begin + seconds(120));
  CHECK(said.size() > 1);
}

TEST_CASE("with a full ring and after a refusal it is said again") {
  PublishedRound round;
  publish_few_seats(round);
  std::vector<SetPace> said;
  bool room = false;
  int tries = 0;
  AdmissionRunner runner(round.published, [&](Command&& command) {
    ++tries;
    if (room) said.push_back(std::get<SetPace>(std::move(command)));
    return room;
  });
  const Instant begin = round.after_draw(seconds(10));
  watched(runner, said, begin);
  CHECK(tries > 1);
  room = true;
  runner.look(begin + seconds(121));
  REQUIRE(said.size() == 1);
  runner.answered(Rejection::kNotDue);
  watched(runner, said, begin + seconds(122));
  CHECK(said.size() == 2);
}

TEST_CASE("while nobody waits nothing is said, and at once again when somebody does") {
  PublishedRound round;
  publish_few_seats(round);
  std::vector<SetPace> said;
  AdmissionRunner runner(round.published, [&](Command&& command) {
    said.push_back(std::get<SetPace>(std::move(command)));
    return true;
  });
  auto& waiting = round.status.fans_by_state[static_cast<std::size_t>(FanState::kWaiting)];
  round.write_status([&](RoundStatus&) { waiting = 0; });
  const Instant begin = round.after_draw(seconds(10));
  CHECK(watched(runner, said, begin).empty());
  round.write_status([&](RoundStatus&) { waiting = 1; });
  runner.look(begin + seconds(121));
  CHECK(said.size() == 1);
}

TEST_CASE("admission is left alone before the draw, while paused, and while pinned") {
  PublishedRound round;
  publish_few_seats(round);
  const int why = GENERATE(0, 1, 2, 3);
  round.write_status([&](RoundStatus& status) {
    if (why == 0) status.drawn = false;
    if (why == 1) status.phase = Phase::kPaused;
    if (why == 2) status.admission.pinned = true;
    if (why == 3) status.phase = Phase::kClosed;
  });
  std::vector<SetPace> said;
  AdmissionRunner runner(round.published, [&](Command&& command) {
    said.push_back(std::get<SetPace>(std::move(command)));
    return true;
  });
  CHECK(watched(runner, said, round.after_draw(seconds(10))).empty());
}

TEST_CASE("the thread starts, submits, takes answers and stops") {
  PublishedRound round(with_beacon("ab", 7));
  publish_few_seats(round);
  round.write_draw([](DrawRecord& record) { record.drawn = false; });
  Channel channel(control_in_flight_max, Subscription{});
  std::mutex mutex;
  std::vector<std::string> lines;
  std::atomic<std::int64_t> now{round.after_draw(seconds(10)).microseconds};
  ControlThread thread(
      {round.definition,
       round.published,
       channel,
       // A clock that gains five seconds at each look, so that nothing is waited for.
       [&] { return Instant{now += seconds(5).microseconds}; },
       [&](Weight, const std::string& line) {
         const std::lock_guard guard(mutex);
         lines.push_back(line);
       },
       {}});
  REQUIRE_FALSE(thread.start());
  std::vector<Submission> submitted;
  const auto take = [&] {
    channel.drain(16, [&](Submission& one) { submitted.push_back(std::move(one)); });
  };
  REQUIRE(wait_until([&] {
    take();
    return !submitted.empty();
  }));
  // Answered, it says its next word.
  REQUIRE(channel.try_send(Answer{submitted[0].correlation, {}}));
  channel.notify();
  REQUIRE(wait_until([&] {
    take();
    return submitted.size() > 1;
  }));
  for (const auto& one : submitted) {
    const auto* command = std::get_if<Command>(&one.what);
    REQUIRE(command != nullptr);
    CHECK(std::holds_alternative<SetPace>(*command));
  }
  // Nobody listens at the beacon's address, which is told and hurts nothing.
  CHECK(wait_until([&] {
    const std::lock_guard guard(mutex);
    for (const auto& line : lines)
      if (line.find("beacon round 7 could not be fetched") != std::string::npos) return true;
    return false;
  }));
  thread.stop();
  thread.stop();
}

TEST_CASE("a thread that cannot begin says why") {
  PublishedRound round(with_beacon("ab", 7));
  Channel channel(control_in_flight_max, Subscription{});
  outbound::HttpClientSettings http;
  http.authorities = "/nonexistent/authorities.pem";
  ControlThread thread({round.definition, round.published, channel,
                        [&] { return round.after_draw(seconds(0)); },
                        [](Weight, const std::string&) {}, http});
  const auto problem = thread.start();
  REQUIRE(problem);
  CHECK(problem->find("/nonexistent/authorities.pem") != std::string::npos);
}

}  // namespace frontrow::control
