#include "base/spsc_ring.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace frontrow {
namespace {

TEST_CASE("a ring gives back what was put in, in order, and is then empty") {
  SpscRing<int> ring(4);
  CHECK(ring.empty());
  for (int n = 0; n < 4; ++n) CHECK(ring.try_push(int{n}));
  CHECK(ring.size() == 4);
  int value = -1;
  for (int n = 0; n < 4; ++n) {
    REQUIRE(ring.try_pop(value));
    CHECK(value == n);
  }
  CHECK_FALSE(ring.try_pop(value));
  CHECK(ring.empty());
}

TEST_CASE("a full ring takes nothing and leaves the value with its owner") {
  SpscRing<std::unique_ptr<int>> ring(2);
  REQUIRE(ring.try_push(std::make_unique<int>(1)));
  REQUIRE(ring.try_push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  CHECK_FALSE(ring.try_push(std::move(third)));
  REQUIRE(third != nullptr);
  std::unique_ptr<int> out;
  REQUIRE(ring.try_pop(out));
  CHECK(*out == 1);
  CHECK(ring.try_push(std::move(third)));
}

TEST_CASE("a ring's capacity is a power of two that holds what was asked for") {
  CHECK(SpscRing<int>(0).capacity() == 2);
  CHECK(SpscRing<int>(2).capacity() == 2);
  CHECK(SpscRing<int>(3).capacity() == 4);
  CHECK(SpscRing<int>(1'000).capacity() == 1'024);
}

TEST_CASE("draining takes no more than it is told") {
  SpscRing<int> ring(8);
  for (int n = 0; n < 8; ++n) REQUIRE(ring.try_push(int{n}));
  std::vector<int> taken;
  const auto take = [&](int& value) { taken.push_back(value); };
  CHECK(ring.drain(3, take) == 3);
  CHECK(ring.size() == 5);
  CHECK(ring.drain(100, take) == 5);
  CHECK(ring.drain(100, take) == 0);
  CHECK(taken == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("a ring agrees with a list, whatever is done to it") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  SpscRing<unsigned> ring(16);
  std::vector<unsigned> model;
  unsigned next = 0;
  for (int n = 0; n < 100'000; ++n) {
    if (random() % 2 == 0) {
      const bool pushed = ring.try_push(unsigned{next});
      REQUIRE(pushed == (model.size() < 16));
      if (pushed) model.push_back(next++);
    } else {
      const std::size_t max = random() % 5;
      std::size_t taken = 0;
      ring.drain(max, [&](unsigned& value) {
        REQUIRE(value == model[taken]);
        ++taken;
      });
      // It may take less than there is, what it had seen before, but never nothing.
      REQUIRE(taken <= std::min(max, model.size()));
      REQUIRE((taken > 0 || max == 0 || model.empty()));
      model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    REQUIRE(ring.size() == model.size());
  }
}

TEST_CASE("two threads pass a million values through a small ring, none lost, none twice") {
  constexpr std::uint64_t count = 1'000'000;
  SpscRing<std::uint64_t> ring(64);
  std::thread producer([&] {
    for (std::uint64_t n = 0; n < count;) {
      if (ring.try_push(std::uint64_t{n}))
        ++n;
      else
        std::this_thread::yield();
    }
  });
  std::uint64_t expected = 0;
  bool in_order = true;
  while (expected < count) {
    const auto taken = ring.drain(64, [&](std::uint64_t& value) {
      in_order = in_order && value == expected;
      ++expected;
    });
    if (taken == 0) std::this_thread::yield();
  }
  producer.join();
  CHECK(in_order);
  CHECK(ring.empty());
}

}  // namespace
}  // namespace frontrow
