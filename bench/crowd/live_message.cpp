#include "crowd/live_message.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace frontrow::crowd {
namespace {

using nlohmann::json;

template <class Enum, std::size_t size>
Enum look_up(const std::array<std::pair<std::string_view, Enum>, size>& names,
             std::string_view text) {
  for (const auto& [name, value] : names)
    if (name == text) return value;
  return Enum::kUnknown;
}

QueueUpdate queue_of(const json& view) {
  QueueUpdate update;
  update.state = parse_queue_state(view.at("state").get<std::string>());
  update.entry = view.at("entry").get<std::string>();
  if (const auto rank = view.find("rank"); rank != view.end() && !rank->is_null())
    update.rank = rank->get<std::uint64_t>();
  return update;
}

RoundUpdate round_of(const json& round) {
  RoundUpdate update;
  update.phase = round.at("phase").get<std::string>();
  const auto& totals = round.at("totals");
  update.free = totals.at("free").get<std::uint64_t>();
  update.held = totals.at("held").get<std::uint64_t>();
  update.shopping = totals.value("shopping", std::uint64_t{0});
  return update;
}

OrderUpdate order_of(const json& order) {
  OrderUpdate update;
  update.id = order.at("id").get<std::string>();
  update.state = parse_sale_state(order.at("state").get<std::string>());
  for (const auto& seat : order.at("seats"))
    update.seats.push_back(seat.at("id").get<std::string>());
  if (const auto payment = order.find("payment"); payment != order.end() && payment->is_object())
    update.payment_failed = payment->value("state", std::string()) == "failed";
  return update;
}

SeatChanges changes_of(const json& message) {
  SeatChanges update;
  update.zone = message.at("zone").get<std::string>();
  update.version = message.at("version").get<std::uint64_t>();
  update.previous = message.at("previous").get<std::uint64_t>();
  for (const auto& change : message.at("changes"))
    update.changes.push_back({change.at("seat").get<std::string>(), change.at("free").get<bool>()});
  return update;
}

// Content stands under the name of the type; what the contract spells out flat stands flat.
// Either is read.
const json& content_of(const json& message, const char* type) {
  const auto content = message.find(type);
  return content != message.end() && content->is_object() ? *content : message;
}

LiveMessage message_of(const json& message) {
  const auto type = message.at("type").get<std::string>();
  if (type == "queue") return queue_of(content_of(message, "queue"));
  if (type == "round") return round_of(content_of(message, "round"));
  if (type == "order") return order_of(content_of(message, "order"));
  if (type == "availability") return changes_of(content_of(message, "availability"));
  if (type == "snapshot") {
    const json& content = content_of(message, "snapshot");
    return Snapshot{content.at("zone").get<std::string>(),
                    content.at("version").get<std::uint64_t>(),
                    content.at("bitmap").get<std::string>()};
  }
  if (type == "error")
    return ProblemUpdate{content_of(message, "problem").value("code", std::string("unnamed"))};
  return OtherUpdate{};
}

// Whatever the other side sent, the caller learns only whether it could be read.
template <class Read>
auto guarded(std::string_view text, Read read)
    -> std::optional<decltype(read(std::declval<const json&>()))> {
  try {
    return read(json::parse(text));
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

QueueState parse_queue_state(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, QueueState>, 8> names = {{
      {"lobby", QueueState::kLobby},
      {"waiting", QueueState::kWaiting},
      {"called", QueueState::kCalled},
      {"shopping", QueueState::kShopping},
      {"ended", QueueState::kEnded},
      {"left", QueueState::kLeft},
      {"missed", QueueState::kMissed},
      {"banned", QueueState::kBanned},
  }};
  return look_up(names, text);
}

SaleState parse_sale_state(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, SaleState>, 7> names = {{
      {"held", SaleState::kHeld},
      {"paying", SaleState::kPaying},
      {"paid", SaleState::kPaid},
      {"released", SaleState::kReleased},
      {"expired", SaleState::kExpired},
      {"refunding", SaleState::kRefunding},
      {"refunded", SaleState::kRefunded},
  }};
  return look_up(names, text);
}

std::optional<LiveMessage> parse_live_message(std::string_view text) {
  return guarded(text, [](const json& value) { return message_of(value); });
}

std::optional<OrderUpdate> parse_order(std::string_view text) {
  return guarded(text, [](const json& value) { return order_of(value); });
}

std::optional<QueueUpdate> parse_queue_view(std::string_view text) {
  return guarded(text, [](const json& value) { return queue_of(value); });
}

}  // namespace frontrow::crowd
