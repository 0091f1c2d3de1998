#include "queue/line.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

#include "queue/admission.hpp"
#include "queue/late_windows.hpp"

using namespace frontrow;
using queue::CountedBits;
using queue::Line;

namespace {

std::uint64_t seed() {
  const char* text = std::getenv("FRONTROW_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
}

void drawn(Line& line, std::uint32_t count) {
  for (std::uint32_t n = 0; n < count; ++n) line.set_waiting(line.append(FanId{n}), true);
}

}  // namespace

TEST_CASE("counted bits agree with a set of numbers") {
  const auto chosen = seed();
  INFO("FRONTROW_SEED=" << chosen);
  std::mt19937_64 random(chosen);
  CountedBits bits(200'000);
  std::set<std::uint32_t> naive;
  for (int step = 0; step < 20'000; ++step) {
    const auto bit = static_cast<std::uint32_t>(random() % 200'000);
    if (random() % 2 == 0) {
      bits.set(bit);
      naive.insert(bit);
    } else {
      const auto gone = naive.lower_bound(bit);
      bits.clear(gone == naive.end() ? bit : *gone);
      naive.erase(gone == naive.end() ? bit : *gone);
    }
    if (step % 50 != 0) continue;
    REQUIRE(bits.count() == naive.size());
    REQUIRE(bits.first() == (naive.empty() ? CountedBits::none : *naive.begin()));
    const auto asked = static_cast<std::uint32_t>(random() % 200'000);
    REQUIRE(bits.count_before(asked) == std::distance(naive.begin(), naive.lower_bound(asked)));
    if (naive.empty()) continue;
    const auto index = static_cast<std::uint32_t>(random() % naive.size());
    REQUIRE(bits.nth(index) == *std::next(naive.begin(), index));
  }
}

TEST_CASE("the fan of rank r stands in slot 2 (r - 1)") {
  Line line;
  for (std::uint32_t rank = 1; rank <= 5; ++rank)
    CHECK(line.append(FanId{rank}).value == 2 * (rank - 1));
}

TEST_CASE("fans are called in the order of their slots, skipping who does not wait") {
  Line line;
  drawn(line, 4);
  line.set_waiting(LineSlot{2}, false);
  CHECK(line.call_next() == FanId{0});
  CHECK(line.call_next() == FanId{2});
  CHECK(line.waiting() == 1);
  CHECK(line.waiting_before(LineSlot{6}) == 0);
  CHECK(line.has_passed(LineSlot{2}));
  CHECK_FALSE(line.has_passed(LineSlot{6}));
}

TEST_CASE("who is put back stands behind as many waiting fans as asked, and keeps them ahead") {
  Line line;
  drawn(line, 6);
  const FanId missed = line.call_next();
  const LineSlot slot = line.put_back(missed, 3);
  line.set_waiting(slot, true);
  CHECK(slot.value == 7);
  CHECK(line.waiting_before(slot) == 3);
  SECTION("a second one gets the next odd slot") {
    const LineSlot next = line.put_back(line.call_next(), 2);
    // Two wait before slot 7: fans 2 and 3; the slot behind them is used already.
    CHECK(next.value == 9);
  }
}

TEST_CASE("who is put back where few wait comes last, and late fans still come after") {
  Line line;
  drawn(line, 3);
  const LineSlot slot = line.put_back(line.call_next(), 500);
  line.set_waiting(slot, true);
  CHECK(line.waiting_before(slot) == 2);
  const LineSlot late = line.append(FanId{9});
  CHECK(late > slot);
  CHECK(late.value % 2 == 0);
  CHECK(line.put_at_end(FanId{10}) > late);
}

TEST_CASE("with no places between, who is put back is next") {
  Line line;
  drawn(line, 3);
  const FanId missed = line.call_next();
  line.set_waiting(line.put_back(missed, 0), true);
  CHECK(line.call_next() == missed);
}

TEST_CASE("a slot is never given twice") {
  const auto chosen = seed();
  INFO("FRONTROW_SEED=" << chosen);
  std::mt19937_64 random(chosen);
  Line line;
  std::set<std::uint32_t> given;
  std::uint32_t fan = 0;
  for (int step = 0; step < 3'000; ++step) {
    LineSlot slot;
    switch (random() % 4) {
      case 0:
        slot = line.put_back(FanId{fan++}, static_cast<std::uint32_t>(random() % 50));
        break;
      case 1:
        slot = line.put_at_end(FanId{fan++});
        break;
      case 2:
        slot = line.append(FanId{fan++});
        break;
      default:
        if (line.waiting() > 0) line.call_next();
        continue;
    }
    line.set_waiting(slot, true);
    REQUIRE(given.insert(slot.value).second);
  }
}

TEST_CASE("the call bucket keeps to its rate and saves up no more than a burst") {
  queue::CallBucket bucket;
  bucket.set_rate(SaleTime{0}, 100);
  CHECK(bucket.calls_at(SaleTime{0}) == 0);
  CHECK(bucket.calls_at(SaleTime{10'000}) == 1);
  CHECK(bucket.calls_at(SaleTime{60'000'000}) == 5);
  CHECK(bucket.time_of(1) == SaleTime{10'000});
  bucket.take(SaleTime{60'000'000}, 5);
  CHECK(bucket.calls_at(SaleTime{60'000'000}) == 0);
  CHECK(bucket.time_of(2) == SaleTime{60'020'000});
  CHECK(bucket.calls_at(SaleTime{60'019'999}) == 1);
  CHECK(bucket.calls_at(SaleTime{60'020'000}) == 2);
}

TEST_CASE("a rate of nought calls nobody, and the fastest one does not overflow") {
  queue::CallBucket bucket;
  bucket.set_rate(SaleTime{0}, 0);
  CHECK(bucket.calls_at(SaleTime{1'000'000'000'000}) == 0);
  bucket.set_rate(SaleTime{0}, ~std::uint32_t{0});
  CHECK(bucket.calls_at(SaleTime{1'800'000'000'000'000}) == ~std::uint32_t{0} / 20);
}

TEST_CASE("late windows are ranges of time, and those without members are none") {
  queue::LateWindows windows(seconds(10));
  const Instant draw_at{1'000'000'000};
  CHECK(windows.number_at(draw_at, draw_at) == 0);
  CHECK(windows.number_at(draw_at, draw_at + seconds(10) - microseconds(1)) == 0);
  CHECK(windows.number_at(draw_at, draw_at + seconds(10)) == 1);
  windows.add(0, FanId{4});
  windows.add(0, FanId{5});
  windows.add(3, FanId{6});
  CHECK(windows.front().count == 2);
  CHECK(windows.end_of_front(draw_at) == draw_at + seconds(10));
  windows.close_front();
  CHECK(windows.front().number == 3);
  CHECK(windows.end_of_front(draw_at) == draw_at + seconds(40));
}
