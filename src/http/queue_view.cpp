#include "http/queue_view.hpp"

#include "base/encoding.hpp"
#include "base/names.hpp"
#include "base/published.hpp"
#include "http/calling_rate.hpp"

namespace frontrow::http {
namespace {

std::string_view state_name(const FanView& fan) {
  return fan.banned ? std::string_view("banned") : name_of(fan.state);
}

template <class Value>
void write_optional(JsonWriter& json, std::string_view name, const std::optional<Value>& value) {
  if (value)
    json.field(name, *value);
  else
    json.null_field(name);
}

}  // namespace

std::uint32_t waiting_total(const RoundStatus& status) {
  return status.fans_by_state[static_cast<std::size_t>(FanState::kLobby)] +
         status.fans_by_state[static_cast<std::size_t>(FanState::kWaiting)];
}

QueueView make_queue_view(const FanView& fan, std::uint32_t ahead_in_line,
                          const RoundStatus& status, std::optional<double> calls_per_second,
                          Instant now) {
  QueueView view;
  view.state = state_name(fan);
  view.entry = fan.entry;
  view.waiting = waiting_total(status);
  if (fan.rank != 0) view.rank = fan.rank;
  if (fan.banned) return view;
  switch (fan.state) {
    case FanState::kWaiting:
      if (fan.slot.exists()) {
        view.ahead = ahead_in_line;
        view.eta = eta_seconds(ahead_in_line, status, calls_per_second);
      } else {
        // The window is still open: everyone who has a place in the line stands before it.
        const auto waiting = status.fans_by_state[static_cast<std::size_t>(FanState::kWaiting)];
        view.ahead = waiting > status.late_waiting ? waiting - status.late_waiting : 0;
      }
      break;
    case FanState::kCalled:
      view.ahead = 0;
      view.eta = 0;
      view.enter_until = wall_deadline(fan.deadline, status, now);
      break;
    case FanState::kShopping:
      view.ahead = 0;
      view.eta = 0;
      view.shop_until = wall_deadline(fan.deadline, status, now);
      break;
    case FanState::kLobby:
    case FanState::kEnded:
    case FanState::kLeft:
    case FanState::kMissed:
      break;
  }
  return view;
}

void write_queue_members(JsonWriter& json, const QueueView& view) {
  json.field("state", view.state);
  json.field("entry", to_hex(view.entry));
  write_optional(json, "rank", view.rank);
  write_optional(json, "ahead", view.ahead);
  json.field("waiting", view.waiting);
  write_optional(json, "eta_seconds", view.eta);
  write_optional(json, "enter_until", view.enter_until);
  write_optional(json, "shop_until", view.shop_until);
}

std::string queue_json(const QueueView& view) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_queue_members(json, view);
  json.end_object();
  return out;
}

}  // namespace frontrow::http
