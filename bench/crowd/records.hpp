// What the crowd holds in its hands at the end, and whether the server's books agree. Pure: the
// verifier fetches, this compares.
//
// Three things must never be: a seat on two tickets, a ticket that the server does not know, an
// acknowledged order (or payment) that the server no longer shows.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crowd/live_message.hpp"

namespace frontrow::crowd {

struct TicketRecord {
  std::string id;
  std::string seat;
  std::string order;
  std::uint32_t fan = 0;
};

/// An order that the server acknowledged, as the fan last saw it.
struct OrderRecord {
  std::string id;
  bool paid = false;
  std::vector<std::string> seats;
  std::vector<TicketRecord> tickets;
};

/// What a fan keeps: a token and what was promised under it.
struct FanRecord {
  std::uint32_t fan = 0;
  std::string token;
  std::vector<OrderRecord> orders;
};

/// One order as the server shows it at the end; `tickets` where it is paid.
struct ServerOrder {
  std::string id;
  SaleState state = SaleState::kUnknown;
  std::vector<std::string> seats;
  std::vector<TicketRecord> tickets;
};

/// Texts that a report carries at most; the counts go on.
inline constexpr std::size_t findings_max = 20;

struct Findings {
  std::uint64_t unknown_tickets = 0;
  std::uint64_t lost_orders = 0;
  std::uint64_t unverified_fans = 0;  ///< The server gave no answer to compare with.
  std::vector<std::string> texts;
  void note(std::string text);
  void merge(const Findings& other);
};

/// The tickets of `GET /orders/{id}/tickets`; nothing where `body` is not such an answer.
std::optional<std::vector<TicketRecord>> parse_tickets(std::string_view body,
                                                       const std::string& order, std::uint32_t fan);
/// The orders of `GET /orders`, without their tickets.
std::optional<std::vector<ServerOrder>> parse_server_orders(std::string_view body);

/// Compares one fan's records with the server's orders of that fan. Tickets that count towards
/// overselling are appended to `tickets`: those in the fan's hands and those that the server
/// would hand out, each once, but none of an order that has been refunded since.
void verify_fan(const FanRecord& record, const std::vector<ServerOrder>& server, Findings& findings,
                std::vector<TicketRecord>& tickets);

/// Where the server gave no answer, the fan's own tickets still count towards overselling.
void keep_unverified(const FanRecord& record, Findings& findings,
                     std::vector<TicketRecord>& tickets);

/// How many seats stand on more than one ticket. Notes each.
std::uint64_t count_oversold(const std::vector<TicketRecord>& tickets, Findings& findings);

/// Tickets past what the server says it sold are unknown to it, whatever it shows in detail.
std::uint64_t surplus_tickets(std::uint64_t tickets, std::uint64_t sold_by_server);

nlohmann::json to_json(const Findings& findings);
nlohmann::json to_json(const std::vector<TicketRecord>& tickets);
/// Both throw `nlohmann::json::exception` on anything that `to_json` did not make.
Findings findings_from_json(const nlohmann::json& value);
std::vector<TicketRecord> tickets_from_json(const nlohmann::json& value);

}  // namespace frontrow::crowd
