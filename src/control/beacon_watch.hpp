// Fetches the beacons that the round waits for and hands them in: the draw's by `SetBeacon`, those
// of late windows by `CloseLateWindow`. It asks until there is a good answer or the round goes on
// without; going without is the engine's act, after the round file's `wait_seconds`, and is told.
//
// Belongs to the control thread. It has no clock and no socket of its own: `look` is called several
// times a second, and what it does goes through the functions it is given.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "control/beacon_plan.hpp"
#include "control/drand_reading.hpp"
#include "control/report.hpp"
#include "frontrow/command.hpp"
#include "frontrow/rejection.hpp"
#include "outbound/outbound_call.hpp"

namespace frontrow::control {

class BeaconWatch {
 public:
  struct Means {
    /// Calls back once, not from within, or never once this is gone.
    std::function<void(outbound::OutboundRequest, std::function<void(outbound::OutboundOutcome)>)>
        fetch;
    /// False: no room in the ring. Else `answered` is called once.
    std::function<bool(Command&&)> submit;
    std::function<std::uint32_t()> chance;
    Report report;
  };

  static constexpr const char* operator_name = "relay";
  /// Between tries: doubled each time from the first to the longest, of which between half and all,
  /// by chance, so that many rounds do not ask a relay in step.
  static constexpr Duration first_delay = milliseconds(400);
  static constexpr Duration longest_delay = seconds(5);
  static constexpr Duration fetch_deadline = seconds(5);

  /// Precondition: the definition names a beacon with a `url`. Definition and `published` outlive
  /// this.
  BeaconWatch(const RoundDefinition& definition, const Published& published, Means means);

  void look(Instant now);
  /// To what was submitted, in that order.
  void answered(Rejection rejection);

 private:
  enum class Step : std::uint8_t { kAsk, kAsking, kHandIn, kHandedIn, kSettled };
  // The faults of a drand answer follow the client's errors.
  static constexpr std::size_t trouble_kinds =
      outbound::outbound_error_count + drand_fault_count + 1;

  void tell_news();
  void begin(const std::optional<WantedBeacon>& wanted);
  void ask();
  void fetched(const outbound::OutboundOutcome& outcome);
  void hand_in();
  void try_again(std::size_t kind, const std::string& what);
  Command command_of(const DrandValue& value) const;
  std::string name_of_wanted() const;

  const RoundDefinition& definition_;
  const Published& published_;
  const Means means_;
  BeaconPlan plan_;
  TroubleLog<trouble_kinds> troubles_;

  Instant now_;
  bool draw_told_ = false;
  std::optional<WantedBeacon> wanted_;
  Step step_ = Step::kAsk;
  std::uint32_t tries_ = 0;
  std::uint32_t answers_awaited_ = 0;
  Instant next_try_;
  DrandValue value_;
  /// Renewed with every other beacon: an answer that comes for an earlier one finds its own gone.
  std::shared_ptr<const int> current_;
};

}  // namespace frontrow::control
