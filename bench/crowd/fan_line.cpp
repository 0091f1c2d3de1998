// The fan in the line, and what they hear there.
#include <boost/asio/use_awaitable.hpp>
#include <variant>

#include "crowd/fan.hpp"

namespace frontrow::crowd {
namespace {
constexpr double shop_full_pause_seconds = 1;
constexpr double not_called_pause_seconds = 0.5;
/// A fan who has heard nothing for so long asks, as a page that mistrusts its socket does.
constexpr double silence_seconds_max = 60;
}  // namespace

std::optional<Outcome> Fan::outcome_of_state() const {
  switch (place_.state) {
    case QueueState::kEnded:
      return Outcome::kTurnEnded;
    case QueueState::kLeft:
      return Outcome::kLeft;
    case QueueState::kMissed:
      return Outcome::kTurnMissed;
    case QueueState::kBanned:
      return Outcome::kBanned;
    default:
      return std::nullopt;
  }
}

Fan::Step Fan::wait_for_turn() {
  const Moment leave_at = plan_.leave == Stage::kInLine
                              ? Clock::now() + seconds(plan_.leave_after_seconds)
                              : Moment::max();
  Moment ask_at = Clock::now() + seconds(silence_seconds_max * random_.between(0.5, 1));
  while (!context_.over()) {
    if (place_.state == QueueState::kShopping) co_return std::nullopt;
    const std::optional<Outcome> end = outcome_of_state();
    if (end) co_return *end;
    // Those who only wait close the page when all is gone; there is nothing to give back.
    if (round_.phase == "soldout") co_return Outcome::kSoldOut;
    if (round_.phase == "closed") co_return Outcome::kRoundClosed;
    if (Clock::now() >= leave_at) {
      const Outcome left = co_await leave_with(Outcome::kLeft);
      co_return left;
    }
    if (place_.state == QueueState::kCalled) {
      const std::optional<Outcome> refused = co_await enter();
      if (refused) co_return *refused;
      continue;
    }
    if (Clock::now() >= ask_at) {
      ask_at = Clock::now() + seconds(silence_seconds_max);
      if (!live_.connected()) co_await ask_for_state();
    }
    co_await wait_for_news(std::min(leave_at, ask_at));
  }
  co_return Outcome::kUnfinished;
}

Fan::Step Fan::enter() {
  const Options& options = context_.options;
  Moment decided =
      co_await think(plan_.hesitates ? options.hesitate_seconds : options.think_seconds);
  HttpRequest request;
  request.method = Method::kPost;
  request.path = "/api/v1/queue/enter";
  request.token = record_.token;
  while (!context_.over()) {
    const Answer answer = co_await api_.call(Call::kEnter, request, decided);
    if (answer.ok()) {
      if (const auto view = parse_queue_view(answer.body)) hear(*view);
      place_.state = QueueState::kShopping;
      co_return std::nullopt;
    }
    if (answer.is("not-called")) {
      // The turn has passed, or an answer was lost and it has begun: the server knows.
      co_await ask_for_state();
      co_await sleep_until(Clock::now() + seconds(not_called_pause_seconds));
      co_return std::nullopt;
    }
    if (answer.is("banned")) co_return Outcome::kBanned;
    if (answer.is("round-closed")) co_return Outcome::kRoundClosed;
    if (!answer.is("shop-full")) co_return Outcome::kFailed;
    decided = Clock::now() + seconds(shop_full_pause_seconds * random_.between(0.5, 1.5));
    co_await sleep_until(decided);
    const std::optional<Outcome> end = outcome_of_state();
    if (end) co_return *end;
    if (round_.phase == "soldout") co_return Outcome::kSoldOut;
  }
  co_return Outcome::kUnfinished;
}

boost::asio::awaitable<void> Fan::ask_for_state() {
  HttpRequest request;
  request.path = "/api/v1/queue";
  request.token = record_.token;
  const Answer answer = co_await api_.call(Call::kQueue, std::move(request), Clock::now());
  if (!answer.ok()) co_return;
  if (const auto view = parse_queue_view(answer.body)) hear(*view);
}

// --- what the live socket says -----------------------------------------------------------------

void Fan::on_live_connecting() {
  context_.tally.add(Counter::kLiveConnections);
  if (live_before_) context_.tally.add(Counter::kLiveReconnects);
  live_before_ = true;
  heard_queue_ = false;
  live_began_ = Clock::now();
  seats_.forget();  // A new socket begins with a snapshot.
}

void Fan::on_live_message(LiveMessage message) {
  if (const auto* queue = std::get_if<QueueUpdate>(&message)) {
    if (!heard_queue_)
      context_.tally.latency(Call::kLive, false, microseconds_between(live_began_, Clock::now()));
    heard_queue_ = true;
    hear(*queue);
  } else if (auto* round = std::get_if<RoundUpdate>(&message)) {
    round_ = std::move(*round);
  } else if (const auto* snapshot = std::get_if<Snapshot>(&message)) {
    hear(*snapshot);
  } else if (const auto* changes = std::get_if<SeatChanges>(&message)) {
    hear(*changes);
  } else if (const auto* order = std::get_if<OrderUpdate>(&message)) {
    hear(*order);
  } else if (const auto* problem = std::get_if<ProblemUpdate>(&message)) {
    context_.tally.error(Call::kLive, problem->code);
  }
  news_.cancel();
}

void Fan::on_live_unreadable() { context_.tally.add(Counter::kUnreadable); }

void Fan::on_live_error(std::string_view code) { context_.tally.error(Call::kLive, code); }

void Fan::hear(const QueueUpdate& update) {
  // A place is for good: whatever breaks, the entry stays, and so does a rank once drawn.
  if (!place_.entry.empty() && update.entry != place_.entry)
    context_.tally.add(Counter::kPlacesLost);
  if (place_.rank && update.rank != place_.rank) context_.tally.add(Counter::kRanksChanged);
  place_ = update;
}

void Fan::hear(const Snapshot& snapshot) {
  const auto& zones = context_.catalogue.zones();
  if (zone_ >= zones.size() || zones[zone_].id != snapshot.zone) return;
  if (!seats_.take_snapshot(snapshot.bitmap, snapshot.version, zones[zone_].seats.size()))
    context_.tally.add(Counter::kUnreadable);
}

void Fan::hear(const SeatChanges& changes) {
  const auto& zones = context_.catalogue.zones();
  if (!seats_.known() || zone_ >= zones.size() || zones[zone_].id != changes.zone) return;
  if (!seats_.builds_on(changes.previous)) {
    context_.tally.add(Counter::kAvailabilityGaps);
    seats_.forget();  // Until the snapshot that has to follow.
    return;
  }
  for (const auto& change : changes.changes) {
    const auto place = context_.catalogue.find_seat(change.seat);
    if (place && place->zone == zone_) seats_.set_free(place->seat, change.free);
  }
  seats_.set_version(changes.version);
}

void Fan::hear(const OrderUpdate& update) {
  if (update.id != order_.id) return;
  // Word of the hold itself, heard after the payment was sent, says nothing about that.
  if (payments_ > 0 && update.state == SaleState::kHeld && !update.payment_failed) return;
  order_ = update;
}

}  // namespace frontrow::crowd
