// Which drand round the round waits for, from what is published. Belongs to the control thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/published.hpp"
#include "frontrow/round_definition.hpp"

namespace frontrow::control {

struct WantedBeacon {
  bool for_draw = true;
  std::uint64_t window = 0;  ///< Of late fans, where it is not for the draw.
  std::uint64_t round = 0;
  Instant made_at;  ///< Before this there is no such round. Zero where the chain is not known.
  friend bool operator==(const WantedBeacon&, const WantedBeacon&) = default;
};

class BeaconPlan {
 public:
  /// Precondition: the definition names a beacon. Both outlive this.
  BeaconPlan(const RoundDefinition& definition, const Published& published);

  /// The draw's beacon from the lobby's close until drawn; then that of the oldest late window that
  /// has ended and is not closed. Nothing while none is waited for, and nothing for windows of a
  /// chain whose clock is not known: which of its rounds comes first after a window's end cannot be
  /// told, and the engine closes such a window after the wait.
  std::optional<WantedBeacon> wanted(Instant now);

  /// Windows that have gone without a beacon since the last call.
  std::vector<std::uint64_t> windows_gone_without();

 private:
  std::optional<WantedBeacon> wanted_for_late(const RoundStatus& status, const DrawRecord& draw,
                                              Instant now);
  void read_closed_windows();

  const RoundDefinition& definition_;
  const Published& published_;
  // Of the closed windows: how many have been read, and how many fans they placed.
  std::size_t windows_read_ = 0;
  std::uint64_t fans_placed_ = 0;
  std::vector<std::uint64_t> gone_without_;
};

/// The drand round that belongs to a late window: the first made strictly after the window's end,
/// so that one made at that very instant, when somebody could still have joined, does not count.
std::optional<std::uint64_t> late_beacon_round(const std::string& chain, Instant window_end);

}  // namespace frontrow::control
