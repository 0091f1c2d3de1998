#include "http/front.hpp"

#include <chrono>

#include "base/digest.hpp"
#include "guard/client_address.hpp"
#include "guard/fan_token.hpp"
#include "http/origin.hpp"
#include "text/messages.hpp"

namespace frontrow::http {
namespace {

std::optional<std::string_view> bearer_token(const Request& request) {
  const std::string_view header = request.header("Authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (header.size() <= scheme.size() || header.size() > limits::bearer_token_bytes_max ||
      !equal_ignoring_case(header.substr(0, scheme.size()), scheme))
    return std::nullopt;
  return header.substr(header.find_first_not_of(' ', scheme.size() - 1));
}

bool reads_only(Method method) { return method == Method::kGet || method == Method::kHead; }

OperatorRole least_role(Caller caller) {
  switch (caller) {
    case Caller::kAdmin:
      return OperatorRole::kAdmin;
    case Caller::kOperator:
      return OperatorRole::kOperator;
    default:
      return OperatorRole::kViewer;
  }
}

}  // namespace

Instant wall_now() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

FrontShared::FrontShared(HttpSettings its_settings, FrontServices its_services,
                         std::shared_ptr<const RoundDefinition> its_round,
                         const Published& its_published)
    : settings(std::move(its_settings)),
      services(std::move(its_services)),
      round(std::move(its_round)),
      published(its_published),
      documents(*round, published),
      started_at(wall_now()) {}

Front::Front(FrontShared& shared, Channel& channel)
    : shared_(shared),
      submitter_(channel),
      availability_(shared.published),
      place_teller_(*shared.round, shared.published) {}

std::optional<FanId> Front::fan_of_token(std::string_view token, Instant now) const {
  const auto fan = shared_.services.tokens->check(token, now);
  // A token from before a lost data directory names a fan that there is not.
  if (!fan || fan->value >= shared_.published.fan_count()) return std::nullopt;
  return fan;
}

std::optional<QueueView> Front::queue_view(FanId fan, Instant now) {
  return place_teller_.view(fan, now);
}

const OperatorAccount* Front::find_operator(std::string_view token) const {
  const Bytes32 digest = sha256(as_bytes(token));
  const OperatorAccount* found = nullptr;
  // All are compared, so that the time does not tell which one was near.
  for (const OperatorAccount& account : shared_.settings.operators)
    if (equal_in_constant_time(digest, account.token_sha256)) found = &account;
  return found;
}

std::size_t Front::body_bytes_max(const Request& head) {
  if (!head.target.starts_with("/admin/")) return limits::body_bytes_max;
  const auto token = bearer_token(head);
  return token && find_operator(*token) != nullptr ? limits::operator_body_bytes_max
                                                   : limits::body_bytes_max;
}

std::uint32_t Front::over_rate(const Request& request, const Route* route, std::optional<FanId> fan,
                               Instant now) {
  if (route != nullptr && route->door != Door::kFans) return 0;
  const HttpSettings& settings = shared_.settings;
  if (settings.requests_per_second > 0) {
    const std::uint64_t key = fan ? guard::rate_key_of_fan(*fan) : request.address_key;
    const double rate = settings.requests_per_second;
    const auto decision = shared_.request_rates.take(key, rate, rate, now);
    if (!decision.allowed) return decision.retry_after_seconds;
  }
  const bool joins =
      route != nullptr && route->method == Method::kPost && route->pattern == "/api/v1/queue";
  if (joins && settings.joins_per_address_per_minute > 0) {
    const double burst = settings.joins_per_address_per_minute;
    const auto decision = shared_.join_rates.take(request.address_key, burst / 60, burst, now);
    if (!decision.allowed) return decision.retry_after_seconds;
  }
  return 0;
}

std::optional<Problem> Front::refuse_caller(const Route& route, RequestContext& context) const {
  if (route.caller == Caller::kAnyone) return std::nullopt;
  const auto token = bearer_token(context.request);
  if (route.caller == Caller::kFan) {
    if (!context.fan.exists()) return Problem(Fault::kUnauthenticated);
    if (reads_only(context.request.method)) return std::nullopt;
    const auto view = shared_.published.read_fan(context.fan);
    if (view && view->banned) return Problem(Fault::kBanned);
    return std::nullopt;
  }
  context.account = token ? find_operator(*token) : nullptr;
  if (context.account == nullptr) return Problem(Fault::kUnauthenticated);
  if (context.account->role < least_role(route.caller)) return Problem(Fault::kForbidden);
  return std::nullopt;
}

void Front::handle(const Request& request, const std::shared_ptr<ResponseSink>& sink) {
  const Instant now = wall_now();
  const std::string_view language =
      text::Messages::get().negotiate(request.header("Accept-Language"));
  const auto target = parse_target(request.target);
  RouteMatch match;
  if (target) match = find_route(all_routes(), request.method, *target, request.surface);
  const Responder responder(sink, shared_.services.metrics,
                            match.route != nullptr ? match.route->pattern : "unmatched", language);
  std::optional<FanId> fan;
  const bool for_fans = match.route == nullptr || match.route->door == Door::kFans;
  if (const auto token = bearer_token(request); token && for_fans) fan = fan_of_token(*token, now);
  if (const auto seconds = over_rate(request, match.route, fan, now); seconds > 0) {
    responder.send(Problem(Fault::kRateLimited).with_retry_after(seconds));
    return;
  }
  if (match.route == nullptr) {
    if (match.allow.empty())
      responder.send(Problem(Fault::kNotFound));
    else
      responder.send(Problem(Fault::kMethodNotAllowed).with_header("Allow", match.allow));
    return;
  }
  RequestContext context{*this,   request, *target,  match.parameter, fan.value_or(FanId::none()),
                         nullptr, now,     responder};
  if (const auto problem = refuse_caller(*match.route, context)) {
    responder.send(*problem);
    return;
  }
  if (request.body_too_large) {
    responder.send(Problem(Fault::kBodyTooLarge));
    return;
  }
  match.route->handler(context);
}

bool Front::is_live_target(const Request& head) const {
  const auto path = head.target.substr(0, head.target.find('?'));
  return head.method == Method::kGet && path == "/api/v1/live" &&
         head.surface != Surface::kOperatorsOnly;
}

std::optional<Response> Front::refuse_live(const Request& head) {
  const std::string_view language = text::Messages::get().negotiate(head.header("Accept-Language"));
  if (const auto seconds = over_rate(head, nullptr, std::nullopt, wall_now()); seconds > 0)
    return Problem(Fault::kRateLimited).with_retry_after(seconds).response(language);
  const std::string_view origin = head.header("Origin");
  if (!origin.empty() &&
      !origin_allowed(origin, head.header("Host"), shared_.settings.allowed_origins))
    return Problem(Fault::kForbidden).response(language);
  return std::nullopt;
}

}  // namespace frontrow::http
