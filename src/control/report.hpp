// How this folder tells people what it does: lines for the log, handed to whoever wired it.
// Called on the control thread alone.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "frontrow/time.hpp"

namespace frontrow::control {

enum class Weight : std::uint8_t { kNews, kTrouble };
/// Nothing that came from another server is in the line.
using Report = std::function<void(Weight, const std::string& line)>;

/// Tells of trouble of each kind at once, then once a while with how often it came meanwhile: a
/// relay that is down for an hour fills no log.
template <std::size_t Kinds>
class TroubleLog {
 public:
  explicit TroubleLog(Report report) : report_(std::move(report)) {}

  void tell(Instant now, std::size_t kind, const std::string& line) {
    Seen& seen = seen_[kind];
    if (seen.told && now - seen.told_at < every && now >= seen.told_at) {
      ++seen.since;
      return;
    }
    report_(
        Weight::kTrouble,
        seen.since == 0 ? line : line + " (and " + std::to_string(seen.since) + " times before)");
    seen = {true, now, 0};
  }
  /// What comes next is told at once.
  void forget() { seen_ = {}; }

 private:
  static constexpr Duration every = seconds(60);
  struct Seen {
    bool told = false;
    Instant told_at;
    std::uint64_t since = 0;
  };
  Report report_;
  std::array<Seen, Kinds> seen_{};
};

}  // namespace frontrow::control
