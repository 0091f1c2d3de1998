#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "front_fixture.hpp"
#include "http/http_limits.hpp"
#include "http/place_teller.hpp"
#include "http/update_pace.hpp"

using namespace frontrow;
using namespace frontrow::http;
using namespace frontrow::test;
using nlohmann::json;

namespace {

std::uint32_t& count(RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}

/// A line of fans in the lobby, in slots, and in late windows, as a test sets them.
struct Line {
  PublishedRound world{0};
  PlaceTeller teller{*world.round, world.published};
  std::uint32_t fans = 0;

  FanId add(FanState state, LineSlot slot, Instant joined_at) {
    FanView view;
    view.entry = bytes_of(fans);
    view.state = state;
    view.slot = slot;
    view.joined_at = joined_at;
    const FanId fan{fans++};
    world.published.write_fan(fan, view);
    ++count(world.status, state);
    if (state == FanState::kWaiting && !slot.exists()) ++world.status.late_waiting;
    world.published.write_status(world.status);
    return fan;
  }
  QueueView view(FanId fan, Instant now) { return *teller.view(fan, now); }
};

}  // namespace

TEST_CASE("ahead counts those in the line, and late fans of earlier windows") {
  Line line;
  const Instant draw = line.world.status.draw_at;
  std::vector<FanId> in_line, late;
  for (std::uint32_t n = 0; n < 5; ++n)
    in_line.push_back(line.add(FanState::kWaiting, LineSlot{n * 2}, draw - seconds(30)));
  // Windows of ten seconds: two fans in the first, none in the second, three in the third.
  for (const int joined : {0, 9, 20, 21, 29})
    late.push_back(line.add(FanState::kWaiting, LineSlot::none(), draw + seconds(joined)));
  const Instant now = draw + seconds(29);
  for (std::uint32_t n = 0; n < 5; ++n) CHECK(line.view(in_line[n], now).ahead == n);
  for (const std::size_t n : {0U, 1U}) CHECK(line.view(late[n], now).ahead == 5);
  for (const std::size_t n : {2U, 3U, 4U}) CHECK(line.view(late[n], now).ahead == 7);
  for (const FanId fan : late) {
    const QueueView view = line.view(fan, now);
    REQUIRE(view.wait);
    CHECK(view.wait->low <= view.wait->middle);
    CHECK(view.wait->middle <= view.wait->high);
    CHECK_FALSE(view.rank);
  }
  // Nobody of a window is called before it closes: a second of the third is left.
  CHECK(line.view(late[4], now).wait->low >= 1);
}

TEST_CASE("before the draw everyone in the lobby stands before the late, and no wait is told") {
  Line line;
  line.world.status.drawn = false;
  line.world.status.phase = Phase::kLobby;
  const Instant draw = line.world.status.draw_at;
  const FanId early = line.add(FanState::kLobby, LineSlot::none(), draw - seconds(30));
  line.add(FanState::kLobby, LineSlot::none(), draw - seconds(20));
  const FanId first = line.add(FanState::kWaiting, LineSlot::none(), draw + seconds(5));
  const FanId second = line.add(FanState::kWaiting, LineSlot::none(), draw + seconds(10));
  const Instant now = draw + seconds(12);
  CHECK_FALSE(line.view(early, now).ahead);
  CHECK(line.view(first, now).ahead == 2);
  CHECK(line.view(second, now).ahead == 3);
  CHECK_FALSE(line.view(second, now).wait);
  CHECK(line.view(second, now).chance == nullptr);
}

TEST_CASE("a fan in the line is told the chance of every category") {
  Line line;
  const FanId fan = line.add(FanState::kWaiting, LineSlot{0}, small_round_start);
  const auto view = line.view(fan, line.world.status.draw_at);
  REQUIRE(view.chance);
  const auto chance = json::parse(*view.chance);
  CHECK(chance.size() == 3);
  for (const char* category : {"vip", "cat1", "floor"}) CHECK(chance[category] == 1);
}

TEST_CASE("a small round is told everything each second, a large one by how near a turn is") {
  RoundStatus status;
  status.drawn = true;
  status.draw_at = after_start(seconds(60));
  count(status, FanState::kWaiting) = 300;
  FanView fan;
  fan.state = FanState::kWaiting;
  fan.slot = LineSlot{3};
  const auto pace = [&](std::uint32_t ahead, WaitRange wait,
                        Instant now = after_start(seconds(70))) {
    Standing standing;
    standing.ahead = ahead;
    standing.wait = wait;
    return make_queue_view(fan, standing, status, now).next_update_seconds;
  };
  CHECK(pace(299, {4'000, 3'000, 5'000}) == 1);
  count(status, FanState::kWaiting) = 50'000;
  CHECK(pace(400, {4'000, 3'000, 5'000}) == 1);
  CHECK(pace(4'000, {12, 10, 20}) == 1);
  const std::uint32_t middle = pace(4'000, {130, 100, 200});
  CHECK(middle > 1);
  CHECK(middle <= 13);
  CHECK(pace(40'000, {4'000, 3'000, 5'000}) > middle);
  CHECK(pace(40'000, {4'000, 3'000, 5'000}) <= limits::update_seconds_max);
  for (const FanState state : {FanState::kCalled, FanState::kShopping}) {
    fan.state = state;
    CHECK(pace(0, {}) == 1);
  }
}

TEST_CASE("those who poll for the draw are spread over the seconds after it") {
  RoundStatus status;
  status.draw_at = after_start(seconds(60));
  count(status, FanState::kLobby) = 100'000;
  FanView fan;
  const Instant now = after_start(seconds(50));
  std::set<std::uint32_t> answers;
  for (unsigned byte = 0; byte < 256; ++byte) {
    fan.entry[0] = static_cast<std::uint8_t>(byte);
    const auto view = make_queue_view(fan, {}, status, now);
    CHECK(view.next_update_seconds >= 10);
    CHECK(view.next_update_seconds <= 10 + limits::common_moment_spread_seconds + 1);
    CHECK(view.next_update_seconds == make_queue_view(fan, {}, status, now).next_update_seconds);
    answers.insert(view.next_update_seconds);
  }
  CHECK(answers.size() >= 5);
}
