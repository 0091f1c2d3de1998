#include "crowd/records.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

namespace frontrow::crowd {
namespace {

const ServerOrder* find_order(const std::vector<ServerOrder>& orders, const std::string& id) {
  const auto found =
      std::ranges::find_if(orders, [&](const ServerOrder& order) { return order.id == id; });
  return found == orders.end() ? nullptr : &*found;
}

bool has_ticket(const std::vector<TicketRecord>& tickets, const TicketRecord& wanted) {
  return std::ranges::any_of(tickets, [&](const TicketRecord& ticket) {
    return ticket.id == wanted.id && ticket.seat == wanted.seat;
  });
}

// Adds a ticket unless the same one (id and seat) of this order is there already.
void add_ticket(std::vector<TicketRecord>& tickets, std::size_t from, const TicketRecord& ticket) {
  for (std::size_t n = from; n < tickets.size(); ++n)
    if (tickets[n].id == ticket.id && tickets[n].seat == ticket.seat) return;
  tickets.push_back(ticket);
}

std::string name_of(const FanRecord& record) { return "fan " + std::to_string(record.fan); }

void verify_tickets(const FanRecord& record, const OrderRecord& held, const ServerOrder& order,
                    Findings& findings) {
  for (const TicketRecord& ticket : held.tickets) {
    const bool seat_is_theirs = std::ranges::count(order.seats, ticket.seat) == 1;
    if (order.state == SaleState::kPaid && seat_is_theirs && has_ticket(order.tickets, ticket))
      continue;
    ++findings.unknown_tickets;
    findings.note(name_of(record) + " holds ticket " + ticket.id + " for seat " + ticket.seat +
                  " of order " + held.id + ", which the server does not show");
  }
}

}  // namespace

void Findings::note(std::string text) {
  if (texts.size() < findings_max) texts.push_back(std::move(text));
}

void Findings::merge(const Findings& other) {
  unknown_tickets += other.unknown_tickets;
  lost_orders += other.lost_orders;
  unverified_fans += other.unverified_fans;
  for (const std::string& text : other.texts) note(text);
}

std::optional<std::vector<TicketRecord>> parse_tickets(std::string_view body,
                                                       const std::string& order,
                                                       std::uint32_t fan) {
  try {
    std::vector<TicketRecord> tickets;
    const auto parsed = nlohmann::json::parse(body);
    for (const auto& ticket : parsed.at("tickets"))
      tickets.push_back(
          {ticket.at("id").get<std::string>(), ticket.at("seat").get<std::string>(), order, fan});
    return tickets;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::optional<std::vector<ServerOrder>> parse_server_orders(std::string_view body) {
  try {
    std::vector<ServerOrder> orders;
    const auto parsed = nlohmann::json::parse(body);
    for (const auto& entry : parsed.at("orders")) {
      const auto order = parse_order(entry.dump());
      if (!order) return std::nullopt;
      orders.push_back({order->id, order->state, order->seats, {}});
    }
    return orders;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

void verify_fan(const FanRecord& record, const std::vector<ServerOrder>& server, Findings& findings,
                std::vector<TicketRecord>& tickets) {
  const std::size_t from = tickets.size();
  for (const OrderRecord& held : record.orders) {
    const ServerOrder* order = find_order(server, held.id);
    if (order == nullptr) {
      ++findings.lost_orders;
      findings.note(name_of(record) + " was given order " + held.id +
                    ", which the server no longer shows");
      findings.unknown_tickets += held.tickets.size();
      for (const TicketRecord& ticket : held.tickets) add_ticket(tickets, from, ticket);
      continue;
    }
    if (is_refund(order->state)) continue;  // Its codes are void, and the fan has been told.
    if (held.paid && order->state != SaleState::kPaid) {
      ++findings.lost_orders;
      findings.note(name_of(record) + " was told that order " + held.id +
                    " is paid, which the server no longer says");
    }
    verify_tickets(record, held, *order, findings);
    for (const TicketRecord& ticket : held.tickets) add_ticket(tickets, from, ticket);
  }
  for (const ServerOrder& order : server)
    if (order.state == SaleState::kPaid)
      for (const TicketRecord& ticket : order.tickets) add_ticket(tickets, from, ticket);
}

void keep_unverified(const FanRecord& record, Findings& findings,
                     std::vector<TicketRecord>& tickets) {
  ++findings.unverified_fans;
  for (const OrderRecord& held : record.orders)
    tickets.insert(tickets.end(), held.tickets.begin(), held.tickets.end());
}

std::uint64_t count_oversold(const std::vector<TicketRecord>& tickets, Findings& findings) {
  std::unordered_map<std::string, const TicketRecord*> by_seat;
  by_seat.reserve(tickets.size());
  std::set<std::string> oversold;
  for (const TicketRecord& ticket : tickets) {
    const auto [first, fresh] = by_seat.emplace(ticket.seat, &ticket);
    if (fresh || !oversold.insert(ticket.seat).second) continue;
    const TicketRecord& other = *first->second;
    findings.note("seat " + ticket.seat + " is on ticket " + other.id + " of order " + other.order +
                  " (fan " + std::to_string(other.fan) + ") and on ticket " + ticket.id +
                  " of order " + ticket.order + " (fan " + std::to_string(ticket.fan) + ")");
  }
  return oversold.size();
}

std::uint64_t surplus_tickets(std::uint64_t tickets, std::uint64_t sold_by_server) {
  return tickets > sold_by_server ? tickets - sold_by_server : 0;
}

nlohmann::json to_json(const Findings& findings) {
  return {{"unknown_tickets", findings.unknown_tickets},
          {"lost_orders", findings.lost_orders},
          {"unverified_fans", findings.unverified_fans},
          {"texts", findings.texts}};
}

Findings findings_from_json(const nlohmann::json& value) {
  Findings findings;
  findings.unknown_tickets = value.at("unknown_tickets").get<std::uint64_t>();
  findings.lost_orders = value.at("lost_orders").get<std::uint64_t>();
  findings.unverified_fans = value.at("unverified_fans").get<std::uint64_t>();
  findings.texts = value.at("texts").get<std::vector<std::string>>();
  return findings;
}

nlohmann::json to_json(const std::vector<TicketRecord>& tickets) {
  nlohmann::json list = nlohmann::json::array();
  for (const TicketRecord& ticket : tickets)
    list.push_back({ticket.id, ticket.seat, ticket.order, ticket.fan});
  return list;
}

std::vector<TicketRecord> tickets_from_json(const nlohmann::json& value) {
  std::vector<TicketRecord> tickets;
  tickets.reserve(value.size());
  for (const auto& entry : value)
    tickets.push_back({entry.at(0).get<std::string>(), entry.at(1).get<std::string>(),
                       entry.at(2).get<std::string>(), entry.at(3).get<std::uint32_t>()});
  return tickets;
}

}  // namespace frontrow::crowd
