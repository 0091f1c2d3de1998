#include "sandbox/front_desk.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "sandbox/access.hpp"
#include "sandbox/book.hpp"
#include "sandbox/event_store.hpp"
#include "sandbox/faults_json.hpp"
#include "sandbox/later.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/notice_sender.hpp"
#include "sandbox/omise_api.hpp"
#include "sandbox/own_api.hpp"
#include "sandbox/own_charge.hpp"
#include "sandbox/pay_page.hpp"
#include "sandbox/stripe_api.hpp"

namespace frontrow::sandbox {
namespace {

NoticeSettings notice_settings(const SandboxSettings& settings) {
  NoticeSettings own{settings.notify_url, settings.notice_dialect, {}, settings.notify_authorities};
  if (!settings.notice_secret.empty()) own.secrets.push_back(settings.notice_secret);
  own.secrets.insert(own.secrets.end(), settings.more_notice_secrets.begin(),
                     settings.more_notice_secrets.end());
  return own;
}

Answer plain(unsigned status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

}  // namespace

struct FrontDesk::State {
  State(boost::asio::io_context& io, const SandboxSettings& settings, Log log)
      : context(io),
        secret(settings.secret),
        dice(settings.faults),
        book(settings.book),
        ledger(io, book, dice,
               [this](const Charge& charge, Ledger::Change change) { tell(charge, change); }),
        notices(
            io, notice_settings(settings), dice, [this] { return in_outage(); }, std::move(log)),
        own(ledger, links, settings.secret),
        stripe(ledger, links, events, settings.secret),
        omise(ledger, links, events, settings.secret, settings.public_key),
        page(ledger, links) {}

  bool in_outage() const {
    const auto since = std::chrono::steady_clock::now() - opened;
    return dice.outage({std::chrono::duration_cast<std::chrono::microseconds>(since).count()});
  }

  void tell(const Charge& charge, Ledger::Change change) {
    std::vector<std::string> bodies;
    switch (notices.dialect()) {
      case NoticeDialect::kOwn:
        // Of what an answer says anyway there is none.
        if (change != Ledger::Change::kRefunded && !charge.ended()) break;
        bodies.push_back(to_text({{"id", Ledger::new_id("evt_")},
                                  {"type", "charge.updated"},
                                  {"charge", own_charge(charge, ledger, links)}}));
        break;
      case NoticeDialect::kStripe:
        if (charge.dialect == Dialect::kStripe) bodies = stripe.events_of(charge, change);
        break;
      case NoticeDialect::kOmise:
        if (charge.dialect == Dialect::kOmise) bodies = omise.events_of(charge, change);
        break;
    }
    for (std::string& body : bodies) notices.send(std::move(body));
  }

  Answer faults_answer(const Request& request) {
    if (!fits(key_of(request, true, true), secret))
      return own_error(401, "unauthenticated", "the sandbox's secret is expected");
    if (request.method == "GET") return plain(200, to_json(dice.faults()));
    if (request.method != "PUT") {
      Answer answer = own_error(405, "method-not-allowed", "GET or PUT");
      answer.headers.emplace_back("Allow", "GET, PUT");
      return answer;
    }
    std::string problem;
    auto changed = changed_by(dice.faults(), request.body, problem);
    if (!changed) return own_error(400, "invalid-request", problem);
    dice.set(std::move(*changed));
    return plain(200, to_json(dice.faults()));
  }

  Answer api_answer(const Request& request) {
    const std::string& first = request.path.front();
    try {
      if (first == "sandbox") return own.answer(request);
      if (first == "v1") return stripe.answer(request);
      return omise.answer(request);
    } catch (const nlohmann::json::exception&) {
      // Whatever of a wrong type nobody looked for.
      return own_error(400, "invalid-request", "a value is of another type than it can be");
    }
  }

  void act(Request&& request, const Respond& respond) {
    Answer answer = api_answer(request);
    // A decline of Stripe is an answer about a charge as much as a success.
    const bool acted = request.method == "POST" && (answer.status < 300 || answer.status == 402);
    if (acted && dice.drops_answer()) return respond(std::nullopt);
    respond(std::move(answer));
  }

  void take(Request&& request, Respond&& respond) {
    if (request.path.empty())
      return respond(plain(200, R"({"sandbox":"frontrow","moves_money":false})"));
    // What people look at, and the switches themselves, work whatever the switches say.
    if (request.path.front() == "pay") return respond(page.answer(request));
    if (request.path.size() == 1 && request.path.front() == "faults")
      return respond(faults_answer(request));
    if (in_outage()) {
      if (dice.faults().outage_drops) return respond(std::nullopt);
      return respond(own_error(503, "outage", "the sandbox is in an outage, as it was told to be"));
    }
    const Duration delay = dice.latency();
    if (delay <= Duration{}) return act(std::move(request), respond);
    later(context, delay, [this, waited = std::move(request), told = std::move(respond)]() mutable {
      act(std::move(waited), told);
    });
  }

  boost::asio::io_context& context;
  const std::string secret;
  std::chrono::steady_clock::time_point opened = std::chrono::steady_clock::now();
  PayLinks links;
  FaultDice dice;
  EventStore events;
  Book book;
  Ledger ledger;
  NoticeSender notices;
  OwnApi own;
  StripeApi stripe;
  OmiseApi omise;
  PayPage page;
};

FrontDesk::FrontDesk(boost::asio::io_context& context, const SandboxSettings& settings, Log log) {
  if (settings.secret.empty()) throw std::runtime_error("the sandbox needs a secret");
  if (auto problem = problem_of(settings.faults)) throw std::runtime_error(*problem);
  if (settings.notice_dialect == NoticeDialect::kOmise) {
    for (const std::string& secret : notice_settings(settings).secrets)
      if (!from_base64(secret)) throw std::runtime_error("the notice secret is not base64");
  }
  state_ = std::make_unique<State>(context, settings, std::move(log));
}

FrontDesk::~FrontDesk() = default;

void FrontDesk::open(std::string base_url) {
  state_->links.base = std::move(base_url);
  state_->opened = std::chrono::steady_clock::now();
}

void FrontDesk::set_notify_url(std::string url) { state_->notices.set_url(std::move(url)); }

void FrontDesk::take(Request request, Respond respond) {
  state_->take(std::move(request), std::move(respond));
}

}  // namespace frontrow::sandbox
