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

WaitlistWish in_zone(std::uint32_t zone, std::uint32_t quantity, bool together = false) {
  return {{ZoneIndex{static_cast<std::uint16_t>(zone)}}, {}, quantity, together};
}

}  // namespace

TEST_CASE("who never had a turn stands by rank, whenever they come; all others behind them") {
  Waitlist list(1, 3);
  const auto early = list.add(FanId{1}, WaitlistWish{}, 0);
  const auto behind = list.add(FanId{2}, WaitlistWish{}, 700);
  const auto ahead = list.add(FanId{3}, {{}, {CategoryIndex{2}}, 2, false}, 30);
  CHECK(list.ahead_of(ahead) == 0);
  CHECK(list.ahead_of(behind) == 1);
  CHECK(list.ahead_of(early) == 2);
  CHECK(list.seats_wanted() == 4);
  const auto anybody = [](FanId, std::uint32_t) { return true; };
  const auto anything = [](const WaitlistWish&) { return true; };
  list.touch_seat(ZoneIndex{0}, CategoryIndex{1});
  CHECK(list.next_match(anything, anybody) == behind);
  list.touch_seat(ZoneIndex{0}, CategoryIndex{2});
  CHECK(list.next_match(anything, anybody) == ahead);
  list.remove(ahead);
  CHECK(list.next_match(anything, anybody) == behind);
  list.remove(behind);
  const auto again = list.add(FanId{2}, WaitlistWish{}, 700);
  CHECK_FALSE(list.stands(behind));
  CHECK(list.stands(again));
  CHECK(list.ahead_of(early) == 1);
  list.remove(again);
  list.touch_all();
  CHECK(list.next_match(anything, anybody) == early);
}

TEST_CASE("the first entry that suits is matched, and others keep their places") {
  Waitlist list(3, 2);
  const auto large = list.add(FanId{1}, in_zone(0, 4), 0);
  const auto small = list.add(FanId{2}, in_zone(0, 1), 0);
  list.add(FanId{3}, in_zone(0, 1), 0);
  list.touch_seat(ZoneIndex{0}, CategoryIndex{0});
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
  Waitlist list(1, 2);
  list.add(FanId{1}, WaitlistWish{}, 0);
  const auto second = list.add(FanId{2}, WaitlistWish{}, 0);
  list.touch_seat(ZoneIndex{0}, CategoryIndex{0});
  const auto match = list.next_match([](const WaitlistWish&) { return true; },
                                     [](FanId fan, std::uint32_t) { return fan != FanId{1}; });
  REQUIRE(match);
  CHECK(*match == second);
  CHECK(list.count() == 2);
}

TEST_CASE("what is not touched is not asked about") {
  Waitlist list(2, 2);
  list.add(FanId{1}, in_zone(1, 1), 0);
  list.touch_seat(ZoneIndex{0}, CategoryIndex{0});
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
  Waitlist list(4, 2);
  for (std::uint32_t n = 0; n < 100'000; ++n)
    list.add(FanId{n}, in_zone(n % 4, 2 + n % 3, n % 2 == 0), 0);
  list.touch_seat(ZoneIndex{2}, CategoryIndex{0});
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
  Waitlist list(4, 2);
  std::map<std::uint64_t, std::pair<WaitlistEntryId, WaitlistWish>> naive;  ///< In their order.
  std::set<std::uint32_t> ranks;
  for (int step = 0; step < 4'000; ++step) {
    if (random() % 2 == 0 || naive.empty()) {
      WaitlistWish wish;
      for (std::uint16_t zone = 0; zone < 4; ++zone)
        if (random() % 3 == 0) wish.zones.push_back(ZoneIndex{zone});
      wish.quantity = 1 + static_cast<std::uint32_t>(random() % 4);
      std::uint32_t rank = static_cast<std::uint32_t>(random() % 5'000);
      if (random() % 2 == 0 || !ranks.insert(rank).second) rank = 0;
      const auto entry = list.add(FanId{static_cast<std::uint32_t>(step)}, wish, rank);
      const std::uint64_t order = rank != 0 ? rank : 1'000'000 + static_cast<std::uint64_t>(step);
      naive.emplace(order, std::pair(entry, wish));
    } else if (random() % 3 == 0) {
      const auto gone = std::next(naive.begin(), static_cast<long>(random() % naive.size()));
      list.remove(gone->second.first);
      naive.erase(gone);
    } else {
      const ZoneIndex zone{static_cast<std::uint16_t>(random() % 4)};
      const auto most = static_cast<std::uint32_t>(random() % 5);
      const auto suits = [&](const WaitlistWish& wish) { return wish.quantity <= most; };
      const auto wants = [&](const WaitlistWish& wish) {
        return wish.zones.empty() ||
               std::find(wish.zones.begin(), wish.zones.end(), zone) != wish.zones.end();
      };
      list.touch_seat(zone, CategoryIndex{0});
      std::optional<std::uint64_t> expected;
      for (const auto& [order, one] : naive)
        if (!expected && wants(one.second) && suits(one.second)) expected = order;
      const auto match = list.next_match(suits, [](FanId, std::uint32_t) { return true; });
      REQUIRE(match.has_value() == expected.has_value());
      if (match) {
        REQUIRE(*match == naive.at(*expected).first);
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
      REQUIRE(list.ahead_of(one->second.first) == std::distance(naive.begin(), one));
    }
  }
}
