#include "crowd/records.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace frontrow::crowd;

namespace {

// A fan with one paid order of two seats, and a server that agrees.
struct Case {
  FanRecord fan{
      7, "token", {{"o1", true, {"A", "B"}, {{"t1", "A", "o1", 7}, {"t2", "B", "o1", 7}}}}};
  std::vector<ServerOrder> server{
      {"o1", SaleState::kPaid, {"A", "B"}, {{"t1", "A", "o1", 7}, {"t2", "B", "o1", 7}}}};
  Findings findings;
  std::vector<TicketRecord> tickets;
  void verify() { verify_fan(fan, server, findings, tickets); }
};

}  // namespace

TEST_CASE("records that agree have no findings, and each ticket counts once") {
  Case sale;
  sale.verify();
  CHECK(sale.findings.unknown_tickets == 0);
  CHECK(sale.findings.lost_orders == 0);
  CHECK(sale.findings.texts.empty());
  CHECK(sale.tickets.size() == 2);
  CHECK(count_oversold(sale.tickets, sale.findings) == 0);
}

TEST_CASE("an acknowledged order that the server does not show is lost, its tickets unknown") {
  Case sale;
  sale.server.clear();
  sale.verify();
  CHECK(sale.findings.lost_orders == 1);
  CHECK(sale.findings.unknown_tickets == 2);
  CHECK(sale.tickets.size() == 2);
  CHECK_FALSE(sale.findings.texts.empty());
}

TEST_CASE("a paid order that the server calls anything else but refunded is lost") {
  struct Row {
    SaleState state;
    std::uint64_t lost, unknown;
  };
  const Row rows[] = {{SaleState::kPaid, 0, 0},     {SaleState::kHeld, 1, 2},
                      {SaleState::kPaying, 1, 2},   {SaleState::kExpired, 1, 2},
                      {SaleState::kReleased, 1, 2}, {SaleState::kRefunding, 0, 0},
                      {SaleState::kRefunded, 0, 0}};
  for (const Row& row : rows) {
    Case sale;
    sale.server[0].state = row.state;
    sale.verify();
    CAPTURE(static_cast<int>(row.state));
    CHECK(sale.findings.lost_orders == row.lost);
    CHECK(sale.findings.unknown_tickets == row.unknown);
  }
}

TEST_CASE("an unpaid order may have come to any end, but not vanish") {
  for (const auto state : {SaleState::kHeld, SaleState::kExpired, SaleState::kReleased}) {
    Case sale;
    sale.fan.orders[0].paid = false;
    sale.fan.orders[0].tickets.clear();
    sale.server[0].state = state;
    sale.server[0].tickets.clear();
    sale.verify();
    CHECK(sale.findings.lost_orders == 0);
    CHECK(sale.findings.unknown_tickets == 0);
  }
}

TEST_CASE("a ticket whose seat the order does not have is unknown") {
  Case sale;
  sale.server[0].seats = {"A", "C"};
  sale.verify();
  CHECK(sale.findings.unknown_tickets == 1);
}

TEST_CASE("a ticket that the server shows no longer, or for another seat, is unknown") {
  Case gone;
  gone.server[0].tickets.pop_back();
  gone.verify();
  CHECK(gone.findings.unknown_tickets == 1);

  Case moved;
  moved.server[0].tickets[0].seat = std::string("B");
  moved.verify();
  CHECK(moved.findings.unknown_tickets == 1);
}

TEST_CASE("a seat on two tickets is oversold, however many tickets there are") {
  Findings findings;
  std::vector<TicketRecord> tickets = {{"t1", "A", "o1", 1}, {"t2", "B", "o2", 2}};
  CHECK(count_oversold(tickets, findings) == 0);
  tickets.push_back({"t3", "A", "o3", 3});
  CHECK(count_oversold(tickets, findings) == 1);
  tickets.push_back({"t4", "A", "o4", 4});
  tickets.push_back({"t5", "B", "o5", 5});
  CHECK(count_oversold(tickets, findings) == 2);
  REQUIRE_FALSE(findings.texts.empty());
  CHECK(findings.texts[0].find("seat A") != std::string::npos);
}

TEST_CASE("a seat sold twice to one fan is oversold as well") {
  Case sale;
  sale.fan.orders.push_back({"o2", true, {"A"}, {{"t9", "A", "o2", 7}}});
  sale.server.push_back({"o2", SaleState::kPaid, {"A"}, {{"t9", "A", "o2", 7}}});
  sale.verify();
  CHECK(sale.findings.unknown_tickets == 0);
  CHECK(count_oversold(sale.tickets, sale.findings) == 1);
}

TEST_CASE("tickets that only the server has count towards overselling") {
  Case sale;
  sale.fan.orders[0].paid = false;
  sale.fan.orders[0].tickets.clear();
  sale.tickets = {{"t8", "B", "o8", 8}};
  sale.verify();
  CHECK(sale.findings.unknown_tickets == 0);
  CHECK(sale.tickets.size() == 3);
  CHECK(count_oversold(sale.tickets, sale.findings) == 1);
}

TEST_CASE("a refunded order's seat may be sold again") {
  Case sale;
  sale.server[0].state = SaleState::kRefunded;
  sale.tickets = {{"t8", "A", "o8", 8}};
  sale.verify();
  CHECK(count_oversold(sale.tickets, sale.findings) == 0);
}

TEST_CASE("more tickets than the server sold are a surplus") {
  CHECK(surplus_tickets(10, 10) == 0);
  CHECK(surplus_tickets(9, 10) == 0);
  CHECK(surplus_tickets(12, 10) == 2);
}

TEST_CASE("a fan who could not be compared keeps their tickets in the count") {
  Case sale;
  keep_unverified(sale.fan, sale.findings, sale.tickets);
  CHECK(sale.findings.unverified_fans == 1);
  CHECK(sale.tickets.size() == 2);
}

TEST_CASE("texts are bounded, counts are not") {
  Findings findings;
  for (int n = 0; n < 100; ++n) findings.note("one more");
  CHECK(findings.texts.size() == findings_max);
}

TEST_CASE("answers of the server are read, and refused where they are not what was asked for") {
  const auto tickets = parse_tickets(
      R"({"tickets": [{"id": "t1", "seat": "A", "code": "x", "counter": 0}]})", "o1", 7);
  REQUIRE(tickets);
  REQUIRE(tickets->size() == 1);
  CHECK(tickets->front().seat == "A");
  CHECK(tickets->front().order == "o1");
  const auto orders = parse_server_orders(
      R"({"orders": [{"id": "o1", "state": "paid", "seats": [{"id": "A"}], "payment": null}]})");
  REQUIRE(orders);
  CHECK(orders->front().state == SaleState::kPaid);
  CHECK(orders->front().seats == std::vector<std::string>{"A"});
  for (const char* text : {"", "[]", "{}", R"({"tickets": 1})", R"({"orders": [1]})",
                           R"({"tickets": [{"id": 1}], "orders": [{"id": "o"}]})"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_tickets(text, "o1", 7));
    CHECK_FALSE(parse_server_orders(text));
  }
}

TEST_CASE("findings and tickets survive the way through JSON") {
  Case sale;
  sale.server.clear();
  sale.verify();
  const auto back = findings_from_json(nlohmann::json::parse(to_json(sale.findings).dump()));
  CHECK(to_json(back) == to_json(sale.findings));
  const auto tickets = tickets_from_json(nlohmann::json::parse(to_json(sale.tickets).dump()));
  CHECK(to_json(tickets) == to_json(sale.tickets));
}
