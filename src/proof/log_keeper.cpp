#include "proof/log_keeper.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/assert.hpp"

namespace frontrow::proof {
namespace {

/// Groups taken in one turn, and recovered notes: between turns the thread looks whether it is to
/// stop and whether a checkpoint is due.
constexpr std::size_t groups_a_turn = 64;
constexpr std::size_t recovered_a_turn = 16'384;

Instant wall_now() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

}  // namespace

struct LogKeeper::State {
  using Clock = std::chrono::steady_clock;

  State(TransparencyLog& the_log, Channel& the_channel, std::deque<FactNote> the_recovered)
      : log(the_log),
        channel(the_channel),
        recovered(std::move(the_recovered)),
        recovered_waiting(recovered.size()),
        stop_descriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    FRONTROW_ASSERT(stop_descriptor >= 0);
  }
  ~State() { close(stop_descriptor); }

  void run();
  void absorb_recovered();
  std::size_t absorb_live();
  /// Signs where it is time; otherwise how long until it is. Nothing: when the log grows.
  std::optional<Clock::duration> sign_when_due();
  void sign();
  void wait(std::optional<Clock::duration> longest);

  TransparencyLog& log;
  Channel& channel;
  std::deque<FactNote> recovered;
  std::atomic<std::size_t> recovered_waiting;
  const int stop_descriptor;
  std::atomic<bool> stopping{false};
  Clock::time_point signed_at;
  std::uint64_t signed_size = 0;
  std::thread thread;
};

void LogKeeper::State::run() {
  absorb_recovered();
  if (stopping.load()) return;
  sign();
  while (!stopping.load()) {
    const std::size_t taken = absorb_live();
    const auto until_due = sign_when_due();
    if (taken < groups_a_turn) wait(until_due);
  }
}

void LogKeeper::State::absorb_recovered() {
  std::vector<FactNote> notes;
  while (!recovered.empty() && !stopping.load()) {
    const auto end = recovered.begin() +
                     static_cast<std::ptrdiff_t>(std::min(recovered.size(), recovered_a_turn));
    notes.assign(recovered.begin(), end);
    recovered.erase(recovered.begin(), end);
    log.append(notes);
    recovered_waiting.store(recovered.size(), std::memory_order_relaxed);
  }
}

std::size_t LogKeeper::State::absorb_live() {
  return channel.receive(groups_a_turn, [this](Outgoing& outgoing) {
    auto* delivery = std::get_if<EventDelivery>(&outgoing);
    auto* facts = delivery != nullptr ? std::get_if<FactsRecorded>(&delivery->event) : nullptr;
    if (facts == nullptr) return;
    // Taken out of the ring, whose slot would keep the memory until it comes round again.
    std::vector<FactNote> notes = std::move(facts->facts);
    put_in_leaf_order(notes);
    log.append(notes);
  });
}

std::optional<LogKeeper::State::Clock::duration> LogKeeper::State::sign_when_due() {
  if (log.leaves() == signed_size) return std::nullopt;
  const auto due = signed_at + std::chrono::microseconds(checkpoint_period.microseconds);
  const auto now = Clock::now();
  if (now < due) return due - now;
  sign();
  return std::nullopt;
}

void LogKeeper::State::sign() {
  signed_size = log.leaves();
  signed_at = Clock::now();
  log.sign_checkpoint(wall_now());
}

void LogKeeper::State::wait(std::optional<Clock::duration> longest) {
  channel.arm();
  if (!channel.has_arrivals() && !stopping.load()) {  // nothing came before it was armed
    pollfd descriptors[] = {{channel.event_descriptor(), POLLIN, 0}, {stop_descriptor, POLLIN, 0}};
    const int milliseconds =
        longest ? static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(*longest).count())
                : -1;
    static_cast<void>(poll(descriptors, std::size(descriptors), milliseconds));
  }
  channel.disarm();
}

LogKeeper::LogKeeper(TransparencyLog& log, Channel& channel, std::deque<FactNote> recovered)
    : state_(std::make_unique<State>(log, channel, std::move(recovered))) {
  FRONTROW_ASSERT(channel.subscription().facts);
}

LogKeeper::~LogKeeper() { stop(); }

void LogKeeper::start() {
  FRONTROW_ASSERT(!state_->thread.joinable());
  state_->thread = std::thread([this] { state_->run(); });
}

void LogKeeper::stop() {
  if (!state_->thread.joinable()) return;
  state_->stopping.store(true);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put = write(state_->stop_descriptor, &one, sizeof one);
  state_->thread.join();
}

std::size_t LogKeeper::backlog() const {
  return state_->recovered_waiting.load(std::memory_order_relaxed) +
         state_->channel.waiting_arrivals();
}

}  // namespace frontrow::proof
