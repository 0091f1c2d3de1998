#include "payment/guarded_gateway.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/names.hpp"

namespace frontrow::payment {
namespace {

std::size_t index_of(PaymentMethod method) { return static_cast<std::size_t>(method); }

ChargeOutcome unavailable() {
  ChargeOutcome outcome;
  outcome.state = ChargeState::kFailed;
  outcome.failure = PaymentFailure::kGatewayUnavailable;
  return outcome;
}

/// Of two gateways' words on one reference the weightier: money that moved, then what may yet move
/// it, then what is not known, then what is over.
int weight(ChargeState state) {
  switch (state) {
    case ChargeState::kCaptured:
      return 5;
    case ChargeState::kAction:
      return 4;
    case ChargeState::kPending:
      return 3;
    case ChargeState::kUnreachable:
      return 2;
    case ChargeState::kFailed:
      return 1;
    case ChargeState::kNotFound:
      return 0;
  }
  return 0;
}

std::string_view word_of(GatewayHealth health) {
  switch (health) {
    case GatewayHealth::kGood:
      return "works";
    case GatewayHealth::kFailing:
      return "does not answer: new charges are not sent to it";
    case GatewayHealth::kTrying:
      return "is tried again";
  }
  return "works";
}

}  // namespace

GuardedGateway::GuardedGateway(std::vector<std::unique_ptr<Gateway>> gateways,
                               std::shared_ptr<GatewayHealthBoard> board,
                               boost::asio::io_context& context, Settings settings)
    : settings_(std::move(settings)), board_(std::move(board)), timers_(context) {
  FRONTROW_ASSERT(!gateways.empty() && gateways.size() == board_->rows().size());
  links_.resize(gateways.size());
  for (std::size_t n = 0; n < links_.size(); ++n) {
    links_[n].gateway = std::move(gateways[n]);
    links_[n].row = &board_->rows()[n];
    links_[n].breakers.fill(CircuitBreaker(settings_.rules));
  }
}

GuardedGateway::~GuardedGateway() = default;

bool GuardedGateway::Link::has(PaymentMethod method) const {
  return std::find(row->methods.begin(), row->methods.end(), method) != row->methods.end();
}

// --- where a charge is --------------------------------------------------------------------

GuardedGateway::Place& GuardedGateway::place_of(const PaymentReference& reference) {
  const auto [found, first] = places_.try_emplace(reference);
  if (!first) return found->second;
  places_in_order_.push_back(reference);
  if (places_in_order_.size() > remembered_max) {
    places_.erase(places_in_order_.front());
    places_in_order_.pop_front();
  }
  return found->second;
}

std::optional<std::size_t> GuardedGateway::link_of(const PaymentReference& reference) const {
  if (links_.size() == 1) return 0;
  const auto found = places_.find(reference);
  return found == places_.end() ? std::nullopt : found->second.link;
}

std::optional<PaymentMethod> GuardedGateway::method_of(const PaymentReference& reference) const {
  const auto found = places_.find(reference);
  return found == places_.end() ? std::nullopt : found->second.method;
}

// --- calls --------------------------------------------------------------------------------

void GuardedGateway::enqueue(std::size_t link, Call call) {
  links_[link].waiting.push_back(std::move(call));
  pump(link);
}

void GuardedGateway::pump(std::size_t number) {
  Link& link = links_[number];
  while (!link.waiting.empty() && link.under_way < settings_.calls_max) {
    Call call = std::move(link.waiting.front());
    link.waiting.pop_front();
    // While it waited the gateway may have gone away.
    if (call.new_charge &&
        link.breakers[index_of(*call.method)].state(settings_.now()) == BreakerState::kOpen) {
      place_of(*call.new_charge).link.reset();
      fail_unsent(number, *call.method, std::move(call.done));
      continue;
    }
    begin(number, std::move(call));
  }
  link.row->waiting.store(link.waiting.size(), std::memory_order_relaxed);
  link.row->under_way.store(link.under_way, std::memory_order_relaxed);
}

void GuardedGateway::begin(std::size_t number, Call call) {
  Link& link = links_[number];
  ++link.under_way;
  const Instant begun = settings_.now();
  call.start(*link.gateway, [this, number, begun, method = call.method,
                             done = std::move(call.done)](const ChargeOutcome& outcome) {
    --links_[number].under_way;
    if (method) record(number, *method, outcome.state != ChargeState::kUnreachable, begun);
    done(outcome);
    pump(number);
  });
}

void GuardedGateway::fail_unsent(std::size_t link, PaymentMethod method, Callback done) {
  links_[link].row->by_method[index_of(method)].refused.fetch_add(1, std::memory_order_relaxed);
  timers_.after({}, [done = std::move(done)] { done(unavailable()); });
}

void GuardedGateway::record(std::size_t number, PaymentMethod method, bool answered,
                            Instant begun) {
  Link& link = links_[number];
  CircuitBreaker& breaker = link.breakers[index_of(method)];
  const Instant now = settings_.now();
  const BreakerState before = breaker.state(now);
  breaker.record(answered, begun, now);
  auto& row = link.row->by_method[index_of(method)];
  row.calls.fetch_add(1, std::memory_order_relaxed);
  if (!answered) row.unanswered.fetch_add(1, std::memory_order_relaxed);
  if (breaker.state(now) == before) return;
  row.times_opened.store(breaker.times_opened(), std::memory_order_relaxed);
  tell_health(method);
}

void GuardedGateway::tell_health(PaymentMethod method) {
  const Instant now = settings_.now();
  GatewayHealth best = GatewayHealth::kFailing;
  const std::string* name = nullptr;
  for (Link& link : links_) {
    if (!link.has(method)) continue;
    const CircuitBreaker& breaker = link.breakers[index_of(method)];
    const BreakerState state = breaker.state(now);
    link.row->by_method[index_of(method)].state.store(state, std::memory_order_relaxed);
    const GatewayHealth health = state == BreakerState::kClosed ? GatewayHealth::kGood
                                 : state == BreakerState::kOpen ? GatewayHealth::kFailing
                                                                : GatewayHealth::kTrying;
    if (health == GatewayHealth::kFailing) {
      // Time alone makes it half open: it is looked at again then.
      timers_.after(breaker.open_until() - now, [this, method] { tell_health(method); });
    }
    const bool better =
        name == nullptr || (best != GatewayHealth::kGood &&
                            (health == GatewayHealth::kGood || best == GatewayHealth::kFailing));
    if (!better) continue;
    best = health;
    name = &link.row->name;
  }
  if (name == nullptr || told_[index_of(method)] == best) return;
  told_[index_of(method)] = best;
  if (settings_.log) {
    settings_.log("payment gateway " + *name + ", " + std::string(frontrow::name_of(method)) +
                  ": " + std::string(word_of(best)));
  }
  if (settings_.on_health) settings_.on_health(method, best, *name);
}

// --- the calls of the port ----------------------------------------------------------------

void GuardedGateway::recall(const ChargeRequest& request) {
  place_of(request.reference).method = request.method;
  for (Link& link : links_) link.gateway->recall(request);
}

void GuardedGateway::expect_cancel(const PaymentReference& reference) {
  const auto known = link_of(reference);
  for (std::size_t n = 0; n < links_.size(); ++n)
    if (!known || *known == n) links_[n].gateway->expect_cancel(reference);
}

void GuardedGateway::create(const ChargeRequest& request, Callback done) {
  const Instant now = settings_.now();
  Place& place = place_of(request.reference);
  const Start start = [request](Gateway& gateway, Callback answered) {
    gateway.create(request, std::move(answered));
  };
  if (place.link) {
    // It was sent before: only that gateway can say what became of it.
    return enqueue(*place.link, {start, std::move(done), request.method, {}});
  }
  place.method = request.method;
  std::size_t refused_by = 0;
  for (std::size_t n = links_.size(); n-- > 0;)
    if (links_[n].has(request.method)) refused_by = n;
  for (std::size_t n = 0; n < links_.size(); ++n) {
    if (!links_[n].has(request.method)) continue;
    CircuitBreaker& breaker = links_[n].breakers[index_of(request.method)];
    const BreakerState before = breaker.state(now);
    if (!breaker.allows(now)) continue;
    if (breaker.state(now) != before) tell_health(request.method);
    place.link = n;
    return enqueue(n, {start, std::move(done), request.method, request.reference});
  }
  fail_unsent(refused_by, request.method, std::move(done));
}

void GuardedGateway::ask(const PaymentReference& reference, Start start, Callback done) {
  if (const auto link = link_of(reference))
    return enqueue(*link, {std::move(start), std::move(done), method_of(reference), {}});
  ask_all(reference, start, std::move(done));
}

void GuardedGateway::ask_all(const PaymentReference& reference, const Start& start, Callback done) {
  struct Gathered {
    std::size_t left = 0;
    ChargeOutcome best;
    std::optional<std::size_t> link;
    Callback done;
  };
  auto gathered = std::make_shared<Gathered>();
  gathered->left = links_.size();
  gathered->best.state = ChargeState::kNotFound;
  gathered->done = std::move(done);
  for (std::size_t n = 0; n < links_.size(); ++n) {
    enqueue(n, {start,
                [this, n, reference, gathered](const ChargeOutcome& outcome) {
                  if (weight(outcome.state) > weight(gathered->best.state)) {
                    gathered->best = outcome;
                    gathered->link = n;
                  }
                  if (--gathered->left > 0) return;
                  const ChargeState state = gathered->best.state;
                  if (state != ChargeState::kUnreachable && gathered->link)
                    place_of(reference).link = gathered->link;
                  gathered->done(gathered->best);
                },
                method_of(reference),
                {}});
  }
}

void GuardedGateway::look_up(const PaymentReference& reference, Callback done) {
  ask(
      reference,
      [reference](Gateway& gateway, Callback answered) {
        gateway.look_up(reference, std::move(answered));
      },
      std::move(done));
}

void GuardedGateway::cancel(const PaymentReference& reference, Callback done) {
  ask(
      reference,
      [reference](Gateway& gateway, Callback answered) {
        gateway.cancel(reference, std::move(answered));
      },
      std::move(done));
}

void GuardedGateway::confirm(const GatewayNotice& notice, Callback done) {
  ask(
      notice.reference,
      [notice](Gateway& gateway, Callback answered) {
        gateway.confirm(notice, std::move(answered));
      },
      std::move(done));
}

void GuardedGateway::refund(const PaymentReference& reference, Amount amount, Callback done) {
  const Start start = [reference, amount](Gateway& gateway, Callback answered) {
    gateway.refund(reference, amount, std::move(answered));
  };
  if (link_of(reference)) return ask(reference, start, std::move(done));
  // Whose charge it is has to be known first: the other would rightly refuse.
  look_up(reference,
          [this, reference, start, done = std::move(done)](const ChargeOutcome& outcome) {
            if (outcome.state == ChargeState::kCaptured && link_of(reference))
              return ask(reference, start, done);
            // What was not captured cannot be given back; the look alone is no refund.
            ChargeOutcome answer;
            if (outcome.state == ChargeState::kFailed || outcome.state == ChargeState::kNotFound)
              answer.state = outcome.state;
            done(answer);
          });
}

void GuardedGateway::list(std::string from, PageCallback done) {
  // "1:cursor": the gateway, and its own word for the page.
  std::size_t number = 0;
  if (!from.empty()) {
    number = static_cast<std::size_t>(from[0] - '0');
    from.erase(0, 2);
  }
  FRONTROW_ASSERT(number < links_.size());
  links_[number].gateway->list(std::move(from),
                               [this, number, done = std::move(done)](GatewayRecordPage&& page) {
                                 if (page.good) {
                                   if (!page.next.empty()) {
                                     page.next = std::to_string(number) + ":" + page.next;
                                   } else if (number + 1 < links_.size()) {
                                     page.next = std::to_string(number + 1) + ":";
                                   }
                                 }
                                 done(std::move(page));
                               });
}

}  // namespace frontrow::payment
