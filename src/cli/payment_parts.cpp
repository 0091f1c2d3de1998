#include "cli/payment_parts.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/names.hpp"
#include "http/front.hpp"
#include "observe/log.hpp"

namespace frontrow::cli {
namespace {

std::vector<std::string> names_of(const round::PaymentRules& rules) {
  std::vector<std::string> names = {rules.gateway};
  if (!rules.fallback.empty()) names.push_back(rules.fallback);
  return names;
}

std::string new_secret() { return to_hex(random_array<Bytes32>()); }

const std::vector<std::string>& notice_secrets(const round::PaymentRules& rules,
                                               std::string_view gateway) {
  if (gateway == "stripe") return rules.stripe.webhook_secrets;
  if (gateway == "omise") return rules.omise.webhook_secrets;
  return rules.sandbox.notice_secrets;
}

http::WebhookVerdict verdict_of(NoticeFault fault) {
  switch (fault) {
    case NoticeFault::kNone:
      return http::WebhookVerdict::kAccepted;
    case NoticeFault::kMalformed:
      return http::WebhookVerdict::kMalformed;
    case NoticeFault::kUnsigned:
    case NoticeFault::kBadSignature:
    case NoticeFault::kStale:
      return http::WebhookVerdict::kBadSignature;
  }
  return http::WebhookVerdict::kBadSignature;
}

void log_line(const std::string& line) { observe::log_warning(line); }

}  // namespace

payment::GatewaySettings gateway_settings(const round::PaymentRules& rules,
                                          const RoundDefinition& definition,
                                          std::function<void(const std::string&)> log) {
  payment::GatewaySettings settings;
  settings.round_id = definition.id;
  settings.currency = definition.currency;
  settings.payment_time = definition.sale.payment;
  settings.connections_max = rules.connections_max;
  settings.log = std::move(log);
  settings.sandbox = {rules.sandbox.url, rules.sandbox.secret};
  settings.stripe = {rules.stripe.url, rules.stripe.secret_key, rules.stripe.authorities,
                     rules.stripe.manual_capture, rules.stripe.promptpay_email};
  settings.omise = {rules.omise.url, rules.omise.secret_key, rules.omise.authorities,
                    rules.omise.manual_capture};
  return settings;
}

PaymentParts::PaymentParts(const round::PaymentRules& rules, std::filesystem::path data)
    : rules_(rules),
      data_(std::move(data)),
      board_(std::make_shared<payment::GatewayHealthBoard>(names_of(rules))) {}

PaymentParts::~PaymentParts() = default;

std::optional<std::string> PaymentParts::start_sandbox() {
  if (rules_.uses("sandbox") && rules_.sandbox.url.empty()) {
    sandbox::SandboxSettings settings;
    settings.book = data_ / "sandbox.book";
    settings.secret = rules_.sandbox.secret = new_secret();
    settings.notice_secret = new_secret();
    rules_.sandbox.notice_secrets = {settings.notice_secret};
    settings.faults.capture_delay = milliseconds(rules_.sandbox.delay_milliseconds);
    settings.notify_authorities = data_ / "keys" / "tls.crt";
    if (!std::filesystem::exists(settings.notify_authorities)) settings.notify_authorities.clear();
    sandbox_ = std::make_unique<sandbox::SandboxServer>(std::move(settings), log_line);
    if (auto problem = sandbox_->start()) return problem;
    rules_.sandbox.url = sandbox_->url();
  }
  for (const std::string& name : names_of(rules_))
    readers_.push_back({name, payment::notice_reader(name, notice_secrets(rules_, name))});
  return std::nullopt;
}

void PaymentParts::send_notices_to(const std::string& address,
                                   const std::filesystem::path& certificate) {
  if (sandbox_ == nullptr) return;
  const bool plain = address.starts_with("http://");
  // A certificate that was given names hosts that need not lead here: outcomes are found by asking.
  if (!plain && certificate.empty()) return;
  const std::string port = address.substr(address.rfind(':'));
  sandbox_->set_notify_url((plain ? "http://127.0.0.1" : "https://127.0.0.1") + port +
                           "/api/v1/webhooks/sandbox");
}

void PaymentParts::stop_sandbox() {
  if (sandbox_) sandbox_->stop();
}

payment::GatewayMaker PaymentParts::gateway_maker(const RoundDefinition& definition) const {
  return payment::guarded_gateway_maker(board_, gateway_settings(rules_, definition, log_line));
}

payment::DeskSettings PaymentParts::desk_settings(const RoundDefinition& definition) const {
  payment::DeskSettings settings;
  settings.round_id = definition.id;
  settings.currency = definition.currency;
  settings.return_url = rules_.return_url;
  return settings;
}

http::PaymentFacts PaymentParts::facts() const {
  http::PaymentFacts facts;
  facts.gateway = rules_.gateway;
  facts.methods = rules_.methods;
  if (rules_.gateway == "stripe") facts.public_key = rules_.stripe.public_key;
  if (rules_.gateway == "omise") facts.public_key = rules_.omise.public_key;
  return facts;
}

http::WebhookReceiver PaymentParts::webhook_receiver(payment::PaymentWorker& worker) const {
  return [this, &worker](const http::Webhook& webhook) {
    const auto found = std::find_if(readers_.begin(), readers_.end(), [&](const Reader& reader) {
      return reader.gateway == webhook.gateway;
    });
    if (found == readers_.end()) return http::WebhookVerdict::kUnknownGateway;
    const NoticeReading reading =
        found->reader->read({webhook.header, webhook.body}, http::wall_now());
    if (reading.fault != NoticeFault::kNone) return verdict_of(reading.fault);
    // About nothing of ours: taken, and nothing is done.
    if (reading.notice.reference.empty()) return http::WebhookVerdict::kAccepted;
    return worker.notice(reading.notice) ? http::WebhookVerdict::kAccepted
                                         : http::WebhookVerdict::kBusy;
  };
}

std::vector<http::PaymentHealth> PaymentParts::health() const {
  std::vector<http::PaymentHealth> all;
  for (const payment::GatewayHealthRow& row : board_->rows()) {
    for (const PaymentMethod method : row.methods) {
      const bool offered =
          std::find(rules_.methods.begin(), rules_.methods.end(), method) != rules_.methods.end();
      if (!offered) continue;
      const auto& of = row.by_method[static_cast<std::size_t>(method)];
      http::PaymentHealth health;
      health.gateway = row.name;
      health.stands_in = row.name == rules_.fallback;
      health.method = name_of(method);
      health.breaker = payment::name_of(of.state.load(std::memory_order_relaxed));
      health.calls = of.calls.load(std::memory_order_relaxed);
      health.unanswered = of.unanswered.load(std::memory_order_relaxed);
      health.refused = of.refused.load(std::memory_order_relaxed);
      health.times_opened = of.times_opened.load(std::memory_order_relaxed);
      all.push_back(std::move(health));
    }
  }
  return all;
}

void PaymentParts::add_metrics(observe::Metrics& metrics) const {
  metrics.add_source([this](observe::Sample& sample) {
    for (const http::PaymentHealth& health : this->health()) {
      const observe::Labels labels = {{"gateway", health.gateway},
                                      {"method", std::string(health.method)}};
      const double state = health.breaker == "closed" ? 0 : health.breaker == "open" ? 2 : 1;
      sample.gauge("frontrow_gateway_breaker_state", "0 closed, 1 half open, 2 open.", state,
                   labels);
      sample.counter("frontrow_gateway_calls_total", "Calls to a gateway, answered or not.",
                     static_cast<double>(health.calls), labels);
      sample.counter("frontrow_gateway_unanswered_total", "Calls that were not answered.",
                     static_cast<double>(health.unanswered), labels);
      sample.counter("frontrow_gateway_refused_total",
                     "Charges that were not sent because the breaker was open.",
                     static_cast<double>(health.refused), labels);
      sample.counter("frontrow_gateway_breaker_opened_total", "Times that the breaker opened.",
                     static_cast<double>(health.times_opened), labels);
    }
    for (const payment::GatewayHealthRow& row : board_->rows()) {
      sample.gauge("frontrow_gateway_calls_under_way", "Calls to a gateway that await an answer.",
                   static_cast<double>(row.under_way.load(std::memory_order_relaxed)),
                   {{"gateway", row.name}});
      sample.gauge("frontrow_gateway_calls_waiting", "Calls that wait for a connection.",
                   static_cast<double>(row.waiting.load(std::memory_order_relaxed)),
                   {{"gateway", row.name}});
    }
  });
}

}  // namespace frontrow::cli
