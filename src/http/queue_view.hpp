// A fan's place as the contract's queue view. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "frontrow/view.hpp"
#include "http/json_writer.hpp"
#include "http/response.hpp"
#include "http/wait_estimate.hpp"

namespace frontrow::http {

struct QueueView {
  FanState fan_state = FanState::kLobby;
  bool banned = false;
  bool second_chance = false;  ///< Missed a turn, was put back, and waits for the last one.
  Bytes16 entry{};
  std::optional<std::uint32_t> rank, ahead;
  std::uint32_t waiting = 0;
  std::optional<WaitRange> wait;
  SharedText chance;  ///< JSON by price category; none where nothing can be said.
  std::optional<Instant> enter_until, shop_until;
  SaleTime deadline;  ///< Of which the two above are the wall's time.
  std::uint32_t next_update_seconds = 1;
};

/// What was worked out for a fan who waits; empty for all others.
struct Standing {
  std::optional<std::uint32_t> ahead;
  std::optional<WaitRange> wait;
  SharedText chance;
  /// Until the fan's late window ends; nothing for a fan who has a place in the line.
  std::optional<Duration> until_window_end;
};

/// Fans who wait: in the lobby, in the line, and for a late window to close.
std::uint32_t waiting_total(const RoundStatus& status);

QueueView make_queue_view(const FanView& fan, const Standing& standing, const RoundStatus& status,
                          Instant now);

/// Whether a page has nothing new to show: estimates that moved by little are the same, and a line
/// of a hundred thousand is not told each second that one second has gone by.
bool same_to_a_reader(const QueueView& told, const QueueView& now);

/// The members, without the braces around them.
void write_queue_members(JsonWriter& json, const QueueView& view);
std::string queue_json(const QueueView& view);
/// The live socket's message `queue`.
SharedText queue_message(const QueueView& view);

}  // namespace frontrow::http
