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

/// An estimate that moved by little is the same estimate: a line of a hundred thousand is not
/// told each second that one second has gone by.
bool same_to_a_reader(const QueueView& told, QueueView now) {
  if (told.eta && now.eta) {
    const std::uint32_t far = std::max(*told.eta, *now.eta);
    const std::uint32_t near = std::min(*told.eta, *now.eta);
    if (far - near <= std::max(2U, far / 10)) now.eta = told.eta;
  }
  return told == now;
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
}

void LiveHub::remove(LiveClient& client) {
  unwatch_all(client);
  unbind_fan(client);
  FRONTROW_ASSERT(clients_[client.place] == &client);
  clients_.back()->place = client.place;
  clients_[client.place] = clients_.back();
  clients_.pop_back();
}

void LiveHub::unwatch_all(LiveClient& client) {
  for (const auto& watched : client.watched) --feeds_[watched.zone.value].watchers;
  client.watched.clear();
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
    const SharedText message = message_of(
        "order", "order", order_json(order, *front_.shared().round, front_.shared().published));
    const std::vector<LiveClient*> sockets = found->second;
    for (LiveClient* client : sockets) {
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

void LiveHub::look_at_queue(LiveClient& client, Instant now) {
  if (!client.fan.exists()) return;
  const Published& published = front_.shared().published;
  const std::uint64_t line = published.line_version();
  if (client.queue_told) {
    const bool moved = line != client.queue_line_version;
    if (!moved && now - client.queue_looked_at < place_age_max) return;
    if (now - client.queue_told_at < milliseconds(limits::queue_message_milliseconds)) return;
  }
  client.queue_line_version = line;
  client.queue_looked_at = now;
  const auto view = front_.queue_view(client.fan, now);
  if (!view || (client.queue_told && same_to_a_reader(*client.queue_told, *view))) return;
  client.queue = message_of("queue", "queue", queue_json(*view));
  client.queue_told = *view;
  client.queue_told_at = now;
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
  if (!client.orders.empty()) {
    SharedText order = std::move(client.orders.front().second);
    client.orders.erase(client.orders.begin());
    return order;
  }
  if (round_ != nullptr && client.round_told != round_number_ &&
      now - client.round_told_at >= milliseconds(limits::round_message_milliseconds)) {
    client.round_told = round_number_;
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
  refresh_round(now);
  for (ZoneFeed& feed : feeds_)
    if (feed.watchers > 0) feed.refresh(published);
  const std::size_t looks = std::min(clients_.size(), limits::queue_views_per_turn_max);
  for (std::size_t n = 0; n < looks; ++n) {
    if (next_looked_ >= clients_.size()) next_looked_ = 0;
    look_at_queue(*clients_[next_looked_++], now);
  }
  for (LiveClient* client : clients_) flush(*client, now);
}

}  // namespace frontrow::http
