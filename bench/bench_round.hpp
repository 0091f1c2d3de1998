// A round for benches of the pipeline: as many seats and shopping fans as are asked for, and a
// directory for its journal.
#pragma once

#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/channel.hpp"
#include "base/plan_builder.hpp"
#include "base/published.hpp"
#include "engine/engine.hpp"
#include "journal/rocks_journal.hpp"
#include "sequencer/clock.hpp"
#include "sequencer/recovery.hpp"
#include "sequencer/sequencer.hpp"
#include "sequencer/start_commands.hpp"

namespace frontrow::bench {

/// A directory of the bench's own inside `parent`, removed at its end.
class WorkDirectory {
 public:
  explicit WorkDirectory(const std::filesystem::path& parent) {
    std::string name = (parent / "frontrow-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("cannot write in " + parent.string());
    path_ = name;
  }
  ~WorkDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr std::uint32_t seats_in_row = 50;

/// A lobby that opens and is drawn at once, and a sale that outlasts every bench.
inline RoundDefinition make_definition(std::uint32_t seats, Instant start) {
  PlanBuilder builder("Bench", 100, 100);
  const auto category = builder.add_category("cat1", {{"en", "Category"}});
  constexpr std::uint32_t rows_in_zone = 20;
  for (std::uint32_t n = 0; n < seats; ++n) {
    if (n % (seats_in_row * rows_in_zone) == 0) {
      const std::string zone = "Z" + std::to_string(n / (seats_in_row * rows_in_zone));
      builder.open_zone(zone, {{"en", zone}}, ZoneKind::kSeated, category);
    }
    if (n % seats_in_row == 0) {
      const std::string row = "R" + std::to_string(n / seats_in_row);
      builder.open_row(row, row);
    }
    PlanSeat seat;
    seat.id = std::to_string(n);
    seat.number = std::to_string(n % seats_in_row);
    builder.add_seat(std::move(seat));
  }
  RoundDefinition round;
  round.id = "bench";
  round.title = {{"en", "Bench"}};
  round.currency = "THB";
  round.time_zone = "Asia/Bangkok";
  round.plan = std::move(builder).build();
  round.price_by_category = {Amount{450'000}};
  round.first_start = start;
  round.sale.lobby_opens_at = start;
  round.sale.draw_at = start + milliseconds(1);
  round.sale.closes_at = start + seconds(86'400);
  round.sale.returns_until = round.sale.closes_at;
  round.starts_at = round.sale.closes_at;
  round.sale.max_seats_per_fan = 1'000;
  round.sale.max_open_orders_per_fan = 1'000;
  round.sale.hold = seconds(80'000);
  round.draw.late_window = milliseconds(1);
  return round;
}

inline AdmissionRules everyone_at_once() {
  AdmissionRules rules;
  rules.max_shoppers = 1'000'000;
  rules.per_second = 1'000'000;
  rules.enter = seconds(80'000);
  rules.shopping = seconds(80'000);
  return rules;
}

/// Engine, journal on disk and sequencer as the server wires them, with one channel, and `more`
/// ones of somebody else's.
class Pipeline {
 public:
  Pipeline(const RoundDefinition& definition, const std::filesystem::path& directory, bool sync,
           std::size_t in_flight_max, const std::vector<Channel*>& more = {})
      : engine_(definition),
        published_(definition.plan),
        channel_(in_flight_max, {}),
        journal_(open_journal(directory, sync)),
        sequencer_({engine_, *journal_, published_, clock_, with_own(more),
                    [](const std::string& line) { throw std::runtime_error(line); }}) {
    sequencer_.begin(first_start_commands("{}", everyone_at_once()));
    sequencer_.start();
  }
  ~Pipeline() { sequencer_.stop(); }

  Channel& channel() { return channel_; }
  const Published& published() const { return published_; }
  const SequencerStatistics& statistics() const { return sequencer_.statistics(); }
  /// Ends the loop; the state may be looked at afterwards.
  void stop() { sequencer_.stop(); }
  const Engine& engine() const { return engine_; }

  /// Sends `next(n)` for n from 0 to `count`, at most `in_flight` unanswered, and hands each
  /// answer to `take(correlation, reply)`. One thread. With few in flight it looks for answers
  /// without end, as a busy front thread does; with many it sleeps, because
  /// sequencer and journal then want the two cores.
  template <class Next, class Take>
  void exchange(std::uint64_t count, std::size_t in_flight, const Next& next, const Take& take) {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    Backoff backoff;
    while (received < count) {
      bool any = false;
      while (sent < count && sent - received < in_flight) {
        if (!channel_.try_submit({sent, next(sent), {}})) break;
        ++sent;
        any = true;
      }
      const auto taken = channel_.receive(in_flight, [&](Outgoing& outgoing) {
        Answer& answer = std::get<Answer>(outgoing);
        take(answer.correlation, answer.reply);
      });
      received += taken;
      if (any || taken > 0) {
        backoff.reset();
      } else if (backoff.idle()) {
        if (in_flight <= in_flight_of_looking) {
          sched_yield();
          continue;
        }
        channel_.arm();
        if (!channel_.has_arrivals()) wait_readable(channel_.event_descriptor());
        channel_.disarm();
      }
    }
  }

  /// Joins `fans` fans and lets all of them shop.
  void let_in(std::uint32_t fans) {
    const auto good = [](std::uint64_t, const Reply& reply) {
      if (reply.rejection != Rejection::kNone) throw std::runtime_error("a fan was not let in");
    };
    exchange(
        fans, in_flight_of_let_in,
        [](std::uint64_t n) {
          JoinQueue join;
          std::memcpy(join.entry.data(), &n, sizeof n);
          return Command{join};
        },
        good);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (published_.read_status().fans_by_state[static_cast<std::size_t>(FanState::kCalled)] !=
           fans) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("nobody is called");
      usleep(1'000);
    }
    exchange(
        fans, in_flight_of_let_in,
        [](std::uint64_t n) { return Command{EnterShop{FanId{static_cast<std::uint32_t>(n)}}}; },
        good);
  }

 private:
  static constexpr std::size_t in_flight_of_let_in = 1'024;
  static constexpr std::size_t in_flight_of_looking = 64;

  std::vector<Channel*> with_own(std::vector<Channel*> more) {
    more.insert(more.begin(), &channel_);
    return more;
  }
  static std::unique_ptr<journal::RocksJournal> open_journal(const std::filesystem::path& directory,
                                                             bool sync) {
    journal::WriterOptions options;
    options.sync = sync;
    auto opened = journal::RocksJournal::open(directory, {}, options);
    if (opened.has_error()) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  static void wait_readable(int descriptor) {
    pollfd waited_for{descriptor, POLLIN, 0};
    poll(&waited_for, 1, -1);
  }

  SystemClock clock_;
  Engine engine_;
  Published published_;
  Channel channel_;
  std::unique_ptr<journal::RocksJournal> journal_;
  Sequencer sequencer_;
};

/// What the directory's journal holds, as a start would find it.
inline Recovered recover_from(const std::filesystem::path& directory,
                              const RoundDefinition& definition) {
  const auto reader = journal::JournalReader::open(directory, {});
  if (reader.has_error()) throw std::runtime_error(reader.error().message);
  auto recovered =
      recover(**reader,
              [&](const OpenRound&) -> boost::system::result<std::unique_ptr<Engine>, std::string> {
                return std::make_unique<Engine>(definition);
              });
  if (recovered.has_error()) throw std::runtime_error(recovered.error().message);
  return std::move(*recovered);
}

}  // namespace frontrow::bench
