#include "queue/waitlist.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

using namespace frontrow;
using namespace frontrow::queue;

namespace {

std::uint64_t seed() {
  const char* text = std::getenv("FRONTROW_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
}

}  // namespace

TEST_CASE("the first entry that suits is matched, and others keep their places") {
  Waitlist list(3);
  const auto large = list.add(FanId{1}, {{ZoneIndex{0}}, 4, false});
  const auto small = list.add(FanId{2}, {{ZoneIndex{0}}, 1, false});
  list.add(FanId{3}, {{ZoneIndex{0}}, 1, false});
  list.touch_zone(ZoneIndex{0});
  const auto match = list.next_match([](const WaitlistWish& wish) { return wish.quantity <= 1; },
                                     [](FanId, std::uint32_t) { return true; });
  REQUIRE(match);
  CHECK(*match == small);
  list.remove(*match);
  CHECK(list.stands(large));
  CHECK(list.ahead_of(large) == 0);
  CHECK(list.count() == 2);
}

TEST_CASE("an entry past its fan's limit is passed over") {
  Waitlist list(1);
  list.add(FanId{1}, {{}, 1, false});
  const auto second = list.add(FanId{2}, {{}, 1, false});
  list.touch_zone(ZoneIndex{0});
  const auto match = list.next_match([](const WaitlistWish&) { return true; },
                                     [](FanId fan, std::uint32_t) { return fan != FanId{1}; });
  REQUIRE(match);
  CHECK(*match == second);
  CHECK(list.count() == 2);
}

TEST_CASE("what is not touched is not asked about") {
  Waitlist list(2);
  list.add(FanId{1}, {{ZoneIndex{1}}, 1, false});
  list.touch_zone(ZoneIndex{0});
  int asked = 0;
  const auto match = list.next_match(
      [&](const WaitlistWish&) {
        ++asked;
        return true;
      },
      [](FanId, std::uint32_t) { return true; });
  CHECK_FALSE(match);
  CHECK(asked == 0);
}

TEST_CASE("a hundred thousand entries that nothing suits are asked about by their few wishes") {
  Waitlist list(4);
  for (std::uint32_t n = 0; n < 100'000; ++n)
    list.add(FanId{n}, {{ZoneIndex{static_cast<std::uint16_t>(n % 4)}}, 2 + n % 3, n % 2 == 0});
  list.touch_zone(ZoneIndex{2});
  int asked = 0;
  CHECK_FALSE(list.next_match(
      [&](const WaitlistWish& wish) {
        ++asked;
        return wish.quantity <= 1;
      },
      [](FanId, std::uint32_t) { return true; }));
  CHECK(asked <= 6);
}

TEST_CASE("the waitlist agrees with a plain list in the order of joining") {
  const auto chosen = seed();
  INFO("FRONTROW_SEED=" << chosen);
  std::mt19937_64 random(chosen);
  Waitlist list(4);
  std::map<std::uint32_t, WaitlistWish> naive;
  for (int step = 0; step < 4'000; ++step) {
    if (random() % 2 == 0 || naive.empty()) {
      WaitlistWish wish;
      for (std::uint16_t zone = 0; zone < 4; ++zone)
        if (random() % 3 == 0) wish.zones.push_back(ZoneIndex{zone});
      wish.quantity = 1 + static_cast<std::uint32_t>(random() % 4);
      naive.emplace(list.add(FanId{static_cast<std::uint32_t>(step)}, wish).value, wish);
    } else if (random() % 3 == 0) {
      const auto gone = std::next(naive.begin(), static_cast<long>(random() % naive.size()));
      list.remove(WaitlistEntryId{gone->first});
      naive.erase(gone);
    } else {
      const ZoneIndex zone{static_cast<std::uint16_t>(random() % 4)};
      const auto most = static_cast<std::uint32_t>(random() % 5);
      const auto suits = [&](const WaitlistWish& wish) { return wish.quantity <= most; };
      const auto wants = [&](const WaitlistWish& wish) {
        return wish.zones.empty() ||
               std::find(wish.zones.begin(), wish.zones.end(), zone) != wish.zones.end();
      };
      list.touch_zone(zone);
      std::optional<std::uint32_t> expected;
      for (const auto& [entry, wish] : naive)
        if (!expected && wants(wish) && suits(wish)) expected = entry;
      const auto match = list.next_match(suits, [](FanId, std::uint32_t) { return true; });
      REQUIRE(match.has_value() == expected.has_value());
      if (match) {
        REQUIRE(match->value == *expected);
        list.remove(*match);
        naive.erase(*expected);
        // The rest of this touch is matched to its end, as the engine does.
        while (const auto more = list.next_match([](const WaitlistWish&) { return false; },
                                                 [](FanId, std::uint32_t) { return true; }))
          list.remove(*more);
      }
    }
    REQUIRE(list.count() == naive.size());
    if (!naive.empty()) {
      const auto one = std::next(naive.begin(), static_cast<long>(random() % naive.size()));
      REQUIRE(list.ahead_of(WaitlistEntryId{one->first}) == std::distance(naive.begin(), one));
    }
  }
}
