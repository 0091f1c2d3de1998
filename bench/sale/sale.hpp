// A whole sale in virtual time, in one thread: the real engine, fans and a gateway by chance, and
// the admission controller fed once a second. The same scenario gives the same commands.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "sale/scenario.hpp"

namespace frontrow::sale {

/// For whoever wants to look at a sale while it goes on. Each may be empty.
struct Hooks {
  /// After every command, with what it changed; the references end with the call.
  std::function<void(Instant now, const Command&, const Reply&, const Effects&, const Engine&)>
      after_command;
  /// Once in every virtual second, after all that was due until then.
  std::function<void(Instant now, const RoundStatus&, const Engine&)> each_second;
};

/// A moment of the sale, one each virtual second from the draw on.
struct Sample {
  Instant at;
  std::uint32_t waiting = 0, called = 0, shopping = 0;
  std::uint32_t free = 0, held = 0, sold = 0, paying = 0;
  std::uint64_t calls = 0;  ///< Since the beginning.
};

struct PaceChange {
  Instant at;
  AdmissionPace pace;
  std::string measured;
};

struct Report {
  Instant draw_at, ended_at;
  RoundStatus status;  ///< At the end.
  StateHash state_hash;
  Sequence commands = 0;
  std::array<std::uint64_t, 256> rejections{};  ///< By the number of the rejection.
  std::uint64_t enters = 0;                     ///< Tried, refused ones included.
  std::uint64_t shop_full = 0;                  ///< Refused because the shop was full.
  std::uint32_t most_shopping = 0;              ///< At any moment.
  std::vector<Sample> samples;
  std::vector<PaceChange> paces;
  std::vector<Instant> first_called;    ///< By fan; 0 where never.
  std::vector<std::string> violations;  ///< Of the engine's invariants at the end.

  /// The sample of the second `after` from the draw on; the last where there is none.
  const Sample& at(Duration after) const;
  /// Mean share of `places` taken by shoppers between two times counted from the draw.
  double occupancy(Duration from, Duration to, std::uint32_t places) const;
  /// Calls made between two times counted from the draw.
  std::uint64_t calls(Duration from, Duration to) const;
};

Report simulate(const Scenario& scenario, const Hooks& hooks = {});

}  // namespace frontrow::sale
