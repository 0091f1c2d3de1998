#include "audit/round_summary.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audit/names.hpp"
#include "base/instant_text.hpp"

namespace frontrow::audit {
namespace {

using Fields = nlohmann::ordered_json;

Fields seats_of(const RoundStatus& status) {
  return {{"free", status.seats.free},
          {"held", status.seats.held},
          {"sold", status.seats.sold},
          {"blocked", status.seats.blocked},
          {"capacity", status.seats.capacity}};
}

Fields orders_of(const RoundStatus& status) {
  Fields orders = Fields::object();
  for (std::size_t n = 0; n < std::size(status.orders_by_state); ++n) {
    orders[std::string(name_of(static_cast<OrderState>(n)))] = status.orders_by_state[n];
  }
  return orders;
}

Fields fans_of(const RoundStatus& status) {
  Fields fans = Fields::object();
  for (std::size_t n = 0; n < fan_state_count; ++n) {
    fans[std::string(name_of(static_cast<FanState>(n)))] = status.fans_by_state[n];
  }
  fans["banned"] = status.banned;
  return fans;
}

std::string counts(const Fields& fields) {
  std::string text;
  for (const auto& [name, count] : fields.items()) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", name, count.get<std::uint64_t>());
  }
  return text;
}

}  // namespace

std::string state_hash_text(const StateHash& hash) {
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

std::string json_summary(const RoundSummary& summary) {
  const RoundStatus status = summary.engine.status();
  const Fields object = {
      {"commands", summary.commands},
      {"refused", summary.refused},
      {"time_first", to_rfc3339(summary.time_first)},
      {"time_last", to_rfc3339(summary.engine.time())},
      {"seats", seats_of(status)},
      {"orders", orders_of(status)},
      {"fans", fans_of(status)},
      {"revenue",
       {{"amount", status.revenue.minor}, {"currency", summary.engine.definition().currency}}},
      {"state_hash", state_hash_text(summary.engine.state_hash())},
      {"invariants", "ok"}};
  return object.dump();
}

std::string readable_summary(const RoundSummary& summary) {
  const RoundStatus status = summary.engine.status();
  return fmt::format(
      "round       {}\n"
      "commands    {} ({} refused)\n"
      "time        {} to {}\n"
      "seats       {}\n"
      "orders      {}\n"
      "fans        {}\n"
      "revenue     {} {} in minor units\n"
      "state_hash  {}\n"
      "invariants  ok",
      summary.engine.definition().id, summary.commands, summary.refused,
      to_rfc3339(summary.time_first), to_rfc3339(summary.engine.time()), counts(seats_of(status)),
      counts(orders_of(status)), counts(fans_of(status)), status.revenue.minor,
      summary.engine.definition().currency, state_hash_text(summary.engine.state_hash()));
}

}  // namespace frontrow::audit
