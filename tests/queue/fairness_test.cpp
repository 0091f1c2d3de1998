// Whether the draw is fair, asked of its results: two hundred draws, and the question whether a
// fan's rank has anything to do with when they joined or with the bytes of their entry. The same
// questions are asked of orders that are not fair, which must be found out.
//
// The seed is fixed, so that the answer is the same each time: of all seeds, one in some hundred
// would fail a threshold of one in a thousand asked several times. FRONTROW_FAIRNESS_SEED asks
// another.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iomanip>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "queue/draw.hpp"

using namespace frontrow;

namespace {

constexpr std::size_t draws = 200;
constexpr std::size_t tenths = 10;
constexpr double p_min = 1e-3;
constexpr double p_of_unfair = 1e-6;

// --- tails of distributions -------------------------------------------------------------------

/// How likely a standard normal variable is at least as far from 0: erfc(|z| / sqrt 2), NIST
/// Digital Library of Mathematical Functions (dlmf.nist.gov) 7.17.
double normal_tails(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

/// How likely a chi-square variable is at least `value`: the regularized incomplete gamma function
/// Q(freedom / 2, value / 2). Below its turn the series of DLMF 8.11.4, above it the continued
/// fraction of DLMF 8.9.2, contracted to every second step and worked out from the front by
/// the method of Lentz.
double chi_square_tail(double value, double freedom) {
  const double a = freedom / 2, x = value / 2;
  if (x <= 0) return 1;
  constexpr double precision = 1e-15, tiny = 1e-300;
  constexpr int steps_max = 100'000;
  const double factor = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1) {
    double term = 1 / a, sum = term;
    for (int n = 1; n < steps_max && term > sum * precision; ++n) sum += term *= x / (a + n);
    return 1 - factor * sum;
  }
  double b = x + 1 - a, c = 1 / tiny, d = 1 / b, fraction = d;
  for (int n = 1; n < steps_max; ++n) {
    const double numerator = -n * (n - a);
    b += 2;
    d = numerator * d + b;
    c = b + numerator / c;
    if (std::abs(d) < tiny) d = tiny;
    if (std::abs(c) < tiny) c = tiny;
    d = 1 / d;
    fraction *= c * d;
    if (std::abs(c * d - 1) < precision) break;
  }
  return factor * fraction;
}

// --- what is drawn ----------------------------------------------------------------------------

using Tickets = std::vector<queue::DrawTicket>;
using Order = std::vector<std::uint32_t>;  ///< Places in `Tickets`, in the order of their ranks.
/// Makes an order of tickets, which stand in the order of joining.
using Ranking = std::function<Order(const Tickets&, const Bytes32& secret, std::mt19937_64&)>;

template <std::size_t size>
std::array<std::uint8_t, size> random_bytes(std::mt19937_64& random) {
  std::array<std::uint8_t, size> bytes{};
  for (std::size_t n = 0; n < size; n += 8) {
    const std::uint64_t word = random();
    std::memcpy(bytes.data() + n, &word, 8);
  }
  return bytes;
}

std::mt19937_64 seeded() {
  const char* wanted = std::getenv("FRONTROW_FAIRNESS_SEED");
  return std::mt19937_64(wanted == nullptr ? 20'270'213 : std::strtoull(wanted, nullptr, 10));
}

Order by_the_draw(const Tickets& tickets, const Bytes32& secret, std::mt19937_64&) {
  return queue::draw_order(tickets, queue::draw_seed(secret, queue::draw_root(tickets), ""));
}

Order in_order_of_joining(const Tickets& tickets, const Bytes32&, std::mt19937_64&) {
  Order order(tickets.size());
  for (std::uint32_t n = 0; n < order.size(); ++n) order[n] = n;
  return order;
}

Order in_order_of_entries(const Tickets& tickets, const Bytes32&, std::mt19937_64& random) {
  Order order = in_order_of_joining(tickets, {}, random);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return tickets[a].entry < tickets[b].entry; });
  return order;
}

/// By chance, but a tenth of the fans have the better of two lots.
Order with_two_lots(const Tickets& tickets, std::mt19937_64& random,
                    const std::function<bool(std::uint32_t)>& favoured) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> lots(tickets.size());
  for (std::uint32_t n = 0; n < lots.size(); ++n) {
    lots[n] = {random(), n};
    if (favoured(n)) lots[n].first = std::min(lots[n].first, std::uint64_t{random()});
  }
  std::sort(lots.begin(), lots.end());
  Order order;
  for (const auto& lot : lots) order.push_back(lot.second);
  return order;
}

// --- the questions ----------------------------------------------------------------------------

/// Gathers draws and asks of all of them whether a property of a fan goes with the rank. Ranks of
/// n fans are 0 to n - 1 here, and `places` names for each rank where its fan stands in the order
/// of the property.
class Dependence {
 public:
  void add(const Order& places) {
    const std::size_t count = places.size();
    double squares = 0;
    for (std::size_t rank = 0; rank < count; ++rank) {
      const double apart = static_cast<double>(rank) - static_cast<double>(places[rank]);
      squares += apart * apart;
      table_[rank * tenths / count][places[rank] * tenths / count] += 1;
    }
    // Spearman's coefficient; without dependence its mean is 0 and its variance 1 / (n - 1).
    const auto n = static_cast<double>(count);
    const double coefficient = 1 - 6 * squares / (n * (n * n - 1));
    scores_.push_back(coefficient * std::sqrt(n - 1));
    fans_ += n;
    // The fan at the lower end of the property: where they are ranked, of all places there are.
    const auto first = std::find(places.begin(), places.end(), 0U) - places.begin();
    ++first_ranked_[static_cast<std::size_t>(first) * tenths / count];
  }

  /// All coefficients together: whether the ranks rise or fall with the property.
  double trend() const {
    double sum = 0;
    for (const double score : scores_) sum += score;
    return normal_tails(sum / std::sqrt(static_cast<double>(scores_.size())));
  }
  /// Tenths of the ranks against tenths of the property, in one table over all draws: whether the
  /// one goes with the other in any way. A draw's sums by row and by column are fixed.
  double table() const {
    const double expected = fans_ / (tenths * tenths);
    double sum = 0;
    for (const auto& row : table_)
      for (const double cell : row) sum += (cell - expected) * (cell - expected) / expected;
    return chi_square_tail(sum, (tenths - 1) * (tenths - 1));
  }
  /// Whether the p-values of the single draws are spread as chance spreads them: neither often
  /// extreme, nor too good to be true.
  double spread() const {
    std::array<double, tenths> counts{};
    for (const double score : scores_) {
      const auto tenth = static_cast<std::size_t>(normal_tails(score) * tenths);
      ++counts[std::min(tenth, tenths - 1)];
    }
    return uniformity(counts);
  }
  /// Whether the one at the lower end of the property is ranked anywhere with the same likelihood.
  double first_one() const { return uniformity(first_ranked_); }

 private:
  double uniformity(const std::array<double, tenths>& counts) const {
    const double expected = static_cast<double>(scores_.size()) / tenths;
    double sum = 0;
    for (const double count : counts) sum += (count - expected) * (count - expected) / expected;
    return chi_square_tail(sum, tenths - 1);
  }

  std::array<std::array<double, tenths>, tenths> table_{};
  std::array<double, tenths> first_ranked_{};
  std::vector<double> scores_;
  double fans_ = 0;
};

struct Answers {
  Dependence joining, entry;
};

/// Of each place in the list, which in the order of the entries' bytes it is.
Order places_by_entry(const Tickets& tickets) {
  std::mt19937_64 unused;
  const Order sorted = in_order_of_entries(tickets, {}, unused);
  Order places(sorted.size());
  for (std::uint32_t n = 0; n < sorted.size(); ++n) places[sorted[n]] = n;
  return places;
}

Answers ask(const Ranking& ranking) {
  std::mt19937_64 random = seeded();
  std::mt19937_64 lots(random());
  Answers answers;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    Tickets tickets(300 + random() % 2'700);
    for (auto& ticket : tickets) ticket.entry = random_bytes<16>(random);
    const Order order = ranking(tickets, random_bytes<32>(random), lots);
    const Order by_entry = places_by_entry(tickets);
    Order entries;
    for (const std::uint32_t index : order) entries.push_back(by_entry[index]);
    answers.joining.add(order);
    answers.entry.add(entries);
  }
  return answers;
}

std::string shown(double p) {
  std::ostringstream text;
  text << std::setprecision(3) << p;
  return p > 0 ? "= " + text.str() : "< 1e-300";
}

/// One line in the log of every run.
void print(const std::string& what, const Dependence& asked) {
  std::cout << what + ": p of trend " + shown(asked.trend()) + ", of tenths " +
                   shown(asked.table()) + ", of the single draws' spread " + shown(asked.spread()) +
                   ", of the first one's rank " + shown(asked.first_one()) + "\n";
}

void require_fair(const std::string& what, const Dependence& asked) {
  print(what, asked);
  CHECK(asked.trend() > p_min);
  CHECK(asked.table() > p_min);
  CHECK(asked.spread() > p_min);
  CHECK(asked.first_one() > p_min);
}

}  // namespace

TEST_CASE("the tails of the distributions are as the tables have them") {
  CHECK(normal_tails(1.959964) == Approx(0.05).epsilon(1e-5));
  CHECK(normal_tails(-3.290527) == Approx(0.001).epsilon(1e-5));
  CHECK(chi_square_tail(3.841459, 1) == Approx(0.05).epsilon(1e-5));
  CHECK(chi_square_tail(4.605170, 2) == Approx(0.1).epsilon(1e-5));
  CHECK(chi_square_tail(16.918978, 9) == Approx(0.05).epsilon(1e-5));
  CHECK(chi_square_tail(3.325113, 9) == Approx(0.95).epsilon(1e-5));
  CHECK(chi_square_tail(124.342113, 100) == Approx(0.05).epsilon(1e-5));
  // With two degrees of freedom the tail is exp(-value / 2), however far out.
  CHECK(chi_square_tail(100, 2) == Approx(std::exp(-50.0)).epsilon(1e-9));
}

TEST_CASE("a fan's rank depends neither on when they joined nor on their entry") {
  const Answers fair = ask(by_the_draw);
  require_fair("joining against rank, 200 draws", fair.joining);
  require_fair("entries against rank, 200 draws", fair.entry);
}

TEST_CASE("a line in the order of joining or of the entries is found out by the same questions") {
  const Answers joining = ask(in_order_of_joining);
  const Answers entries = ask(in_order_of_entries);
  print("joining, where the line is in that order", joining.joining);
  print("entries, where the line is in that order", entries.entry);
  for (const Dependence* unfair : {&joining.joining, &entries.entry}) {
    CHECK(unfair->trend() < p_of_unfair);
    CHECK(unfair->table() < p_of_unfair);
    CHECK(unfair->spread() < p_of_unfair);
    CHECK(unfair->first_one() < p_of_unfair);
  }
  // Each is unfair in its own way only: the questions do not find what is not there.
  CHECK(joining.entry.table() > p_min);
  CHECK(entries.joining.table() > p_min);
}

TEST_CASE("a second lot for the first or the middle tenth of the fans is found out too") {
  const Answers early = ask([](const Tickets& tickets, const Bytes32&, std::mt19937_64& random) {
    return with_two_lots(tickets, random, [&](auto n) { return n < tickets.size() / tenths; });
  });
  // Entries in the middle: no trend either way, and yet no equal chances.
  const Answers lucky = ask([](const Tickets& tickets, const Bytes32&, std::mt19937_64& random) {
    return with_two_lots(tickets, random, [&](auto n) {
      return tickets[n].entry[0] >= 0x74 && tickets[n].entry[0] < 0x8c;
    });
  });
  print("joining, where the first tenth has two lots", early.joining);
  print("entries, where those in the middle have two lots", lucky.entry);
  CHECK(early.joining.trend() < p_of_unfair);
  CHECK(early.joining.table() < p_of_unfair);
  CHECK(lucky.entry.table() < p_of_unfair);
}

TEST_CASE("lower tiers come first, and within a tier chance decides as without tiers") {
  constexpr std::uint8_t tiers[] = {0, 1, 255};
  std::mt19937_64 random = seeded();
  Dependence joining, entry;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    Tickets tickets(900 + random() % 2'100);
    for (auto& ticket : tickets) ticket = {random_bytes<16>(random), tiers[random() % 3]};
    const Order order = by_the_draw(tickets, random_bytes<32>(random), random);
    REQUIRE(std::is_sorted(order.begin(), order.end(),
                           [&](auto a, auto b) { return tickets[a].tier < tickets[b].tier; }));
    // The middle tier by itself: who they are in the order of joining, as they are ranked.
    Tickets members;
    Order place_of(tickets.size()), ranked;
    for (std::uint32_t n = 0; n < tickets.size(); ++n) {
      if (tickets[n].tier != 1) continue;
      place_of[n] = static_cast<std::uint32_t>(members.size());
      members.push_back(tickets[n]);
    }
    for (const std::uint32_t index : order)
      if (tickets[index].tier == 1) ranked.push_back(place_of[index]);
    const Order by_entry = places_by_entry(members);
    Order entries;
    for (const std::uint32_t place : ranked) entries.push_back(by_entry[place]);
    joining.add(ranked);
    entry.add(entries);
  }
  require_fair("joining against rank within a tier, 200 draws", joining);
  require_fair("entries against rank within a tier, 200 draws", entry);
}
