// What one live socket is owed and has been told. Nothing is queued that a later message makes
// stale: each kind waits in its latest form, so the memory of a slow reader is bounded by what
// there is to say, not by how long it did not listen. Used by its thread alone.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontrow/ids.hpp"
#include "frontrow/time.hpp"
#include "http/look_schedule.hpp"
#include "http/queue_view.hpp"
#include "http/response.hpp"
#include "http/turn_reminders.hpp"

namespace frontrow::http {

/// The socket itself, or a test.
class LiveOutlet {
 public:
  virtual ~LiveOutlet() = default;
  /// One message at a time: the next comes after `LiveHub::on_written`.
  virtual void send(const SharedText& message) = 0;
};

struct LiveClient : Scheduled {
  explicit LiveClient(LiveOutlet& its_outlet, std::string_view its_language)
      : outlet(its_outlet), language(its_language) {}

  LiveOutlet& outlet;
  const std::string_view language;  ///< Of problems; lasts as long as the program.
  bool greeted = false;             ///< Has said hello.
  FanId fan;                        ///< None: a spectator.
  bool writing = false;

  std::deque<SharedText> words;                        ///< Errors and notices, in order.
  std::vector<std::pair<OrderId, SharedText>> orders;  ///< Each in its latest form.

  SharedText queue;  ///< Waits to be sent.
  std::optional<QueueView> queue_told;
  Instant queue_told_at, queue_looked_at;
  std::uint64_t queue_line_version = 0;
  std::uint32_t state_seen = 0;  ///< `state_mark` of the fan as last looked at.
  SharedText reminder;           ///< Waits to be sent.
  TurnReminders reminders;

  std::uint64_t round_told = 0;  ///< The hub's number of the `round` last sent.
  std::uint64_t phase_told = 0;  ///< The hub's number of its phase.
  Instant round_told_at;
  /// Between two words about the place or the round that nobody is in a hurry for.
  Duration interval = seconds(1);

  struct Watched {
    ZoneIndex zone;
    Sequence told = 0;
    bool snapshot_due = true;
  };
  std::vector<Watched> watched;
  std::size_t next_watched = 0;  ///< Zones take turns.

  double message_allowance = 0;  ///< Token bucket of what the client may still say.
  Instant message_allowance_at;
  std::size_t place = 0;  ///< In the hub's list.
  static constexpr std::size_t nowhere = ~std::size_t{0};
  std::size_t watching_place = nowhere;  ///< In the hub's list of those who watch zones.
};

}  // namespace frontrow::http
