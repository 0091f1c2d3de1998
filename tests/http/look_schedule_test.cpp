#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "http/look_schedule.hpp"

using namespace frontrow;
using namespace frontrow::http;

namespace {

constexpr Instant start{1'800'000'000'000'000};
constexpr Duration grain = milliseconds(50);

}  // namespace

TEST_CASE("everything comes due once, not before its time and at most a grain after it") {
  const unsigned seed = 77;
  CAPTURE(seed);
  std::mt19937 random(seed);
  LookSchedule schedule;
  schedule.advance(start);
  std::vector<std::unique_ptr<Scheduled>> all;
  std::vector<Duration> wanted;
  for (int n = 0; n < 2'000; ++n) {
    all.push_back(std::make_unique<Scheduled>());
    wanted.push_back(milliseconds(1 + static_cast<int>(random() % 30'000)));
    schedule.set(*all.back(), wanted.back());
  }
  std::set<const Scheduled*> seen;
  for (Duration passed; passed <= seconds(31); passed = passed + milliseconds(110)) {
    schedule.advance(start + passed);
    while (const Scheduled* due = schedule.take_due()) {
      CHECK(seen.insert(due).second);
      for (std::size_t n = 0; n < all.size(); ++n) {
        if (all[n].get() != due) continue;
        CHECK(passed >= wanted[n]);
        CHECK(passed < wanted[n] + grain + milliseconds(110));
      }
    }
  }
  CHECK(seen.size() == all.size());
}

TEST_CASE("one is at one place only, and gone when it is destroyed or cancelled") {
  LookSchedule schedule;
  schedule.advance(start);
  Scheduled moved, cancelled;
  {
    Scheduled destroyed;
    schedule.set(destroyed, seconds(1));
    schedule.set(moved, seconds(1));
    schedule.set(moved, seconds(5));
    schedule.set(cancelled, {});
    schedule.cancel(cancelled);
  }
  CHECK(schedule.take_due() == nullptr);
  schedule.advance(start + seconds(2));
  CHECK(schedule.take_due() == nullptr);
  schedule.advance(start + seconds(6));
  CHECK(schedule.take_due() == &moved);
  CHECK(schedule.take_due() == nullptr);
}

TEST_CASE("all can be made due, and a clock that jumps neither loses nor delays anybody") {
  LookSchedule schedule;
  schedule.advance(start);
  Scheduled one, other;
  schedule.set(one, seconds(20));
  schedule.set_all_due();
  CHECK(schedule.take_due() == &one);
  schedule.set(one, seconds(2));
  schedule.advance(start - seconds(3'600));
  CHECK(schedule.take_due() == nullptr);
  schedule.advance(start - seconds(3'597));
  CHECK(schedule.take_due() == &one);
  schedule.set(one, seconds(2));
  schedule.set(other, seconds(1'000));  // longer than the ring: looked at earlier
  schedule.advance(start + seconds(86'400));
  CHECK(schedule.take_due() != nullptr);
  CHECK(schedule.take_due() != nullptr);
}
