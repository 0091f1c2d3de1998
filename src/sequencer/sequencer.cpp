#include "sequencer/sequencer.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "sequencer/group.hpp"
#include "sequencer/group_limits.hpp"
#include "sequencer/journal_thread.hpp"
#include "sequencer/outlet.hpp"
#include "sequencer/publisher.hpp"

namespace frontrow {
namespace {

/// Shortest sleep: a deadline that has just come is met by the next look.
constexpr std::int64_t sleep_microseconds_min = 50;

}  // namespace

struct Sequencer::Loop {
  explicit Loop(Parts its_parts)
      : parts(std::move(its_parts)),
        writer(parts.journal),
        group(parts.engine, statistics),
        publisher(parts.engine, parts.published) {
    for (Channel* channel : parts.channels) {
      channel->attach(&parker);
      outlets.emplace_back(*channel, statistics);
    }
  }

  Parts parts;
  Parker parker;
  SequencerStatistics statistics;
  std::vector<Outlet> outlets;
  JournalThread writer;
  Group group;
  Publisher publisher;

  Instant now() { return std::max(parts.engine.time(), parts.clock.now()); }
  journal::Result<void> write_and_apply();
  bool send_held_back();
  bool has_submissions() const;
  std::int64_t sleep_microseconds();
};

/// The middle of the picture: journal and engine, both done when this returns.
journal::Result<void> Sequencer::Loop::write_and_apply() {
  if (!group.has_commands()) {
    group.apply();
    return {};
  }
  const auto bytes = group.block().bytes();
  const auto commands = group.block().count();
  journal::Result<void> written;
  if (bytes <= group_limits::inline_bytes_max) {
    written = writer.write_here(group.block());
    if (written.has_value()) group.apply();
  } else {
    writer.write(group.block());
    group.apply();
    written = writer.wait();
  }
  statistics.sync_microseconds.observe(writer.last_write_microseconds());
  statistics.groups.add();
  statistics.group_size.observe(commands);
  statistics.journaled_bytes.add(bytes);
  return written;
}

bool Sequencer::Loop::send_held_back() {
  bool any = false;
  for (Outlet& outlet : outlets) {
    if (!outlet.holds_back()) continue;
    any = outlet.send_held_back() || any;
    outlet.notify();
  }
  return any;
}

bool Sequencer::Loop::has_submissions() const {
  return std::any_of(parts.channels.begin(), parts.channels.end(),
                     [](const Channel* channel) { return channel->waiting_submissions() > 0; });
}

std::int64_t Sequencer::Loop::sleep_microseconds() {
  std::int64_t longest = group_limits::sleep_microseconds_max;
  if (std::any_of(outlets.begin(), outlets.end(),
                  [](const Outlet& outlet) { return outlet.holds_back(); }))
    longest = group_limits::sleep_held_back_microseconds_max;
  if (const auto due = parts.engine.next_due())
    longest = std::min(longest, (*due - parts.clock.now()).microseconds);
  return std::max(longest, sleep_microseconds_min);
}

Sequencer::Sequencer(Parts parts) : loop_(std::make_unique<Loop>(std::move(parts))) {}

Sequencer::~Sequencer() { stop(); }

std::vector<UnsettledOrder> Sequencer::unsettled_orders() const {
  return loop_->parts.engine.unsettled_orders();
}

const SequencerStatistics& Sequencer::statistics() const { return loop_->statistics; }

bool Sequencer::finish_group() {
  Loop& loop = *loop_;
  const auto written = loop.write_and_apply();
  if (written.has_error()) {
    loop.parts.published.ready.store(false, std::memory_order_release);
    failed_.store(true, std::memory_order_release);
    loop.parts.on_failure(written.error().message);
    return false;
  }
  if (loop.group.has_commands()) loop.publisher.publish(loop.group.effects());
  loop.group.release(loop.outlets);
  return true;
}

bool Sequencer::begin(const std::vector<Command>& commands) {
  Loop& loop = *loop_;
  loop.publisher.publish_all();
  loop.group.begin(loop.now());
  loop.group.add_own(commands);
  const bool good = finish_group();
  if (good) loop.publisher.publish_words();
  loop.group.trim();
  return good;
}

bool Sequencer::run_once() {
  if (failed()) return false;
  Loop& loop = *loop_;
  const bool sent = loop.send_held_back();
  loop.group.begin(loop.now());
  loop.group.add_due_commands();
  loop.group.collect(loop.outlets);
  if (loop.group.empty()) return sent;
  finish_group();
  return true;
}

void Sequencer::start() {
  FRONTROW_ASSERT(!thread_.joinable() && !failed());
  loop_->parts.published.ready.store(true, std::memory_order_release);
  thread_ = std::thread([this] { run(); });
}

void Sequencer::stop() {
  stopping_.store(true, std::memory_order_release);
  loop_->parker.wake();
  if (thread_.joinable()) thread_.join();
}

void Sequencer::run() {
  Loop& loop = *loop_;
  Backoff backoff;
  while (!stopping_.load(std::memory_order_acquire) && !failed()) {
    if (run_once()) {
      backoff.reset();
      continue;
    }
    if (!backoff.idle()) continue;
    loop.parker.prepare();
    if (loop.has_submissions() || stopping_.load(std::memory_order_acquire)) {
      loop.parker.cancel();
      backoff.reset();
      continue;
    }
    loop.parker.sleep(loop.sleep_microseconds());
  }
  loop.parts.published.ready.store(false, std::memory_order_release);
  for (std::size_t turn = 0; turn < group_limits::turns_after_stop_max && run_once(); ++turn) {
  }
}

}  // namespace frontrow
