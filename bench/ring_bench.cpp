// Which ring between two threads: the project's own or boost::lockfree::spsc_queue? Both pass the
// same values the way the sequencer does: pushed one by one, taken in batches. Runs alternate, so
// that both meet the same weather; the ratio of each pair is what counts.
#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/lockfree/spsc_queue.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "base/parker.hpp"
#include "base/spsc_ring.hpp"

namespace {

using namespace frontrow;

constexpr std::size_t ring_capacity = 4'096;

struct Small {
  std::uint64_t number = 0;
};
/// About as large as a submission.
struct Large {
  std::uint64_t number = 0;
  std::array<std::uint64_t, 15> rest{};
};
static_assert(sizeof(Small) == 8 && sizeof(Large) == 128);

template <class Value>
class OwnRing {
 public:
  bool push(const Value& value) { return ring_.try_push(Value{value}); }
  template <class Take>
  std::size_t take(Take&& take) {
    return ring_.drain(ring_capacity, take);
  }

 private:
  SpscRing<Value> ring_{ring_capacity};
};

template <class Value>
class BoostRing {
 public:
  bool push(const Value& value) { return queue_.push(value); }
  template <class Take>
  std::size_t take(Take&& take) {
    return queue_.consume_all(take);
  }

 private:
  boost::lockfree::spsc_queue<Value> queue_{ring_capacity};
};

/// Both sides wait the same way, which is the sequencer's: spin, then leave the core to the other.
void pause(Backoff& backoff) {
  if (!backoff.idle()) return;
  sched_yield();
}

/// The two threads on two cores, where there are two: a ring is for threads that run at once.
void stay_on_core(std::size_t wanted) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2) return;
  std::size_t seen = 0;
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &allowed) || seen++ != wanted) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
    return;
  }
}

struct Run {
  double per_second = 0;
  bool correct = false;
};

template <class Ring, class Value>
Run pass(std::uint64_t count) {
  // Nothing that a thread writes may lie on a line of the ring, or of the other thread.
  struct alignas(256) Apart {
    Ring ring;
    alignas(256) bool correct = false;
  };
  const auto apart = std::make_unique<Apart>();
  Ring& ring = apart->ring;
  const auto started = std::chrono::steady_clock::now();
  std::thread consumer([&] {
    stay_on_core(1);
    Backoff backoff;
    bool in_order = true;
    std::uint64_t next = 0;
    while (next < count) {
      const auto taken = ring.take([&](const Value& value) {
        in_order = in_order && value.number == next;
        ++next;
      });
      if (taken == 0)
        pause(backoff);
      else
        backoff.reset();
    }
    apart->correct = in_order && next == count;
  });
  // In a thread of its own, so that the next run finds this one's cores as they were.
  std::thread producer([&] {
    stay_on_core(0);
    Value value;
    Backoff backoff;
    for (value.number = 0; value.number < count;) {
      if (ring.push(value)) {
        ++value.number;
        backoff.reset();
      } else {
        pause(backoff);
      }
    }
  });
  producer.join();
  consumer.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  return {static_cast<double>(count) / took.count(), apart->correct};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Comparison {
  std::size_t bytes = 0;
  double own_per_second = 0, boost_per_second = 0, ratio = 0, ratio_min = 0, ratio_max = 0;
  bool correct = true;
};

template <class Value>
Comparison compare(std::uint64_t count, int pairs) {
  std::vector<double> own;
  std::vector<double> boost;
  std::vector<double> ratios;
  Comparison result;
  result.bytes = sizeof(Value);
  pass<OwnRing<Value>, Value>(count / 10);
  pass<BoostRing<Value>, Value>(count / 10);
  for (int pair = 0; pair < pairs; ++pair) {
    const bool own_first = pair % 2 == 0;
    Run first = own_first ? pass<OwnRing<Value>, Value>(count) : Run{};
    const Run second = pass<BoostRing<Value>, Value>(count);
    if (!own_first) first = pass<OwnRing<Value>, Value>(count);
    result.correct = result.correct && first.correct && second.correct;
    own.push_back(first.per_second);
    boost.push_back(second.per_second);
    ratios.push_back(first.per_second / second.per_second);
  }
  result.own_per_second = median(own);
  result.boost_per_second = median(boost);
  result.ratio = median(ratios);
  result.ratio_min = *std::min_element(ratios.begin(), ratios.end());
  result.ratio_max = *std::max_element(ratios.begin(), ratios.end());
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Values a second from one thread to another, own ring against boost's");
  std::uint64_t count = 10'000'000;
  int pairs = 9;
  bool as_json = false;
  app.add_option("--count", count, "Values in one run")->check(CLI::PositiveNumber);
  app.add_option("--pairs", pairs, "Runs of each, alternating")->check(CLI::Range(1, 1'000));
  app.add_flag("--json", as_json, "One JSON object instead of a table");
  CLI11_PARSE(app, argc, argv);

  const std::array comparisons{compare<Small>(count, pairs), compare<Large>(count, pairs)};
  const bool correct = std::all_of(comparisons.begin(), comparisons.end(),
                                   [](const Comparison& each) { return each.correct; });
  if (as_json) {
    nlohmann::json out{{"bench", "ring"}, {"count", count}, {"pairs", pairs}, {"correct", correct}};
    for (const auto& each : comparisons)
      out["elements"].push_back({{"bytes", each.bytes},
                                 {"own_per_second", each.own_per_second},
                                 {"boost_per_second", each.boost_per_second},
                                 {"ratio", each.ratio},
                                 {"ratio_min", each.ratio_min},
                                 {"ratio_max", each.ratio_max}});
    fmt::print("{}\n", out.dump());
  } else {
    fmt::print("{:>8} {:>14} {:>14} {:>24}\n", "bytes", "own M/s", "boost M/s",
               "ratio (lowest, highest)");
    for (const auto& each : comparisons)
      fmt::print("{:>8} {:>14.1f} {:>14.1f} {:>10.2f} ({:.2f}, {:.2f})\n", each.bytes,
                 each.own_per_second / 1e6, each.boost_per_second / 1e6, each.ratio, each.ratio_min,
                 each.ratio_max);
  }
  if (!correct) fmt::print(stderr, "bench_ring: values were lost or changed their order\n");
  return correct ? 0 : 1;
}
