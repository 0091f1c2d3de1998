// The one thread that changes the round:
//
//   channels ── Submission ──► drain all rings → number, time → group
//                                    │ the same group, at the same time │
//                                    ▼                                  ▼
//                    journal: one block, one synced write     engine: apply → Reply, Events
//                                    └───────── both done ──────────────┘
//                                                ▼
//              publish what front threads read → answers and events → channels
//
// Nothing leaves before it is durable. A group is whatever has arrived; no timer waits to fill
// it. A failed write is the end: nothing of its group is ever told.
//
// Everything here belongs to the sequencer's thread, but for what says otherwise.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/channel.hpp"
#include "base/published.hpp"
#include "engine/engine.hpp"
#include "journal/journal.hpp"
#include "sequencer/clock.hpp"
#include "sequencer/sequencer_statistics.hpp"

namespace frontrow {

class Sequencer {
 public:
  /// What it works on. All of it outlives the sequencer; nobody else touches the engine or the
  /// journal from `begin` on.
  struct Parts {
    Engine& engine;
    journal::Journal& journal;
    Published& published;
    Clock& clock;
    std::vector<Channel*> channels;
    /// Told once why nothing more is taken, on the thread that runs the loop: it must not call
    /// `stop` itself.
    std::function<void(const std::string&)> on_failure;
  };

  explicit Sequencer(Parts parts);
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  /// Orders whose payment has to be looked up at the gateway after this start. Before `start`.
  std::vector<UnsettledOrder> unsettled_orders() const;

  /// Publishes the state as it stands, then carries out and journals the first commands of this
  /// start (`start_commands.hpp`). False: the journal failed, `on_failure` has been told.
  bool begin(const std::vector<Command>& commands);

  /// Runs the loop in a thread of its own. After `begin`.
  void start();
  /// Any thread: takes what is in the rings, writes it, answers it, and ends the thread. Nothing
  /// may be submitted any more once this has returned.
  void stop();
  /// Any thread: the journal failed; the loop has ended or is about to.
  bool failed() const { return failed_.load(std::memory_order_acquire); }

  /// One turn of the loop: at most one group. True where there was anything to do. For the
  /// loop, and for tests that drive it without a thread.
  bool run_once();

  /// Any thread.
  const SequencerStatistics& statistics() const;

 private:
  struct Loop;
  void run();
  /// Journals, applies, publishes and releases the group; false where the journal failed.
  bool finish_group();

  std::unique_ptr<Loop> loop_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};
};

}  // namespace frontrow
