// The fan in the shop: from the empty hand to an order.
#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "crowd/fan.hpp"
#include "crowd/seat_picker.hpp"

namespace frontrow::crowd {
namespace {
constexpr double snapshot_seconds_max = 10;
constexpr double look_pause_seconds_min = 1, look_pause_seconds_max = 3;
constexpr double paused_pause_seconds = 2;
/// How quickly a fan who was refused clicks again.
constexpr double reaction_seconds_max = 0.5;
/// Of those who look at a nearly sold-out map, about as many click on a seat as this is times
/// the seats that came free: each of them would like it, few are quick enough to see it.
constexpr double eager_fans_per_seat = 4;
/// Whoever has clicked in vain so often lets the server choose.
constexpr std::uint32_t picks_refused_max = 5;
constexpr double category_share = 0.2, together_share = 0.3, prefer_share = 0.4;
}  // namespace

Fan::Step Fan::shop() {
  const double patience = context_.options.patience_seconds;
  const Moment patience_end = patience > 0 ? Clock::now() + seconds(patience) : Moment::max();
  for (std::uint32_t attempts = 0; attempts < context_.options.order_attempts;) {
    if (context_.over()) co_return Outcome::kUnfinished;
    const std::optional<Outcome> end = outcome_of_state();
    if (end) co_return *end;
    const std::size_t zone = choose_zone();
    if (zone == context_.catalogue.zones().size()) {
      const std::optional<Outcome> gone = co_await wait_for_seats(patience_end);
      if (gone) co_return *gone;
      continue;
    }
    const std::string body = co_await choose(zone);
    if (body.empty()) {  // The map showed nothing free there, or is behind: not for ever.
      if (++picks_refused_ >= picks_refused_max) picks_ = false;
      if (free_in_zone_.empty()) co_await look_around();
      if (!free_in_zone_.empty()) free_in_zone_[zone] = 0;
      continue;
    }
    ++attempts;
    HttpRequest request;
    request.method = Method::kPost;
    request.path = "/api/v1/orders";
    request.token = record_.token;
    request.idempotency_key = next_key();
    request.body = body;
    const Moment decided = co_await think(reaction_seconds_max);
    const Answer answer = co_await api_.call(Call::kOrder, std::move(request), decided);
    if (answer.ok()) {
      const auto order = parse_order(answer.body);
      if (!order) {
        context_.tally.error(Call::kOrder, "unreadable");
        co_return Outcome::kFailed;
      }
      order_ = *order;
      record_.orders.push_back({order_.id, false, order_.seats, {}});
      context_.tally.add(Counter::kOrdersAcknowledged);
      seats_.forget();
      co_await live_.watch({});
      co_return std::nullopt;
    }
    const std::optional<Outcome> refused = co_await judge_refusal(answer);
    if (refused) co_return *refused;
  }
  co_return Outcome::kGaveUp;
}

// What a refused order means: another try, or the end.
Fan::Step Fan::judge_refusal(const Answer& answer) {
  if (answer.is("seats-unavailable")) {
    if (++picks_refused_ >= picks_refused_max) picks_ = false;
    // The map is behind by what was taken since; the answer says which seats these are.
    const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
    if (problem.is_object() && problem.contains("seats") && problem["seats"].is_array()) {
      for (const auto& taken : problem["seats"]) {
        if (!taken.is_string()) continue;
        const auto place = context_.catalogue.find_seat(taken.get<std::string>());
        if (place && place->zone == zone_) seats_.set_free(place->seat, false);
      }
    }
    co_return std::nullopt;
  }
  if (answer.is("not-enough-seats")) {
    co_await look_around();
    const auto most = std::ranges::max_element(free_in_zone_);
    if (most != free_in_zone_.end() && *most > 0 && quantity_ > 1)
      quantity_ = std::min<std::size_t>(quantity_ - 1, *most);
    co_return std::nullopt;
  }
  if (answer.is("leaves-orphan")) {
    picks_ = false;  // Let the server choose seats that leave none alone.
    co_return std::nullopt;
  }
  if (answer.is("round-paused")) {
    co_await sleep_until(Clock::now() + seconds(paused_pause_seconds));
    co_return std::nullopt;
  }
  if (answer.is("not-shopping")) co_return Outcome::kTurnEnded;
  if (answer.is("limit-reached")) co_return Outcome::kGaveUp;
  if (answer.is("round-closed")) co_return Outcome::kRoundClosed;
  if (answer.is("banned")) co_return Outcome::kBanned;
  co_return Outcome::kFailed;
}

// Nothing is free: wait until something is, all is sold, or patience ends.
Fan::Step Fan::wait_for_seats(Moment patience_end) {
  Moment look_at = Clock::now();
  while (!context_.over()) {
    const std::optional<Outcome> end = outcome_of_state();
    if (end) co_return *end;
    if (round_.phase == "soldout" || Clock::now() >= patience_end) co_return Outcome::kSoldOut;
    if (round_.phase == "closed") co_return Outcome::kRoundClosed;
    if (Clock::now() >= look_at) {
      look_at =
          Clock::now() + seconds(random_.between(look_pause_seconds_min, look_pause_seconds_max));
      const double lookers = std::max(1.0, static_cast<double>(round_.shopping));
      if (random_.chance(eager_fans_per_seat * static_cast<double>(round_.free) / lookers)) {
        const bool something = co_await look_around();
        if (something) co_return std::nullopt;
      }
    }
    co_await wait_for_news(std::min(look_at, patience_end));
  }
  co_return Outcome::kUnfinished;
}

// `GET /availability`: what is free in each zone. False where nothing is.
boost::asio::awaitable<bool> Fan::look_around() {
  HttpRequest request;
  request.path = "/api/v1/availability";
  const Answer answer = co_await api_.call(Call::kAvailability, std::move(request), Clock::now());
  const auto& zones = context_.catalogue.zones();
  free_in_zone_.assign(zones.size(), 0);
  const auto parsed = nlohmann::json::parse(answer.body, nullptr, false);
  if (!answer.ok() || !parsed.is_object() || !parsed.contains("zones")) co_return false;
  for (const auto& zone : parsed["zones"]) {
    const std::size_t index = context_.catalogue.zone_named(zone.value("id", std::string()));
    if (index < zones.size()) free_in_zone_[index] = zone.value("free", 0U);
  }
  co_return std::ranges::any_of(free_in_zone_, [](std::uint32_t free) { return free > 0; });
}

// A zone at random, the likelier the more is free in it, or as far as the fan knows; past the
// last one where nothing is.
std::size_t Fan::choose_zone() {
  const auto& zones = context_.catalogue.zones();
  std::vector<double> weights(zones.size());
  for (std::size_t n = 0; n < zones.size(); ++n)
    weights[n] = free_in_zone_.empty() ? static_cast<double>(zones[n].seats.size())
                                       : static_cast<double>(free_in_zone_[n]);
  return random_.weighted(weights);
}

// The body of the order; empty where the map shows nothing free.
boost::asio::awaitable<std::string> Fan::choose(std::size_t zone) {
  const CatalogueZone& chosen = context_.catalogue.zones()[zone];
  nlohmann::json body = nlohmann::json::object();
  bool have_map = false;
  if (picks_) have_map = co_await watch_zone(zone);
  if (have_map) {
    co_await think(context_.options.think_seconds);
    // What was heard while thinking counts; a map lost meanwhile is no map.
    if (seats_.known()) {
      const auto picked = pick_seats(chosen, seats_, quantity_, random_);
      if (picked.empty()) co_return std::string();
      auto& list = body["seats"] = nlohmann::json::array();
      for (const std::uint32_t seat : picked) list.push_back(chosen.seats[seat]);
      co_return body.dump();
    }
  }
  if (random_.chance(category_share) && !chosen.category.empty())
    body["category"] = chosen.category;
  else
    body["zone"] = chosen.id;
  body["quantity"] = quantity_;
  const double how = random_.unit();
  if (how < together_share)
    body["together"] = true;
  else if (how < together_share + prefer_share)
    body["together"] = "prefer";
  co_return body.dump();
}

// Watches the zone; true once its map is there.
boost::asio::awaitable<bool> Fan::watch_zone(std::size_t zone) {
  if (zone_ == zone && seats_.known()) co_return true;
  zone_ = zone;
  seats_.forget();
  const Moment decided = Clock::now();
  const Moment end = decided + seconds(snapshot_seconds_max);
  co_await live_.watch(context_.catalogue.zones()[zone].id);
  while (!seats_.known() && Clock::now() < end && !context_.over()) co_await wait_for_news(end);
  if (seats_.known())
    context_.tally.latency(Call::kSnapshot, false, microseconds_between(decided, Clock::now()));
  co_return seats_.known();
}

}  // namespace frontrow::crowd
