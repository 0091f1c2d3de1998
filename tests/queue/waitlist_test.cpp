#include "queue/waitlist.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace frontrow;
using namespace frontrow::queue;

namespace {

std::uint64_t seed() {
  const char* text = std::getenv("FRONTROW_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
}

/// Each touched wish is asked about: nothing is known of what came free.
template <class Suits, class WithinLimit>
struct AskEach {
  Suits its_suits;
  WithinLimit its_within_limit;
  FreeByClass plenty{};

  FreedSeats freed(WishArea, std::uint32_t, bool) const { return FreedSeats::kMaySuit; }
  const FreeByClass& free_by_class(WishArea::Kind) {
    for (std::uint32_t n = 0; n < 64; ++n) plenty.add(n, 1'000);
    return plenty;
  }
  bool suits(const WaitlistWish& wish) { return its_suits(wish); }
  bool within_limit(FanId fan, std::uint32_t quantity) { return its_within_limit(fan, quantity); }
};
template <class Suits, class WithinLimit>
std::optional<WaitlistEntryId> match(Waitlist& list, Suits suits, WithinLimit within_limit) {
  return list.next_match(AskEach<Suits, WithinLimit>{suits, within_limit});
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
  CHECK(match(list, anything, anybody) == behind);
  list.touch_seat(ZoneIndex{0}, CategoryIndex{2});
  CHECK(match(list, anything, anybody) == ahead);
  list.remove(ahead);
  CHECK(match(list, anything, anybody) == behind);
  list.remove(behind);
  const auto again = list.add(FanId{2}, WaitlistWish{}, 700);
  CHECK_FALSE(list.stands(behind));
  CHECK(list.stands(again));
  CHECK(list.ahead_of(early) == 1);
  list.remove(again);
  list.touch_all();
  CHECK(match(list, anything, anybody) == early);
}

TEST_CASE("the first entry that suits is matched, and others keep their places") {
  Waitlist list(3, 2);
  const auto large = list.add(FanId{1}, in_zone(0, 4), 0);
  const auto small = list.add(FanId{2}, in_zone(0, 1), 0);
  list.add(FanId{3}, in_zone(0, 1), 0);
  list.touch_seat(ZoneIndex{0}, CategoryIndex{0});
  const auto found = match(
      list, [](const WaitlistWish& wish) { return wish.quantity <= 1; },
      [](FanId, std::uint32_t) { return true; });
  REQUIRE(found);
  CHECK(*found == small);
  list.remove(*found);
  CHECK(list.stands(large));
  CHECK(list.ahead_of(large) == 0);
  CHECK(list.count() == 2);
}

TEST_CASE("an entry past its fan's limit is passed over") {
  Waitlist list(1, 2);
  list.add(FanId{1}, WaitlistWish{}, 0);
  const auto second = list.add(FanId{2}, WaitlistWish{}, 0);
  list.touch_seat(ZoneIndex{0}, CategoryIndex{0});
  const auto found = match(
      list, [](const WaitlistWish&) { return true; },
      [](FanId fan, std::uint32_t) { return fan != FanId{1}; });
  REQUIRE(found);
  CHECK(*found == second);
  CHECK(list.count() == 2);
}

TEST_CASE("what is not touched is not asked about") {
  Waitlist list(2, 2);
  list.add(FanId{1}, in_zone(1, 1), 0);
  list.touch_seat(ZoneIndex{0}, CategoryIndex{0});
  int asked = 0;
  const auto found = match(
      list,
      [&](const WaitlistWish&) {
        ++asked;
        return true;
      },
      [](FanId, std::uint32_t) { return true; });
  CHECK_FALSE(found);
  CHECK(asked == 0);
}

TEST_CASE("a hundred thousand entries that nothing suits are asked about by their few wishes") {
  Waitlist list(4, 2);
  for (std::uint32_t n = 0; n < 100'000; ++n)
    list.add(FanId{n}, in_zone(n % 4, 2 + n % 3, n % 2 == 0), 0);
  list.touch_seat(ZoneIndex{2}, CategoryIndex{0});
  int asked = 0;
  CHECK_FALSE(match(
      list,
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
      const auto found = match(list, suits, [](FanId, std::uint32_t) { return true; });
      REQUIRE(found.has_value() == expected.has_value());
      if (found) {
        REQUIRE(*found == naive.at(*expected).first);
        list.remove(*found);
        naive.erase(*expected);
        // The rest of this touch is matched to its end, as the engine does.
        while (const auto more = match(
                   list, [](const WaitlistWish&) { return false; },
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

namespace {

/// Seats of which so many are free in each zone, and so many side by side: a market as plain as can
/// be, that counts how often it is asked about a wish.
struct Zones {
  std::vector<std::uint32_t> free, run;
  std::set<std::uint32_t> over_limit;  ///< Fans.
  int asked = 0;
  FreeByClass by_class{};

  std::uint32_t total() const { return std::accumulate(free.begin(), free.end(), 0U); }
  FreedSeats freed(WishArea area, std::uint32_t quantity, bool together) const {
    if (area.kind == WishArea::Kind::kAny) {
      const std::uint32_t most = together ? *std::max_element(run.begin(), run.end()) : total();
      return most >= quantity ? FreedSeats::kSuit : FreedSeats::kSuitNot;
    }
    if ((together ? run : free)[area.index] >= quantity) return FreedSeats::kSuit;
    return together ? FreedSeats::kSuitNot : FreedSeats::kMaySuit;
  }
  const FreeByClass& free_by_class(WishArea::Kind) {
    by_class = {};
    for (std::uint32_t n = 0; n < free.size(); ++n) by_class.add(n, free[n]);
    return by_class;
  }
  bool truly_suits(const WaitlistWish& wish) const {
    std::uint32_t sum = 0, longest = 0;
    for (std::size_t n = 0; n < free.size(); ++n) {
      const ZoneIndex zone{static_cast<std::uint16_t>(n)};
      if (!wish.zones.empty() &&
          std::find(wish.zones.begin(), wish.zones.end(), zone) == wish.zones.end())
        continue;
      sum += free[n];
      longest = std::max(longest, run[n]);
    }
    return (wish.together ? longest : sum) >= wish.quantity;
  }
  bool suits(const WaitlistWish& wish) {
    ++asked;
    return truly_suits(wish);
  }
  bool within_limit(FanId fan, std::uint32_t) const { return over_limit.count(fan.value) == 0; }
};

}  // namespace

TEST_CASE("two thousand kinds of wishes that freed seats do not suit are hardly looked at") {
  Waitlist list(40, 1);
  for (std::uint32_t n = 0; n < 2'000; ++n) {
    WaitlistWish wish{{ZoneIndex{0}}, {}, 3 + n % 2, n % 3 == 0};
    for (std::uint16_t bit = 0; bit < 11; ++bit)
      if ((n >> bit & 1) != 0) wish.zones.push_back(ZoneIndex{static_cast<std::uint16_t>(bit + 1)});
    list.add(FanId{n}, wish, 0);
  }
  Zones market{std::vector<std::uint32_t>(40, 0), std::vector<std::uint32_t>(40, 0), {}, 0, {}};
  market.free[0] = market.run[0] = 2;
  market.free[30] = 50;  // in no wish
  list.touch_seat(ZoneIndex{0}, CategoryIndex{0});
  CHECK_FALSE(list.next_match(market));
  CHECK(market.asked == 0);
  CHECK_FALSE(list.anything_touched());
}

TEST_CASE("freed seats go to the same entries as if every entry were looked at in its order") {
  const auto chosen = seed();
  INFO("FRONTROW_SEED=" << chosen);
  std::mt19937_64 random(chosen);
  const auto any = [&](std::uint64_t bound) {
    return static_cast<std::uint32_t>(random() % bound);
  };
  constexpr std::uint16_t zones = 6;
  Waitlist list(zones, 1);
  struct Known {
    WaitlistEntryId entry;
    FanId fan;
    WaitlistWish wish;
    bool sleeps = false;
  };
  std::map<std::uint64_t, Known> plain;  ///< In their order.
  Zones market{
      std::vector<std::uint32_t>(zones, 0), std::vector<std::uint32_t>(zones, 0), {}, 0, {}};
  const auto drain = [&] {
    for (;;) {
      auto expected = plain.begin();
      while (expected != plain.end() &&
             (expected->second.sleeps || !market.truly_suits(expected->second.wish) ||
              !market.within_limit(expected->second.fan, expected->second.wish.quantity)))
        ++expected;
      const auto found = list.next_match(market);
      REQUIRE(found.has_value() == (expected != plain.end()));
      if (!found) return;
      REQUIRE(*found == expected->second.entry);
      // Its seats are taken, wherever.
      std::uint32_t missing = expected->second.wish.quantity;
      for (std::uint16_t n = 0; n < zones && missing > 0; ++n) {
        const auto& named = expected->second.wish.zones;
        if (!named.empty() && std::find(named.begin(), named.end(), ZoneIndex{n}) == named.end())
          continue;
        const std::uint32_t taken = std::min(missing, market.free[n]);
        market.free[n] -= taken;
        market.run[n] = std::min(market.run[n], market.free[n]);
        missing -= taken;
      }
      list.remove(*found);
      plain.erase(expected);
    }
  };
  for (std::uint32_t step = 0; step < 20'000; ++step) {
    const auto what = any(10);
    if (what < 5) {
      Known known;
      known.fan = FanId{step};
      for (std::uint16_t n = 0; n < zones; ++n)
        if (any(3) == 0) known.wish.zones.push_back(ZoneIndex{n});
      known.wish.quantity = 1 + any(5);
      known.wish.together = any(2) == 0;
      known.sleeps = market.truly_suits(known.wish);
      const std::uint32_t rank = any(3) == 0 ? 100'000 - step : 0;
      known.entry = list.add(known.fan, known.wish, rank, known.sleeps);
      if (any(10) == 0) market.over_limit.insert(step);
      plain.emplace(rank != 0 ? rank : 1'000'000 + step, known);
    } else if (what < 6 && !plain.empty()) {
      const auto gone = std::next(plain.begin(), static_cast<long>(random() % plain.size()));
      list.remove(gone->second.entry);
      plain.erase(gone);
    } else if (what < 7 && !plain.empty()) {
      // A fan may buy again.
      const auto one = std::next(plain.begin(), static_cast<long>(random() % plain.size()));
      if (market.over_limit.erase(one->second.fan.value) != 0) list.touch_entry(one->second.entry);
    } else if (what < 8) {
      // The house is sold out: who sleeps wakes.
      market.free.assign(zones, 0);
      market.run.assign(zones, 0);
      list.wake_all();
      for (auto& [order, known] : plain) known.sleeps = false;
    } else {
      const std::uint16_t zone = static_cast<std::uint16_t>(any(zones));
      const std::uint32_t count = 1 + any(4);
      market.free[zone] += count;
      market.run[zone] = std::max(market.run[zone], 1 + any(count));
      list.touch_seat(ZoneIndex{zone}, CategoryIndex{0});
    }
    drain();
    REQUIRE(list.count() == plain.size());
  }
}
