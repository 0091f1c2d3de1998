#include "crowd/verifier.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "crowd/http_client.hpp"

namespace frontrow::crowd {
namespace {

namespace asio = boost::asio;

/// Fans asked about at the same time, each over a connection that serves many fans.
constexpr std::size_t askers_max = 16;
constexpr std::uint32_t attempts_max = 20;
constexpr double pause_seconds_default = 0.5, pause_seconds_max = 5, request_seconds = 10;
constexpr std::size_t body_bytes_max = std::size_t{4} << 20;
/// Fan numbers no fan has, so that the askers come from addresses of their own.
constexpr std::uint32_t first_asker_number = 16'000'000;

struct Verification {
  const Endpoint& endpoint;
  const std::vector<FanRecord>& records;
  const Moment deadline;
  std::size_t next = 0;
  std::vector<bool> verified{};
  Findings findings{};
  std::vector<TicketRecord> tickets{};
};

// The body of a good answer; nothing where none came in time. A refusal other than "later" is
// an empty body.
asio::awaitable<std::optional<std::string>> fetch(HttpClient& client, std::string path,
                                                  std::string token, Moment deadline) {
  const HttpRequest request{Method::kGet, std::move(path), {}, std::move(token), {}};
  asio::steady_timer pause(co_await asio::this_coro::executor);
  for (std::uint32_t attempts = 0; attempts < attempts_max && Clock::now() < deadline; ++attempts) {
    const Moment patience = Clock::now() + seconds(request_seconds);
    const HttpResponse response = co_await client.send(request, std::min(patience, deadline));
    if (response.error == TransportError::kNone && response.status == 200) co_return response.body;
    const bool later = response.status == 429 || response.status >= 500;
    if (response.error == TransportError::kNone && !later) co_return std::string();
    const double wait = response.retry_after_seconds.value_or(pause_seconds_default);
    pause.expires_at(std::min(Clock::now() + seconds(std::min(wait, pause_seconds_max)), deadline));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return std::nullopt;
}

asio::awaitable<bool> verify_one(HttpClient& client, Verification& all, const FanRecord& record) {
  const auto listing = co_await fetch(client, "/api/v1/orders", record.token, all.deadline);
  if (!listing) co_return false;
  auto orders = parse_server_orders(*listing);
  if (!orders) co_return false;
  for (ServerOrder& order : *orders) {
    if (order.state != SaleState::kPaid) continue;
    const std::string path = "/api/v1/orders/" + order.id + "/tickets";
    const auto body = co_await fetch(client, path, record.token, all.deadline);
    if (!body) co_return false;
    // A refusal shows as no tickets at all, which is what the fan would be left with.
    auto shown = parse_tickets(*body, order.id, record.fan);
    if (shown) order.tickets = std::move(*shown);
  }
  verify_fan(record, *orders, all.findings, all.tickets);
  co_return true;
}

asio::awaitable<void> ask(asio::io_context& io, Verification& all, std::uint32_t number) {
  const std::uint32_t source =
      all.endpoint.target.spread_sources ? source_address(first_asker_number + number, 1) : 0;
  HttpClient client(io, all.endpoint, source, body_bytes_max);
  while (all.next < all.records.size() && Clock::now() < all.deadline) {
    const std::size_t mine = all.next++;
    const bool answered = co_await verify_one(client, all, all.records[mine]);
    all.verified[mine] = answered;
  }
  client.close();
}

}  // namespace

void verify_all(const Endpoint& endpoint, const std::vector<FanRecord>& records, Moment deadline,
                Findings& findings, std::vector<TicketRecord>& tickets) {
  asio::io_context io(1);
  Verification all{endpoint, records, deadline};
  all.verified.resize(records.size());
  for (std::uint32_t n = 0; n < std::min(askers_max, records.size()); ++n)
    asio::co_spawn(io, ask(io, all, n), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  io.run();
  for (std::size_t n = 0; n < records.size(); ++n)
    if (!all.verified[n]) keep_unverified(records[n], all.findings, all.tickets);
  findings.merge(all.findings);
  tickets.insert(tickets.end(), all.tickets.begin(), all.tickets.end());
}

}  // namespace frontrow::crowd
