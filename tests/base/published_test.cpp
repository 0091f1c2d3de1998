#include "base/published.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "support/small_round.hpp"

namespace frontrow {
namespace {

std::vector<Published::FreeWord> all_free(const Plan& plan, Sequence sequence) {
  std::vector<Published::FreeWord> words;
  for (const PlanRow& row : plan.rows)
    for (std::uint32_t n = 0; n < row.word_count; ++n) {
      const std::uint32_t seats = std::min(64U, row.seat_count - n * 64);
      words.push_back({row.first_word + n,
                       seats == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << seats) - 1,
                       sequence});
    }
  return words;
}

TEST_CASE("free seats are counted by zone and by category") {
  const auto plan = test::SmallRound{}.plan();
  Published published(plan);
  CHECK(published.zone_free(ZoneIndex{0}) == 0);
  published.write_free_words(all_free(*plan, 1));
  CHECK(published.zone_free(ZoneIndex{0}) == 40);
  CHECK(published.zone_free(ZoneIndex{1}) == 24);
  CHECK(published.category_free(CategoryIndex{0}) == 40);
  CHECK(published.category_free(CategoryIndex{2}) == 20);
  CHECK(published.zone_version(ZoneIndex{0}) == 1);
  // The first row of "A" loses two seats.
  published.write_free_words({{0, 0b1111111100, 7}});
  CHECK(published.zone_free(ZoneIndex{0}) == 38);
  CHECK(published.category_free(CategoryIndex{0}) == 38);
  CHECK(published.zone_version(ZoneIndex{0}) == 7);
  CHECK(published.zone_version(ZoneIndex{1}) == 1);
  std::vector<std::uint64_t> words;
  const auto zone = published.read_zone(ZoneIndex{0}, words);
  CHECK(zone.version == 7);
  CHECK(zone.free == 38);
  REQUIRE(words.size() == 4);
  CHECK(words[0] == 0b1111111100);
}

TEST_CASE("a fan is there once written, and no fan before") {
  const auto plan = test::SmallRound{}.plan();
  Published published(plan);
  CHECK_FALSE(published.read_fan(FanId{0}));
  FanView view;
  view.entry = test::bytes_of(5);
  view.state = FanState::kShopping;
  view.banned = true;
  view.tier = 254;
  view.rank = 4'000'000;
  view.slot = LineSlot{77};
  view.deadline = SaleTime{-5};
  published.write_fan(FanId{0}, view);
  const auto read = published.read_fan(FanId{0});
  REQUIRE(read);
  CHECK(read->entry == view.entry);
  CHECK(read->state == view.state);
  CHECK(read->banned);
  CHECK(read->tier == 254);
  CHECK(read->rank == 4'000'000);
  CHECK(read->slot == view.slot);
  CHECK(read->deadline == view.deadline);
  CHECK_FALSE(published.read_fan(FanId{1}));
  CHECK_FALSE(published.read_fan(FanId::none()));
}

TEST_CASE("who stands ahead is counted as a list would count it") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 generator(seed);
  const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
  const auto plan = test::SmallRound{}.plan();
  Published published(plan);
  constexpr std::uint32_t fans = 3'000;
  constexpr std::uint32_t slots = 300'000;  // more than one region of the plane
  std::vector<FanView> model(fans);
  std::vector<bool> taken(slots);
  for (std::uint32_t n = 0; n < fans; ++n) {
    do model[n].slot = LineSlot{random() % slots};
    while (taken[model[n].slot.value]);
    taken[model[n].slot.value] = true;
    model[n].state = FanState::kWaiting;
    published.write_fan(FanId{n}, model[n]);
  }
  const auto ahead_of = [&](LineSlot slot) {
    return static_cast<std::uint32_t>(
        std::count_if(model.begin(), model.end(), [&](const FanView& f) {
          return f.state == FanState::kWaiting && !f.banned && f.slot < slot;
        }));
  };
  for (int n = 0; n < 2'000; ++n) {
    FanView& fan = model[random() % fans];
    switch (random() % 4) {
      case 0:
        fan.state = FanState::kCalled;
        break;
      case 1:
        fan.state = FanState::kWaiting;
        break;
      case 2:
        fan.banned = !fan.banned;
        break;
      default: {
        const std::uint32_t slot = random() % slots;
        if (taken[slot]) break;
        taken[fan.slot.value] = false;
        taken[slot] = true;
        fan.slot = LineSlot{slot};
      }
    }
    published.write_fan(FanId{static_cast<std::uint32_t>(&fan - model.data())}, fan);
    if (n % 20 != 0) continue;
    const LineSlot slot{random() % slots};
    REQUIRE(published.waiting_before(slot) == ahead_of(slot));
  }
  CHECK(published.waiting_before(LineSlot::none()) == 0);
}

TEST_CASE("late fans are counted by when they joined, while their window is open") {
  const auto plan = test::SmallRound{}.plan();
  Published published(plan);
  for (std::uint32_t n = 0; n < 1'000; ++n) {
    FanView fan;
    fan.state = n < 400 ? FanState::kLobby : FanState::kWaiting;
    fan.joined_at = Instant{std::int64_t{n} * 10};
    fan.joined_sequence = n + 5;
    published.write_fan(FanId{n}, fan);
  }
  CHECK(published.read_fan(FanId{7})->joined_sequence == 12);
  CHECK(published.late_waiting_before(Instant{0}) == 0);
  CHECK(published.late_waiting_before(Instant{4'000}) == 0);
  CHECK(published.late_waiting_before(Instant{4'001}) == 1);
  CHECK(published.late_waiting_before(Instant{7'000}) == 300);
  CHECK(published.late_waiting_before(Instant{1'000'000}) == 600);
  // One gets a slot, one leaves, one is banned: all others still stand.
  FanView gone = *published.read_fan(FanId{450});
  gone.slot = LineSlot{0};
  published.write_fan(FanId{450}, gone);
  gone = *published.read_fan(FanId{451});
  gone.state = FanState::kLeft;
  published.write_fan(FanId{451}, gone);
  gone = *published.read_fan(FanId{452});
  gone.banned = true;
  gone.missed_once = true;
  published.write_fan(FanId{452}, gone);
  CHECK(published.read_fan(FanId{452})->missed_once);
  CHECK(published.late_waiting_before(Instant{7'000}) == 297);
  gone.banned = false;
  published.write_fan(FanId{452}, gone);
  CHECK(published.late_waiting_before(Instant{7'000}) == 298);
}

TEST_CASE("a reader never sees a status, a fan or a zone half written") {
  test::SmallRound round;
  round.rows_of_a = 40;
  round.seats_in_row_of_a = 64;
  const auto plan = round.plan();
  Published published(plan);
  FanView first;
  published.write_fan(FanId{0}, first);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (std::uint32_t n = 1; n < 30'000; ++n) {
      // Every field says the same number: a mixture gives itself away.
      RoundStatus status;
      status.sequence = n;
      status.seats.free = n;
      status.state_hash[1] = n;
      published.write_status(status);
      FanView fan;
      fan.rank = n;
      fan.deadline = SaleTime{n};
      published.write_fan(FanId{0}, fan);
      std::vector<Published::FreeWord> words;
      for (std::uint32_t word = 0; word < 40; ++word) words.push_back({word, n, n});
      published.write_free_words(words);
    }
    done = true;
  });
  bool torn = false;
  std::vector<std::uint64_t> words;
  do {
    const auto status = published.read_status();
    torn = torn || status.seats.free != status.sequence || status.state_hash[1] != status.sequence;
    const auto fan = published.read_fan(FanId{0});
    torn = torn || !fan || fan->deadline.microseconds != fan->rank;
    const auto zone = published.read_zone(ZoneIndex{0}, words);
    for (const auto word : words) torn = torn || word != zone.version;
    torn = torn || zone.free != 40U * static_cast<unsigned>(std::popcount(zone.version));
  } while (!done);
  writer.join();
  CHECK_FALSE(torn);
}

TEST_CASE("records of the draw are handed out as they were given") {
  const auto plan = test::SmallRound{}.plan();
  Published published(plan);
  CHECK(published.draw() == nullptr);
  const auto record = std::make_shared<const DrawRecord>();
  published.write_draw(record);
  CHECK(published.draw() == record);
  const auto window = std::make_shared<const LateWindowRecord>();
  published.add_late_window(window);
  CHECK(published.late_windows() == std::vector{window});
}

}  // namespace
}  // namespace frontrow
