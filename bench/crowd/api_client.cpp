#include "crowd/api_client.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace frontrow::crowd {
namespace {

namespace asio = boost::asio;

constexpr std::uint32_t broken_max = 6, waits_max = 30;
constexpr double broken_pause_seconds = 0.2, broken_pause_seconds_max = 5;
constexpr double retry_after_seconds_default = 1, retry_after_seconds_max = 30;
constexpr double in_progress_pause_seconds = 0.25;
/// `GET /availability` of the largest venue the crowd is meant for, with room.
constexpr std::size_t body_bytes_max = std::size_t{4} << 20;
/// Given to an answer that is under way when the sale ends.
constexpr double grace_seconds = 1;

}  // namespace

std::string problem_code(unsigned status, const std::string& body) {
  const auto problem = nlohmann::json::parse(body, nullptr, false);
  if (problem.is_object())
    if (const auto code = problem.find("code"); code != problem.end() && code->is_string())
      return code->get<std::string>();
  return "http:" + std::to_string(status);
}

ApiClient::ApiClient(CrowdContext& context, std::uint32_t source, Random& random)
    : context_(context),
      random_(random),
      http_(context.io, context.endpoint, source, body_bytes_max),
      timer_(context.io) {}

asio::awaitable<Answer> ApiClient::call(Call call, HttpRequest request, Moment decided) {
  Answer answer;
  broken_ = waits_ = 0;
  while (!context_.over()) {
    const Moment patience = Clock::now() + seconds(context_.options.request_seconds);
    const Moment end = context_.sale_deadline + seconds(grace_seconds);
    HttpResponse response = co_await http_.send(request, std::min(patience, end));
    context_.tally.add(Counter::kHttpConnections, http_.connections() - connections_counted_);
    connections_counted_ = http_.connections();
    const Next next = co_await judge(call, response, answer);
    if (next == Next::kAgain) {
      context_.tally.add(Counter::kRetries);
      continue;
    }
    if (answer.status != 0)
      context_.tally.latency(call, !answer.ok(), microseconds_between(decided, Clock::now()));
    co_return answer;
  }
  if (answer.code.empty()) answer.code = "over";
  answer.status = 0;
  co_return answer;
}

asio::awaitable<ApiClient::Next> ApiClient::judge(Call call, HttpResponse& response,
                                                  Answer& answer) {
  if (response.error != TransportError::kNone) {
    answer = {0, std::string(to_text(response.error)), {}};
    const bool kept_one_closed =
        response.error == TransportError::kClosed && response.on_kept_connection;
    if (kept_one_closed) co_return Next::kAgain;
    if (response.error != TransportError::kDropped) context_.tally.error(call, answer.code);
    if (++broken_ > broken_max) co_return Next::kDone;
    const double pause_seconds = broken_pause_seconds * static_cast<double>(1U << (broken_ - 1));
    co_await pause(std::min(pause_seconds, broken_pause_seconds_max));
    co_return Next::kAgain;
  }

  answer = {response.status, {}, std::move(response.body)};
  if (answer.ok()) co_return Next::kDone;
  answer.code = problem_code(answer.status, answer.body);
  context_.tally.error(call, answer.code);
  if (answer.status == 429 || answer.status == 503) {
    if (++waits_ > waits_max) co_return Next::kDone;
    context_.tally.add(Counter::kRetryAfterWaits);
    const double asked = response.retry_after_seconds.value_or(retry_after_seconds_default);
    // Never less than asked; a little more, so that not all who were turned away come at once.
    co_await pause(std::min(asked, retry_after_seconds_max) + random_.between(0, 0.5));
    co_return Next::kAgain;
  }
  if (answer.is("idempotency-in-progress")) {
    if (++waits_ > waits_max) co_return Next::kDone;
    co_await pause(in_progress_pause_seconds);
    co_return Next::kAgain;
  }
  co_return Next::kDone;
}

asio::awaitable<void> ApiClient::pause(double pause_seconds) {
  timer_.expires_at(std::min(Clock::now() + seconds(pause_seconds), context_.sale_deadline));
  co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace frontrow::crowd
