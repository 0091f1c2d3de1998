#include "seats/search_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <stdexcept>

#include "engine/seat_search.hpp"
#include "seats/house.hpp"
#include "seats/samples.hpp"

namespace frontrow::bench {
namespace {

using engine::SeatMap;
using engine::SeatSearch;

constexpr std::uint32_t quantity_max = 6;
/// One case in so many is compared with a look at every seat of the house.
constexpr std::size_t thorough_every = 16;

struct Case {
  bool by_zone = true;
  ZoneIndex zone;
  CategoryIndex category;
  std::uint32_t quantity = 1;
  Together together = Together::kAny;
};

std::vector<Case> all_cases(const Plan& plan) {
  std::vector<Case> cases;
  for (std::uint32_t quantity = 1; quantity <= quantity_max; ++quantity)
    for (const auto together : {Together::kAny, Together::kRequired, Together::kPreferred}) {
      for (std::uint16_t n = 0; n < plan.zones.size(); ++n)
        cases.push_back({true, ZoneIndex{n}, {}, quantity, together});
      for (std::uint16_t n = 0; n < plan.categories.size(); ++n)
        cases.push_back({false, {}, CategoryIndex{n}, quantity, together});
    }
  return cases;
}

struct Fill {
  std::string name;
  double share = 0;
  bool every_second = false;
};

std::vector<SeatIndex> filled_seats(const Plan& plan, const Fill& fill, std::uint64_t seed) {
  std::vector<SeatIndex> seats;
  if (fill.every_second) {
    for (const PlanRow& row : plan.rows)
      for (std::uint32_t n = seed % 2; n < row.seat_count; n += 2)
        seats.push_back(SeatIndex{row.first_seat.value + n});
    return seats;
  }
  std::mt19937_64 random(seed);
  for (std::uint32_t n = 0; n < plan.capacity(); ++n) seats.push_back(SeatIndex{n});
  std::shuffle(seats.begin(), seats.end(), random);
  seats.resize(static_cast<std::size_t>(fill.share * static_cast<double>(seats.size()) + 0.5));
  return seats;
}

/// A seat map as the engine has one, and a plain look at it.
class FilledMap {
 public:
  FilledMap(std::shared_ptr<const Plan> plan, const std::vector<SeatIndex>& taken)
      : map_(plan, hash_), search_(map_, {}) {
    map_.begin_command(1, effects_);
    for (const SeatIndex seat : taken) map_.block(seat, BlockReason::kOther);
  }

  std::optional<SeatSearch::Found> find(const Case& one) const {
    return one.by_zone ? search_.in_zone(one.zone, one.quantity, one.together)
                       : search_.in_category(one.category, one.quantity, one.together);
  }
  void verify(const Case& one, bool thorough) const {
    const auto found = find(one);
    if (!found) {
      if (one.together != Together::kRequired && free_in(one) >= one.quantity)
        throw std::runtime_error("seats were not found that are free");
      if (thorough && one.together == Together::kRequired && has_run(one))
        throw std::runtime_error("neighbours were not found that are free");
      return;
    }
    if (found->seats.size() != one.quantity) throw std::runtime_error("too few seats were found");
    SeatList sorted = found->seats;
    std::sort(sorted.begin(), sorted.end());
    bool neighbours = true;
    for (std::size_t n = 0; n < sorted.size(); ++n) {
      if (!counts(one, sorted[n])) throw std::runtime_error("a seat was found that does not count");
      if (n == 0) continue;
      if (sorted[n] == sorted[n - 1]) throw std::runtime_error("a seat was found twice");
      neighbours = neighbours && are_neighbours(sorted[n - 1], sorted[n]);
    }
    if (!neighbours &&
        (one.together == Together::kRequired || found->arrangement == Arrangement::kSideBySide))
      throw std::runtime_error("seats apart were found where neighbours were asked for");
    if (thorough && one.together == Together::kPreferred &&
        found->arrangement != Arrangement::kSideBySide && has_run(one))
      throw std::runtime_error("seats apart were found though neighbours are free");
  }

 private:
  std::uint32_t free_in(const Case& one) const {
    return one.by_zone ? map_.free_in_zone(one.zone) : map_.free_in_category(one.category);
  }
  bool counts(const Case& one, SeatIndex seat) const {
    return map_.is_free(seat) &&
           (one.by_zone ? map_.zone_of(seat) == one.zone : map_.category_of(seat) == one.category);
  }
  bool are_neighbours(SeatIndex seat, SeatIndex next) const {
    const PlanSeat& first = map_.plan().seat(seat);
    if (first.row != map_.plan().seat(next).row) return false;
    if (map_.plan().zone(first.zone).kind == ZoneKind::kStanding) return true;
    return next.value == seat.value + 1 &&
           (map_.link_word(map_.word_of(seat)) & map_.mask_of(seat)) != 0;
  }
  bool has_run(const Case& one) const {
    for (const PlanRow& row : map_.plan().rows) {
      const bool standing = map_.plan().zone(row.zone).kind == ZoneKind::kStanding;
      std::uint32_t length = 0;
      for (std::uint32_t n = 0; n < row.seat_count; ++n) {
        const SeatIndex seat{row.first_seat.value + n};
        if (!standing && length > 0 && !are_neighbours(SeatIndex{seat.value - 1}, seat)) length = 0;
        if (counts(one, seat))
          ++length;
        else if (!standing)
          length = 0;
        // Accessible places are a row's like any other where nothing else is left.
        if (length == one.quantity) return true;
      }
    }
    return false;
  }

  engine::HashSum hash_;
  Effects effects_;
  SeatMap map_;
  SeatSearch search_;
};

/// Each case's least time, `repeats` times through all cases in an order of its own.
template <class Timed>
void time_cases(std::size_t count, std::uint32_t repeats, std::uint64_t seed,
                std::vector<double>& times, Timed&& timed) {
  std::vector<std::size_t> order(count);
  for (std::size_t n = 0; n < count; ++n) order[n] = n;
  std::vector<double> least(count, 1e18);
  std::mt19937_64 random(seed);
  for (std::uint32_t repeat = 0; repeat < repeats; ++repeat) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t n : order) least[n] = std::min(least[n], timed(n));
  }
  times.insert(times.end(), least.begin(), least.end());
}

void time_commands(const std::shared_ptr<const Plan>& plan, const std::vector<Case>& cases,
                   const std::vector<SeatIndex>& taken, const SearchSettings& settings,
                   std::uint64_t seed, double clock, std::vector<double>& times) {
  // Each fan holds and lets go once, so that nobody has to wait.
  const auto fans = static_cast<std::uint32_t>(cases.size()) * settings.repeats;
  House house(plan, fans);
  house.block(taken);
  std::uint32_t fan = 0;
  time_cases(cases.size(), settings.repeats, seed, times, [&](std::size_t n) {
    const Case& one = cases[n];
    const Command command(PlaceBestHold{
        FanId{fan}, {}, one.by_zone, one.zone, one.category, one.quantity, one.together});
    Reply reply;
    const double taken_for = time_once(clock, [&] { reply = house.apply(command); });
    house.clear_effects();
    if (reply.rejection == Rejection::kNone)
      house.require(ReleaseOrder{FanId{fan}, std::get<OrderView>(reply.body).id});
    else if (reply.rejection != Rejection::kNotEnoughSeats)
      throw std::runtime_error("a hold of the best seats was refused");
    ++fan;
    return taken_for;
  });
  house.verify();
}

}  // namespace

nlohmann::json bench_search(const std::shared_ptr<const Plan>& plan,
                            const SearchSettings& settings) {
  const std::vector<Fill> fills = {{"0 % full", 0.0},      {"50 % full", 0.5},
                                   {"90 % full", 0.9},     {"99 % full", 0.99},
                                   {"99.9 % full", 0.999}, {"every second seat", 0.5, true}};
  const auto cases = all_cases(*plan);
  const double clock = clock_cost();
  nlohmann::json results = nlohmann::json::array();
  for (const Fill& fill : fills) {
    std::vector<double> searches, commands;
    const std::uint32_t seeds = fill.share == 0 ? 1 : fill.every_second ? 2 : settings.seeds;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
      const auto taken = filled_seats(*plan, fill, seed);
      const FilledMap map(plan, taken);
      for (std::size_t n = 0; n < cases.size(); ++n)
        map.verify(cases[n], n % thorough_every == seed % thorough_every);
      time_cases(cases.size(), settings.repeats, seed, searches,
                 [&](std::size_t n) { return time_once(clock, [&] { use(map.find(cases[n])); }); });
      time_commands(plan, cases, taken, settings, seed, clock, commands);
    }
    results.push_back({{"fill", fill.name},
                       {"seeds", seeds},
                       {"search", json_of(spread_of(std::move(searches)))},
                       {"command", json_of(spread_of(std::move(commands)))}});
  }
  return results;
}

}  // namespace frontrow::bench
