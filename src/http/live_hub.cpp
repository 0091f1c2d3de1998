#include "http/live_hub.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "http/body_reader.hpp"
#include "http/front.hpp"
#include "http/order_json.hpp"

namespace frontrow::http {
namespace {

SharedText message_of(std::string_view type, std::string_view name, std::string_view content) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("type", type);
  json.key(name).raw(content);
  json.end_object();
  return share(std::move(out));
}

/// Places are worked out anew after this even if nothing in the line has moved: estimates age.
constexpr Duration place_age_max = seconds(5);

/// All of a fan's state that is told at once when it changes, as one number.
std::uint32_t state_mark(const FanView& fan) {
  return 1U << 31 | static_cast<std::uint32_t>(fan.state) | (fan.banned ? 1U << 8 : 0U) |
         (fan.missed_once ? 1U << 9 : 0U) | (fan.slot.exists() ? 1U << 10 : 0U);
}

/// What is left of `interval` since `then`; nothing where the clock was set back.
Duration rest_of(Duration interval, Instant then, Instant now) {
  const Duration passed = now - then;
  if (passed < Duration{0} || passed >= interval) return {};
  return interval - passed;
}

}  // namespace

LiveHub::LiveHub(Front& front) : front_(front) {
  const std::size_t zones = front.shared().published.plan().zones.size();
  feeds_.reserve(zones);
  for (std::size_t n = 0; n < zones; ++n)
    feeds_.emplace_back(ZoneIndex{static_cast<ZoneIndex::Value>(n)});
}

void LiveHub::add(LiveClient& client) {
  client.place = clients_.size();
  clients_.push_back(&client);
  schedule_.set(client, seconds(1));
}

void LiveHub::remove(LiveClient& client) {
  unwatch_all(client);
  end_watching(client);
  unbind_fan(client);
  schedule_.cancel(client);
  FRONTROW_ASSERT(clients_[client.place] == &client);
  clients_.back()->place = client.place;
  clients_[client.place] = clients_.back();
  clients_.pop_back();
}

void LiveHub::unwatch_all(LiveClient& client) {
  for (const auto& watched : client.watched) --feeds_[watched.zone.value].watchers;
  client.watched.clear();
}

void LiveHub::begin_watching(LiveClient& client) {
  if (client.watching_place != LiveClient::nowhere) return;
  client.watching_place = watching_.size();
  watching_.push_back(&client);
}

void LiveHub::end_watching(LiveClient& client) {
  if (client.watching_place == LiveClient::nowhere) return;
  LiveClient* const last = watching_.back();
  watching_[client.watching_place] = last;
  last->watching_place = client.watching_place;
  watching_.pop_back();
  client.watching_place = LiveClient::nowhere;
}

void LiveHub::bind_fan(LiveClient& client, FanId fan) {
  unbind_fan(client);
  client.fan = fan;
  if (fan.exists()) by_fan_[fan].push_back(&client);
}

void LiveHub::unbind_fan(LiveClient& client) {
  const auto found = by_fan_.find(client.fan);
  client.fan = FanId::none();
  client.queue = nullptr;
  client.queue_told.reset();
  client.state_seen = 0;
  client.reminder = nullptr;
  client.reminders = {};
  client.orders.clear();
  if (found == by_fan_.end()) return;
  std::erase(found->second, &client);
  if (found->second.empty()) by_fan_.erase(found);
}

void LiveHub::say(LiveClient& client, const SharedText& words) {
  if (client.words.size() == limits::words_waiting_max) client.words.pop_front();
  client.words.push_back(words);
}

void LiveHub::say(LiveClient& client, const Problem& problem) {
  say(client, message_of("error", "problem", problem.json(client.language)));
}

void LiveHub::on_message(LiveClient& client, std::string_view text, Instant now) {
  const double passed = static_cast<double>((now - client.message_allowance_at).microseconds) / 1e6;
  client.message_allowance =
      std::clamp(client.message_allowance + passed * limits::live_messages_per_second, 0.0,
                 limits::live_messages_burst);
  client.message_allowance_at = now;
  if (client.message_allowance < 1) {
    say(client, Problem(Fault::kRateLimited).with_retry_after(1));
    flush(client, now);
    return;
  }
  client.message_allowance -= 1;
  BodyReader message(text);
  if (text.empty()) message.refuse("$");
  const std::string type = message.required_choice("type", {"hello", "watch"});
  if (!message.good())
    say(client, Problem::invalid(message.path()));
  else if (type == "hello")
    hello(client, message, now);
  else
    watch(client, message);
  flush(client, now);
}

void LiveHub::hello(LiveClient& client, BodyReader& message, Instant now) {
  const auto token = message.optional_text("token", limits::bearer_token_bytes_max);
  if (!message.finish()) {
    say(client, Problem::invalid(message.path()));
    return;
  }
  const auto fan = token ? front_.fan_of_token(*token, now) : std::nullopt;
  if (token && !fan) say(client, Problem(Fault::kUnauthenticated));
  bind_fan(client, fan.value_or(FanId::none()));
  client.greeted = true;
  client.round_told = 0;  // the round is told again
  client.round_told_at = {};
  refresh_round(now);
  look_at_queue(client, now);
  schedule(client, now);
}

void LiveHub::watch(LiveClient& client, BodyReader& message) {
  const auto zones = message.optional_names("zones", true, feeds_.size() + 1);
  if (!zones) message.refuse("zones");
  if (!message.finish()) {
    say(client, Problem::invalid(message.path()));
    return;
  }
  if (!client.greeted) {
    say(client, Problem::invalid("type"));
    return;
  }
  const Published& published = front_.shared().published;
  std::vector<LiveClient::Watched> watched;
  for (const std::string& name : *zones) {
    const ZoneIndex zone = published.plan().find_zone(name);
    if (!zone.exists()) {
      const std::string_view names[] = {name};
      say(client, Problem(Rejection::kUnknownZone).with_names("zones", names));
      return;
    }
    watched.push_back({zone});
  }
  // The new ones are counted before the old ones are let go, so that a feed goes on that is in
  // both.
  for (const auto& one : watched) {
    ZoneFeed& feed = feeds_[one.zone.value];
    if (feed.watchers++ == 0) feed.restart(published);
  }
  unwatch_all(client);
  client.watched = std::move(watched);
  client.next_watched = 0;
  if (client.watched.empty())
    end_watching(client);
  else
    begin_watching(client);
}

void LiveHub::on_written(LiveClient& client, Instant now) {
  client.writing = false;
  flush(client, now);
}

void LiveHub::on_event(const Event& event, Instant now) {
  if (const auto* changed = std::get_if<OrderChanged>(&event)) {
    const OrderView& order = changed->order;
    const auto found = by_fan_.find(order.fan);
    if (found == by_fan_.end()) return;
    const std::vector<LiveClient*> sockets = found->second;
    for (LiveClient* client : sockets) {
      // A fan's own few sockets: each may be in another language.
      const SharedText message = message_of(
          "order", "order",
          order_json(order, *front_.shared().round, front_.shared().published, client->language));
      auto& waiting = client->orders;
      const auto same = std::find_if(waiting.begin(), waiting.end(),
                                     [&](const auto& one) { return one.first == order.id; });
      if (same != waiting.end()) waiting.erase(same);
      if (waiting.size() == limits::orders_waiting_max) waiting.erase(waiting.begin());
      waiting.emplace_back(order.id, message);
      flush(*client, now);
    }
  } else if (const auto* notice = std::get_if<NoticePosted>(&event)) {
    std::string content;
    JsonWriter json(content);
    json.begin_object().field("text", notice->text).end_object();
    const SharedText message = message_of("notice", "notice", content);
    for (LiveClient* client : clients_) {
      if (!client->greeted) continue;
      say(*client, message);
      flush(*client, now);
    }
  }
}

void LiveHub::look(LiveClient& client, Instant now) {
  if (client.greeted) look_at_queue(client, now);
  flush(client, now);
  schedule(client, now);
}

void LiveHub::look_at_queue(LiveClient& client, Instant now) {
  if (!client.fan.exists()) return;
  const Published& published = front_.shared().published;
  const std::uint64_t line = published.line_version();
  const auto fan = published.read_fan(client.fan);
  if (!fan) return;
  const std::uint32_t mark = state_mark(*fan);
  const bool in_turn = fan->state == FanState::kCalled || fan->state == FanState::kShopping;
  if (client.queue_told) {
    if (rest_of(milliseconds(limits::queue_message_milliseconds), client.queue_told_at, now) >
        Duration{})
      return;
    const bool moved = line != client.queue_line_version || mark != client.state_seen;
    if (!moved && !in_turn && rest_of(place_age_max, client.queue_looked_at, now) > Duration{})
      return;
  }
  client.queue_line_version = line;
  client.queue_looked_at = now;
  client.state_seen = mark;
  auto view = front_.queue_view(client.fan, now);
  if (!view) return;
  client.interval = seconds(view->next_update_seconds);
  remind(client, *view, now);
  if (client.queue_told && same_to_a_reader(*client.queue_told, *view)) return;
  client.queue = queue_message(*view);
  client.queue_told = std::move(*view);
  client.queue_told_at = now;
}

void LiveHub::remind(LiveClient& client, const QueueView& view, Instant now) {
  const bool called = view.enter_until.has_value();
  const auto& until = called ? view.enter_until : view.shop_until;
  if (!until) client.reminder = nullptr;
  const Duration left = until ? *until - now : Duration{};
  if (!client.reminders.due(view.banned ? FanState::kEnded : view.fan_state, view.deadline, left))
    return;
  std::string content;
  JsonWriter json(content);
  json.begin_object().field(called ? "enter_until" : "shop_until", *until);
  json.field("seconds_left", (left.microseconds + 999'999) / 1'000'000).end_object();
  client.reminder = message_of("reminder", "reminder", content);
}

bool LiveHub::round_is_due(const LiveClient& client, Instant now) const {
  return round_ != nullptr && client.round_told != round_number_ &&
         rest_of(round_interval(client), client.round_told_at, now) <= Duration{};
}

Duration LiveHub::round_interval(const LiveClient& client) const {
  const Duration least = milliseconds(limits::round_message_milliseconds);
  if (client.phase_told != phase_number_) return least;
  if (client.fan.exists()) return std::max(least, client.interval);
  // Those who only look on are told as often as their number allows.
  const auto part = static_cast<std::int64_t>(clients_.size() / limits::spectators_a_second);
  return std::clamp(seconds(part), least, seconds(limits::spectator_seconds_max));
}

void LiveHub::schedule(LiveClient& client, Instant now) {
  const Duration to_round = rest_of(round_interval(client), client.round_told_at, now);
  Duration delay = to_round > Duration{} ? to_round : round_interval(client);
  if (client.fan.exists() && client.queue_told) {
    const auto fan = front_.shared().published.read_fan(client.fan);
    const bool changed = fan && state_mark(*fan) != client.state_seen;
    const Duration least = milliseconds(limits::queue_message_milliseconds);
    const Duration to_queue = rest_of(changed ? least : client.interval, client.queue_told_at, now);
    delay = std::min(delay, to_queue > Duration{} ? to_queue : changed ? least : client.interval);
  }
  schedule_.set(client, delay);
}

void LiveHub::sweep_states() {
  const Published& published = front_.shared().published;
  if (sweep_left_ == 0) {
    const std::uint64_t version = published.line_version();
    if (version == swept_version_) return;
    swept_version_ = version;
    sweep_left_ = clients_.size();
  }
  std::size_t count = std::min({sweep_left_, clients_.size(), limits::states_swept_per_turn_max});
  sweep_left_ -= std::min(sweep_left_, limits::states_swept_per_turn_max);
  for (; count > 0; --count) {
    if (next_swept_ >= clients_.size()) next_swept_ = 0;
    LiveClient& client = *clients_[next_swept_++];
    if (!client.fan.exists()) continue;
    const auto fan = published.read_fan(client.fan);
    if (fan && state_mark(*fan) != client.state_seen) schedule_.set(client, {});
  }
}

void LiveHub::refresh_round(Instant now) {
  const Published& published = front_.shared().published;
  const std::uint64_t version = published.status_version();
  if (round_ != nullptr && version == status_version_) return;
  status_version_ = version;
  const RoundStatus status = published.read_status();
  std::string content;
  JsonWriter json(content);
  json.begin_object();
  json.field("phase", phase_name(status.phase));
  json.key("totals");
  write_totals(json, status);
  if (round_ != nullptr && content == round_content_) return;
  round_content_ = content;
  if (phase_number_ == 0 || status.phase != phase_) {
    phase_ = status.phase;
    ++phase_number_;
    schedule_.set_all_due();
  }
  json.field("now", now);
  json.end_object();
  round_ = message_of("round", "round", content);
  ++round_number_;
}

SharedText LiveHub::next_of_zones(LiveClient& client) {
  const std::size_t count = client.watched.size();
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t at = (client.next_watched + n) % count;
    auto& watched = client.watched[at];
    ZoneFeed& feed = feeds_[watched.zone.value];
    const Published& published = front_.shared().published;
    if (watched.snapshot_due && published.zone_version(watched.zone) != feed.version()) {
      // The feed is as old as the last turn; who asks is told what is so now. The feed catches up
      // with them in the next one.
      ZoneFeed fresh(watched.zone);
      fresh.restart(published);
      watched.snapshot_due = false;
      watched.told = fresh.version();
      client.next_watched = at + 1;
      return fresh.snapshot(published.plan());
    }
    if (!watched.snapshot_due && watched.told >= feed.version()) continue;
    SharedText message = watched.snapshot_due ? nullptr : feed.change_from(watched.told);
    if (message == nullptr) message = feed.snapshot(published.plan());
    watched.snapshot_due = false;
    watched.told = feed.version();
    client.next_watched = at + 1;
    return message;
  }
  return nullptr;
}

SharedText LiveHub::next_message(LiveClient& client, Instant now) {
  if (!client.words.empty()) {
    SharedText words = std::move(client.words.front());
    client.words.pop_front();
    return words;
  }
  if (!client.greeted) return nullptr;
  if (client.queue != nullptr) return std::exchange(client.queue, nullptr);
  if (client.reminder != nullptr) return std::exchange(client.reminder, nullptr);
  if (!client.orders.empty()) {
    SharedText order = std::move(client.orders.front().second);
    client.orders.erase(client.orders.begin());
    return order;
  }
  if (round_is_due(client, now)) {
    client.round_told = round_number_;
    client.phase_told = phase_number_;
    client.round_told_at = now;
    return round_;
  }
  return next_of_zones(client);
}

void LiveHub::flush(LiveClient& client, Instant now) {
  if (client.writing) return;
  const SharedText message = next_message(client, now);
  if (message == nullptr) return;
  client.writing = true;
  client.outlet.send(message);
}

void LiveHub::turn(Instant now) {
  const Published& published = front_.shared().published;
  schedule_.advance(now);
  refresh_round(now);
  bool zones_changed = false;
  for (ZoneFeed& feed : feeds_)
    if (feed.watchers > 0 && feed.refresh(published)) zones_changed = true;
  sweep_states();
  for (std::size_t looks = 0; looks < limits::looks_per_turn_max; ++looks) {
    Scheduled* const due = schedule_.take_due();
    if (due == nullptr) break;
    look(static_cast<LiveClient&>(*due), now);
  }
  if (zones_changed)
    for (LiveClient* client : watching_) flush(*client, now);
}

}  // namespace frontrow::http
