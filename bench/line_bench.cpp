// Answers: what does a line of a million fans cost? Joining, the draw, calling, leaving, looking
// up a place, the memory of an entry, late windows, and telling a hundred thousand clients their
// new place. No journal, no threads, no sockets. Each part checks its result against a plain count.
// GCC 12 takes the copy of a small vector out of a variant for a read past its end.
#pragma GCC diagnostic ignored "-Wstringop-overread"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "line_push.hpp"
#include "line_room.hpp"
#include "queue/draw.hpp"

namespace {

using namespace frontrow;
using namespace frontrow::bench;
using nlohmann::json;

struct Settings {
  std::uint32_t entries = 1'000'000, leaving = 50'000, late = 100'000, clients = 100'000;
  std::uint32_t lookups = 1'000'000, repeats = 3;
};

constexpr JoinKind kinds[] = {{"entry alone"},
                              {"with idempotency key", true},
                              {"with proof of work", true, true},
                              {"with proof of work and pass", true, true, true}};

json figure(double count, const Taken& taken) {
  return {{"count", count},
          {"wall_seconds", taken.wall},
          {"core_seconds", taken.core},
          {"per_second", count / taken.wall},
          {"per_core_second", count / taken.core},
          {"core_nanoseconds_each", 1e9 * taken.core / count}};
}

std::vector<queue::DrawTicket> tickets_of(const Engine& engine, std::uint32_t first,
                                          std::uint32_t count) {
  std::vector<queue::DrawTicket> tickets(count);
  for (std::uint32_t n = 0; n < count; ++n) {
    const FanView fan = engine.fan(FanId{first + n});
    tickets[n] = {fan.entry, fan.tier};
  }
  return tickets;
}

/// Carries out what is due, which must be a `Due`.
template <class Due>
Taken carry_out(Room& room) {
  const Stopwatch watch;
  const auto due = room.engine().due(room.now());
  require(due && std::holds_alternative<Due>(*due), "another command is due than is to be timed");
  room.one(*due);
  return watch.read();
}

// --- joining and the draw ---------------------------------------------------------------------

json join_figures(const Settings& settings) {
  json figures;
  for (const JoinKind& kind : kinds) {
    Taken taken;
    const auto commands = joins(kind, 0, settings.entries);
    for (std::uint32_t n = 0; n < settings.repeats; ++n) {
      // A fresh engine each time: pages touched for the first time are part of what is timed.
      Room room;
      taken += room.timed(commands);
      require(room.engine().fan_count() == settings.entries, "not all have joined");
    }
    figures[kind.name] = figure(1.0 * settings.entries * settings.repeats, taken);
  }
  return figures;
}

json draw_figures(Room& room, const Settings& settings) {
  const auto tickets = tickets_of(room.engine(), 0, settings.entries);
  room.at(room_draw_at);
  const Taken root = carry_out<CloseLobby>(room);
  const Taken draw = carry_out<DrawLine>(room);

  // Once more apart from the engine: how long the sorting takes, and whether it is the same.
  const Bytes32& secret = room.engine().definition().secrets.secret;
  const DrawRecord record = room.engine().draw_record();
  const auto seed = queue::draw_seed(secret, record.lobby_root, "");
  const Stopwatch watch;
  const auto order = queue::draw_order(tickets, seed);
  const Taken sorting = watch.read();
  require(queue::draw_root(tickets) == record.lobby_root && seed == record.seed,
          "root or seed is another");
  for (std::uint32_t rank = 0; rank < settings.entries; ++rank) {
    const FanView fan = room.engine().fan(FanId{order[rank]});
    const DrawEntry& entry = record.entries[rank];
    require(fan.rank == rank + 1 && entry.rank == rank + 1 && fan.entry == entry.entry &&
                fan.entry == tickets[order[rank]].entry && fan.state == FanState::kWaiting,
            "a fan is not where the draw puts them");
  }
  const Taken placing = draw - sorting;
  const auto share = [](const Taken& taken) {
    return json{{"wall_seconds", taken.wall}, {"core_seconds", taken.core}};
  };
  Taken whole = root;
  whole += draw;
  return {{"entries", settings.entries},
          {"root", share(root)},
          {"seed_and_sort", share(sorting)},
          {"placing", share(placing)},
          {"whole", share(whole)}};
}

// --- leaving and looking up -------------------------------------------------------------------

/// Fans in an order of chance.
std::vector<FanId> shuffled_fans(std::uint32_t count, std::mt19937_64& random) {
  std::vector<FanId> fans(count);
  for (std::uint32_t n = 0; n < count; ++n) fans[n] = FanId{n};
  std::shuffle(fans.begin(), fans.end(), random);
  return fans;
}

json leave_figures(Room& room, const Settings& settings, std::mt19937_64& random) {
  auto fans = shuffled_fans(settings.entries, random);
  fans.resize(settings.leaving);
  std::vector<Command> commands;
  for (const FanId fan : fans) commands.emplace_back(LeaveQueue{fan});
  const Taken taken = room.timed(commands);
  const std::uint32_t waiting =
      room.engine().status().fans_by_state[static_cast<std::size_t>(FanState::kWaiting)];
  require(waiting == settings.entries - settings.leaving, "not all have left");
  return figure(settings.leaving, taken);
}

/// For each fan how many wait before them, counted from front to back.
std::vector<std::uint32_t> counted_places(const Engine& engine) {
  std::vector<std::uint32_t> fan_by_rank(engine.fan_count() + 1, ~0U);
  for (std::uint32_t n = 0; n < engine.fan_count(); ++n) fan_by_rank[engine.fan(FanId{n}).rank] = n;
  std::vector<std::uint32_t> places(engine.fan_count());
  std::uint32_t before = 0;
  for (std::uint32_t rank = 1; rank <= engine.fan_count(); ++rank) {
    places[fan_by_rank[rank]] = before;
    before += engine.fan(FanId{fan_by_rank[rank]}).state == FanState::kWaiting;
  }
  return places;
}

json lookup_figures(const Published& published, const std::vector<std::uint32_t>& places,
                    const Settings& settings, std::mt19937_64& random) {
  using Clock = std::chrono::steady_clock;
  const auto count = static_cast<std::uint32_t>(places.size());
  std::vector<FanId> fans(settings.lookups);
  std::vector<LineSlot> slots(settings.lookups);
  for (std::uint32_t n = 0; n < settings.lookups; ++n) {
    fans[n] = FanId{static_cast<std::uint32_t>(random() % count)};
    slots[n] = published.read_fan(fans[n])->slot;
  }
  for (std::uint32_t n = 0; n < count; ++n)
    require(published.waiting_before(published.read_fan(FanId{n})->slot) == places[n],
            "a place is not what a count gives");

  const auto nanoseconds = [](Clock::duration duration) {
    return std::chrono::duration<double, std::nano>(duration).count();
  };
  std::vector<double> clock(settings.lookups), single(settings.lookups);
  for (double& sample : clock) {
    const auto begun = Clock::now();
    sample = nanoseconds(Clock::now() - begun);
  }
  // Answers are kept and compared afterwards: comparing would empty the caches in between.
  std::vector<std::uint32_t> found(settings.lookups);
  const auto check = [&] {
    for (std::uint32_t n = 0; n < settings.lookups; ++n)
      require(found[n] == places[fans[n].value], "a place is not what a count gives");
  };
  for (std::uint32_t n = 0; n < settings.lookups; ++n) {
    const auto begun = Clock::now();
    const std::uint32_t place = published.waiting_before(slots[n]);
    single[n] = nanoseconds(Clock::now() - begun);
    found[n] = place;
  }
  check();
  // One after the other without the clock between them: each waits for the answer before it.
  const auto in_turn = [&](const auto& look_up) {
    std::uint32_t last = 0;
    const Stopwatch watch;
    for (std::uint32_t n = 0; n < settings.lookups; ++n) {
      // Never true, which the compiler cannot know: ties a look-up to the one before.
      last = look_up(n + (last == ~0U ? 1 : 0));
      found[n] = last;
    }
    const Taken taken = watch.read();
    check();
    return 1e9 * taken.core / settings.lookups;
  };
  const double of_slot =
      in_turn([&](std::uint32_t n) { return published.waiting_before(slots[n]); });
  const double of_fan = in_turn(
      [&](std::uint32_t n) { return published.waiting_before(published.read_fan(fans[n])->slot); });
  const double clock_itself = percentile(clock, 0.5);
  return {{"lookups", settings.lookups},
          {"clock_nanoseconds", clock_itself},
          {"median_nanoseconds", percentile(single, 0.5) - clock_itself},
          {"p99_nanoseconds", percentile(single, 0.99) - clock_itself},
          {"mean_nanoseconds", of_slot},
          {"mean_with_the_fans_record_nanoseconds", of_fan}};
}

// --- telling clients --------------------------------------------------------------------------

json told_figure(const PushRound::Told& told) {
  return {{"core_seconds", told.taken.core},
          {"wall_seconds", told.taken.wall},
          {"turns", told.turns},
          {"messages", told.messages},
          {"bytes", told.bytes},
          {"core_microseconds_a_message",
           1e6 * told.taken.core / static_cast<double>(std::max<std::uint64_t>(told.messages, 1))}};
}

/// The first of the line is called: everybody behind has a new place.
json push_figures(Room& room, Published& published, std::vector<std::uint32_t> places,
                  const Settings& settings, std::mt19937_64& random) {
  std::vector<FanId> fans;
  FanId first;
  for (const FanId fan : shuffled_fans(settings.entries, random)) {
    if (published.read_fan(fan)->state != FanState::kWaiting) continue;
    if (places[fan.value] == 0)
      first = fan;
    else if (fans.size() < settings.clients)
      fans.push_back(fan);
  }
  // Longer than any client has to wait for its next place.
  constexpr Duration rest = seconds(600);
  auto round = std::make_shared<const RoundDefinition>(room.engine().definition());
  PushRound push(std::move(round), published, fans, room.now());
  json figures{{"clients", push.size()}};
  figures["hello"] = told_figure(push.greet());
  push.one_turn();
  figures["turn_without_news"] = told_figure(push.one_turn());

  push.wait(rest);
  FanView called = *published.read_fan(first);
  called.state = FanState::kCalled;
  published.write_fan(first, called);
  figures["place"] = told_figure(push.until_all_are_told(true));
  for (std::size_t n = 0; n < push.size(); ++n)
    require(push.told_ahead(n) + 1 == places[push.fan(n).value], "a client was told a wrong place");

  push.wait(rest);
  RoundStatus status = published.read_status();
  ++status.fans_by_state[static_cast<std::size_t>(FanState::kShopping)];
  published.write_status(status);
  called.state = FanState::kWaiting;
  published.write_fan(first, called);
  figures["place_and_totals"] = told_figure(push.until_all_are_told(true));
  for (std::size_t n = 0; n < push.size(); ++n)
    require(push.told_ahead(n) == places[push.fan(n).value], "a client was told a wrong place");
  return figures;
}

// --- calling ----------------------------------------------------------------------------------

/// Calls at the rate given until `count` are called; asking what is due is part of it.
json call_figures(Room& room, std::uint32_t per_second, Duration step, std::uint32_t count) {
  room.allow_calls(per_second);
  const auto called = [&] {
    return room.engine().status().fans_by_state[static_cast<std::size_t>(FanState::kCalled)];
  };
  const std::uint32_t before = called();
  Taken taken;
  std::uint32_t ticks = 0;
  while (called() < before + count) {
    room.at(room.now() + step);
    const Stopwatch watch;
    while (const auto due = room.engine().due(room.now())) {
      room.one(*due);
      ++ticks;
    }
    taken += watch.read();
  }
  room.allow_calls(0);
  json made = figure(called() - before, taken);
  made["ticks"] = ticks;
  return made;
}

void verify_called(const Engine& engine, const std::vector<std::uint32_t>& places) {
  const std::uint32_t called =
      engine.status().fans_by_state[static_cast<std::size_t>(FanState::kCalled)];
  for (std::uint32_t n = 0; n < places.size(); ++n) {
    const FanState state = engine.fan(FanId{n}).state;
    if (state == FanState::kLeft) continue;
    require((state == FanState::kCalled) == (places[n] < called),
            "others are called than the first of the line");
  }
}

// --- late windows -----------------------------------------------------------------------------

json late_figures(Room& room, const Settings& settings) {
  constexpr std::uint32_t windows = 10;
  const std::uint32_t first_late = room.engine().fan_count(), each = settings.late / windows;
  const Duration length = room.engine().definition().draw.late_window;
  Taken joining, closing;
  for (std::uint32_t n = 0; n < windows; ++n) {
    const auto commands = joins(kinds[2], first_late + n * each, each);
    joining += room.timed(commands);
    room.at(room.now() + length);
    closing += carry_out<CloseLateWindow>(room);
    // Calls are off, so nothing else may be due.
    require(!room.engine().due(room.now()), "a window was closed and something is still due");
  }
  const auto& records = room.engine().late_windows();
  require(records.size() == windows, "there are other windows than fans joined in");
  std::uint32_t first = first_late, rank = first_late;
  for (const auto& record : records) {
    auto tickets = tickets_of(room.engine(), first, each);
    require(record->entries.size() == each && record->window_root == queue::draw_root(tickets),
            "a window has other fans");
    for (const std::uint32_t index : queue::draw_order(tickets, record->seed)) {
      const FanView fan = room.engine().fan(FanId{first + index});
      require(fan.rank == ++rank && record->entries[rank - first - 1].entry == fan.entry,
              "a late fan is not where the shuffle puts them");
    }
    first += each;
  }
  return {{"windows", windows},
          {"join", figure(each * windows, joining)},
          {"close", figure(each * windows, closing)}};
}

// --- memory -----------------------------------------------------------------------------------

/// Bytes in memory, after one step and the next.
struct Memory {
  double engine = 0, joined = 0, drawn = 0, published = 0, peak_of_draw = 0;
};

json memory_figures(const JoinKind& kind, const Settings& settings) {
  const Memory memory = in_own_process<Memory>([&] {
    constexpr std::uint32_t portion = 10'000;
    Memory grown;
    const double empty = resident_bytes();
    Room room;
    const double made = resident_bytes();
    for (std::uint32_t n = 0; n < settings.entries; n += portion)
      room.timed(joins(kind, n, std::min(portion, settings.entries - n)));
    const double joined = resident_bytes();
    room.at(room_draw_at);
    carry_out<CloseLobby>(room);
    carry_out<DrawLine>(room);
    const double peak = peak_bytes();
    room.drop_effects();
    const double drawn = resident_bytes();
    Published published(room.engine().definition().plan);
    room.publish(published);
    const double shown = resident_bytes();
    return Memory{made - empty, joined - made, drawn - joined, shown - drawn, peak - drawn};
  });
  const double entries = settings.entries;
  return {{"engine_of_nobody_bytes", memory.engine},
          {"joined_bytes_an_entry", memory.joined / entries},
          {"drawn_bytes_an_entry", memory.drawn / entries},
          {"published_bytes_an_entry", memory.published / entries},
          {"passing_bytes_an_entry_in_the_draw", memory.peak_of_draw / entries}};
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("What does a line of a million fans cost?");
  app.add_option("--entries", settings.entries, "Fans in the lobby")
      ->check(CLI::Range(1'000U, limits::fans_max / 2));
  app.add_option("--leaving", settings.leaving, "Of these, fans who leave");
  app.add_option("--late", settings.late, "Fans who join after the draw");
  app.add_option("--clients", settings.clients, "Fans on the live socket");
  app.add_option("--lookups", settings.lookups, "Places looked up")->check(CLI::PositiveNumber);
  app.add_option("--repeats", settings.repeats, "Engines joined")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  settings.leaving = std::min(settings.leaving, settings.entries / 4);
  settings.clients = std::min(settings.clients, settings.entries / 2);

  json out{{"bench", "line"}, {"entries", settings.entries}, {"left", settings.leaving}};
  // First, while this process is small: its children count pages of their own.
  for (const JoinKind& kind : kinds) out["memory"][kind.name] = memory_figures(kind, settings);
  out["join"] = join_figures(settings);

  std::mt19937_64 random(7);
  Room room;
  room.timed(joins(kinds[2], 0, settings.entries));
  out["draw"] = draw_figures(room, settings);
  Published published(room.engine().definition().plan);
  out["publish_after_the_draw"] = figure(settings.entries, room.publish(published));
  out["leave"] = leave_figures(room, settings, random);
  room.publish(published);
  const auto places = counted_places(room.engine());
  out["lookup"] = lookup_figures(published, places, settings, random);
  out["push"] = push_figures(room, published, places, settings, random);
  out["call"]["at 500 a second"] = call_figures(room, 500, milliseconds(50), settings.entries / 50);
  out["call"]["as fast as it goes"] =
      call_figures(room, 1'000'000, milliseconds(20), settings.entries / 2);
  verify_called(room.engine(), places);
  out["late"] = late_figures(room, settings);
  for (const std::string& violation : room.engine().check_invariants()) fail(violation);
  fmt::print("{}\n", out.dump(2));
  return 0;
}
