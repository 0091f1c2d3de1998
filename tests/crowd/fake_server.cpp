#include "crowd/fake_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "base/encoding.hpp"

namespace frontrow::crowd::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using nlohmann::json;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using Request = http::request<http::string_body>;
using Live = websocket::stream<tcp::socket, false>;

struct Answer {
  unsigned status = 200;
  json body;
  bool hang_up = false;
};

Answer problem(unsigned status, const char* code) { return {status, {{"code", code}}}; }

struct LiveSession {
  explicit LiveSession(tcp::socket socket) : stream(std::move(socket)) {}
  Live stream;
  std::deque<std::string> outbox;
  bool writing = false;
};

struct FanState {
  std::string entry;
  std::string state = "called";
  std::weak_ptr<LiveSession> live;
};

struct Order {
  std::string id, fan, state = "held", payment;
  std::vector<std::uint32_t> seats;
  std::uint32_t tickets_shown = 0;
};

std::string seat_name(std::uint32_t seat) {
  return std::string("A1-1-").append(std::to_string(seat));
}

}  // namespace

struct FakeServer::State {
  State(std::uint32_t seat_count, Faults planted)
      : seats(seat_count, true),
        faults(planted),
        acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(io, accept(), asio::detached);
    thread = std::thread([this] { io.run(); });
  }

  // --- state -----------------------------------------------------------------------------

  std::uint32_t free() const { return static_cast<std::uint32_t>(std::ranges::count(seats, true)); }

  json totals() const {
    std::uint32_t held = 0, sold = 0;
    for (const auto& [id, order] : orders) {
      const auto count = static_cast<std::uint32_t>(order.seats.size());
      if (order.state == "paid") sold += count;
      if (order.state == "held" || order.state == "paying") held += count;
    }
    return {{"capacity", seats.size()},
            {"free", free()},
            {"held", held},
            {"sold", sold},
            {"blocked", 0},
            {"waiting", 0},
            {"shopping", 1}};
  }

  json round() const {
    const json all = totals();
    const bool soldout = all["free"] == 0 && all["held"] == 0;
    return {{"phase", soldout ? "soldout" : "onsale"}, {"totals", all}, {"now", "…"}};
  }

  std::string bitmap() const {
    std::vector<std::uint8_t> bytes((seats.size() + 7) / 8);
    for (std::size_t n = 0; n < seats.size(); ++n)
      if (seats[n]) bytes[n / 8] = static_cast<std::uint8_t>(bytes[n / 8] | (1U << (n % 8)));
    return to_base64(bytes);
  }

  json venue() const {
    json list = json::array();
    for (std::uint32_t n = 0; n < seats.size(); ++n) list.push_back({{"id", seat_name(n)}});
    const json row = {{"id", "A1-1"}, {"seats", list}};
    const json zone = {
        {"id", "A1"}, {"kind", "seated"}, {"category", "cat1"}, {"rows", json::array({row})}};
    return {{"zones", json::array({zone})}};
  }

  static json view(const FanState& fan) {
    return {{"state", fan.state}, {"entry", fan.entry}, {"rank", 1}};
  }

  static json show(const Order& order) {
    json list = json::array();
    for (const auto seat : order.seats) list.push_back({{"id", seat_name(seat)}});
    json shown = {{"id", order.id}, {"state", order.state}, {"seats", list}, {"payment", nullptr}};
    if (!order.payment.empty()) shown["payment"] = {{"state", order.payment}};
    return shown;
  }

  // --- the live socket ---------------------------------------------------------------------

  void push(const std::string& fan, const json& message) {
    if (const auto live = fans[fan].live.lock()) push(live, message.dump());
  }
  void push(const std::shared_ptr<LiveSession>& live, std::string text) {
    live->outbox.push_back(std::move(text));
    if (!live->writing) asio::co_spawn(io, flush(live), asio::detached);
  }
  void push_round() {
    for (const auto& [token, fan] : fans) push(token, {{"type", "round"}, {"round", round()}});
  }

  // Every fan is told, also those who watch nothing: a crowd has to bear that.
  void push_changes(const std::vector<std::uint32_t>& changed) {
    json list = json::array();
    for (const auto seat : changed)
      list.push_back({{"seat", seat_name(seat)}, {"free", bool(seats[seat])}});
    const json message = {{"type", "availability"},
                          {"zone", "A1"},
                          {"version", version + 1},
                          {"previous", version},
                          {"changes", list}};
    ++version;
    for (const auto& [token, fan] : fans) push(token, message);
  }

  asio::awaitable<void> flush(std::shared_ptr<LiveSession> live) {
    if (live->writing) co_return;
    live->writing = true;
    while (!live->outbox.empty()) {
      const std::string text = std::move(live->outbox.front());
      live->outbox.pop_front();
      const auto [error, bytes] = co_await live->stream.async_write(asio::buffer(text), as_result);
      if (error) break;
    }
    live->writing = false;
  }

  asio::awaitable<void> serve_live(tcp::socket socket, Request request) {
    auto live = std::make_shared<LiveSession>(std::move(socket));
    const auto [refused] = co_await live->stream.async_accept(request, as_result);
    if (refused) co_return;
    beast::flat_buffer buffer;
    for (;;) {
      const auto [error, bytes] = co_await live->stream.async_read(buffer, as_result);
      if (error) co_return;
      const auto data = buffer.data();
      const json message =
          json::parse(std::string(static_cast<const char*>(data.data()), data.size()));
      buffer.clear();
      if (faults.talks_nonsense) push(live, "{\"type\": 7");
      if (message["type"] == "hello") {
        ++seen.lives;
        FanState& fan = fans[message["token"].get<std::string>()];
        fan.live = live;
        push(live, json({{"type", "queue"}, {"queue", view(fan)}}).dump());
        push(live, json({{"type", "round"}, {"round", round()}}).dump());
      } else if (message["type"] == "watch" && !message["zones"].empty()) {
        push(live, json({{"type", "snapshot"},
                         {"zone", "A1"},
                         {"version", version},
                         {"free", free()},
                         {"bitmap", bitmap()}})
                       .dump());
      }
    }
  }

  // --- HTTP --------------------------------------------------------------------------------

  Answer answer(const Request& request) {
    if (faults.overloaded > 0) {
      --faults.overloaded;
      return problem(503, "overloaded");
    }
    const std::string path(request.target());
    const json body = request.body().empty() ? json::object() : json::parse(request.body());
    std::string token(request[http::field::authorization]);
    if (token.starts_with("Bearer ")) token.erase(0, 7);
    const std::string key(request["Idempotency-Key"]);
    const bool post = request.method() == http::verb::post;

    if (path == "/api/v1/round") return {200, round()};
    if (path == "/api/v1/venue") return {200, venue()};
    if (path == "/api/v1/challenge") return problem(404, "not-found");
    if (path == "/api/v1/availability")
      return {200, {{"zones", {{{"id", "A1"}, {"free", free()}}}}}};
    if (path == "/api/v1/queue" && post) return join(key);
    if (!fans.contains(token)) return problem(401, "unauthenticated");
    if (path == "/api/v1/queue/enter") {
      fans[token].state = "shopping";
      return {200, view(fans[token])};
    }
    if (path == "/api/v1/queue") {
      if (request.method() == http::verb::get) return {200, view(fans[token])};
      ++seen.leaves;
      return {204, nullptr};
    }
    if (path == "/api/v1/orders" && post) return place(token, key, body);
    if (path == "/api/v1/orders") {
      json list = json::array();
      for (const auto& [id, order] : orders)
        if (order.fan == token && !(faults.forgets_orders && order.state == "paid"))
          list.push_back(show(order));
      return {200, {{"orders", list}}};
    }
    return about_order(request.method(), path, token, body);
  }

  Answer join(const std::string& key) {
    const auto [known, fresh] = joined.emplace(key, std::string("token-").append(key));
    if (fresh) {
      ++seen.joins;
      fans[known->second].entry = known->second;
    } else {
      ++seen.repeated_keys;
    }
    json shown = view(fans[known->second]);
    shown["token"] = known->second;
    return {201, shown};
  }

  Answer place(const std::string& fan, const std::string& key, const json& body) {
    if (const auto known = order_by_key.find(key); known != order_by_key.end()) {
      ++seen.repeated_keys;
      return {201, show(orders[known->second])};
    }
    std::vector<std::uint32_t> wanted;
    if (body.contains("seats")) {
      for (const auto& name : body["seats"])
        wanted.push_back(static_cast<std::uint32_t>(std::stoul(name.get<std::string>().substr(5))));
      json taken = json::array();
      for (const auto seat : wanted)
        if (!seats[seat]) taken.push_back(seat_name(seat));
      if (!taken.empty()) return {409, {{"code", "seats-unavailable"}, {"seats", taken}}};
    } else {
      for (std::uint32_t n = 0; n < seats.size() && wanted.size() < body["quantity"]; ++n)
        if (seats[n]) wanted.push_back(n);
      if (wanted.size() < body["quantity"]) return problem(409, "not-enough-seats");
    }
    Order order;
    order.id = std::string("o").append(std::to_string(orders.size() + 1));
    order.fan = fan;
    order.seats = wanted;
    if (!faults.sells_twice || free() > seats.size() / 2)
      for (const auto seat : wanted) seats[seat] = false;
    order_by_key[key] = order.id;
    orders[order.id] = order;
    ++seen.orders;
    push_changes(wanted);
    push_round();
    const bool hang_up = faults.breaks_orders && broken.insert(fan).second;
    return {201, show(order), hang_up};
  }

  Answer about_order(http::verb method, const std::string& path, const std::string& fan,
                     const json& body) {
    const std::string prefix = "/api/v1/orders/";
    const auto slash = path.find('/', prefix.size());
    const auto found = orders.find(path.substr(prefix.size(), slash - prefix.size()));
    if (found == orders.end() || found->second.fan != fan) return problem(404, "not-found");
    Order& order = found->second;
    const std::string what = slash == std::string::npos ? "" : path.substr(slash + 1);
    if (what == "tickets") {
      if (order.state != "paid") return problem(409, "order-not-paid");
      json list = json::array();
      const bool others = faults.forgets_tickets && order.tickets_shown++ > 0;
      for (const auto seat : order.seats)
        list.push_back({{"id", std::string(others ? "x" : "t").append(seat_name(seat))},
                        {"seat", seat_name(seat)}});
      return {200, {{"tickets", list}}};
    }
    if (what == "payment") return pay(order, body["token"]);
    if (method == http::verb::delete_) {
      for (const auto seat : order.seats) seats[seat] = true;
      order.state = "released";
      push_changes(order.seats);
      push_round();
      return {204, nullptr};
    }
    return {200, show(order)};
  }

  Answer pay(Order& order, const std::string& token) {
    if (order.state != "held") return problem(409, "order-not-payable");
    order.state = "paying";
    order.payment = "pending";
    const Answer accepted{202, show(order)};
    // The outcome is on its way before the answer is: both orders of arrival are met.
    if (token == "tok_declined") {
      order.state = "held";
      order.payment = "failed";
    } else if (token != "tok_never") {
      order.state = "paid";
      order.payment = "succeeded";
      ++seen.paid;
      seen.sold += static_cast<std::uint32_t>(order.seats.size());
    }
    push(order.fan, {{"type", "order"}, {"order", show(order)}});
    push_round();
    return accepted;
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    sources.insert(socket.remote_endpoint().address().to_string());
    beast::flat_buffer buffer;
    for (;;) {
      Request request;
      const auto [error, bytes] = co_await http::async_read(socket, buffer, request, as_result);
      if (error) co_return;
      if (websocket::is_upgrade(request)) {
        co_await serve_live(std::move(socket), std::move(request));
        co_return;
      }
      const Answer made = answer(request);
      if (made.hang_up) co_return;
      http::response<http::string_body> response{static_cast<http::status>(made.status), 11};
      if (made.status == 503) response.set(http::field::retry_after, "0");
      if (!made.body.is_null()) response.body() = made.body.dump();
      response.prepare_payload();
      const auto [failed, written] = co_await http::async_write(socket, response, as_result);
      if (failed) co_return;
    }
  }

  asio::awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(as_result);
      if (error) co_return;
      asio::co_spawn(io, serve(std::move(socket)), asio::detached);
    }
  }

  std::vector<bool> seats;
  Faults faults;
  Seen seen;
  std::uint64_t version = 1;
  std::map<std::string, FanState> fans;
  std::map<std::string, std::string> joined;
  std::map<std::string, Order> orders;
  std::map<std::string, std::string> order_by_key;
  std::set<std::string> broken, sources;
  asio::io_context io;
  tcp::acceptor acceptor;
  std::thread thread;
};

FakeServer::FakeServer(std::uint32_t seats, Faults faults)
    : state_(std::make_unique<State>(seats, faults)) {}

FakeServer::~FakeServer() { stop(); }

std::string FakeServer::url() const {
  return std::string("http://127.0.0.1:")
      .append(std::to_string(state_->acceptor.local_endpoint().port()));
}

Seen FakeServer::stop() {
  state_->io.stop();
  if (state_->thread.joinable()) state_->thread.join();
  state_->seen.addresses = static_cast<std::uint32_t>(state_->sources.size());
  return state_->seen;
}

}  // namespace frontrow::crowd::test
