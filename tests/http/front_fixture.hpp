// A front with everything behind it but the engine: what a test publishes is what fans see, and
// what a test says is what the sequencer answers.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/channel.hpp"
#include "base/digest.hpp"
#include "base/published.hpp"
#include "guard/fan_token.hpp"
#include "guard/ticket_signer.hpp"
#include "http/http_settings.hpp"
#include "support/small_round.hpp"

namespace frontrow::test {

inline constexpr Instant far_away{4'000'000'000'000'000};
inline const std::string operator_secret = "the-admin";
inline const std::string viewer_secret = "the-viewer";

/// The read model of a small round: all seats free, the draw made, `fans` fans shopping.
struct PublishedRound {
  std::shared_ptr<const RoundDefinition> round;
  Published published;
  RoundStatus status;
  Sequence sequence = 1;

  explicit PublishedRound(std::uint32_t fans = 2, const SmallRound& small = {})
      : round(std::make_shared<const RoundDefinition>(small.definition())), published(round->plan) {
    std::vector<Published::FreeWord> words;
    for (const PlanRow& row : round->plan->rows)
      for (std::uint32_t n = 0; n < row.word_count; ++n) {
        const std::uint32_t rest = row.seat_count - n * 64;
        const std::uint64_t bits = rest >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << rest) - 1;
        words.push_back({row.first_word + n, bits, sequence});
      }
    published.write_free_words(words);
    for (std::uint32_t n = 0; n < fans; ++n) set_fan(FanId{n}, FanState::kShopping);
    status.phase = Phase::kOnSale;
    status.drawn = true;
    status.seats = {round->plan->capacity(), round->plan->capacity(), 0, 0, 0};
    status.fans_by_state[static_cast<std::size_t>(FanState::kShopping)] = fans;
    status.lobby_opens_at = round->sale.lobby_opens_at;
    status.draw_at = round->sale.draw_at;
    status.closes_at = round->sale.closes_at;
    published.write_status(status);
    published.write_draw(std::make_shared<const DrawRecord>());
    published.ready.store(true);
  }

  void set_fan(FanId fan, FanState state, bool banned = false) {
    FanView view;
    view.entry = bytes_of(fan.value);
    view.state = state;
    view.banned = banned;
    view.rank = fan.value + 1;
    view.slot = LineSlot{fan.value * 2};
    view.deadline = {far_away.microseconds};
    published.write_fan(fan, view);
  }
  /// Takes a seat, or gives it back.
  void set_free(SeatIndex seat, bool free) {
    const Plan& plan = *round->plan;
    std::vector<std::uint64_t> words;
    const PlanSeat& its = plan.seat(seat);
    published.read_zone(its.zone, words);
    const std::uint32_t word = plan.word_of(seat);
    std::uint64_t bits = words[word - plan.zone(its.zone).first_word];
    const std::uint64_t bit = std::uint64_t{1} << plan.bit_of(seat);
    bits = free ? bits | bit : bits & ~bit;
    published.write_free_words({{word, bits, ++sequence}});
  }
};

inline Bytes32 filled(std::uint8_t byte) {
  Bytes32 bytes{};
  bytes.fill(byte);
  return bytes;
}

/// The services that every front has.
struct Services {
  guard::FanTokens tokens;
  guard::TicketSigner tickets;
  http::PassVerifier passes;
  explicit Services(const RoundDefinition& round, http::PassVerifier its_passes = {})
      : tokens(filled(1), round.id, far_away),
        tickets(filled(2), filled(3), round.id),
        passes(std::move(its_passes)) {}
  http::FrontServices handed_over() const {
    http::FrontServices services;
    services.tokens = &tokens;
    services.tickets = &tickets;
    services.passes = passes;
    return services;
  }
};

inline http::HttpSettings quiet_settings() {
  http::HttpSettings settings;
  settings.listen = "127.0.0.1:0";
  settings.requests_per_second = 0;
  settings.joins_per_address_per_minute = 0;
  settings.operators = {{"ops", http::OperatorRole::kAdmin, sha256(as_bytes(operator_secret))},
                        {"eye", http::OperatorRole::kViewer, sha256(as_bytes(viewer_secret))}};
  return settings;
}

using What = std::variant<Command, Query>;
using Answerer = std::function<Reply(What&)>;

/// An order with these seats as the engine would show it.
inline OrderView order_of(OrderId id, FanId fan, SeatList seats,
                          OrderState state = OrderState::kHeld) {
  OrderView order;
  order.id = id;
  order.fan = fan;
  order.state = state;
  order.seats = std::move(seats);
  order.total = Amount{680'000};
  order.created_at = small_round_start;
  order.held_until = after_start(seconds(300));
  return order;
}

inline Reply refused(Rejection rejection, ReplyBody body = {}) {
  Reply reply;
  reply.rejection = rejection;
  reply.body = std::move(body);
  return reply;
}
inline Reply accepted(ReplyBody body = {}) { return refused(Rejection::kNone, std::move(body)); }

/// Accepts everything.
inline Reply accept_all(What& what) {
  if (const auto* query = std::get_if<Query>(&what)) {
    if (std::holds_alternative<ListOrders>(*query)) return accepted(OrderListView{});
    if (std::holds_alternative<GetWaitlist>(*query))
      return accepted(WaitlistView{1, 0, {}, 2, true});
    return accepted(order_of(OrderId{3}, FanId{0}, {SeatIndex{0}}));
  }
  const Command& command = std::get<Command>(what);
  if (std::holds_alternative<JoinQueue>(command)) return accepted(JoinedView{FanId{0}, true});
  if (std::holds_alternative<RedeemRecovery>(command)) return accepted(JoinedView{FanId{1}, false});
  if (std::holds_alternative<PlaceHold>(command))
    return accepted(order_of(OrderId{3}, FanId{0}, {SeatIndex{0}}));
  if (std::holds_alternative<JoinWaitlist>(command))
    return accepted(WaitlistView{2, 1, {ZoneIndex{0}}, 2, false});
  if (std::holds_alternative<PlaceBestHold>(command) ||
      std::holds_alternative<StartPayment>(command) || std::holds_alternative<ReturnOrder>(command))
    return accepted(order_of(OrderId{3}, FanId{0}, {SeatIndex{0}}));
  return accepted();
}

/// Drains a channel and answers from a function, until destroyed.
class FakeSequencer {
 public:
  FakeSequencer(Channel& channel, Answerer answer)
      : channel_(channel), answer_(std::move(answer)), thread_([this] { run(); }) {}
  ~FakeSequencer() {
    stopped_.store(true);
    parker_.wake();
    thread_.join();
  }
  void attach() { channel_.attach(&parker_); }
  /// An event for the fans' sockets.
  void tell(Event event) {
    const std::lock_guard guard(mutex_);
    events_.push_back(std::move(event));
    parker_.wake();
  }
  /// While held, nothing is answered.
  void hold(bool held) {
    held_.store(held);
    parker_.wake();
  }
  std::size_t submissions() const { return submissions_.load(); }

 private:
  void run() {
    while (!stopped_.load()) {
      std::size_t work = 0;
      if (!held_.load())
        work += channel_.drain(64, [this](Submission& submission) {
          submissions_.fetch_add(1);
          Reply reply = answer_(submission.what);
          send(Outgoing(Answer{submission.correlation, std::move(reply)}));
        });
      std::vector<Event> events;
      {
        const std::lock_guard guard(mutex_);
        events.swap(events_);
      }
      for (Event& event : events) send(Outgoing(EventDelivery{std::move(event), {}}));
      work += events.size();
      if (work > 0)
        channel_.notify();
      else
        parker_.sleep_briefly();
    }
  }
  void send(Outgoing&& outgoing) {
    while (!channel_.try_send(std::move(outgoing)) && !stopped_.load()) {
      channel_.notify();
      std::this_thread::yield();
    }
  }

  /// Looks again after a millisecond at the latest, so that no wake-up can be lost.
  struct BriefParker : Parker {
    void sleep_briefly() {
      prepare();
      sleep(1'000);
    }
  };

  Channel& channel_;
  const Answerer answer_;
  BriefParker parker_;
  std::atomic<bool> stopped_{false}, held_{false};
  std::atomic<std::size_t> submissions_{0};
  std::mutex mutex_;
  std::vector<Event> events_;
  std::thread thread_;
};

}  // namespace frontrow::test
