// GCC 12 takes the copy of a small vector out of a variant for a read past its end.
#pragma GCC diagnostic ignored "-Wstringop-overread"
#include "seats/waitlist_bench.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <stdexcept>

#include "seats/house.hpp"
#include "seats/samples.hpp"

namespace frontrow::bench {
namespace {

constexpr std::uint32_t seats_in_order = 2;
/// Orders given up before the clock counts: the program's own code comes into the caches.
constexpr std::uint32_t warm_up_orders = 8;

struct Wish {
  std::vector<ZoneIndex> zones;
  std::vector<CategoryIndex> categories;
  std::uint32_t quantity = 1;
  bool together = false;
};

/// A kind of waitlist: what entry n wants, and whether the seats that are given up suit any.
struct Scenario {
  std::string name;
  std::function<Wish(std::uint32_t n, std::mt19937_64& random)> wish;
  bool suits = true;
  bool returned = false;     ///< Paid orders given back, else held ones released.
  bool loose_seats = false;  ///< Lone seats are free in zones that no wish names.
};

/// Zones whose seats are given up, so that many orders free seats of few zones.
std::vector<std::uint16_t> freed_zones(const Plan& plan) {
  std::vector<std::uint16_t> zones;
  for (std::uint16_t n = 0; n < plan.zones.size() && zones.size() < 4; ++n)
    if (plan.zones[n].kind == ZoneKind::kSeated) zones.push_back(n);
  return zones;
}

template <class Id>
std::vector<Id> some_of(std::size_t count, std::size_t most, std::mt19937_64& random) {
  std::set<std::uint16_t> chosen;
  const std::size_t wanted = 1 + random() % most;
  while (chosen.size() < wanted) chosen.insert(static_cast<std::uint16_t>(random() % count));
  std::vector<Id> list;
  for (const std::uint16_t one : chosen) list.push_back(Id{one});
  return list;
}

/// A list of zones, different for each `kind`, all of which name all the freed zones.
std::vector<ZoneIndex> kind_of_zones(const Plan& plan, std::uint32_t kind) {
  const auto freed = freed_zones(plan);
  std::vector<ZoneIndex> zones;
  std::uint32_t bit = 0;
  // Zones of the second half stay free for seats that nobody wants.
  for (std::uint16_t n = 0; n < plan.zones.size() / 2; ++n) {
    const bool is_freed = std::find(freed.begin(), freed.end(), n) != freed.end();
    if (is_freed || (bit < 31 && (kind >> bit & 1) != 0)) zones.push_back(ZoneIndex{n});
    if (!is_freed) ++bit;
  }
  return zones;
}

std::vector<Scenario> scenarios(const Plan& plan) {
  const auto mixed = [&plan](std::uint32_t quantity_min, bool always_together) {
    return [&plan, quantity_min, always_together](std::uint32_t, std::mt19937_64& random) {
      Wish wish;
      const auto kind = random() % 10;
      if (kind < 6)
        wish.zones = some_of<ZoneIndex>(plan.zones.size(), 4, random);
      else if (kind < 9)
        wish.categories = some_of<CategoryIndex>(plan.categories.size(), 2, random);
      wish.quantity = quantity_min + static_cast<std::uint32_t>(random() % (5 - quantity_min));
      wish.together = always_together || random() % 2 == 0;
      return wish;
    };
  };
  const auto kinds = [&plan](std::uint32_t quantity, bool together) {
    return [&plan, quantity, together](std::uint32_t n, std::mt19937_64&) {
      return Wish{kind_of_zones(plan, n % 2'000), {}, quantity, together};
    };
  };
  return {
      {"many kinds of wishes, seats released", mixed(1, false)},
      {"many kinds of wishes, seats returned", mixed(1, false), true, true},
      {"many kinds of wishes, none suits", mixed(3, true), false},
      {"2,000 kinds of wishes that name the zone, all suit", kinds(2, true)},
      {"2,000 kinds that name the zone, none suits (3 together)", kinds(3, true), false},
      {"2,000 kinds that name the zone, none suits (3 apart)", kinds(3, false), false, false, true},
  };
}

/// Pairs of neighbours in the freed zones, no two of them neighbours.
std::vector<SeatIndex> freed_seats(const Plan& plan, std::uint32_t orders) {
  std::vector<SeatIndex> seats;
  for (const std::uint16_t zone : freed_zones(plan)) {
    const PlanZone& its = plan.zones[zone];
    for (std::uint32_t r = 0; r < its.row_count; ++r) {
      const PlanRow& row = plan.rows[its.first_row.value + r];
      for (std::uint32_t n = 0; n + 1 < row.seat_count; n += 3) {
        if (std::find(row.breaks.begin(), row.breaks.end(), n) != row.breaks.end()) continue;
        if (plan.seats[row.first_seat.value + n].accessible) continue;
        if (seats.size() == std::size_t{orders} * seats_in_order) return seats;
        seats.push_back(SeatIndex{row.first_seat.value + n});
        seats.push_back(SeatIndex{row.first_seat.value + n + 1});
      }
    }
  }
  throw std::runtime_error("the venue has too few rows for so many orders");
}

class SoldOut {
 public:
  SoldOut(const std::shared_ptr<const Plan>& plan, const Scenario& scenario,
          const WaitlistSettings& settings)
      : scenario_(scenario),
        orders_(settings.orders + warm_up_orders),
        house_(plan, settings.entries + orders_) {
    const auto freed = freed_seats(*plan, orders_);
    std::vector<bool> stays(plan->capacity(), false);
    for (const SeatIndex seat : freed) stays[seat.value] = true;
    if (scenario.loose_seats) leave_loose_seats(*plan, stays);
    std::vector<SeatIndex> blocked;
    for (std::uint32_t n = 0; n < plan->capacity(); ++n)
      if (!stays[n]) blocked.push_back(SeatIndex{n});
    house_.block(std::move(blocked));
    for (std::uint32_t n = 0; n < orders_; ++n) hold(n, freed[2 * n], freed[2 * n + 1]);
    std::mt19937_64 random(11);
    for (std::uint32_t n = 0; n < settings.entries; ++n) {
      wishes_.push_back(scenario.wish(n, random));
      const Wish& wish = wishes_.back();
      house_.require(JoinWaitlist{
          FanId{orders_ + n}, {}, wish.zones, wish.quantity, wish.together, wish.categories});
    }
    served_.resize(settings.entries);
  }

  /// Gives up one order after the other; the time of each command.
  std::vector<double> run(double clock) {
    std::vector<double> times;
    for (std::uint32_t n = 0; n < orders_; ++n) {
      const Command command = scenario_.returned ? Command(ReturnOrder{FanId{n}, OrderId{n}, {}})
                                                 : Command(ReleaseOrder{FanId{n}, OrderId{n}});
      const SeatList freed = house_.engine().order(OrderId{n}).seats;
      const std::uint32_t orders_before = house_.engine().order_count();
      Reply reply;
      times.push_back(time_once(clock, [&] { reply = house_.apply(command); }));
      house_.clear_effects();
      if (reply.rejection != Rejection::kNone)
        throw std::runtime_error("an order could not be given up");
      verify(freed, orders_before);
      // What nobody wanted must not suit somebody together with the next seats.
      std::vector<SeatIndex> left;
      for (const SeatIndex seat : freed)
        if (house_.engine().seat_state(seat) == Engine::SeatState::kFree) left.push_back(seat);
      house_.block(std::move(left));
    }
    house_.verify();
    times.erase(times.begin(), times.begin() + warm_up_orders);
    return times;
  }

 private:
  void leave_loose_seats(const Plan& plan, std::vector<bool>& stays) {
    for (std::size_t zone = plan.zones.size() / 2 + 1; zone < plan.zones.size(); ++zone)
      stays[plan.zones[zone].first_seat.value] = true;
  }
  void hold(std::uint32_t n, SeatIndex first, SeatIndex second) {
    house_.require(PlaceHold{FanId{n}, {}, {first, second}});
    if (!scenario_.returned) return;
    house_.require(StartPayment{FanId{n}, OrderId{n}, {}});
    house_.require(RecordPaymentSuccess{OrderId{n}, 1, Amount{900'000}, "bench"});
  }
  bool suits(const Wish& wish, const SeatList& free) const {
    const Plan& plan = house_.plan();
    // Nothing else is free in what this wish names.
    std::uint32_t count = 0;
    for (const SeatIndex seat : free) {
      const PlanSeat& its = plan.seat(seat);
      const bool any = wish.zones.empty() && wish.categories.empty();
      count += any ||
               std::find(wish.zones.begin(), wish.zones.end(), its.zone) != wish.zones.end() ||
               std::find(wish.categories.begin(), wish.categories.end(), its.category) !=
                   wish.categories.end();
    }
    // The freed seats are two neighbours of one zone and category.
    return count >= wish.quantity;
  }
  /// By a walk through all entries in their order.
  void verify(SeatList free, std::uint32_t orders_before) {
    std::uint32_t order = orders_before;
    for (std::uint32_t n = 0; n < wishes_.size() && !free.empty(); ++n) {
      if (served_[n] || !suits(wishes_[n], free)) continue;
      if (order == house_.engine().order_count())
        throw std::runtime_error("an entry was passed over that the seats suit");
      const OrderView offer = house_.engine().order(OrderId{order++});
      if (offer.fan != FanId{orders_ + n} || offer.seats.size() != wishes_[n].quantity)
        throw std::runtime_error("seats went to another than the first whom they suit");
      served_[n] = true;
      for (const SeatIndex seat : offer.seats)
        free.erase(std::remove(free.begin(), free.end(), seat), free.end());
    }
    if (order != house_.engine().order_count())
      throw std::runtime_error("seats went to somebody whom they do not suit");
  }

  const Scenario& scenario_;
  const std::uint32_t orders_;
  House house_;
  std::vector<Wish> wishes_;
  std::vector<bool> served_;
};

}  // namespace

nlohmann::json bench_waitlist(const std::shared_ptr<const Plan>& plan,
                              const WaitlistSettings& settings) {
  const double clock = clock_cost();
  nlohmann::json results = nlohmann::json::array();
  for (const Scenario& scenario : scenarios(*plan)) {
    std::vector<double> least;
    for (std::uint32_t repeat = 0; repeat < settings.repeats; ++repeat) {
      SoldOut house(plan, scenario, settings);
      const auto times = house.run(clock);
      if (least.empty()) least.assign(times.size(), 1e18);
      for (std::size_t n = 0; n < times.size(); ++n) least[n] = std::min(least[n], times[n]);
    }
    results.push_back({{"waitlist", scenario.name},
                       {"entries", settings.entries},
                       {"somebody_suited", scenario.suits},
                       {"command", json_of(spread_of(std::move(least)))}});
  }
  return results;
}

}  // namespace frontrow::bench
