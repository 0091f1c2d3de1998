#include "http/queue_view.hpp"

#include <algorithm>
#include <array>

#include "base/names.hpp"
#include "base/published.hpp"
#include "http/update_pace.hpp"

namespace frontrow::http {
namespace {

/// What a view takes with a handful of categories: one allocation for most.
constexpr std::size_t usual_bytes = 640;

template <class Value>
void write_optional(JsonWriter& json, std::string_view name, const std::optional<Value>& value) {
  if (value)
    json.field(name, *value);
  else
    json.null_field(name);
}

std::array<char, 32> hex_of(const Bytes16& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 32> text;
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    text[2 * n] = digits[bytes[n] >> 4];
    text[2 * n + 1] = digits[bytes[n] & 15];
  }
  return text;
}

bool near(std::uint32_t told, std::uint32_t now) {
  const std::uint32_t far = std::max(told, now);
  return far - std::min(told, now) <= std::max(2U, far / 10);
}

bool same_text(const SharedText& one, const SharedText& other) {
  return one == other || (one != nullptr && other != nullptr && *one == *other);
}

}  // namespace

std::uint32_t waiting_total(const RoundStatus& status) {
  return status.fans_by_state[static_cast<std::size_t>(FanState::kLobby)] +
         status.fans_by_state[static_cast<std::size_t>(FanState::kWaiting)];
}

QueueView make_queue_view(const FanView& fan, const Standing& standing, const RoundStatus& status,
                          Instant now) {
  QueueView view;
  view.fan_state = fan.state;
  view.banned = fan.banned;
  view.entry = fan.entry;
  view.waiting = waiting_total(status);
  if (fan.rank != 0) view.rank = fan.rank;
  if (!fan.banned) {
    switch (fan.state) {
      case FanState::kWaiting:
        view.second_chance = fan.missed_once;
        view.ahead = standing.ahead;
        view.wait = standing.wait;
        view.chance = standing.chance;
        break;
      case FanState::kCalled:
        view.ahead = 0;
        view.wait = WaitRange{};
        view.deadline = fan.deadline;
        view.enter_until = wall_deadline(fan.deadline, status, now);
        break;
      case FanState::kShopping:
        view.ahead = 0;
        view.wait = WaitRange{};
        view.deadline = fan.deadline;
        view.shop_until = wall_deadline(fan.deadline, status, now);
        break;
      case FanState::kLobby:
      case FanState::kEnded:
      case FanState::kLeft:
      case FanState::kMissed:
        break;
    }
  }
  view.next_update_seconds = next_update_seconds(view, standing.until_window_end, status, now);
  return view;
}

bool same_to_a_reader(const QueueView& told, const QueueView& now) {
  if (told.fan_state != now.fan_state || told.banned != now.banned ||
      told.second_chance != now.second_chance || told.rank != now.rank || told.ahead != now.ahead ||
      told.waiting != now.waiting || told.enter_until != now.enter_until ||
      told.shop_until != now.shop_until || told.wait.has_value() != now.wait.has_value())
    return false;
  if (told.wait && !(near(told.wait->middle, now.wait->middle) &&
                     near(told.wait->low, now.wait->low) && near(told.wait->high, now.wait->high)))
    return false;
  return same_text(told.chance, now.chance);
}

void write_queue_members(JsonWriter& json, const QueueView& view) {
  const auto entry = hex_of(view.entry);
  json.field("state", view.banned ? std::string_view("banned") : name_of(view.fan_state));
  json.field("entry", std::string_view(entry.data(), entry.size()));
  write_optional(json, "rank", view.rank);
  write_optional(json, "ahead", view.ahead);
  json.field("waiting", view.waiting);
  if (view.wait) {
    json.field("eta_seconds", view.wait->middle);
    json.field("eta_low_seconds", view.wait->low);
    json.field("eta_high_seconds", view.wait->high);
  } else {
    json.null_field("eta_seconds").null_field("eta_low_seconds").null_field("eta_high_seconds");
  }
  if (view.chance != nullptr)
    json.key("chance").raw(*view.chance);
  else
    json.null_field("chance");
  json.field("second_chance", view.second_chance);
  write_optional(json, "enter_until", view.enter_until);
  write_optional(json, "shop_until", view.shop_until);
  json.field("next_update_seconds", view.next_update_seconds);
}

std::string queue_json(const QueueView& view) {
  std::string out;
  out.reserve(usual_bytes);
  JsonWriter json(out);
  json.begin_object();
  write_queue_members(json, view);
  json.end_object();
  return out;
}

SharedText queue_message(const QueueView& view) {
  std::string out;
  out.reserve(usual_bytes);
  JsonWriter json(out);
  json.begin_object().field("type", "queue");
  json.key("queue").begin_object();
  write_queue_members(json, view);
  json.end_object().end_object();
  return share(std::move(out));
}

}  // namespace frontrow::http
