// Answers: how many commands a second does one core carry through `Engine::apply`, and how long
// does the draw of a million entries take? The engine alone: no journal, no threads, no sockets.
//
// The plan has 50,000 seats; the fans hold two seats at a time. A round of holds fills the whole
// house; the holds are then released outside the timed part, and the next round begins. Commands
// are made before the clock runs; replies and effects are made and thrown away as the sequencer
// does it (cleared after each group).
// GCC 12 takes the copy of a small vector out of a variant for a read past its end.
#pragma GCC diagnostic ignored "-Wstringop-overread"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "base/plan_builder.hpp"
#include "engine/engine.hpp"

namespace {

using namespace frontrow;

struct Settings {
  std::uint32_t fans = 100'000;
  std::uint32_t rounds = 10;
  std::uint32_t repeats = 4;
  std::uint32_t draw_entries = 1'000'000;
  std::uint32_t group = 256;
  bool keys = true;
  bool json = false;
};

/// By the wall's clock and by the core's: on a busy machine the two differ, and only the second
/// says what a core can do.
struct Taken {
  double wall = 0, core = 0;
  Taken& operator+=(const Taken& other) {
    wall += other.wall;
    core += other.core;
    return *this;
  }
};

class Stopwatch {
 public:
  Taken read() const {
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count(),
            core_now() - core_};
  }

 private:
  static double core_now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  double core_ = core_now();
};

/// 45 zones of 40 rows of 25 seats, and a floor of 5,000 standing places.
std::shared_ptr<const Plan> stadium() {
  PlanBuilder builder("Bench stadium", 200, 200);
  const auto category = builder.add_category("cat1", {{"en", "Category 1"}});
  builder.open_zone("F", {{"en", "Floor"}}, ZoneKind::kStanding, category);
  builder.open_row("F-1", "1");
  for (int n = 0; n < 5'000; ++n) {
    PlanSeat seat;
    seat.id = fmt::format("F-1-{}", n + 1);
    builder.add_seat(std::move(seat));
  }
  for (int zone = 0; zone < 45; ++zone) {
    builder.open_zone(fmt::format("Z{}", zone), {{"en", "Zone"}}, ZoneKind::kSeated, category);
    for (int row = 0; row < 40; ++row) {
      builder.open_row(fmt::format("Z{}-{}", zone, row + 1), fmt::format("{}", row + 1));
      for (int n = 0; n < 25; ++n) {
        PlanSeat seat;
        seat.id = fmt::format("Z{}-{}-{}", zone, row + 1, n + 1);
        seat.x = static_cast<float>(n) * 0.5F;
        seat.y = static_cast<float>(row);
        builder.add_seat(std::move(seat));
      }
    }
  }
  return std::move(builder).build();
}

Bytes16 bytes_of(std::uint64_t high, std::uint64_t low) {
  Bytes16 bytes{};
  const std::uint64_t mixed[2] = {(high + 1) * 0x9e3779b97f4a7c15U,
                                  (low + 1) * 0xd1b54a32d192ed03U};
  std::copy_n(reinterpret_cast<const std::uint8_t*>(mixed), bytes.size(), bytes.begin());
  return bytes;
}

constexpr Instant start{1'800'000'000'000'000};

RoundDefinition definition(std::shared_ptr<const Plan> plan) {
  RoundDefinition made;
  made.id = "bench";
  made.plan = std::move(plan);
  made.price_by_category = {Amount{450'000}};
  made.starts_at = start + seconds(1'000'000);
  made.sale.lobby_opens_at = start;
  made.sale.draw_at = start + seconds(60);
  made.sale.closes_at = start + seconds(900'000);
  made.sale.returns_until = start + seconds(900'000);
  made.sale.hold = seconds(500'000);
  made.first_start = start;
  return made;
}

/// An engine, numbered commands, and the clock of the bench.
class Run {
 public:
  explicit Run(std::shared_ptr<const Plan> plan) : engine_(definition(std::move(plan))) {
    one(OpenRound{});
  }

  Reply one(const Command& command) {
    Reply reply = engine_.apply(++sequence_, now_, command, effects_);
    effects_.clear();
    return reply;
  }
  void require(const Command& command) {
    if (one(command).rejection != Rejection::kNone) fail("a command was refused");
  }
  /// What the commands took, all of which must be accepted.
  Taken timed(const std::vector<Command>& commands, std::uint32_t group) {
    std::uint64_t refused = 0;
    const Stopwatch watch;
    std::uint32_t in_group = 0;
    for (std::size_t n = 0; n < commands.size(); ++n) {
      // A group has its commands side by side, so that one can look ahead as here.
      if (n + 8 < commands.size()) engine_.prefetch(commands[n + 8]);
      if (n + 4 < commands.size()) engine_.prefetch_more(commands[n + 4]);
      const Reply reply = engine_.apply(++sequence_, now_, commands[n], effects_);
      refused += reply.rejection != Rejection::kNone;
      if (++in_group == group) {
        effects_.clear();
        in_group = 0;
        now_ = now_ + microseconds(50);
      }
    }
    const Taken taken = watch.read();
    effects_.clear();
    if (refused != 0) fail(fmt::format("{} commands were refused", refused));
    return taken;
  }
  void settle() {
    while (const auto due = engine_.due(now_)) require(*due);
  }
  void verify() {
    for (const std::string& violation : engine_.check_invariants()) fail(violation);
  }
  [[noreturn]] static void fail(const std::string& what) {
    fmt::print(stderr, "bench_engine: {}\n", what);
    std::exit(1);
  }

  Engine& engine() { return engine_; }
  void at(Instant now) { now_ = now; }
  Instant now() const { return now_; }

 private:
  Engine engine_;
  Effects effects_;
  Sequence sequence_ = 0;
  Instant now_ = start;
};

struct Figure {
  std::string name;
  std::uint64_t commands = 0;
  Taken taken;
  Figure& operator+=(const Figure& other) {
    name = other.name;
    commands += other.commands;
    taken += other.taken;
    return *this;
  }
  double per_second() const { return static_cast<double>(commands) / taken.wall; }
  double per_core_second() const { return static_cast<double>(commands) / taken.core; }
};

JoinQueue join_of(std::uint64_t number) {
  JoinQueue join;
  join.entry = bytes_of(number, 1);
  join.proof = bytes_of(number, 2);
  join.key = bytes_of(number, 3);
  return join;
}

/// Fans who have joined, been drawn, called and let in.
Figure let_in(Run& run, const Settings& settings) {
  std::vector<Command> joins;
  for (std::uint32_t n = 0; n < settings.fans; ++n) joins.emplace_back(join_of(n));
  Figure figure{"join", settings.fans, run.timed(joins, settings.group)};
  AdmissionRules rules;
  rules.max_shoppers = settings.fans;
  rules.per_second = ~std::uint32_t{0};
  rules.enter = rules.shopping = seconds(800'000);
  run.require(SetAdmission{"bench", rules});
  run.at(start + seconds(61));
  run.settle();
  run.at(start + seconds(62));
  run.settle();
  for (std::uint32_t n = 0; n < settings.fans; ++n) run.require(EnterShop{FanId{n}});
  return figure;
}

/// Pairs of neighbouring seats that fill the house and leave nobody alone, shuffled.
std::vector<std::pair<SeatIndex, SeatIndex>> pairs_of(const Plan& plan) {
  std::vector<std::pair<SeatIndex, SeatIndex>> pairs;
  for (const PlanRow& row : plan.rows)
    for (std::uint32_t n = 0; n + 1 < row.seat_count; n += 2)
      pairs.emplace_back(SeatIndex{row.first_seat.value + n},
                         SeatIndex{row.first_seat.value + n + 1});
  return pairs;
}

class Holds {
 public:
  Holds(const Plan& plan, const Settings& settings) : settings_(settings), pairs_(pairs_of(plan)) {
    // In rows of 25 the last seat stays free beside its row's last pair: pairs of a row are taken
    // from the front, so rows are shuffled and not their pairs.
    std::uint32_t begin = 0;
    for (const PlanRow& row : plan.rows) {
      rows_.emplace_back(begin, row.seat_count / 2);
      begin += row.seat_count / 2;
    }
  }
  std::vector<Command> next() {
    std::shuffle(rows_.begin(), rows_.end(), random_);
    std::vector<Command> commands;
    commands.reserve(pairs_.size());
    for (const auto& [begin, count] : rows_) {
      // The last pair of an odd row would leave its last seat alone, which the rule refuses
      // where it need not be; a hold of three would not: such rows end one pair earlier.
      const std::uint32_t usable = count > 100 ? count : count - 1;
      for (std::uint32_t n = 0; n < usable; ++n) {
        PlaceHold hold;
        hold.fan = FanId{static_cast<std::uint32_t>(random_() % settings_.fans)};
        if (settings_.keys) hold.idempotency = {bytes_of(++keys_, 4), keys_};
        hold.seats.push_back(pairs_[begin + n].first);
        hold.seats.push_back(pairs_[begin + n].second);
        commands.emplace_back(std::move(hold));
      }
    }
    // Each fan at most one hold a round, so that no limit is met.
    std::vector<std::uint32_t> fans(settings_.fans);
    for (std::uint32_t n = 0; n < settings_.fans; ++n) fans[n] = n;
    std::shuffle(fans.begin(), fans.end(), random_);
    for (std::size_t n = 0; n < commands.size(); ++n)
      std::get<PlaceHold>(commands[n]).fan = FanId{fans[n % fans.size()]};
    return commands;
  }

 private:
  const Settings& settings_;
  std::vector<std::pair<SeatIndex, SeatIndex>> pairs_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rows_;
  std::mt19937_64 random_{7};
  std::uint64_t keys_ = 0;
};

void verify_held(Run& run, const std::vector<Command>& holds, std::uint32_t first_order) {
  std::vector<bool> seen(run.engine().definition().plan->capacity());
  for (std::uint32_t n = 0; n < holds.size(); ++n) {
    const OrderView order = run.engine().order(OrderId{first_order + n});
    const auto& asked = std::get<PlaceHold>(holds[n]);
    if (order.seats != asked.seats || order.fan != asked.fan || order.state != OrderState::kHeld)
      Run::fail("an order is not what was asked for");
    for (const SeatIndex seat : order.seats) {
      if (seen[seat.value]) Run::fail("a seat was held twice");
      seen[seat.value] = true;
      if (run.engine().seat_order(seat) != order.id) Run::fail("a seat is another order's");
    }
  }
}

Figure hold_only(Run& run, const Settings& settings) {
  Figure figure{settings.keys ? "hold only" : "hold only, without keys", 0, {}};
  Holds holds(*run.engine().definition().plan, settings);
  for (std::uint32_t round = 0; round < settings.rounds; ++round) {
    const auto commands = holds.next();
    const std::uint32_t first = run.engine().order_count();
    figure.taken += run.timed(commands, settings.group);
    figure.commands += commands.size();
    if (round == 0 || round + 1 == settings.rounds) verify_held(run, commands, first);
    for (std::uint32_t n = 0; n < commands.size(); ++n)
      run.require(ReleaseOrder{std::get<PlaceHold>(commands[n]).fan, OrderId{first + n}});
  }
  return figure;
}

/// Of 20 commands: 8 holds, 5 releases, 3 payments begun, 2 captured, 1 refunded, 1 join.
Figure mixed(Run& run, const Settings& settings) {
  Figure figure{"mixed", 0, {}};
  Holds holds(*run.engine().definition().plan, settings);
  std::uint64_t joins = std::uint64_t{1} << 40;
  for (std::uint32_t round = 0; round < settings.rounds; ++round) {
    const auto commands_of_round = holds.next();
    std::vector<Command> commands;
    const std::uint32_t first = run.engine().order_count();
    for (std::uint32_t n = 0; n + 8 <= commands_of_round.size(); n += 8) {
      const auto fan_of = [&](std::uint32_t k) {
        return std::get<PlaceHold>(commands_of_round[n + k]).fan;
      };
      for (std::uint32_t k = 0; k < 8; ++k) commands.push_back(commands_of_round[n + k]);
      for (std::uint32_t k = 0; k < 3; ++k)
        commands.emplace_back(StartPayment{fan_of(k), OrderId{first + n + k}, {}});
      for (std::uint32_t k = 3; k < 8; ++k)
        commands.emplace_back(ReleaseOrder{fan_of(k), OrderId{first + n + k}});
      for (std::uint32_t k = 0; k < 2; ++k)
        commands.emplace_back(
            RecordPaymentSuccess{OrderId{first + n + k}, 1, Amount{900'000}, "bench-reference"});
      commands.emplace_back(RefundOrder{"bench", OrderId{first + n}, "bench"});
      if (run.engine().fan_count() < 2'000'000) commands.emplace_back(join_of(++joins));
    }
    figure.taken += run.timed(commands, settings.group);
    figure.commands += commands.size();
    // The house is emptied again, outside the timed part.
    for (std::uint32_t n = 0; n + 8 <= commands_of_round.size(); n += 8) {
      run.require(RecordRefund{OrderId{first + n}, "r"});
      run.require(RefundOrder{"bench", OrderId{first + n + 1}, "bench"});
      run.require(RecordRefund{OrderId{first + n + 1}, "r"});
      run.require(RecordPaymentFailure{OrderId{first + n + 2}, 1, PaymentFailure::kDeclined});
      run.require(
          ReleaseOrder{std::get<PlaceHold>(commands_of_round[n + 2]).fan, OrderId{first + n + 2}});
    }
  }
  return figure;
}

struct DrawFigures {
  Figure close, draw;
};

DrawFigures draw(std::shared_ptr<const Plan> plan, std::uint32_t entries) {
  Run run(std::move(plan));
  for (std::uint32_t n = 0; n < entries; ++n) run.require(join_of(n));
  run.at(start + seconds(61));
  const Stopwatch closing;
  const auto close = run.engine().due(run.now());
  if (!close) Run::fail("the lobby does not close");
  run.require(*close);
  const Figure closed{"draw: close the lobby", entries, closing.read()};
  const Stopwatch drawing;
  run.require(DrawLine{});
  const Figure drawn{"draw: rank and line up", entries, drawing.read()};
  run.verify();
  return {closed, drawn};
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("How many commands a second does the engine carry out?");
  app.add_option("--fans", settings.fans, "Fans who shop")->check(CLI::Range(30'000, 1'000'000));
  app.add_option("--rounds", settings.rounds, "Times that one engine's house is filled");
  app.add_option("--repeats", settings.repeats, "Engines, one after the other");
  app.add_option("--draw-entries", settings.draw_entries, "Entries of the draw");
  app.add_option("--group", settings.group, "Commands between clearing the effects");
  app.add_flag("--json", settings.json, "One JSON object instead of the table");
  CLI11_PARSE(app, argc, argv);

  const auto plan = stadium();
  std::vector<Figure> figures(4);
  for (std::uint32_t repeat = 0; repeat < settings.repeats; ++repeat) {
    // A fresh engine each time: pages touched for the first time are part of what is timed.
    for (const bool keys : {false, true}) {
      settings.keys = keys;
      Run run(plan);
      figures[0] += let_in(run, settings);
      figures[keys ? 2 : 1] += hold_only(run, settings);
      run.verify();
    }
    Run run(plan);
    figures[0] += let_in(run, settings);
    figures[3] += mixed(run, settings);
    run.verify();
  }
  const DrawFigures drawn = draw(plan, settings.draw_entries);
  figures.push_back(drawn.close);
  figures.push_back(drawn.draw);

  if (settings.json) {
    nlohmann::json out{{"bench", "engine"},
                       {"seats", plan->capacity()},
                       {"fans", settings.fans},
                       {"rounds", settings.rounds},
                       {"repeats", settings.repeats}};
    for (const Figure& figure : figures)
      out["results"].push_back({{"name", figure.name},
                                {"commands", figure.commands},
                                {"wall_seconds", figure.taken.wall},
                                {"core_seconds", figure.taken.core},
                                {"per_second", figure.per_second()},
                                {"per_core_second", figure.per_core_second()}});
    fmt::print("{}\n", out.dump());
    return 0;
  }
  fmt::print("{} seats, {} fans, house filled {} times in each of {} engines; verified\n",
             plan->capacity(), settings.fans, settings.rounds, settings.repeats);
  fmt::print("{:<26} {:>10} {:>8} {:>8} {:>12} {:>16} {:>9}\n", "", "commands", "wall s", "core s",
             "a second", "a second of core", "ns each");
  for (const Figure& figure : figures)
    fmt::print("{:<26} {:>10} {:>8.3f} {:>8.3f} {:>12.0f} {:>16.0f} {:>9.1f}\n", figure.name,
               figure.commands, figure.taken.wall, figure.taken.core, figure.per_second(),
               figure.per_core_second(), 1e9 / figure.per_core_second());
  return 0;
}
