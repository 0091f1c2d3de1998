#include "crowd/fan.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "crowd/arrival_plan.hpp"
#include "guard/proof_of_work.hpp"

namespace frontrow::crowd {
namespace {

namespace asio = boost::asio;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t proofs_max = 4;
constexpr double lobby_pause_seconds = 1;
// Streams of chance beside each other, so that what one part asks for changes no other's.
constexpr std::uint64_t plan_stream = 0x91AULL << 32, deed_stream = 0xDEEDULL << 32,
                        live_stream = 0x11FEULL << 32;

FanPlan plan_of(const Options& options, std::uint32_t number) {
  Random random(options.seed, plan_stream | number);
  return draw_plan(options, random);
}

asio::awaitable<std::optional<std::string>> solve(std::string challenge) {
  co_return guard::solve_challenge(challenge);
}

}  // namespace

Fan::Fan(CrowdContext& context, std::uint32_t number)
    : context_(context),
      number_(number),
      source_(context.endpoint.target.spread_sources
                  ? source_address(number, context.options.fans_per_address)
                  : 0),
      random_(context.options.seed, deed_stream | number),
      plan_(plan_of(context.options, number)),
      arrival_(context.start +
               std::chrono::microseconds(arrival_microseconds(context.options, number))),
      api_(context, source_, random_),
      live_(context.io, context.endpoint, source_, context.options.seed ^ live_stream ^ number,
            *this),
      sleep_(context.io),
      news_(context.io),
      drop_(context.io),
      quantity_(plan_.seats),
      picks_(plan_.picks) {
  record_.fan = number;
}

Fan::~Fan() = default;

asio::awaitable<void> Fan::run() {
  co_await sleep_until(arrival_);
  Outcome outcome = Outcome::kUnfinished;
  if (!context_.over()) {
    context_.tally.add(Counter::kArrived);
    outcome = co_await visit();
  }
  if (outcome != Outcome::kBought && context_.over()) outcome = Outcome::kUnfinished;
  enter_stage(Stage::kNever);
  drop_.cancel();
  context_.tally.end(outcome);
  if (context_.over())
    live_.stop();
  else
    co_await live_.close();
  api_.close();
  if (!record_.orders.empty()) context_.records.push_back(std::move(record_));
  --context_.gauges.fans;
}

asio::awaitable<Outcome> Fan::visit() {
  std::optional<Outcome> end = co_await join();
  if (end) co_return *end;
  start_listening();
  api_.close();  // The wait may be long; a fan's browser would let this one go as well.

  enter_stage(Stage::kInLine);
  end = co_await wait_for_turn();
  if (end) co_return *end;

  enter_stage(Stage::kShopping);
  if (plan_.leave == Stage::kShopping) {
    co_await think(plan_.leave_after_seconds);
    const Outcome left = co_await leave_with(Outcome::kLeft);
    co_return left;
  }
  end = co_await shop();
  if (!end) {
    enter_stage(Stage::kPaying);
    end = co_await pay();
  }
  const Outcome outcome = co_await leave_with(end.value_or(Outcome::kBought));
  co_return outcome;
}

// --- joining ---------------------------------------------------------------------------------

Fan::Step Fan::join() {
  for (std::uint32_t proofs = 0; proofs < proofs_max; ++proofs) {
    std::string payload;
    const Answer challenge = co_await obtain_proof(payload);
    // A round without a guard has nothing to ask: then the join goes without a proof.
    if (!challenge.ok() && challenge.status != 404) co_return Outcome::kNotJoined;

    HttpRequest request;
    request.method = Method::kPost;
    request.path = "/api/v1/queue";
    request.idempotency_key = next_key();
    nlohmann::json body = nlohmann::json::object();
    if (!payload.empty()) body["altcha"] = payload;
    request.body = body.dump();

    Moment decided = arrival_;
    for (;;) {
      const Answer answer = co_await api_.call(Call::kJoin, request, decided);
      if (answer.ok()) {
        if (take_place(answer.body)) co_return std::nullopt;
        context_.tally.error(Call::kJoin, "unreadable");
        co_return Outcome::kNotJoined;
      }
      if (answer.is("round-closed")) co_return Outcome::kRoundClosed;
      if (answer.is("proof-of-work-failed")) break;  // It has gone stale: another one.
      if (!answer.is("lobby-not-open")) co_return Outcome::kNotJoined;
      decided = Clock::now() + seconds(lobby_pause_seconds * random_.between(0.5, 1.5));
      co_await sleep_until(decided);
    }
  }
  co_return Outcome::kNotJoined;
}

asio::awaitable<Answer> Fan::obtain_proof(std::string& payload) {
  HttpRequest request;
  request.path = "/api/v1/challenge";
  Answer answer = co_await api_.call(Call::kChallenge, std::move(request), arrival_);
  if (!answer.ok()) co_return answer;
  const Moment began = Clock::now();
  std::optional<std::string> solved =
      co_await asio::co_spawn(context_.solver, solve(answer.body), asio::use_awaitable);
  if (solved) {
    payload = std::move(*solved);
    context_.tally.latency(Call::kProof, false, microseconds_between(began, Clock::now()));
  } else {
    context_.tally.error(Call::kProof, "unsolvable");
    answer.status = 0;
  }
  co_return answer;
}

bool Fan::take_place(const std::string& body) {
  const auto view = parse_queue_view(body);
  const auto joined = nlohmann::json::parse(body, nullptr, false);
  if (!view || !joined.contains("token") || !joined["token"].is_string()) return false;
  record_.token = joined["token"].get<std::string>();
  place_ = *view;
  context_.tally.add(Counter::kJoined);
  return true;
}

void Fan::start_listening() {
  asio::co_spawn(context_.io, live_.run(record_.token),
                 [self = shared_from_this()](std::exception_ptr failure) {
                   if (failure) std::rethrow_exception(failure);
                 });
}

asio::awaitable<void> Fan::leave_line() {
  if (left_line_ || outcome_of_state()) co_return;
  left_line_ = true;
  HttpRequest request;
  request.method = Method::kDelete;
  request.path = "/api/v1/queue";
  request.token = record_.token;
  co_await api_.call(Call::kLeave, std::move(request), Clock::now());
}

asio::awaitable<Outcome> Fan::leave_with(Outcome outcome) {
  co_await leave_line();
  co_return outcome;
}

// --- waiting ---------------------------------------------------------------------------------

asio::awaitable<void> Fan::sleep_until(Moment moment) {
  sleep_.expires_at(std::min(moment, context_.sale_deadline));
  co_await sleep_.async_wait(as_result);
}

asio::awaitable<Moment> Fan::think(double seconds_max) {
  const Moment act = Clock::now() + seconds(random_.between(0, seconds_max));
  co_await sleep_until(act);
  co_return act;
}

asio::awaitable<void> Fan::wait_for_news(Moment until) {
  news_.expires_at(std::min(until, context_.sale_deadline));
  co_await news_.async_wait(as_result);
}

void Fan::enter_stage(Stage stage) {
  if (stage_ == Stage::kInLine) --context_.gauges.waiting;
  if (stage_ == Stage::kShopping || stage_ == Stage::kPaying) --context_.gauges.shopping;
  stage_ = stage;
  if (stage_ == Stage::kInLine) ++context_.gauges.waiting;
  if (stage_ == Stage::kShopping || stage_ == Stage::kPaying) ++context_.gauges.shopping;
  if (stage == Stage::kNever || plan_.drop != stage) return;
  drop_.expires_after(seconds(plan_.drop_after_seconds));
  drop_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self && self->stage_ != Stage::kNever) self->drop_connections();
  });
}

void Fan::drop_connections() {
  context_.tally.add(Counter::kDrops);
  api_.drop();
  live_.drop(plan_.away_seconds);
}

std::string Fan::next_key() {
  return context_.run_tag + "-" + std::to_string(number_) + "-" + std::to_string(++keys_);
}

}  // namespace frontrow::crowd
