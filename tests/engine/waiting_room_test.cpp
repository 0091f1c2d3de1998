#include "base/digest.hpp"
#include "engine/driver.hpp"

using namespace frontrow;
using namespace frontrow::test;

namespace {

JoinQueue join_with(std::uint64_t entry, std::uint64_t proof, std::uint64_t key,
                    std::uint64_t subject = 0) {
  JoinQueue command;
  command.entry = bytes_of(entry, 1);
  if (proof != 0) command.proof = bytes_of(proof, 2);
  if (key != 0) command.key = bytes_of(key, 3);
  if (subject != 0) command.subject = bytes_of(subject, 4);
  return command;
}

FanState state(const Driver& driver, FanId fan) { return driver.engine.fan(fan).state; }

}  // namespace

TEST_CASE("nobody joins before the lobby opens or after the round has closed") {
  SmallRound round;
  round.lobby_opens_after = seconds(10);
  Driver driver(round);
  CHECK(driver.engine.status().phase == Phase::kScheduled);
  CHECK(driver.refusal(join_with(1, 1, 1)) == Rejection::kLobbyNotOpen);
  driver.pass(seconds(10));
  CHECK(driver.engine.status().phase == Phase::kLobby);
  driver.must(join_with(1, 1, 1));
  driver.pass(seconds(7'190));
  CHECK(driver.engine.status().phase == Phase::kClosed);
  CHECK(driver.refusal(join_with(2, 2, 2)) == Rejection::kRoundClosed);
}

TEST_CASE("a proof makes one place, and its key finds that place again") {
  Driver driver;
  const Reply first = driver.must(join_with(1, 5, 6));
  const Reply again = driver.must(join_with(2, 5, 6));
  CHECK(again.repeated);
  CHECK(std::get<JoinedView>(again.body).fan == std::get<JoinedView>(first.body).fan);
  CHECK(driver.refusal(join_with(3, 5, 7)) == Rejection::kProofUsed);
  CHECK(driver.refusal(join_with(3, 5, 0)) == Rejection::kProofUsed);
  CHECK_FALSE(driver.must(join_with(3, 8, 6)).repeated);
  CHECK(driver.must(join_with(4, 0, 6)).repeated == false);
  CHECK(driver.must(join_with(5, 0, 6)).repeated);
  CHECK(driver.engine.fan_count() == 3);
  driver.check();
}

TEST_CASE("the same pass finds its place again, on any device and after the close") {
  Driver driver;
  const Reply first = driver.must(join_with(1, 5, 6, 9));
  const Reply second = driver.must(join_with(2, 7, 8, 9));
  CHECK_FALSE(std::get<JoinedView>(second.body).created);
  CHECK(std::get<JoinedView>(second.body).fan == std::get<JoinedView>(first.body).fan);
  CHECK(driver.refusal(join_with(3, 7, 10, 9)) == Rejection::kProofUsed);
  CHECK(driver.refusal(join_with(3, 7, 8, 11)) == Rejection::kIdempotencyKeyReused);
  driver.must(SetPhase{"ops", RequestedPhase::kClosed});
  CHECK_FALSE(std::get<JoinedView>(driver.must(join_with(4, 12, 13, 9)).body).created);
  driver.check();
}

TEST_CASE("the whole lobby is drawn as published, also those who left or are banned") {
  Driver driver;
  // The worked example of the contract.
  const std::uint8_t bytes[] = {0x11, 0x22, 0x33, 0x44, 0x55};
  for (const std::uint8_t byte : bytes) {
    JoinQueue join;
    join.entry.fill(byte);
    join.tier = byte == 0x33 ? 0 : 1;
    driver.must(join);
  }
  driver.must(LeaveQueue{FanId{0}});
  driver.must(BanFan{"ops", FanId{1}, "x"});
  driver.pass(seconds(60));
  const DrawRecord record = driver.engine.draw_record();
  REQUIRE(record.entries.size() == 5);
  const std::uint8_t order[] = {0x33, 0x11, 0x22, 0x44, 0x55};
  for (std::size_t n = 0; n < 5; ++n) {
    CHECK(record.entries[n].entry[0] == order[n]);
    CHECK(record.entries[n].rank == n + 1);
  }
  CHECK(record.secret == driver.engine.definition().secrets.secret);
  CHECK(driver.engine.fan(FanId{2}).rank == 1);
  CHECK(driver.engine.fan(FanId{2}).slot == LineSlot{0});
  CHECK(driver.engine.fan(FanId{0}).rank == 2);
  CHECK(state(driver, FanId{0}) == FanState::kLeft);
  driver.pass(seconds(1));
  // Calling skips the two.
  CHECK(state(driver, FanId{2}) == FanState::kCalled);
  CHECK(state(driver, FanId{1}) == FanState::kWaiting);
  CHECK(state(driver, FanId{3}) == FanState::kCalled);
  driver.check();
}

TEST_CASE("the draw's record grows step by step: commitment, root, draw") {
  Driver driver;
  auto told = driver.told<DrawPublished>();
  REQUIRE(told.size() == 1);
  CHECK_FALSE(told[0].record->lobby_closed);
  CHECK(told[0].record->secret == Bytes32{});
  CHECK(told[0].record->commitment == sha256(driver.engine.definition().secrets.secret));
  driver.join();
  driver.pass(seconds(60));
  told = driver.told<DrawPublished>();
  REQUIRE(told.size() == 3);
  CHECK(told[1].record->lobby_closed);
  CHECK_FALSE(told[1].record->drawn);
  CHECK(told[1].record->secret == Bytes32{});
  CHECK(told[1].record->count == 1);
  CHECK(told[2].record->drawn);
}

TEST_CASE("the lobby closes only with its own root and count") {
  Driver driver;
  driver.join_many(3);
  driver.settle();
  driver.now = driver.now + seconds(60);
  auto close = std::get<CloseLobby>(*driver.engine.due(driver.now));
  CHECK(close.count == 3);
  auto wrong = close;
  wrong.lobby_root[0] ^= 1;
  CHECK(driver.refusal(wrong) == Rejection::kNotDue);
  wrong = close;
  wrong.count = 2;
  CHECK(driver.refusal(wrong) == Rejection::kNotDue);
  driver.must(close);
  CHECK(driver.refusal(close) == Rejection::kNotDue);
}

TEST_CASE("an empty lobby is drawn too") {
  Driver driver;
  driver.pass(seconds(60));
  CHECK(driver.engine.status().drawn);
  CHECK(driver.engine.draw_record().count == 0);
  driver.check();
}

TEST_CASE("the draw waits for the beacon, and goes without one when the wait is over") {
  SmallRound round;
  round.beacon = BeaconRule{"00", 77, "", seconds(120)};
  Driver driver(round);
  driver.join_many(3);
  SetBeacon beacon{"ops", 77, {}, "the signature"};
  beacon.randomness = sha256(as_bytes(beacon.signature));
  CHECK(driver.refusal(beacon) == Rejection::kBeaconTooEarly);
  driver.pass(seconds(60));
  CHECK_FALSE(driver.engine.status().drawn);
  SECTION("handed in") {
    auto wrong = beacon;
    wrong.round = 78;
    CHECK(driver.refusal(wrong) == Rejection::kBeaconRefused);
    wrong = beacon;
    wrong.randomness[5] ^= 1;
    CHECK(driver.refusal(wrong) == Rejection::kBeaconRefused);
    driver.must(beacon);
    driver.must(beacon);
    SetBeacon other{"ops", 77, {}, "another"};
    other.randomness = sha256(as_bytes(other.signature));
    CHECK(driver.refusal(other) == Rejection::kBeaconRefused);
    driver.settle();
    CHECK(driver.engine.draw_record().beacon.size() == 32);
    CHECK(driver.refusal(other) == Rejection::kBeaconRefused);
    driver.must(beacon);
  }
  SECTION("never comes") {
    driver.pass(seconds(119));
    CHECK_FALSE(driver.engine.status().drawn);
    driver.pass(seconds(1));
    CHECK(driver.engine.status().drawn);
    CHECK(driver.engine.draw_record().beacon.empty());
    CHECK(driver.refusal(beacon) == Rejection::kBeaconRefused);
  }
  driver.check();
}

TEST_CASE("a round without a beacon takes none") {
  Driver driver;
  driver.pass(seconds(61));
  CHECK(driver.refusal(SetBeacon{"ops", 1, {}, ""}) == Rejection::kBeaconRefused);
}

TEST_CASE("late fans follow in windows, shuffled, with ranks that go on") {
  Driver driver;
  driver.admit(0);
  driver.join_many(3);
  driver.pass(seconds(61));
  const auto first = driver.join_many(4);
  CHECK(state(driver, first[0]) == FanState::kWaiting);
  CHECK(driver.engine.fan(first[0]).rank == 0);
  CHECK(driver.engine.status().late_waiting == 4);
  driver.must(LeaveQueue{first[1]});
  driver.must(BanFan{"ops", first[2], "x"});
  CHECK(driver.engine.status().late_waiting == 2);
  driver.check();
  driver.pass(seconds(10));
  const auto second = driver.join_many(2);
  driver.pass(seconds(30));
  REQUIRE(driver.engine.late_windows().size() == 2);
  const LateWindowRecord& window = *driver.engine.late_windows()[0];
  CHECK(window.window == 0);
  REQUIRE(window.entries.size() == 4);
  CHECK(window.entries[0].rank == 4);
  CHECK(window.entries[3].rank == 7);
  CHECK(driver.engine.late_windows()[1]->window == 1);
  for (const FanId fan : first)
    for (const FanId later : second)
      CHECK(driver.engine.fan(fan).slot < driver.engine.fan(later).slot);
  CHECK(driver.engine.status().late_waiting == 0);
  CHECK(driver.told<LateWindowPublished>().size() == 2);
  driver.must(UnbanFan{"ops", first[2], "x"});
  driver.check();
}

TEST_CASE("a late window waits for its beacon where the round file says where beacons are") {
  SmallRound round;
  round.beacon = BeaconRule{"00", 77, "https://relay.example", seconds(30)};
  Driver driver(round);
  driver.pass(seconds(91));  // The draw went without.
  REQUIRE(driver.engine.status().drawn);
  const FanId fan = driver.join();  // Of window 3, which ends at 100 s.
  CloseLateWindow close{3, 80, std::string(32, 'b'), "signature"};
  CHECK(driver.refusal(close) == Rejection::kNotDue);
  driver.pass(seconds(10));
  CHECK(driver.refusal(close) == Rejection::kBeaconRefused);
  CHECK(driver.refusal(CloseLateWindow{3, 0, {}, {}}) == Rejection::kNotDue);
  CHECK_FALSE(driver.engine.fan(fan).slot.exists());
  SECTION("one that is the hash of its signature closes it") {
    const Bytes32 value = sha256(as_bytes(close.beacon_signature));
    close.beacon.assign(value.begin(), value.end());
    driver.must(close);
    CHECK(driver.engine.late_windows()[0]->beacon == close.beacon);
    CHECK(driver.engine.late_windows()[0]->beacon_round == 80);
  }
  SECTION("where none comes in time it goes without, openly") {
    driver.pass(seconds(30));
    CHECK(driver.engine.late_windows()[0]->beacon.empty());
    CHECK(driver.engine.late_windows()[0]->beacon_round == 0);
  }
  CHECK(driver.engine.fan(fan).rank == 1);
  driver.check();
}

TEST_CASE("a beacon for a late window is refused where the round file names no address") {
  Driver driver;
  driver.pass(seconds(61));
  driver.join();
  driver.now = driver.now + seconds(20);
  CloseLateWindow close{0, 80, {}, "signature"};
  const Bytes32 value = sha256(as_bytes(close.beacon_signature));
  close.beacon.assign(value.begin(), value.end());
  CHECK(driver.refusal(close) == Rejection::kBeaconRefused);
}

TEST_CASE("no more are called than may shop, and no faster than the rate") {
  Driver driver;
  driver.admit(5, 2);
  driver.join_many(20);
  driver.pass(seconds(60));
  std::uint32_t before = driver.engine.status().fans_by_state[static_cast<int>(FanState::kCalled)];
  CHECK(before <= 2);
  driver.pass(seconds(1));
  CHECK(driver.engine.status().fans_by_state[static_cast<int>(FanState::kCalled)] <= before + 2);
  driver.pass(seconds(10));
  CHECK(driver.engine.status().fans_by_state[static_cast<int>(FanState::kCalled)] == 5);
  // Those who are called come in the order of their ranks.
  for (std::uint32_t n = 0; n < 20; ++n)
    CHECK((state(driver, FanId{n}) == FanState::kCalled) ==
          (driver.engine.fan(FanId{n}).rank <= 5));
  driver.check();
}

TEST_CASE("who leaves makes room for the next, and a raised bound calls at once") {
  Driver driver;
  driver.admit(1, 100);
  driver.join_many(3);
  driver.draw();
  FanId called;
  for (std::uint32_t n = 0; n < 3; ++n)
    if (driver.engine.fan(FanId{n}).rank == 1) called = FanId{n};
  driver.must(EnterShop{called});
  driver.must(LeaveQueue{called});
  CHECK(state(driver, called) == FanState::kEnded);
  driver.pass(seconds(1));
  const auto& counts = [&] { return driver.engine.status(); };
  CHECK(counts().fans_by_state[static_cast<int>(FanState::kCalled)] == 1);
  driver.admit(2, 100);
  driver.pass(milliseconds(20));
  CHECK(counts().fans_by_state[static_cast<int>(FanState::kCalled)] == 2);
}

TEST_CASE("nobody is called while the round is paused or nothing is free") {
  SmallRound round;
  round.rows_of_a = round.rows_of_b = 0;
  round.places_of_s = 2;
  Driver driver(round);
  driver.admit(1);
  const auto fans = driver.join_many(2);
  driver.draw();
  driver.pass(seconds(1));
  const FanId first = state(driver, fans[0]) == FanState::kCalled ? fans[0] : fans[1];
  const FanId other = first == fans[0] ? fans[1] : fans[0];
  driver.must(EnterShop{first});
  const OrderView order = driver.hold_standing(first, 1, 2);
  driver.admit(10);
  driver.pass(seconds(5));
  CHECK(state(driver, other) == FanState::kWaiting);
  driver.must(SetPhase{"ops", RequestedPhase::kPaused});
  driver.must(ReleaseOrder{first, order.id});
  driver.pass(seconds(5));
  CHECK(state(driver, other) == FanState::kWaiting);
  driver.must(SetPhase{"ops", RequestedPhase::kOnSale});
  driver.pass(milliseconds(10));
  CHECK(state(driver, other) == FanState::kCalled);
}

TEST_CASE("who misses a turn is put back once, and then has missed it") {
  Driver driver;
  driver.rules.missed_turn_places = 2;
  driver.rules.enter = seconds(30);
  driver.admit(1);
  driver.join_many(6);
  driver.draw();
  driver.pass(milliseconds(10));
  FanId first;
  for (std::uint32_t n = 0; n < 6; ++n)
    if (driver.engine.fan(FanId{n}).rank == 1) first = FanId{n};
  REQUIRE(state(driver, first) == FanState::kCalled);
  driver.pass(seconds(30));
  CHECK(state(driver, first) == FanState::kWaiting);
  CHECK(driver.engine.fan(first).rank == 1);
  // Ranks 2 and 3 stay ahead: slots 2 and 4.
  CHECK(driver.engine.fan(first).slot == LineSlot{5});
  driver.check();
  driver.pass(seconds(500));
  CHECK(state(driver, first) == FanState::kMissed);
  driver.check();
}

TEST_CASE("entering needs a call that has not lapsed") {
  Driver driver;
  driver.rules.enter = seconds(30);
  driver.rules.shopping = seconds(50);
  driver.admit(1);
  const FanId fan = driver.join();
  CHECK(driver.refusal(EnterShop{fan}) == Rejection::kNotCalled);
  CHECK(driver.refusal(EnterShop{FanId{9}}) == Rejection::kNotFound);
  driver.draw();
  driver.pass(milliseconds(10));
  driver.must(EnterShop{fan});
  CHECK(driver.refusal(EnterShop{fan}) == Rejection::kNotCalled);
  const OrderView order = driver.hold_standing(fan, 1);
  driver.pass(seconds(50));
  CHECK(state(driver, fan) == FanState::kEnded);
  CHECK(driver.refusal(driver.picking(fan, {"S-1-2"})) == Rejection::kNotShopping);
  // What is held stays held and can be paid.
  driver.pay(fan, order.id);
  driver.check();
}

TEST_CASE("a full shop moves the caller's deadline on and keeps them called") {
  Driver driver;
  driver.rules.enter = seconds(30);
  driver.admit(2);
  const auto fans = driver.join_many(2);
  driver.draw();
  driver.pass(seconds(1));
  driver.must(EnterShop{fans[0]});
  driver.admit(1);
  driver.pass(seconds(20));
  CHECK(driver.refusal(EnterShop{fans[1]}) == Rejection::kShopFull);
  CHECK(driver.effects.fans == std::vector{fans[1]});
  driver.pass(seconds(29));
  CHECK(state(driver, fans[1]) == FanState::kCalled);
  driver.check();
  driver.must(LeaveQueue{fans[0]});
  driver.must(EnterShop{fans[1]});
}

TEST_CASE("leaving may be repeated and never fails for a fan who is there") {
  Driver driver;
  const auto fans = driver.join_many(2);
  driver.must(LeaveQueue{fans[0]});
  driver.must(LeaveQueue{fans[0]});
  CHECK(state(driver, fans[0]) == FanState::kLeft);
  driver.must(BanFan{"ops", fans[1], "x"});
  CHECK(driver.refusal(LeaveQueue{fans[1]}) == Rejection::kBanned);
}

TEST_CASE("a recovery code leads back to its place until another replaces it") {
  Driver driver;
  const auto fans = driver.join_many(3);
  driver.must(CreateRecovery{fans[0], bytes_of(1, 8)});
  CHECK(std::get<JoinedView>(driver.must(RedeemRecovery{bytes_of(1, 8)}).body).fan == fans[0]);
  CHECK(driver.refusal(CreateRecovery{fans[1], bytes_of(1, 8)}) == Rejection::kRecoveryUnknown);
  driver.must(CreateRecovery{fans[0], bytes_of(2, 8)});
  CHECK(driver.refusal(RedeemRecovery{bytes_of(1, 8)}) == Rejection::kRecoveryUnknown);
  driver.must(LeaveQueue{fans[2]});
  CHECK(driver.refusal(CreateRecovery{fans[2], bytes_of(3, 8)}) == Rejection::kDeparted);
  driver.check();
}
