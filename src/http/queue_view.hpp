// A fan's place as the contract's queue view. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "frontrow/view.hpp"
#include "http/json_writer.hpp"

namespace frontrow::http {

struct QueueView {
  std::string_view state;
  Bytes16 entry{};
  std::optional<std::uint32_t> rank, ahead;
  std::uint32_t waiting = 0;
  std::optional<std::uint32_t> eta;
  std::optional<Instant> enter_until, shop_until;
  friend bool operator==(const QueueView&, const QueueView&) = default;
};

/// Fans who wait: in the lobby, in the line, and for a late window to close.
std::uint32_t waiting_total(const RoundStatus& status);

/// `ahead_in_line`: waiting fans in slots before this fan's; not looked at where the fan has none.
QueueView make_queue_view(const FanView& fan, std::uint32_t ahead_in_line,
                          const RoundStatus& status, std::optional<double> calls_per_second,
                          Instant now);

/// The members, without the braces around them.
void write_queue_members(JsonWriter& json, const QueueView& view);
std::string queue_json(const QueueView& view);

}  // namespace frontrow::http
