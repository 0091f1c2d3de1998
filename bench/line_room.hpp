// A waiting room for the bench of the line: an engine with a small house, numbered commands, and
// the clock of the bench.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "base/plan_builder.hpp"
#include "base/published.hpp"
#include "engine/engine.hpp"
#include "frontrow/limits.hpp"
#include "line_measures.hpp"
#include "sequencer/look_ahead.hpp"

namespace frontrow::bench {

inline constexpr Instant room_start{1'800'000'000'000'000};
inline constexpr Instant room_draw_at = room_start + seconds(60);

inline RoundDefinition room_definition() {
  PlanBuilder builder("Bench", 100, 100);
  const auto category = builder.add_category("cat1", {{"en", "Category"}});
  builder.open_zone("A", {{"en", "A"}}, ZoneKind::kSeated, category);
  builder.open_row("A-1", "1");
  for (int n = 0; n < 50; ++n) {
    PlanSeat seat;
    seat.id = fmt::format("A-1-{}", n + 1);
    builder.add_seat(std::move(seat));
  }
  RoundDefinition made;
  made.id = "bench";
  made.plan = std::move(builder).build();
  made.price_by_category = {Amount{450'000}};
  made.starts_at = room_start + seconds(1'000'000);
  made.sale.lobby_opens_at = room_start;
  made.sale.draw_at = room_draw_at;
  made.sale.closes_at = room_start + seconds(900'000);
  made.sale.returns_until = room_start + seconds(900'000);
  made.first_start = room_start;
  made.secrets.secret.fill(7);
  made.secrets.late_secret.fill(9);
  return made;
}

inline Bytes16 bytes_of(std::uint64_t high, std::uint64_t low) {
  Bytes16 bytes{};
  // Spread as the digests and random bytes are that stand here in a round.
  std::uint64_t words[2] = {(high + 1) * 0x9e3779b97f4a7c15U, (low + 1) * 0xd1b54a32d192ed03U};
  for (std::uint64_t& word : words) {
    word ^= words[0] >> 29;
    word *= 0xbf58476d1ce4e5b9U;
    word ^= word >> 32;
  }
  std::memcpy(bytes.data(), words, bytes.size());
  return bytes;
}

/// What a join carries beside the entry, and the look-up tables that remember it.
struct JoinKind {
  const char* name;
  bool key = false, proof = false, pass = false;
};

inline std::vector<Command> joins(const JoinKind& kind, std::uint32_t first, std::uint32_t count) {
  std::vector<Command> commands;
  commands.reserve(count);
  for (std::uint64_t n = first; n < std::uint64_t{first} + count; ++n) {
    JoinQueue join;
    join.entry = bytes_of(n, 1);
    if (kind.key) join.key = bytes_of(n, 3);
    if (kind.proof) join.proof = bytes_of(n, 2);
    if (kind.pass) join.subject = bytes_of(n, 4);
    commands.emplace_back(join);
  }
  return commands;
}

class Room {
 public:
  Room() : engine_(room_definition()) {
    one(OpenRound{});
    // Nobody is called until the bench says so.
    allow_calls(0);
  }

  Reply one(const Command& command) {
    Reply reply = engine_.apply(++sequence_, now_, command, effects_);
    require(reply.rejection == Rejection::kNone, "a command was refused");
    effects_.clear();
    return reply;
  }
  /// What the commands took, all of which must be accepted; effects are thrown away after each
  /// group, as the sequencer does it.
  Taken timed(const std::vector<Command>& commands) {
    std::uint64_t refused = 0;
    const Stopwatch watch;
    for (std::size_t n = 0; n < commands.size(); ++n) {
      look_ahead(engine_, n % group, std::min(group, commands.size() - n / group * group),
                 [&](std::size_t at) { return &commands[n / group * group + at]; });
      refused +=
          engine_.apply(++sequence_, now_, commands[n], effects_).rejection != Rejection::kNone;
      if (n % group == group - 1) effects_.clear();
    }
    const Taken taken = watch.read();
    effects_.clear();
    require(refused == 0, "a command was refused");
    return taken;
  }
  void allow_calls(std::uint32_t per_second) {
    AdmissionRules rules;
    rules.max_shoppers = limits::fans_max;
    rules.per_second = per_second;
    rules.enter = rules.shopping = seconds(800'000);
    one(SetAdmission{"bench", rules});
  }

  Engine& engine() { return engine_; }
  /// Puts what fans see where front threads read it.
  Taken publish(Published& published, std::uint32_t first = 0) {
    const Stopwatch watch;
    for (std::uint32_t n = first; n < engine_.fan_count(); ++n)
      published.write_fan(FanId{n}, engine_.fan(FanId{n}));
    published.write_status(engine_.status());
    return watch.read();
  }
  /// Gives back what a large group has left; a sequencer does so when it has nothing to do.
  void drop_effects() { effects_ = Effects{}; }
  void at(Instant now) { now_ = now; }
  Instant now() const { return now_; }

 private:
  static constexpr std::size_t group = 256;
  Engine engine_;
  Effects effects_;
  Sequence sequence_ = 0;
  Instant now_ = room_start;
};

}  // namespace frontrow::bench
