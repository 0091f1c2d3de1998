#include "http/request_context.hpp"

#include <chrono>

#include "http/front.hpp"
#include "http/order_json.hpp"
#include "observe/metrics.hpp"

namespace frontrow::http {
namespace {

std::int64_t steady_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::vector<std::string_view> names_of(const std::vector<SeatIndex>& seats, const Plan& plan) {
  std::vector<std::string_view> names;
  for (const SeatIndex seat : seats) {
    if (names.size() == limits::seats_named_max) break;
    if (seat.value < plan.seats.size()) names.push_back(plan.seat(seat).id);
  }
  return names;
}

}  // namespace

Responder::Responder(std::shared_ptr<ResponseSink> sink, observe::Metrics* metrics,
                     std::string_view route, std::string_view language)
    : sink_(std::move(sink)),
      metrics_(metrics),
      route_(route),
      language_(language),
      started_at_nanoseconds_(steady_nanoseconds()) {}

void Responder::send(Response&& response) const {
  if (metrics_ != nullptr) {
    const auto taken = steady_nanoseconds() - started_at_nanoseconds_;
    metrics_->observe_request(route_, response.status, static_cast<double>(taken) / 1e9);
  }
  sink_->respond(std::move(response));
}

FrontShared& RequestContext::shared() const { return front.shared(); }
const RoundDefinition& RequestContext::round() const { return *front.shared().round; }

bool RequestContext::accept(BodyReader& body) const {
  if (body.finish()) return true;
  respond(Problem::invalid(body.path()));
  return false;
}

bool RequestContext::accept_no_body() const {
  BodyReader body(request.body);
  return accept(body);
}

Problem problem_of(const Reply& reply, const Plan& plan) {
  Problem problem(reply.rejection);
  if (const auto* conflict = std::get_if<ConflictView>(&reply.body)) {
    if (!conflict->seats.empty()) {
      const bool orphans = reply.rejection == Rejection::kLeavesOrphan;
      const auto names = names_of(conflict->seats, plan);
      std::move(problem).with_names(orphans ? "orphans" : "seats", names);
    }
    if (!conflict->suggestions.empty()) {
      const auto names = names_of(conflict->suggestions, plan);
      std::move(problem).with_names("suggestions", names);
    }
  }
  if (const auto* retry = std::get_if<RetryView>(&reply.body)) {
    const std::int64_t seconds = (retry->after.microseconds + 999'999) / 1'000'000;
    std::move(problem).with_retry_after(
        static_cast<std::uint32_t>(std::max(seconds, std::int64_t{1})));
  }
  return problem;
}

void RequestContext::submit(std::variant<Command, Query>&& what, OnReply on_success,
                            OnReply on_refusal, std::string card_token) const {
  if (!shared().published.ready.load(std::memory_order_acquire)) {
    respond(Problem(Fault::kOverloaded));
    return;
  }
  auto continuation = [answer = responder, its_round = shared().round,
                       on_success = std::move(on_success),
                       on_refusal = std::move(on_refusal)](Reply& reply) {
    if (reply.rejection == Rejection::kNone)
      on_success(reply, answer);
    else if (on_refusal)
      on_refusal(reply, answer);
    else
      answer.send(problem_of(reply, *its_round->plan));
  };
  if (!front.submitter().submit(std::move(what), std::move(continuation), std::move(card_token)))
    respond(Problem(Fault::kOverloaded));
}

bool RequestContext::submit_with_key(std::string_view call, std::string_view object,
                                     const BodyReader& body,
                                     const std::function<Command(const Idempotency&)>& make,
                                     OnReply on_success, OnReply on_refusal,
                                     std::string card_token) const {
  bool present = false;
  for (const auto& [name, content] : request.headers)
    present = present || equal_ignoring_case(name, "Idempotency-Key");
  const KeyHeader header = parse_idempotency_key(request.header("Idempotency-Key"), present);
  if (!header.valid) {
    respond(Problem::invalid("Idempotency-Key"));
    return false;
  }
  Idempotency idempotency;
  if (header.key) {
    idempotency = make_idempotency(call, *header.key, object, body.canonical());
    if (!front.keys_in_progress().enter(fan.value, idempotency.key)) {
      respond(Problem(Fault::kIdempotencyInProgress));
      return false;
    }
  }
  if (!header.key) {
    submit(make(idempotency), std::move(on_success), std::move(on_refusal), std::move(card_token));
    return true;
  }
  // Whatever the answer is, the key is free again with it.
  const auto leave = [&keys = front.keys_in_progress(), who = fan.value, key = idempotency.key] {
    keys.leave(who, key);
  };
  auto after_success = [leave, then = std::move(on_success)](Reply& reply, const Responder& to) {
    leave();
    then(reply, to);
  };
  auto after_refusal = [leave, then = std::move(on_refusal), its_round = shared().round](
                           Reply& reply, const Responder& to) {
    leave();
    if (then)
      then(reply, to);
    else
      to.send(problem_of(reply, *its_round->plan));
  };
  const std::size_t waiting = front.submitter().waiting();
  submit(make(idempotency), std::move(after_success), std::move(after_refusal),
         std::move(card_token));
  if (front.submitter().waiting() == waiting) leave();  // it was not sent
  return true;
}

RequestContext::OnReply answer_empty(int status) {
  return [status](Reply&, const Responder& to) { to.send(empty_response(status)); };
}

RequestContext::OnReply answer_order(int status, const FrontShared& shared) {
  return [status, &shared](Reply& reply, const Responder& to) {
    const auto* order = std::get_if<OrderView>(&reply.body);
    if (order == nullptr) {
      to.send(Problem(Fault::kInternal));
      return;
    }
    Response response =
        json_response(status, order_json(*order, *shared.round, shared.published, to.language()));
    if (status == 201)
      response.headers.emplace_back("Location",
                                    "/api/v1/orders/o" + std::to_string(order->id.value));
    to.send(std::move(response));
  };
}

RequestContext::OnReply answer_sequence() {
  return [](Reply& reply, const Responder& to) {
    to.send(json_response(200, "{\"sequence\":" + std::to_string(reply.sequence) + "}"));
  };
}

}  // namespace frontrow::http
