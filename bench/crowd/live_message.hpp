// The messages of the live socket, as far as a fan cares for them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace frontrow::crowd {

enum class QueueState : std::uint8_t {
  kUnknown,
  kLobby,
  kWaiting,
  kCalled,
  kShopping,
  kEnded,
  kLeft,
  kMissed,
  kBanned,
};
QueueState parse_queue_state(std::string_view text);

enum class SaleState : std::uint8_t {
  kUnknown,
  kHeld,
  kPaying,
  kPaid,
  kReleased,
  kExpired,
  kRefunding,
  kRefunded,
};
SaleState parse_sale_state(std::string_view text);
inline bool is_refund(SaleState state) {
  return state == SaleState::kRefunding || state == SaleState::kRefunded;
}

struct QueueUpdate {
  QueueState state = QueueState::kUnknown;
  std::string entry;
  std::optional<std::uint64_t> rank;
};
struct RoundUpdate {
  std::string phase;
  std::uint64_t free = 0, held = 0, shopping = 0;
};
struct Snapshot {
  std::string zone;
  std::uint64_t version = 0;
  std::string bitmap;
};
struct SeatChanges {
  std::string zone;
  std::uint64_t version = 0, previous = 0;
  struct Change {
    std::string seat;
    bool free = false;
  };
  std::vector<Change> changes;
};
struct OrderUpdate {
  std::string id;
  SaleState state = SaleState::kUnknown;
  bool payment_failed = false;
  std::vector<std::string> seats;
};
struct ProblemUpdate {
  std::string code;
};
/// Of a type that fans pay no heed to.
struct OtherUpdate {};

using LiveMessage = std::variant<OtherUpdate, QueueUpdate, RoundUpdate, Snapshot, SeatChanges,
                                 OrderUpdate, ProblemUpdate>;

/// Nothing where `text` is not a message of the protocol at all.
std::optional<LiveMessage> parse_live_message(std::string_view text);
/// The object that `POST /orders`, `GET /orders/{id}` and the order message share, as JSON text.
std::optional<OrderUpdate> parse_order(std::string_view text);
/// The queue view of `POST /queue` and `GET /queue`, as JSON text.
std::optional<QueueUpdate> parse_queue_view(std::string_view text);

}  // namespace frontrow::crowd
