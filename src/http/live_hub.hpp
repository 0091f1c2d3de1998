// All live sockets of one front thread: what they say, what they are told, when. Knows no
// sockets itself, only `LiveOutlet`s. Used by its thread alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontrow/reply.hpp"
#include "http/live_client.hpp"
#include "http/problem.hpp"
#include "http/zone_feed.hpp"

namespace frontrow::http {

class BodyReader;
class Front;

class LiveHub {
 public:
  explicit LiveHub(Front& front);

  /// `client` must stay where it is until `remove`.
  void add(LiveClient& client);
  void remove(LiveClient& client);
  std::size_t size() const { return clients_.size(); }

  /// A text message has come from this client.
  void on_message(LiveClient& client, std::string_view text, Instant now);
  /// The message handed to its outlet is on its way: the next may follow.
  void on_written(LiveClient& client, Instant now);
  void on_event(const Event& event, Instant now);
  /// Looks at what has been published and tells those who have not heard it.
  void turn(Instant now);

 private:
  void hello(LiveClient& client, BodyReader& message, Instant now);
  void watch(LiveClient& client, BodyReader& message);
  void say(LiveClient& client, const SharedText& words);
  void say(LiveClient& client, const Problem& problem);
  void unwatch_all(LiveClient& client);
  void bind_fan(LiveClient& client, FanId fan);
  void unbind_fan(LiveClient& client);

  /// Tells the client what it is owed, and says when to look again.
  void look(LiveClient& client, Instant now);
  /// Works out the fan's place, where it may have changed and its time has come.
  void look_at_queue(LiveClient& client, Instant now);
  void remind(LiveClient& client, const QueueView& view, Instant now);
  void schedule(LiveClient& client, Instant now);
  /// Looks for fans whose state is not the one that their sockets know, some at a time.
  void sweep_states();
  void refresh_round(Instant now);
  bool round_is_due(const LiveClient& client, Instant now) const;
  Duration round_interval(const LiveClient& client) const;
  void begin_watching(LiveClient& client);
  void end_watching(LiveClient& client);
  /// Sends the next message that is owed, unless one is under way.
  void flush(LiveClient& client, Instant now);
  SharedText next_message(LiveClient& client, Instant now);
  SharedText next_of_zones(LiveClient& client);

  Front& front_;
  std::vector<LiveClient*> clients_;
  std::vector<LiveClient*> watching_;
  LookSchedule schedule_;
  std::unordered_map<FanId, std::vector<LiveClient*>> by_fan_;
  std::vector<ZoneFeed> feeds_;
  std::size_t next_swept_ = 0;
  std::size_t sweep_left_ = 0;       ///< Clients that the sweep under way has not come to.
  std::uint64_t swept_version_ = 0;  ///< Of the line, when that sweep began.
  std::uint64_t status_version_ = 0;
  std::uint64_t round_number_ = 0;  ///< Counts the contents of `round`.
  std::uint64_t phase_number_ = 0;  ///< Counts the phases among them.
  Phase phase_ = Phase::kScheduled;
  std::string round_content_;  ///< Phase and totals as they were last told.
  SharedText round_;
};

}  // namespace frontrow::http
